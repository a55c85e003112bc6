"""Code lists."""

import csv

import pytest
from django.utils import translation

from apps.core.codes import FOLDER, code_choices, code_label, code_set

NAMES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_list_is_complete_and_has_no_code_twice(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    codes = code_set(name)

    assert len(codes) == len(rows)
    assert all(code.code and code.name_zh and code.name_en for code in codes.values())


def test_code_is_named_in_the_language_of_the_user():
    with translation.override("zh-hans"):
        assert code_label("marital_status", "10") == "未婚"
    with translation.override("en"):
        assert code_label("marital_status", "10") != "未婚"


def test_unknown_code_is_shown_as_it_is():
    assert code_label("marital_status", "99x") == "99x"
    assert code_label("marital_status", None) == ""


def test_choices_follow_the_order_of_the_list():
    assert [code for code, _label in code_choices("marital_status")] == list(
        code_set("marital_status")
    )


def test_list_without_a_file_is_an_error():
    with pytest.raises(KeyError):
        code_set("no_such_list")
