"""Translatable texts are found in Python and templates, and faults in a catalogue are named."""

import pytest

from tools import catalogues

CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Save"
msgstr "{save}"

{flag}
msgid "%(n)s rows"
msgstr "{rows}"
"""


@pytest.mark.parametrize(
    "source, expected",
    [
        ('_("Save")', [(None, "Save", None)]),
        ('translation.gettext_lazy("a" "b")', [(None, "ab", None)]),
        ('ngettext("row", "rows", n)', [(None, "row", "rows")]),
        ('pgettext_lazy("sex", "male")', [("sex", "male", None)]),
        ('npgettext("x", "row", "rows", n)', [("x", "row", "rows")]),
        ("gettext(name)", []),
        ('print("Save")', []),
    ],
)
def test_texts_of_python(source, expected):
    texts = catalogues.texts_of_python(source, "a.py")

    assert [(text.context, text.singular, text.plural) for text in texts] == expected


@pytest.mark.parametrize(
    "source, expected",
    [
        ('{% translate "Save (all)" %}', [(None, "Save (all)", None)]),
        ("{% translate 'say \"no\"' context 'c' %}", [("c", 'say "no"', None)]),
        ('{{ x|default:_("none") }}', [(None, "none", None)]),
        (
            "{% blocktranslate count n=x trimmed %}one\n row{% plural %}{{ n }} rows"
            "{% endblocktranslate %}",
            [(None, "one row", "%(n)s rows")],
        ),
        ("Save", []),
    ],
)
def test_texts_of_template(source, expected):
    texts = catalogues.texts_of_template("{% load i18n %}" + source, "a.html")

    assert [(text.context, text.singular, text.plural) for text in texts] == expected


@pytest.mark.parametrize(
    "values, fault",
    [
        ({}, None),
        ({"save": ""}, "not translated: 'Save'"),
        ({"flag": "#, fuzzy"}, "fuzzy: '%(n)s rows'"),
        ({"rows": "%(m)s 行"}, "other placeholders than the text: '%(n)s rows'"),
    ],
)
def test_faults_of_a_catalogue_are_named(project, values, fault):
    project(**{"save": "保存", "flag": "#", "rows": "%(n)s 行"} | values)

    faults = list(catalogues.faults())

    assert faults == ([] if fault is None else [f"apps/views.py:{1 + (fault[-2] == 's')}: {fault}"])


def test_text_missing_from_the_catalogue_is_a_fault_until_updated(project, tmp_path):
    project(save="保存", flag="#", rows="%(n)s 行")
    (tmp_path / "templates" / "a.html").write_text('{% load i18n %}{% translate "New" %}')
    assert list(catalogues.faults()) == ["templates/a.html:1: not in the catalogue: 'New'"]
    addition = tmp_path / "addition.po"
    addition.write_text('msgid "New"\nmsgstr "新"\n')

    catalogues.update([addition])

    assert list(catalogues.faults()) == []


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a function that writes a small project with one Chinese catalogue."""
    monkeypatch.setattr(catalogues, "PROJECT", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALES", tmp_path / "locale")
    for folder in ("apps", "fpms", "templates", "locale/zh_Hans/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "apps" / "views.py").write_text('_("Save")\n_("%(n)s rows")\n')

    def write(**values: str) -> None:
        path = tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"
        path.write_text(CATALOGUE.format(**values))

    return write
