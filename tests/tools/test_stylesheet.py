"""The cut style sheet keeps what the pages can need and drops the rest."""

import pytest

from tools.stylesheet import cut, words_of


@pytest.mark.parametrize(
    "css, kept",
    [
        (".btn{color:red}", ".btn{color:red}"),
        (".nav{color:red}", ""),
        (".btn,.nav{color:red}", ".btn{color:red}"),
        (".btn.nav{color:red}", ""),
        (".btn:not(.nav){color:red}", ".btn:not(.nav){color:red}"),
        ("a:hover,b{color:red}", "a:hover,b{color:red}"),
        ("/* .nav{} */b{color:red}", "b{color:red}"),
        ("@media print{.btn{a:b}.nav{c:d}}", "@media print{.btn{a:b}}"),
        ("@media print{.nav{c:d}}", ""),
        ('@charset "UTF-8";.nav{a:b}', '@charset "UTF-8";'),
        (r".col-1\.5{a:b}", ""),
        ("[data-bs-theme=dark] b{a:b}", ""),
        (
            '.btn{background:url("data:a;b{c},d")}',
            '.btn{background:url("data:a;b{c},d")}',
        ),
    ],
)
def test_rules_for_unused_classes_go(css, kept):
    assert cut(css, {"btn"}) == kept


def test_custom_properties_stay_only_while_something_refers_to_them():
    css = ":root{--a:var(--b);--b:1px;--c:2px;--d:3px}p{margin:var(--a)}"

    assert cut(css, set(), "i{margin:var(--d)}") == (
        ":root{--a:var(--b);--b:1px;--d:3px}p{margin:var(--a)}"
    )


def test_chain_of_unused_properties_goes_completely():
    assert cut(":root{--a:var(--b);--b:1px}p{margin:0}", set()) == "p{margin:0}"


def test_animations_stay_only_while_used():
    css = "@keyframes turn{to{top:0}}@keyframes blink{to{top:0}}p{animation:1s turn}"

    assert cut(css, set()) == "@keyframes turn{to{top:0}}p{animation:1s turn}"


def test_unfinished_style_sheet_is_refused():
    with pytest.raises(ValueError, match="inside a block"):
        cut("p{color:red", set())


def test_words_are_class_names_as_templates_write_them():
    assert words_of('<a class="btn btn-primary fp_x">') == {
        *("a", "class", "btn", "btn-primary", "fp_x"),
    }
