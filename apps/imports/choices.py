"""What can be the matter with a cell or a row, how grave it is, and how people are told.

The words are meant for a clerk at the end of a long day: what is the matter, why it matters, what
to do. They blame nobody.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from apps.core.spreadsheets.reader import REASONS

if TYPE_CHECKING:
    from apps.imports.records import Issue

SEVERITY: dict[str, str] = {
    **dict.fromkeys(
        (
            "name_missing",
            "name_invalid",
            "id_length",
            "id_checksum",
            "id_char",
            "id_masked",
            "id_precision_lost",
            "id_birth_impossible",
            "id_sex_mismatch",
            "id_birth_mismatch",
            "id_conflict",
            "date_impossible",
            "date_unparseable",
            "date_future",
            "date_order",
            "sex_invalid",
            "sex_missing",
            "birth_missing",
            "village_unknown",
            "village_missing",
            "village_ambiguous",
            "out_of_scope",
            "cell_error_value",
            "ambiguous_match",
            "person_in_two_places",
            "household_two_heads",
            "account_precision_lost",
            "amount_invalid",
        ),
        "error",
    ),
    "dup_in_file": "skip",
    **dict.fromkeys(
        (
            "id_missing",
            "formula_injection",
            "code_unknown",
            "relation_unknown",
            "date_ambiguous",
            "age_mismatch",
            "name_placeholder",
            "number_invalid",
            "count_mismatch",
            "phone_invalid",
            "person_died",
            "person_moved_out",
            "marital_status_conflict",
            "household_number_taken",
            "spouse_conflict",
        ),
        "warning",
    ),
    **dict.fromkeys(
        (
            "trim_space",
            "fullwidth",
            "id_lower_x",
            "id_15_digits",
            "id_prefixed",
            "name_inner_space",
            "name_dot_variant",
            "date_text_variant",
            "date_month_only",
            "date_two_digit_year",
            "age_in_birth_column",
            "village_alias",
            "sex_code",
            "phone_prefix",
            "phone_multiple",
            "hidden_row",
            "value_synonym",
        ),
        "notice",
    ),
}

# kind → (title, reason, remedy)
_WORDS: dict[str, tuple[str, str, str]] = {
    "name_missing": (
        N_("Name missing"),
        N_("The row has other entries but no name."),
        N_("Enter the name, or delete the row if it is not needed."),
    ),
    "name_invalid": (
        N_("Not a name"),
        N_("“%(raw)s” cannot be a person's name: it has digits, signs or is too long."),
        N_("Enter the name as it stands in the household register."),
    ),
    "id_length": (
        N_("ID number: wrong length"),
        N_("The ID number has %(actual)s characters; it should have 18 (or 15 if it is old)."),
        N_("Compare it with the ID card or the household register."),
    ),
    "id_checksum": (
        N_("ID number: last character does not fit"),
        N_("The last character is %(actual)s; by the first 17 digits it should be %(expected)s."),
        N_("One of the digits is probably mistyped: compare the number with the ID card."),
    ),
    "id_char": (
        N_("ID number: a character that cannot stand there"),
        N_("Character %(position)s is “%(character)s”; only digits can stand there."),
        N_("Often the letter O was typed for the digit 0: replace it and compare with the card."),
    ),
    "id_masked": (
        N_("ID number: digits are hidden"),
        N_("Some digits of the ID number are hidden by “*”."),
        N_("Use a list with complete ID numbers."),
    ),
    "id_precision_lost": (
        N_("ID number: last digits lost in the spreadsheet"),
        N_("The cell is a number; spreadsheets keep only 15 digits, the last ones became zeros."),
        N_("Set the column to “Text” and type the number again from the ID card."),
    ),
    "id_birth_impossible": (
        N_("ID number: no such birth date"),
        N_("Digits 7 to 14 of the ID number (%(part)s) are not a possible birth date."),
        N_("Compare the number with the ID card."),
    ),
    "id_sex_mismatch": (
        N_("Sex and ID number differ"),
        N_("The row says %(stated)s, but by the 17th digit of the ID number it is %(by_id)s."),
        N_("Check which of the two is right and correct the other."),
    ),
    "id_birth_mismatch": (
        N_("Birth date and ID number differ"),
        N_("The row says %(stated)s, but the ID number says %(by_id)s."),
        N_("Check which of the two is right and correct the other."),
    ),
    "id_conflict": (
        N_("ID number already belongs to somebody else"),
        N_("The same ID number stands with another name: %(name)s (%(place)s)."),
        N_("Compare both with the ID cards; one of the two numbers is wrong."),
    ),
    "date_impossible": (
        N_("No such day"),
        N_("“%(raw)s” is not a day in the calendar."),
        N_("Correct the date, for example 2026-05-01."),
    ),
    "date_unparseable": (
        N_("Not a date"),
        N_("“%(raw)s” cannot be read as a date."),
        N_("Write it for example as 2026-05-01 or 2026.5; leave the cell empty if not known."),
    ),
    "date_future": (
        N_("Date in the future"),
        N_("%(date)s lies after the date of this roster (%(as_of)s)."),
        N_("Check the year; if the roster is newer, choose its date when uploading."),
    ),
    "date_order": (
        N_("Dates in the wrong order"),
        N_("%(date)s lies before the birth date (%(birth)s)."),
        N_("Check both dates."),
    ),
    "sex_invalid": (
        N_("Not a sex"),
        N_("“%(raw)s” is neither 男 nor 女 (1 or 2)."),
        N_("Write 男 or 女."),
    ),
    "sex_missing": (
        N_("Sex missing"),
        N_("Without an ID number the sex must be stated."),
        N_("Write 男 or 女, or add the ID number."),
    ),
    "birth_missing": (
        N_("Birth date missing"),
        N_("Without an ID number at least year and month of birth must be stated."),
        N_("Add the birth date, for example 1985-03, or the ID number."),
    ),
    "village_unknown": (
        N_("Village not known"),
        N_("“%(raw)s” is not a village here, nor another name of one."),
        N_("Write the village's name as in the list of regions."),
    ),
    "village_missing": (
        N_("Village missing"),
        N_("Neither the row nor the title nor the name of the sheet says which village this is."),
        N_("Add a column “村”, name the sheet after the village, or choose the village above."),
    ),
    "village_ambiguous": (
        N_("Which village?"),
        N_("“%(raw)s” fits more than one village: %(villages)s."),
        N_("Add the township's name, or choose the township when uploading."),
    ),
    "out_of_scope": (
        N_("Outside of your area"),
        N_("%(village)s is not in the area for which this roster is imported."),
        N_("Choose the right area when uploading, or ask the responsible office to import it."),
    ),
    "cell_error_value": (
        N_("Formula error in the cell"),
        N_("The cell shows %(raw)s: its formula could not be calculated."),
        N_("Replace the formula by the value."),
    ),
    "ambiguous_match": (
        N_("More than one person fits"),
        N_("There is no ID number, and several people of this name fit."),
        N_("Add the ID number."),
    ),
    "person_in_two_places": (
        N_("Listed in two villages"),
        N_("The same person stands in %(place)s too."),
        N_("Keep the person in one list, or record the move."),
    ),
    "household_two_heads": (
        N_("Two heads in one household"),
        N_("Household %(household)s already has the head %(name)s (row %(other_row)s)."),
        N_("Correct the relation, or give the second household its own number."),
    ),
    "account_precision_lost": (
        N_("Account: last digits lost in the spreadsheet"),
        N_("The cell is a number; spreadsheets keep only 15 digits, the last ones became zeros."),
        N_("Set the column to “Text” and type the account again."),
    ),
    "amount_invalid": (
        N_("Not an amount"),
        N_("“%(raw)s” is not an amount."),
        N_("Write digits only, for example 960."),
    ),
    "dup_in_file": (
        N_("Listed twice"),
        N_("The same person already stands in %(place)s."),
        N_("Nothing to do: the repetition is left out."),
    ),
    "person_died": (
        N_("Died according to the register"),
        N_("The register has the death of this person on %(on)s."),
        N_("Nothing is changed. Take the line out of the roster, or correct the entry."),
    ),
    "person_moved_out": (
        N_("Moved away according to the register"),
        N_("The register has this person's move out of the county."),
        N_("Nothing is changed. If the person has come back, record the move in."),
    ),
    "marital_status_conflict": (
        N_("Marital status does not fit the register"),
        N_("This status cannot follow the one in the register."),
        N_("The status is left as it is. Correct whichever is wrong."),
    ),
    "household_number_taken": (
        N_("Household number already in use"),
        N_("Another household of this village has the number %(number)s."),
        N_("The household comes in without a number. Give it one later."),
    ),
    "spouse_conflict": (
        N_("Married to somebody else according to the register"),
        N_("The register has another spouse than %(name)s."),
        N_("The marriage is left as it is. Record what has changed, or correct the name."),
    ),
    "id_missing": (
        N_("No ID number"),
        N_("The person is imported by name, sex, birth date and village."),
        N_("Add the ID number as soon as it is known."),
    ),
    "formula_injection": (
        N_("Text that looks like a formula"),
        N_("The text begins like a formula. It is kept as text and never run."),
        N_("Remove the sign at the beginning if it is not meant."),
    ),
    "code_unknown": (
        N_("Word not in the list"),
        N_("“%(raw)s” is not in the list of possible values; the field stays empty."),
        N_("Choose one of: %(examples)s."),
    ),
    "relation_unknown": (
        N_("Relation not in the list"),
        N_("“%(raw)s” is not a known relation to the head; it is kept as “other”."),
        N_("Write for example 妻, 子, 女, 父亲, 儿媳 or 孙子."),
    ),
    "date_ambiguous": (
        N_("January or October?"),
        N_("The number %(raw)s may have lost a zero at its end; the ID number decides."),
        N_("Set the column to “Text” and write the month with two digits."),
    ),
    "age_mismatch": (
        N_("Age does not fit"),
        N_("The row says %(stated)s years; by the birth date it is %(by_birth)s."),
        N_("The birth date counts. Correct the age column if it is to be used elsewhere."),
    ),
    "name_placeholder": (
        N_("Not yet named"),
        N_("“%(raw)s” stands in for a name."),
        N_("Add the name once the child is named."),
    ),
    "number_invalid": (
        N_("Not a number"),
        N_("“%(raw)s” is not a whole number; the field stays empty."),
        N_("Write digits only."),
    ),
    "count_mismatch": (
        N_("Numbers do not add up"),
        N_("%(boys)s boys and %(girls)s girls are not %(children)s children."),
        N_("Check the three numbers."),
    ),
    "phone_invalid": (
        N_("Not a telephone number"),
        N_("“%(raw)s” is no telephone number; the field stays empty."),
        N_("A mobile number has 11 digits."),
    ),
    "trim_space": (N_("Spaces removed"), "", ""),
    "fullwidth": (N_("Full-width characters made ordinary"), "", ""),
    "id_lower_x": (N_("Small x made capital"), "", ""),
    "id_15_digits": (N_("Old ID number of 15 digits extended"), "", ""),
    "id_prefixed": (N_("Text mark before the ID number removed"), "", ""),
    "name_inner_space": (N_("Spaces inside a name removed"), "", ""),
    "name_dot_variant": (N_("Dot in a name made ·"), "", ""),
    "date_text_variant": (N_("Date in another way of writing read"), "", ""),
    "date_month_only": (N_("Only year and month known"), "", ""),
    "date_two_digit_year": (N_("Year of two digits completed"), "", ""),
    "age_in_birth_column": (N_("Age instead of birth date; the ID number decides"), "", ""),
    "village_alias": (N_("Other name of a village recognised"), "", ""),
    "sex_code": (N_("Other way of writing the sex read"), "", ""),
    "phone_prefix": (N_("Prefix or dashes in a telephone number removed"), "", ""),
    "phone_multiple": (N_("First of several telephone numbers taken"), "", ""),
    "hidden_row": (N_("Hidden row read"), "", ""),
    "value_synonym": (N_("Other word for a listed value read"), "", ""),
}

# Files that can be read but are not what was asked for; the rest stands in REASONS.
_FAILURES: dict[str, tuple[str, str]] = {
    "wrong_kind": (
        N_("This does not look like “%(expected)s”: %(found)s"),
        N_("Check that the right file and the right kind of roster were chosen."),
    ),
    "looks_like": (
        N_("This looks like “%(found_kind)s”, not like “%(expected)s”."),
        N_("Choose the kind “%(found_kind)s”, or another file."),
    ),
    "columns_missing": (
        N_("In “%(sheet)s” no column was chosen for: %(fields)s."),
        N_("Choose these columns; without them nobody can be recognised."),
    ),
    "no_header": (
        N_("No heading row was found in any sheet (expected for example: %(words)s)."),
        N_("Add a row above the data that names the columns, then upload the file again."),
    ),
}


def severity_of(kind: str) -> str:
    """Return error, skip, warning or notice."""
    return SEVERITY[kind]


def kind_title(kind: str) -> str:
    """Return what an issue is called, for example in a list grouped by kind."""
    return _(_WORDS[kind][0]) if kind in _WORDS else kind


def describe(issue: "Issue") -> tuple[str, str, str]:
    """Return title, reason and remedy of an issue in the current language."""
    if issue.kind not in _WORDS:
        return issue.kind, "", ""
    title, reason, remedy = _WORDS[issue.kind]
    facts = _Facts(issue.params, raw=issue.raw)
    return _(title), _(reason) % facts if reason else "", _(remedy) % facts if remedy else ""


def describe_failure(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Return reason and remedy for a file that could not be taken, in the current language."""
    reason, remedy = {**REASONS, **_FAILURES}.get(code, REASONS["unreadable"])
    facts = _Facts({key: str(value) for key, value in params.items()})
    return _(reason) % facts, _(remedy) % facts


class _Facts(dict[str, Any]):
    """Parameters of a message; one that is missing shows as a dash instead of failing."""

    def __init__(self, params: Mapping[str, Any], **more: Any) -> None:
        super().__init__({**more, **params})

    def __missing__(self, key: str) -> str:
        return "—"
