"""Questions that a roster of married women raises, and the women it does not name."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import OutOfScope
from apps.households.models import Person
from apps.imports import registry, selectors
from apps.imports.models import Batch
from tests.factories.rosters import id_number
from tests.imports.comparing import (
    JULY,
    answer,
    asked,
    decisions,
    row,
    statuses,
    upload,
    woman,
    written,
)
from tests.imports.comparing import bring_in as bring_in_people

pytestmark = pytest.mark.django_db
BORN = date(1985, 3, 1)
HUSBAND = ("韦大山", id_number("1", date(1980, 5, 6)))


@pytest.fixture
def hand_in(places: SimpleNamespace, township_clerk: User) -> Callable[..., Batch]:
    """Hand in a roster of women and read it."""
    return lambda *rows, **values: upload(
        township_clerk, places, *rows, kind="married_women", **values
    )


@pytest.fixture
def bring_in(hand_in: Any, township_clerk: User) -> Callable[..., Batch]:
    """Hand in, read and write a roster of women."""
    return lambda *rows, **values: written(township_clerk, hand_in(*rows, **values))


def names() -> list[str]:
    return list(Person.objects.order_by("pk").values_list("name", flat=True))


# Questions ----------------------------------------------------------------------------------------


def test_one_number_with_two_names_waits_for_a_choice(hand_in: Any, township_clerk: User) -> None:
    batch = hand_in(woman("覃芳"), woman("覃方"), woman("黄丽", serial=2))

    assert asked(batch) == [("same_number", [2, 3], True)]
    assert statuses(batch) == {2: "new", 3: "blocked", 4: "new"}
    batch = answer(township_clerk, batch, "keep", 1)
    assert statuses(batch) == {2: "skipped", 3: "new", 4: "new"}
    written(township_clerk, batch)
    assert names() == ["覃方", "黄丽"]


def test_same_woman_in_two_villages_waits_for_a_choice(hand_in: Any, township_clerk: User) -> None:
    batch = hand_in(woman("覃芳"), woman("覃芳", village="沙田村"))

    assert asked(batch) == [("two_places", [2, 3], True)]
    assert statuses(answer(township_clerk, batch, "keep", 0)) == {2: "new", 3: "skipped"}


def test_repeated_line_that_says_something_else_is_asked_about(hand_in: Any) -> None:
    batch = hand_in(woman("覃芳", education="小学"), woman("覃芳", education="初中"))

    assert asked(batch) == [("repeated", [2, 3], True)]
    assert statuses(batch) == {2: "new", 3: "skipped"}


def test_number_that_the_register_has_for_another_name(
    bring_in: Any, hand_in: Any, township_clerk: User
) -> None:
    bring_in(woman("覃芳"))
    known = Person.objects.get()

    batch = hand_in(woman("覃小芳", education="小学"))

    assert asked(batch) == [("other_name", [2], True)]
    assert (statuses(batch), batch.undecided) == ({2: "blocked"}, 1)
    batch = written(township_clerk, answer(township_clerk, batch, "same", known.pk))
    known.refresh_from_db()
    assert (batch.result["persons_created_any"], known.education) == (0, "80")


def test_several_women_of_the_register_fit(
    bring_in: Any, hand_in: Any, township_clerk: User
) -> None:
    bring_in(woman("覃芳"), woman("覃芳", serial=2))
    _first, second = Person.objects.order_by("pk")
    batch = hand_in(woman("覃芳", number=None, education="初中"))
    assert asked(batch) == [("ambiguous", [2], True)]

    written(township_clerk, answer(township_clerk, batch, "same", second.pk))

    assert [p.education for p in Person.objects.order_by("pk")] == ["", "70"]


def test_near_name_of_the_same_birth_waits(
    bring_in: Any, hand_in: Any, township_clerk: User
) -> None:
    bring_in(woman("王丽"))

    batch = hand_in(woman("王莉", number=None))

    assert (asked(batch), statuses(batch)) == ([("similar", [2], True)], {2: "waiting"})
    written(township_clerk, answer(township_clerk, batch, "new"))
    assert names() == ["王丽", "王莉"]


def test_woman_registered_elsewhere_can_only_be_left_out(
    bring_in: Any, hand_in: Any, township_clerk: User
) -> None:
    bring_in(woman("覃芳"))

    batch = hand_in(woman("覃芳", village="沙田村"), woman("黄丽", serial=2))

    assert asked(batch) == [("elsewhere", [2], True)]
    assert statuses(answer(township_clerk, batch, "out")) == {2: "skipped", 3: "new"}


def test_woman_of_another_open_import_for_another_village_waits(hand_in: Any) -> None:
    hand_in(woman("覃芳"))

    batch = hand_in(woman("覃芳", village="沙田村"))

    assert (asked(batch), statuses(batch)) == ([("other_file", [2], True)], {2: "waiting"})


def test_older_roster_is_held_back_unless_somebody_chooses_it(
    bring_in: Any, hand_in: Any, township_clerk: User
) -> None:
    bring_in(woman("覃芳", education="初中"), as_of=JULY)

    batch = hand_in(woman("覃芳", education="小学"))

    assert (asked(batch), statuses(batch)) == ([("older", [2], True)], {2: "same"})
    written(township_clerk, answer(township_clerk, batch, "take"))
    assert Person.objects.get().education == "80"


def test_husband_of_another_name_blocks_the_line_and_raises_no_question(
    places: SimpleNamespace, hand_in: Any, township_clerk: User
) -> None:
    bring_in_people(township_clerk, places, row("韦大山"))

    batch = hand_in(woman("覃芳", husband=("农大山", HUSBAND[1])))

    assert (asked(batch), statuses(batch)) == ([], {2: "blocked"})
    assert (batch.faulty, batch.undecided) == (1, 0)
    assert list(batch.issues.values_list("kind", "field")) == [("id_conflict", "spouse_id")]


def test_clerk_of_another_township_can_answer_nothing(
    bring_in: Any, hand_in: Any, outsider: User
) -> None:
    bring_in(woman("覃芳"))
    batch = hand_in(woman("覃小芳"))

    with pytest.raises(OutOfScope):
        answer(outsider, batch, "out")

    assert decisions(batch) == []


# Who is missing -----------------------------------------------------------------------------------


@pytest.fixture
def partial(bring_in: Any, hand_in: Any) -> Batch:
    """A roster of 黄岭村 that names one of the women whom the register has there."""
    bring_in(
        woman("覃芳", husband=HUSBAND),
        woman("黄丽", date(1990, 6, 1)),
        woman("农梅", date(1970, 6, 1)),
        woman("蒙英", date(1988, 6, 1), status="离婚"),
        woman("卢兰", date(1991, 6, 1), village="沙田村"),
    )
    return hand_in(woman("覃芳", husband=HUSBAND))


@pytest.fixture
def missing(client_of: Any) -> Callable[..., list[tuple[str, str]]]:
    """Whom the page of missing people lists for a user."""

    def ask(user: User, batch: Batch, query: str = "", **data: str) -> list[tuple[str, str]]:
        address = reverse("imports:batch_missing", args=[batch.pk]) + query
        client = client_of(user)
        response = client.post(address, data) if data else client.get(address)
        lines = response.context["lines"]
        return [(line["name"], str(line["village"])) for line in lines]

    return ask


def test_married_women_of_the_age_who_are_not_in_the_roster_are_missing(
    partial: Batch, missing: Any, township_clerk: User
) -> None:
    """Not the divorced one, not the one of 56, not the husband, nobody of another village."""
    assert missing(township_clerk, partial) == [("黄丽", "黄岭村")]
    assert missing(township_clerk, partial, name="覃") == []
    assert missing(township_clerk, partial, name="黄丽") == [("黄丽", "黄岭村")]


def test_villages_of_the_roster_are_looked_through_each(
    partial: Batch, hand_in: Any, missing: Any, places: SimpleNamespace, township_clerk: User
) -> None:
    both = hand_in(
        woman("黄丽", date(1990, 6, 1)), woman("罗秀", date(1992, 6, 1), village="沙田村")
    )

    found = [("覃芳", "黄岭村"), ("卢兰", "沙田村")]
    assert missing(township_clerk, both) == found
    assert missing(township_clerk, both, f"?village={places.neighbour.pk}") == found[1:]


def test_woman_whom_an_open_question_names_is_not_called_missing(
    partial: Batch, hand_in: Any, missing: Any, township_clerk: User
) -> None:
    batch = hand_in(woman("黄莉", date(1990, 6, 1), number=None))
    assert asked(batch) == [("similar", [2], True)]
    assert missing(township_clerk, batch) == [("覃芳", "黄岭村")]

    batch = answer(township_clerk, batch, "new")

    assert missing(township_clerk, batch) == [("覃芳", "黄岭村"), ("黄丽", "黄岭村")]


def test_women_of_a_region_that_the_user_does_not_work_for_are_not_listed(
    partial: Batch, client_of: Any, missing: Any, county_reader: User, outsider: User
) -> None:
    address = reverse("imports:batch_missing", args=[partial.pk])

    assert client_of(outsider).get(address).status_code == 404
    assert missing(county_reader, partial) == [("黄丽", "黄岭村")]


def test_nobody_is_listed_to_whom_only_the_import_is_shown(
    partial: Batch, township_clerk: User, outsider: User
) -> None:
    coverage, kind = selectors.coverage(partial), registry.get("married_women")

    def listed(user: User) -> list[str]:
        rows: Any = kind.missing(coverage, user=user, as_of=partial.as_of)
        return [line["name"] for line in rows]

    assert (listed(township_clerk), listed(outsider)) == (["黄丽"], [])
