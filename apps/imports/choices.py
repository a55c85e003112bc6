"""What can be the matter with a cell or a row, how grave it is, and how people are told.

The words are meant for a clerk at the end of a long day: what is the matter, why it matters, what
to do. They blame nobody.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.spreadsheets.reader import REASONS, facts_in_words

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
            "key_conflict",
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
    **dict.fromkeys(("dup_in_file", "already_written", "left_out", "decided_out"), "skip"),
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
            "text_shortened",
            "person_died",
            "person_moved_out",
            "marital_status_conflict",
            "household_number_taken",
            "key_unknown",
            "spouse_conflict",
            "similar_person",
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
        gettext_noop("Name missing"),
        gettext_noop("The row has other entries but no name."),
        gettext_noop("Enter the name, or delete the row if it is not needed."),
    ),
    "name_invalid": (
        gettext_noop("Not a name"),
        gettext_noop("“%(raw)s” cannot be a person's name: it has digits, signs or is too long."),
        gettext_noop("Enter the name as it stands in the household register."),
    ),
    "id_length": (
        gettext_noop("ID number: wrong length"),
        gettext_noop(
            "The ID number has %(actual)s characters; it should have 18 (or 15 if it is old)."
        ),
        gettext_noop("Compare it with the ID card or the household register."),
    ),
    "id_checksum": (
        gettext_noop("ID number: last character does not fit"),
        gettext_noop(
            "The last character is %(actual)s; by the first 17 digits it should be %(expected)s."
        ),
        gettext_noop(
            "One of the digits is probably mistyped: compare the number with the ID card."
        ),
    ),
    "id_char": (
        gettext_noop("ID number: a character that cannot stand there"),
        gettext_noop("Character %(position)s is “%(character)s”; only digits can stand there."),
        gettext_noop(
            "Often the letter O was typed for the digit 0: replace it and compare with the card."
        ),
    ),
    "id_masked": (
        gettext_noop("ID number: digits are hidden"),
        gettext_noop("Some digits of the ID number are hidden by “*”."),
        gettext_noop("Use a list with complete ID numbers."),
    ),
    "id_precision_lost": (
        gettext_noop("ID number: last digits lost in the spreadsheet"),
        gettext_noop(
            "The cell is a number; spreadsheets keep only 15 digits, the last ones became zeros."
        ),
        gettext_noop("Set the column to “Text” and type the number again from the ID card."),
    ),
    "id_birth_impossible": (
        gettext_noop("ID number: no such birth date"),
        gettext_noop("Digits 7 to 14 of the ID number (%(part)s) are not a possible birth date."),
        gettext_noop("Compare the number with the ID card."),
    ),
    "id_sex_mismatch": (
        gettext_noop("Sex and ID number differ"),
        gettext_noop(
            "The row says %(stated)s, but by the 17th digit of the ID number it is %(by_id)s."
        ),
        gettext_noop("Check which of the two is right and correct the other."),
    ),
    "id_birth_mismatch": (
        gettext_noop("Birth date and ID number differ"),
        gettext_noop("The row says %(stated)s, but the ID number says %(by_id)s."),
        gettext_noop("Check which of the two is right and correct the other."),
    ),
    "id_conflict": (
        gettext_noop("ID number already belongs to somebody else"),
        gettext_noop("The same ID number stands with another name: %(name)s (%(place)s)."),
        gettext_noop("Compare both with the ID cards; one of the two numbers is wrong."),
    ),
    "date_impossible": (
        gettext_noop("No such day"),
        gettext_noop("“%(raw)s” is not a day in the calendar."),
        gettext_noop("Correct the date, for example 2026-05-01."),
    ),
    "date_unparseable": (
        gettext_noop("Not a date"),
        gettext_noop("“%(raw)s” cannot be read as a date."),
        gettext_noop(
            "Write it for example as 2026-05-01 or 2026.5; leave the cell empty if not known."
        ),
    ),
    "date_future": (
        gettext_noop("Date in the future"),
        gettext_noop("%(date)s lies after the date of this roster (%(as_of)s)."),
        gettext_noop("Check the year; if the roster is newer, choose its date when uploading."),
    ),
    "date_order": (
        gettext_noop("Dates in the wrong order"),
        gettext_noop("%(date)s lies before the birth date (%(birth)s)."),
        gettext_noop("Check both dates."),
    ),
    "sex_invalid": (
        gettext_noop("Not a sex"),
        gettext_noop("“%(raw)s” is neither 男 nor 女 (1 or 2)."),
        gettext_noop("Write 男 or 女."),
    ),
    "sex_missing": (
        gettext_noop("Sex missing"),
        gettext_noop("Without an ID number the sex must be stated."),
        gettext_noop("Write 男 or 女, or add the ID number."),
    ),
    "birth_missing": (
        gettext_noop("Birth date missing"),
        gettext_noop("Without an ID number at least year and month of birth must be stated."),
        gettext_noop("Add the birth date, for example 1985-03, or the ID number."),
    ),
    "village_unknown": (
        gettext_noop("Village not known"),
        gettext_noop("“%(raw)s” is not a village here, nor another name of one."),
        gettext_noop("Write the village's name as in the list of regions."),
    ),
    "village_missing": (
        gettext_noop("Village missing"),
        gettext_noop(
            "Neither the row nor the title nor the name of the sheet says which village this is."
        ),
        gettext_noop(
            "Add a column “村”, name the sheet after the village, or choose the village above."
        ),
    ),
    "village_ambiguous": (
        gettext_noop("Which village?"),
        gettext_noop("“%(raw)s” fits more than one village: %(villages)s."),
        gettext_noop("Add the township's name, or choose the township when uploading."),
    ),
    "out_of_scope": (
        gettext_noop("Outside of your area"),
        gettext_noop("%(village)s is not in the area for which this roster is imported."),
        gettext_noop(
            "Choose the right area when uploading, or ask the responsible office to import it."
        ),
    ),
    "cell_error_value": (
        gettext_noop("Formula error in the cell"),
        gettext_noop("The cell shows %(raw)s: its formula could not be calculated."),
        gettext_noop("Replace the formula by the value."),
    ),
    "ambiguous_match": (
        gettext_noop("More than one person fits"),
        gettext_noop("There is no ID number, and several people of this name fit."),
        gettext_noop("Add the ID number."),
    ),
    "person_in_two_places": (
        gettext_noop("Listed in two villages"),
        gettext_noop("The same person stands in %(place)s too."),
        gettext_noop("Keep the person in one list, or record the move."),
    ),
    "household_two_heads": (
        gettext_noop("Two heads in one household"),
        gettext_noop("Household %(household)s already has the head %(name)s (row %(other_row)s)."),
        gettext_noop("Correct the relation, or give the second household its own number."),
    ),
    "account_precision_lost": (
        gettext_noop("Account: last digits lost in the spreadsheet"),
        gettext_noop(
            "The cell is a number; spreadsheets keep only 15 digits, the last ones became zeros."
        ),
        gettext_noop("Set the column to “Text” and type the account again."),
    ),
    "amount_invalid": (
        gettext_noop("Not an amount"),
        gettext_noop("“%(raw)s” is not an amount."),
        gettext_noop("Write digits only, for example 960."),
    ),
    "key_conflict": (
        gettext_noop("The key names somebody else"),
        gettext_noop("The key of this row belongs to %(name)s, whom nothing else in it fits."),
        gettext_noop("Check whether rows were shifted; empty the key if it is another person."),
    ),
    "key_unknown": (
        gettext_noop("Key not known"),
        gettext_noop("The key “%(raw)s” names nobody whom you may see; name and number were used."),
        gettext_noop("Check whether the right person was found."),
    ),
    "already_written": (
        gettext_noop("Came in before"),
        gettext_noop("This row came in with the first import and has not been changed since."),
        gettext_noop("Nothing needs to be done."),
    ),
    "dup_in_file": (
        gettext_noop("Listed twice"),
        gettext_noop("The same person already stands in %(place)s."),
        gettext_noop("Nothing to do: the repetition is left out."),
    ),
    "left_out": (
        gettext_noop("Left out"),
        gettext_noop("This row was left out on this page and is not imported."),
        gettext_noop("Nothing to do. Take the row in again if it belongs to the roster."),
    ),
    "decided_out": (
        gettext_noop("Left out by your decision"),
        gettext_noop("Somebody decided that this line is not written."),
        gettext_noop("The decision can be changed as long as the import is not written."),
    ),
    "similar_person": (
        gettext_noop("Perhaps already in the register"),
        gettext_noop("%(name)s has the same birth date and sex, and nearly the same name."),
        gettext_noop("Please decide whether it is the same person; until then the line waits."),
    ),
    "person_died": (
        gettext_noop("Died according to the register"),
        gettext_noop("The register has the death of this person on %(on)s."),
        gettext_noop("Nothing is changed. Take the line out of the roster, or correct the entry."),
    ),
    "person_moved_out": (
        gettext_noop("Moved away according to the register"),
        gettext_noop("The register has this person's move out of the county."),
        gettext_noop("Nothing is changed. If the person has come back, record the move in."),
    ),
    "marital_status_conflict": (
        gettext_noop("Marital status does not fit the register"),
        gettext_noop("This status cannot follow the one in the register."),
        gettext_noop("The status is left as it is. Correct whichever is wrong."),
    ),
    "household_number_taken": (
        gettext_noop("Household number already in use"),
        gettext_noop("Another household of this village has the number %(number)s."),
        gettext_noop("The household comes in without a number. Give it one later."),
    ),
    "spouse_conflict": (
        gettext_noop("Married to somebody else according to the register"),
        gettext_noop("The register has another spouse than %(name)s."),
        gettext_noop(
            "The marriage is left as it is. Record what has changed, or correct the name."
        ),
    ),
    "id_missing": (
        gettext_noop("No ID number"),
        gettext_noop("The person is imported by name, sex, birth date and village."),
        gettext_noop("Add the ID number as soon as it is known."),
    ),
    "formula_injection": (
        gettext_noop("Text that looks like a formula"),
        gettext_noop("The text begins like a formula. It is kept as text and never run."),
        gettext_noop("Remove the sign at the beginning if it is not meant."),
    ),
    "code_unknown": (
        gettext_noop("Word not in the list"),
        gettext_noop("“%(raw)s” is not in the list of possible values; the field stays empty."),
        gettext_noop("Choose one of: %(examples)s."),
    ),
    "relation_unknown": (
        gettext_noop("Relation not in the list"),
        gettext_noop("“%(raw)s” is not a known relation to the head; it is kept as “other”."),
        gettext_noop("Write for example 妻, 子, 女, 父亲, 儿媳 or 孙子."),
    ),
    "date_ambiguous": (
        gettext_noop("January or October?"),
        gettext_noop("The number %(raw)s may have lost a zero at its end; the ID number decides."),
        gettext_noop("Set the column to “Text” and write the month with two digits."),
    ),
    "age_mismatch": (
        gettext_noop("Age does not fit"),
        gettext_noop("The row says %(stated)s years; by the birth date it is %(by_birth)s."),
        gettext_noop(
            "The birth date counts. Correct the age column if it is to be used elsewhere."
        ),
    ),
    "name_placeholder": (
        gettext_noop("Not yet named"),
        gettext_noop("“%(raw)s” stands in for a name."),
        gettext_noop("Add the name once the child is named."),
    ),
    "number_invalid": (
        gettext_noop("Not a number"),
        gettext_noop("“%(raw)s” is not a whole number; the field stays empty."),
        gettext_noop("Write digits only."),
    ),
    "count_mismatch": (
        gettext_noop("Numbers do not add up"),
        gettext_noop("%(boys)s boys and %(girls)s girls are not %(children)s children."),
        gettext_noop("Check the three numbers."),
    ),
    "phone_invalid": (
        gettext_noop("Not a telephone number"),
        gettext_noop("“%(raw)s” is no telephone number; the field stays empty."),
        gettext_noop("A mobile number has 11 digits."),
    ),
    "text_shortened": (
        gettext_noop("Text too long"),
        gettext_noop("Only the first %(limit)s characters are kept."),
        gettext_noop("Shorten the text if its end matters."),
    ),
    "trim_space": (gettext_noop("Spaces removed"), "", ""),
    "fullwidth": (gettext_noop("Full-width characters made ordinary"), "", ""),
    "id_lower_x": (gettext_noop("Small x made capital"), "", ""),
    "id_15_digits": (gettext_noop("Old ID number of 15 digits extended"), "", ""),
    "id_prefixed": (gettext_noop("Text mark before the ID number removed"), "", ""),
    "name_inner_space": (gettext_noop("Spaces inside a name removed"), "", ""),
    "name_dot_variant": (gettext_noop("Dot in a name made ·"), "", ""),
    "date_text_variant": (gettext_noop("Date in another way of writing read"), "", ""),
    "date_month_only": (gettext_noop("Only year and month known"), "", ""),
    "date_two_digit_year": (gettext_noop("Year of two digits completed"), "", ""),
    "age_in_birth_column": (
        gettext_noop("Age instead of birth date; the ID number decides"),
        "",
        "",
    ),
    "village_alias": (gettext_noop("Other name of a village recognised"), "", ""),
    "sex_code": (gettext_noop("Other way of writing the sex read"), "", ""),
    "phone_prefix": (gettext_noop("Prefix or dashes in a telephone number removed"), "", ""),
    "phone_multiple": (gettext_noop("First of several telephone numbers taken"), "", ""),
    "hidden_row": (gettext_noop("Hidden row read"), "", ""),
    "value_synonym": (gettext_noop("Other word for a listed value read"), "", ""),
}

# Files that can be read but are not what was asked for; the rest stands in REASONS.
_FAILURES: dict[str, tuple[str, str]] = {
    "wrong_kind": (
        gettext_noop("This does not look like “%(expected)s”: %(found)s"),
        gettext_noop("Check that the right file and the right kind of roster were chosen."),
    ),
    "looks_like": (
        gettext_noop("This looks like “%(found_kind)s”, not like “%(expected)s”."),
        gettext_noop("Choose the kind “%(found_kind)s”, or another file."),
    ),
    "columns_missing": (
        gettext_noop("In “%(sheet)s” no column was chosen for: %(fields)s."),
        gettext_noop("Choose these columns; without them nobody can be recognised."),
    ),
    "no_header": (
        gettext_noop("No heading row was found in any sheet (expected for example: %(words)s)."),
        gettext_noop(
            "Add a row above the data that names the columns, then upload the file again."
        ),
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
    facts = _Facts({key: str(value) for key, value in facts_in_words(params).items()})
    return _(reason) % facts, _(remedy) % facts


class _Facts(dict[str, Any]):
    """Parameters of a message; one that is missing shows as a dash instead of failing."""

    def __init__(self, params: Mapping[str, Any], **more: Any) -> None:
        super().__init__({**more, **params})

    def __missing__(self, key: str) -> str:
        return "—"
