"""Numbers that identify people and bodies (GB 11643, GB 32100 and others)."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.core import identifiers as ids
from apps.core.text import words


def codes(number, **kwargs):
    return [problem.code for problem in ids.explain_id(number, **kwargs)]


@pytest.fixture(scope="module")
def valid_numbers():
    """10,000 valid numbers of people born 1900 to 2025, area codes at random."""
    chance = random.Random(11643)
    first_day = date(1900, 1, 1)
    numbers = []
    for _ in range(10_000):
        born = first_day + timedelta(days=chance.randrange(46_000))
        first = f"{chance.randrange(110000, 999999)}{born:%Y%m%d}{chance.randrange(1000):03d}"
        numbers.append(first + ids.check_digit(first))
    return numbers


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("worked example of the standard, check X", "11010519491231002X"),
        ("worked example, check 4, born 1880", "440524188001010014"),
        ("resident of Hong Kong", "810000199408230021"),
        ("resident of Taiwan", "830000199201300022"),
    ],
)
def test_number_of_the_rules_is_valid(label, number):
    assert ids.is_valid_id(number), label
    assert codes(number) == []
    assert ids.clean_id(number) == number


@pytest.mark.parametrize(
    "area",
    words(
        "451421 451481 450110 500112 441900 442000 460400 469001 659012 371200 810000 820000 830000"
    ),
)
def test_area_part_never_rejects(area):
    first = f"{area}19900307123"

    assert ids.is_valid_id(first + ids.check_digit(first))


def test_lower_case_x_is_accepted_and_stored_upper():
    assert ids.clean_id("11010519491231002x") == "11010519491231002X"


@pytest.mark.parametrize(
    "written",
    [
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "\u00a011010519491231002X\u3000",
        "'11010519491231002X",
        "`11010519491231002X",
        "\t11010519491231002x\n",
        "110105491231002",
    ],
)
def test_other_writings_of_a_number_become_one(written):
    assert ids.clean_id(written) == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("", ["empty"]),
        ("1101051949123100", ["length"]),
        ("11010519491231002", ["length"]),
        ("11010519491231002XX", ["characters"]),
        ("1101051949123100023", ["length"]),
        ("11010519491231O02X", ["characters"]),
        ("110105****1231002X", ["masked"]),
        ("110105194902300020", ["birth"]),
        ("110105194902300023", ["birth", "checksum"]),
        ("110105194912310021", ["checksum"]),
        ("110105179912310022", ["birth", "checksum"]),
        ("110105491331002", ["birth"]),
    ],
)
def test_explanation_names_every_wrong_part(number, expected):
    assert codes(number) == expected


def test_explanation_of_a_wrong_check_character_says_which_is_right():
    (problem,) = ids.explain_id("110105194912310021")

    assert problem.params == {"actual": "1", "expected": "X"}
    with translation.override("en"):
        assert str(problem) == ("The last character is 1; by the first 17 digits it should be X.")


def test_birth_after_the_given_day_is_a_problem():
    first = "11010520300101001"
    number = first + ids.check_digit(first)

    assert codes(number, on=date(2029, 12, 31)) == ["future"]
    assert codes(number, on=date(2030, 1, 1)) == []


def test_refusal_lists_all_problems_as_one_validation_error():
    with pytest.raises(ValidationError) as refusal:
        ids.clean_id("110105194902300023")

    assert [e.code for e in refusal.value.error_list] == ["id_birth", "id_checksum"]


def test_birth_and_sex_follow_from_the_number():
    assert ids.birth_of("11010519491231002X") == date(1949, 12, 31)
    assert ids.sex_of("11010519491231002X") == "2"
    assert ids.sex_of("440524188001010014") == "1"


def test_no_valid_number_is_refused(valid_numbers):
    assert [n for n in valid_numbers if not ids.is_valid_id(n) or ids.explain_id(n)] == []


def test_every_change_of_one_digit_is_refused(valid_numbers):
    chance = random.Random(1)
    accepted = []
    for number in valid_numbers:
        place = chance.randrange(17)
        for digit in "0123456789":
            wrong = number[:place] + digit + number[place + 1 :]
            if wrong != number and (ids.is_valid_id(wrong) or not ids.explain_id(wrong)):
                accepted.append(wrong)

    assert accepted == []


def test_every_swap_of_neighbours_is_refused(valid_numbers):
    accepted = []
    for number in valid_numbers:
        for place in range(16):
            a, b = number[place : place + 2]
            wrong = number[:place] + b + a + number[place + 2 :]
            if a != b and ids.is_valid_id(wrong):
                accepted.append(wrong)

    assert accepted == []


@given(st.text(max_size=40))
def test_no_text_makes_the_check_fail(text):
    number = ids.normalise_id(text)

    assert ids.is_valid_id(number) == (
        len(number) == 18 and number != "" and ids.explain_id(number) == []
    )
    ids.repair_lookalikes(text)
    ids.is_uscc(text), ids.passes_luhn(text), ids.mask(text), ids.is_old_foreign_permit(text)


def test_letters_for_digits_are_recognised_when_the_result_is_valid():
    assert ids.repair_lookalikes("11O1051949123lOO2X") == "11010519491231002X"
    assert ids.repair_lookalikes("11O105194912310O21") is None
    assert ids.repair_lookalikes("11010519491231002X") is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("11010519491231002X", "01"),
        ("810000199408230021", "06"),
        ("830000199201300022", "07"),
        ("911124198108030024", "05"),
        ("999901199001010011", "01"),
    ],
)
def test_document_type_follows_from_the_leading_digits(number, kind):
    assert ids.document_type_of(number) == kind


def test_old_card_of_foreign_residents_is_recognised_by_its_form():
    assert ids.is_old_foreign_permit("usa310019800101")
    assert not ids.is_old_foreign_permit("US3100198001011")


@pytest.mark.parametrize("code", ["9144030071526726XG", "914403001922038216"])
def test_credit_code_of_the_rules_is_valid_and_any_changed_character_fails(code):
    assert ids.is_uscc(code)
    assert ids.organisation_check_character("71526726") == "X"
    for place, right in enumerate(code):
        for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if other != right:
                assert not ids.is_uscc(code[:place] + other + code[place + 1 :])


def test_credit_code_with_the_letter_o_is_refused():
    assert not ids.is_uscc("9144O30071526726XG")


@pytest.mark.parametrize("number", ["13800138000", "19900004027", "16612345678"])
def test_mobile_number_is_accepted(number):
    assert ids.is_mobile(number)


@pytest.mark.parametrize("number", ["12800138000", "1380013800", "138001380001", "1380013800a", ""])
def test_other_number_is_no_mobile(number):
    assert not ids.is_mobile(number)


@pytest.mark.parametrize(
    "number", ["0791-88120000", "079188120000", "010-62770000", "8812345", "400-810-0000"]
)
def test_fixed_line_is_accepted(number):
    assert ids.is_landline(number)


def test_luhn_check_of_cards():
    assert ids.passes_luhn("6222 0212 3456 7890 129") == ids.passes_luhn("6222021234567890129")
    assert ids.passes_luhn("4111111111111111")
    assert not ids.passes_luhn("4111111111111112")
    assert not ids.passes_luhn("account")


def test_masks_hide_the_middle():
    assert ids.mask("11010519491231002X") == "110105********002X"
    assert ids.mask("G1234567") == "G******7"
    assert ids.mask_phone("13800138000") == "138****8000"
    assert ids.mask_account("6222021234567890") == "************7890"
