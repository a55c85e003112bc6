"""What follows from facts about households and people. Pure: no queries, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from apps.core.dates import age_on
from apps.core.identifiers import Problem, birth_of, explain_id, is_old_foreign_permit, sex_of
from apps.households.choices import HEAD, MARRIED
from apps.households.records import CompletenessFacts, MemberFacts

MALE, FEMALE = "1", "2"
ADULT_AGE = 18
MARITAL_AGE = 15

# Codes of GB/T 4761 by what they are to the head.
SPOUSE = frozenset({"10", "11", "12"})
SONS = frozenset({"20", "21", "22", "23", "24", "25", "26", "27", "29"})
DAUGHTERS = frozenset({"30", "31", "32", "33", "34", "35", "36", "37", "39"})
CHILDREN = SONS | DAUGHTERS
PARENTS = frozenset({"50", "51", "52", "57", "58", "59"})
PARENTS_IN_LAW = frozenset({"53", "54", "55", "56"})

# Documents whose number carries birth date and sex and can be checked (GB 11643 and its kin).
CHECKED_DOCUMENTS = frozenset({"01", "02", "05", "06", "07"})
FOREIGN_PERMIT = "05"


# Identity documents -------------------------------------------------------------------------------


def document_problems(id_type: str, number: str, *, on: date) -> list[Problem]:
    """List what is wrong with a document's number; other documents are free text."""
    if not number or id_type not in CHECKED_DOCUMENTS:
        return []
    if id_type == FOREIGN_PERMIT and is_old_foreign_permit(number):
        return []
    return explain_id(number, on=on)


def document_disagreements(
    id_type: str, number: str, *, sex: str, birth_date: date, precision: str
) -> list[str]:
    """Name the stated facts ("sex", "birth_date") that a valid number contradicts.

    Registers do hold numbers that differ, so this is for a person to confirm, not a refusal. The
    number of a foreign permanent resident carries no sex that could be relied on.
    """
    if id_type not in CHECKED_DOCUMENTS or len(number) != 18:
        return []
    found = []
    if id_type != FOREIGN_PERMIT and sex in (MALE, FEMALE) and sex_of(number) != sex:
        found.append("sex")
    length = {"year": 4, "month": 7}.get(precision, 10)
    if birth_of(number).isoformat()[:length] != birth_date.isoformat()[:length]:
        found.append("birth_date")
    return found


# The head of a household --------------------------------------------------------------------------


def propose_heads(members: Iterable[MemberFacts], *, on: date) -> list[MemberFacts]:
    """Order the living members by who would head the household next (户主变更).

    First the spouse, then grown children by age, then parents by age, then other adults by age,
    last those under 18. A person confirms; this only puts them in order.
    """

    def rank(member: MemberFacts) -> tuple[int, date, int]:
        adult = age_on(member.birth_date, on) >= ADULT_AGE
        if not adult:
            group = 4
        elif member.relationship in SPOUSE:
            group = 0
        elif member.relationship in CHILDREN:
            group = 1
        elif member.relationship in PARENTS:
            group = 2
        else:
            group = 3
        return group, member.birth_date, member.person_id

    return sorted(members, key=rank)


def relation_to_new_head(
    member: MemberFacts, *, old_head: MemberFacts, new_head: MemberFacts
) -> str:
    """Say what a member is to the new head, as far as it follows from what all were to the old.

    "" where it does not follow: a clerk then fills it in. Codes of GB/T 4761.
    """
    if member.person_id == new_head.person_id:
        return HEAD
    if new_head.relationship in SPOUSE:
        return _from_spouse(member, old_head, new_head)
    if new_head.relationship in CHILDREN:
        return _from_child(member, old_head, new_head)
    if new_head.relationship in PARENTS:
        return _from_parent(member, old_head)
    return ""


def _by_sex(sex: str, male: str, female: str) -> str:
    return {MALE: male, FEMALE: female}.get(sex, "")


def _from_spouse(member: MemberFacts, old: MemberFacts, new: MemberFacts) -> str:
    """The old head's husband or wife is the new head: children stay, parents become in-laws."""
    if member.person_id == old.person_id:
        return _by_sex(member.sex, "11", "12")
    if member.relationship in CHILDREN or member.relationship in {"28", "38", *_grandchildren()}:
        return member.relationship
    if member.relationship in PARENTS:
        in_law = ("53", "54") if new.sex == FEMALE else ("55", "56")
        return _by_sex(member.sex, *in_law)
    if member.relationship in PARENTS_IN_LAW:
        return _by_sex(member.sex, "51", "52")
    return ""


def _from_child(member: MemberFacts, old: MemberFacts, new: MemberFacts) -> str:
    """A son or daughter is the new head: parents, brothers and sisters, grandparents follow."""
    if member.person_id == old.person_id or member.relationship in SPOUSE:
        return _by_sex(member.sex, "51", "52")
    if member.relationship in CHILDREN:
        older = member.birth_date < new.birth_date
        return _by_sex(member.sex, *(("71", "75") if older else ("73", "77")))
    if member.relationship in PARENTS:
        through_father = old.sex == MALE
        return _by_sex(member.sex, *(("61", "62") if through_father else ("63", "64")))
    return ""


def _from_parent(member: MemberFacts, old: MemberFacts) -> str:
    """The old head's father or mother is the new head."""
    if member.person_id == old.person_id:
        return _by_sex(member.sex, "20", "30")
    if member.relationship in PARENTS:
        return _by_sex(member.sex, "11", "12")
    if member.relationship in SPOUSE:
        return _by_sex(member.sex, "28", "38")
    if member.relationship in CHILDREN:
        through_son = old.sex == MALE
        return _by_sex(member.sex, *(("41", "42") if through_son else ("43", "44")))
    return ""


def _grandchildren() -> frozenset[str]:
    return frozenset({"40", "41", "42", "43", "44", "49"})


def child_relation(parent_relation: str, sex: str, rank: int | None) -> str:
    """Say what a newborn is to the head, from what its mother or father is to the head.

    `rank` is which son or daughter of the parent it is, from 1; unknown gives the plain code.
    """
    if parent_relation == HEAD or parent_relation in SPOUSE:
        first = {MALE: 22, FEMALE: 32}.get(sex)
        if first is None:
            return ""
        return str(first + rank - 1) if rank and rank <= 5 else str(first - 2)
    if parent_relation in SONS or parent_relation == "38":
        return _by_sex(sex, "41", "42")
    if parent_relation in DAUGHTERS or parent_relation == "28":
        return _by_sex(sex, "43", "44")
    return ""


# What is missing ----------------------------------------------------------------------------------


def missing_items(facts: CompletenessFacts) -> list[str]:
    """Name what the file of one person still lacks; nothing is asked of the dead."""
    if not facts.is_alive:
        return []
    adult = facts.age >= ADULT_AGE
    checks = (
        ("id_number", not facts.has_id_number),
        ("birth_date", facts.birth_precision != "day"),
        ("relationship", not facts.has_relationship),
        ("current_place", not facts.has_current_place),
        ("phone", adult and not facts.has_phone),
        ("marital_status", facts.age >= MARITAL_AGE and not facts.marital_status),
        ("spouse", facts.marital_status in MARRIED and not facts.has_spouse_link),
        ("parents", not adult and not facts.has_parent_link),
    )
    return [name for name, is_missing in checks if is_missing]
