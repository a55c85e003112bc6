"""Rules of households and persons: each boundary from both sides."""

from dataclasses import replace
from datetime import date

import pytest

from apps.core.identifiers import check_digit
from apps.households import rules
from apps.households.records import CompletenessFacts, MemberFacts

ON = date(2026, 11, 21)


def id_number(birth: str, sequence: str = "204") -> str:
    first = f"999901{birth}{sequence}"
    return first + check_digit(first)


def facts(pk: int, relationship: str, sex: str, birth: date) -> MemberFacts:
    return MemberFacts(person_id=pk, relationship=relationship, sex=sex, birth_date=birth)


HEAD = facts(1, "02", "1", date(1956, 11, 30))
WIFE = facts(2, "10", "2", date(1958, 2, 16))
SON = facts(3, "22", "1", date(1984, 3, 7))
DAUGHTER = facts(4, "32", "2", date(1982, 5, 1))
MOTHER = facts(5, "52", "2", date(1930, 1, 1))
SON_IN_LAW = facts(6, "28", "1", date(1980, 1, 1))


def test_new_head_order_is_spouse_then_children_by_age_then_parents_then_others():
    proposed = rules.propose_heads([SON_IN_LAW, MOTHER, SON, DAUGHTER, WIFE], on=ON)

    assert [member.person_id for member in proposed] == [2, 4, 3, 5, 6]


@pytest.mark.parametrize(
    "birth, expected",
    [
        pytest.param(date(2008, 11, 21), [3, 6], id="eighteen today comes before others"),
        pytest.param(date(2008, 11, 22), [6, 3], id="eighteen tomorrow comes last"),
    ],
)
def test_child_under_age_is_proposed_last(birth, expected):
    child = facts(3, "22", "1", birth)

    proposed = rules.propose_heads([child, SON_IN_LAW], on=ON)

    assert [member.person_id for member in proposed] == expected


@pytest.mark.parametrize(
    "new_head, member, expected",
    [
        pytest.param(WIFE, WIFE, "02", id="wife herself"),
        pytest.param(WIFE, SON, "22", id="wife heads: eldest son stays"),
        pytest.param(WIFE, MOTHER, "54", id="wife heads: his mother is her mother-in-law"),
        pytest.param(WIFE, HEAD, "11", id="wife heads: former head is husband"),
        pytest.param(SON, WIFE, "52", id="son heads: wife is his mother"),
        pytest.param(SON, HEAD, "51", id="son heads: former head is his father"),
        pytest.param(SON, DAUGHTER, "75", id="son heads: elder sister"),
        pytest.param(DAUGHTER, SON, "73", id="daughter heads: younger brother"),
        pytest.param(SON, MOTHER, "62", id="son heads: father's mother"),
        pytest.param(SON, SON_IN_LAW, "", id="son heads: whose husband is not known"),
        pytest.param(MOTHER, HEAD, "20", id="mother heads: former head is her son"),
        pytest.param(MOTHER, WIFE, "38", id="mother heads: daughter-in-law"),
        pytest.param(SON_IN_LAW, WIFE, "", id="another heads: nothing follows"),
    ],
)
def test_relationship_follows_from_the_new_head(new_head, member, expected):
    assert rules.relation_to_new_head(member, old_head=HEAD, new_head=new_head) == expected


@pytest.mark.parametrize(
    "parent, sex, rank, expected",
    [
        ("02", "1", 1, "22"),
        ("10", "2", 2, "33"),
        ("12", "1", 5, "26"),
        ("12", "1", 6, "20"),
        ("22", "2", 1, "42"),
        ("38", "1", 1, "41"),
        ("32", "1", 1, "43"),
        ("80", "1", 1, ""),
        ("02", "9", 1, ""),
    ],
)
def test_newborn_is_to_the_head_what_its_parent_makes_it(parent, sex, rank, expected):
    assert rules.child_relation(parent, sex, rank) == expected


@pytest.mark.parametrize(
    "sex, birth, precision, expected",
    [
        ("2", date(1986, 5, 12), "day", []),
        ("1", date(1986, 5, 12), "day", ["sex"]),
        ("2", date(1986, 5, 13), "day", ["birth_date"]),
        ("2", date(1986, 5, 1), "month", []),
        ("2", date(1986, 6, 1), "month", ["birth_date"]),
        ("2", date(1986, 1, 1), "year", []),
        ("9", date(1986, 5, 12), "day", []),
    ],
)
def test_number_is_compared_with_what_is_stated(sex, birth, precision, expected):
    found = rules.document_disagreements(
        "01", id_number("19860512"), sex=sex, birth_date=birth, precision=precision
    )

    assert found == expected


@pytest.mark.parametrize(
    "id_type, number, codes",
    [
        ("01", "99990119860512204X", ["checksum"]),
        ("01", id_number("19860512"), []),
        ("04", "E12345678", []),
        ("05", "CHN110000000001", []),
        ("01", "123", ["length"]),
        ("01", "", []),
    ],
)
def test_only_numbers_that_can_be_checked_are_checked(id_type, number, codes):
    found = rules.document_problems(id_type, number, on=ON)

    assert [problem.code for problem in found] == codes


COMPLETE = CompletenessFacts(
    age=30,
    is_alive=True,
    has_id_number=True,
    has_phone=True,
    birth_precision="day",
    marital_status="21",
    has_relationship=True,
    has_current_place=True,
    has_spouse_link=True,
    has_parent_link=False,
)


@pytest.mark.parametrize(
    "change, expected",
    [
        ({}, []),
        ({"has_id_number": False}, ["id_number"]),
        ({"birth_precision": "month"}, ["birth_date"]),
        ({"has_phone": False}, ["phone"]),
        ({"has_phone": False, "age": 17, "has_parent_link": True}, []),
        ({"age": 17}, ["parents"]),
        ({"age": 18, "has_phone": True}, []),
        ({"age": 14, "marital_status": "", "has_parent_link": True}, []),
        ({"age": 15, "marital_status": "", "has_parent_link": True}, ["marital_status"]),
        ({"has_spouse_link": False}, ["spouse"]),
        ({"has_spouse_link": False, "marital_status": "30"}, []),
        ({"has_id_number": False, "is_alive": False}, []),
    ],
)
def test_missing_items(change, expected):
    assert rules.missing_items(replace(COMPLETE, **change)) == expected
