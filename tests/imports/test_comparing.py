"""Questions that a roster raises, answers by group, and what writing then does."""

import random
from datetime import date
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.households.models import Person, Residence
from apps.imports import registry, services
from apps.imports.models import ALLOWED, Batch, BatchState, Question, Take
from apps.imports.records import ELSEWHERE, Verdict
from tests.imports.comparing import (
    JULY,
    JUNE,
    answer,
    asked,
    bring_in,
    decisions,
    row,
    statuses,
    upload,
    written,
)

pytestmark = pytest.mark.django_db
BORN = date(2015, 3, 1)


def names() -> list[str]:
    return list(Person.objects.order_by("pk").values_list("name", flat=True))


# Inside the file ----------------------------------------------------------------------------------


def test_one_number_with_two_names_waits_for_a_choice(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))

    assert asked(batch) == [("same_number", [2, 3], True)]
    assert statuses(batch) == {2: "new", 3: "blocked"}
    assert (batch.blocked, batch.faulty, batch.undecided) == (1, 0, 1)


def test_undecided_rows_do_not_stop_the_others(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))

    services.confirm_batch(actor=township_clerk, batch=batch, in_background=False)
    batch = services.apply_batch(batch_id=batch.pk)

    assert (batch.take, batch.state) == (Take.ALL, BatchState.DONE)
    assert names() == ["韦大山"]


def test_row_in_question_with_another_error_must_still_be_corrected(
    places: SimpleNamespace, township_clerk: User
) -> None:
    wrong = row("韦小山", household="002")
    wrong = (*wrong[:4], "不明", *wrong[5:])

    batch = upload(township_clerk, places, row("韦大山"), wrong)

    assert (batch.blocked, batch.faulty) == (1, 1)


@pytest.mark.parametrize(("kept", "name"), [(0, "韦大山"), (1, "韦小山")])
def test_kept_line_is_written_and_the_other_left_out(
    kept: int, name: str, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))

    batch = answer(township_clerk, batch, "keep", kept)

    assert statuses(batch) == {2 + kept: "new", 3 - kept: "skipped"}
    assert asked(batch) == [("same_number", [2, 3], False)]
    assert (batch.blocked, batch.undecided) == (0, 0)
    written(township_clerk, batch)
    assert names() == [name]


def test_both_lines_may_be_left_out(places: SimpleNamespace, township_clerk: User) -> None:
    others = row("覃芳", "女"), row("韦大山"), row("韦小山", household="002")
    batch = upload(township_clerk, places, *others)

    batch = answer(township_clerk, batch, "out")

    assert statuses(batch) == {2: "new", 3: "skipped", 4: "skipped"}


def test_person_in_two_villages_of_the_file_stays_where_somebody_says(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦大山", village="沙田村"))
    assert asked(batch) == [("two_places", [2, 3], True)]

    batch = written(township_clerk, answer(township_clerk, batch, "keep", 1))

    assert Person.objects.get().registered_region == places.neighbour


def test_repeated_line_with_other_entries_is_asked_about_and_stops_nothing(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦大山", education="初中"))

    assert asked(batch) == [("repeated", [2, 3], True)]
    assert (batch.undecided, statuses(batch)) == (0, {2: "new", 3: "skipped"})
    written(township_clerk, answer(township_clerk, batch, "keep", 1))
    assert Person.objects.get().education == "70"


def test_line_repeated_word_for_word_is_no_question(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦大山"))

    assert asked(batch) == []


def test_line_without_number_that_fits_two_lines_can_be_somebody_else(
    places: SimpleNamespace, township_clerk: User
) -> None:
    twins = row("韦大山"), row("韦大山", serial=2), row("韦大山", number=None)
    batch = upload(township_clerk, places, *twins)
    assert asked(batch) == [("unclear", [4, 2, 3], True)]

    batch = written(township_clerk, answer(township_clerk, batch, "new"))

    assert batch.result["rows"] == 3
    assert names() == ["韦大山"] * 3


# The register -------------------------------------------------------------------------------------


def test_other_name_for_a_known_number_waits(places: SimpleNamespace, township_clerk: User) -> None:
    bring_in(township_clerk, places, row("韦大山"))

    batch = upload(township_clerk, places, row("何漂莲", education="初中"), row("覃芳", "女"))

    assert asked(batch) == [("other_name", [2], True)]
    assert statuses(batch) == {2: "blocked", 3: "new"}


def test_same_person_is_updated_and_keeps_the_name(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山"))
    known = Person.objects.get()
    batch = upload(township_clerk, places, row("何漂莲", education="初中"))

    batch = answer(township_clerk, batch, "same", known.pk)

    assert statuses(batch) == {2: "changed"}
    written(township_clerk, batch)
    known.refresh_from_db()
    assert (known.name, known.education) == ("韦大山", "70")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("张小明", "张晓明"),
        ("张小明", "张小亮"),
        ("王丽", "王丽丽"),
        ("王丽", "王莉"),
    ],
)
def test_near_name_of_the_same_birth_waits_and_is_not_merged(
    name: str, other: str, places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row(name, born=BORN))

    batch = upload(township_clerk, places, row(other, born=BORN, number=None, household="009"))

    assert asked(batch) == [("similar", [2], True)]
    assert (batch.blocked, batch.undecided, statuses(batch)) == (0, 1, {2: "waiting"})


@pytest.mark.parametrize(
    "line",
    [
        row("王丹", "女", BORN, number=None, household="009"),
        row("王丽", "男", BORN, number=None, household="009"),
        row("王丽", "女", date(2015, 3, 2), number=None, household="009"),
        row("王莉", "女", BORN, number=None, household="009", village="沙田村"),
        row("王莉", "女", BORN, serial=2, household="009"),
    ],
    ids=["other sound", "other sex", "other day", "near in another village", "both have numbers"],
)
def test_who_is_not_near_enough_comes_in_as_new(
    line: tuple[str, ...], places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("王丽", "女", BORN))

    batch = upload(township_clerk, places, line)

    assert (asked(batch), statuses(batch)) == ([], {2: "new"})


@pytest.mark.parametrize(
    "line",
    [
        row("王丽", "女", BORN, number=None, household="009", village="沙田村"),
        row("王丽", "女", BORN, serial=2, household="009"),
    ],
    ids=["neighbouring village", "other number in the same village"],
)
def test_same_name_and_birth_elsewhere_waits(
    line: tuple[str, ...], places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("王丽", "女", BORN))

    batch = upload(township_clerk, places, line)

    assert (asked(batch), statuses(batch)) == ([("similar", [2], True)], {2: "waiting"})


def test_twin_is_not_asked_about_when_the_other_twin_is_in_the_file(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("张小明", born=BORN, number=None))

    batch = upload(
        township_clerk,
        places,
        row("张小明", born=BORN, number=None),
        row("张小亮", born=BORN, number=None),
    )

    assert (asked(batch), statuses(batch)) == ([], {2: "same", 3: "new"})


def test_similar_person_can_be_the_same(places: SimpleNamespace, township_clerk: User) -> None:
    bring_in(township_clerk, places, row("张小明", born=BORN, number=None))
    known = Person.objects.get()
    batch = upload(township_clerk, places, row("张晓明", born=BORN, education="小学"))

    batch = written(township_clerk, answer(township_clerk, batch, "same", known.pk))

    known.refresh_from_db()
    assert batch.result["persons_created_any"] == 0
    assert (known.name, known.education, bool(known.id_digest)) == ("张小明", "80", True)


def test_similar_person_can_be_somebody_else(places: SimpleNamespace, township_clerk: User) -> None:
    bring_in(township_clerk, places, row("张小明", born=BORN))
    batch = upload(township_clerk, places, row("张小亮", born=BORN, number=None, household="009"))

    batch = written(township_clerk, answer(township_clerk, batch, "new"))

    assert names() == ["张小明", "张小亮"]


def test_several_people_of_the_register_fit(places: SimpleNamespace, township_clerk: User) -> None:
    bring_in(township_clerk, places, row("韦大山"), row("韦大山", serial=2, household="002"))
    first, second = Person.objects.order_by("pk")
    batch = upload(township_clerk, places, row("韦大山", number=None, education="初中"))
    assert asked(batch) == [("ambiguous", [2], True)]

    written(township_clerk, answer(township_clerk, batch, "same", second.pk))

    assert [p.education for p in Person.objects.order_by("pk")] == ["", "70"]
    assert first.pk < second.pk


def test_person_registered_elsewhere_can_only_be_left_out(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山"))
    batch = upload(township_clerk, places, row("韦大山", village="沙田村"), row("覃芳", "女"))
    assert asked(batch) == [("elsewhere", [2], True)]

    assert statuses(answer(township_clerk, batch, "out")) == {2: "skipped", 3: "new"}


# Other files --------------------------------------------------------------------------------------


def test_person_of_another_open_import_for_another_village_waits(
    places: SimpleNamespace, township_clerk: User
) -> None:
    upload(township_clerk, places, row("韦大山"))

    batch = upload(township_clerk, places, row("韦大山", village="沙田村"), row("覃芳", "女"))

    assert asked(batch) == [("other_file", [2], True)]
    assert statuses(batch) == {2: "waiting", 3: "new"}
    assert statuses(answer(township_clerk, batch, "here")) == {2: "new", 3: "new"}
    assert statuses(answer(township_clerk, batch, "out")) == {2: "skipped", 3: "new"}


def test_same_village_in_another_open_import_is_no_question(
    places: SimpleNamespace, township_clerk: User
) -> None:
    upload(township_clerk, places, row("韦大山"))

    assert asked(upload(township_clerk, places, row("韦大山"), row("覃芳", "女"))) == []


# The register is newer ----------------------------------------------------------------------------


def held(batch: Batch) -> dict[str, tuple[str, str, str]]:
    return {name: tuple(cell) for name, cell in batch.rows.get().held_back["fields"].items()}


@pytest.fixture
def older(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A roster of June that comes after one of July."""
    bring_in(township_clerk, places, row("韦大山", education="初中"), as_of=JULY)
    return upload(township_clerk, places, row("韦大山", education="小学"))


def test_older_file_is_held_back_unless_somebody_chooses_it(
    older: Batch, township_clerk: User
) -> None:
    assert asked(older) == [("older", [2], True)]
    assert (statuses(older), older.undecided) == ({2: "same"}, 0)
    assert held(older) == {"education": ("70", "80", "roster")}
    assert older.rows.get().held_back["since"] == JULY
    written(township_clerk, older)
    assert Person.objects.get().education == "70"


def test_older_file_counts_where_somebody_chose_it(older: Batch, township_clerk: User) -> None:
    batch = answer(township_clerk, older, "take")

    assert (statuses(batch), held(batch)) == ({2: "changed"}, {})
    assert asked(batch) == [("older", [2], False)]
    written(township_clerk, batch)
    assert Person.objects.get().education == "80"


@pytest.mark.django_db(transaction=True)
def test_entry_by_hand_after_the_day_of_the_roster_is_newer(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山", education="初中", phone="13900000001"))
    person = Person.objects.get()
    person.education = "60"
    person.save()

    file = row("韦大山", education="小学", phone="13900000002")
    batch = upload(township_clerk, places, file)

    assert held(batch) == {"education": ("60", "80", "hand")}
    assert list(batch.rows.get().changes) == ["phone"]


def test_empty_cell_leaves_the_register_as_it_is(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山", education="初中", phone="13900000001"))

    batch = upload(township_clerk, places, row("韦大山", phone="13900000001"))

    assert (batch.counts["stays"], batch.rows.get().stays) == ({"education": 1}, ["education"])
    assert statuses(batch) == {2: "same"}
    written(township_clerk, batch)
    assert Person.objects.get().education == "70"


# Answers ------------------------------------------------------------------------------------------


def test_answer_survives_another_check_and_is_audited(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    batch = answer(township_clerk, batch, "keep", 1)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.UPLOADED)

    services.read_batch(batch_id=batch.pk)

    assert asked(batch) == [("same_number", [2, 3], False)]
    assert statuses(batch) == {2: "skipped", 3: "new"}
    entry = Entry.objects.get(code="imports.batch.decided")
    assert entry.actor == township_clerk
    assert entry.changes == {"kinds": [None, ["same_number"]], "count": [None, 1]}


def test_answer_falls_when_the_person_has_changed(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("张小明", born=BORN))
    known = Person.objects.get()
    batch = upload(township_clerk, places, row("张晓明", born=BORN, number=None))
    batch = answer(township_clerk, batch, "same", known.pk)
    assert statuses(batch) == {2: "same"}
    Person.objects.update(name="张小敏")

    batch = written(township_clerk, batch)

    assert (batch.result["rows"], batch.result["left_out"]) == (0, 1)
    assert names() == ["张小敏"]


def test_answer_can_be_taken_back(places: SimpleNamespace, township_clerk: User) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    batch = answer(township_clerk, batch, "keep", 1)
    [question] = Question.objects.filter(batch=batch)

    services.decide(actor=township_clerk, batch=batch, answers={question.key: None})

    assert asked(batch) == [("same_number", [2, 3], True)]
    assert decisions(batch) == []


def test_pressing_twice_keeps_one_answer_and_one_entry(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    answer(township_clerk, batch, "keep", 1)

    answer(township_clerk, batch, "keep", 1)

    assert decisions(batch) == [("same_number", "keep", 1)]
    assert Entry.objects.filter(code="imports.batch.decided").count() == 1


def test_second_user_changes_the_answer_of_the_first(
    places: SimpleNamespace, township_clerk: User, county_reader: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    answer(township_clerk, batch, "keep", 1)

    answer(county_reader, batch, "keep", 0)

    assert decisions(batch) == [("same_number", "keep", 0)]
    assert statuses(batch) == {2: "new", 3: "skipped"}


def test_same_answer_for_all_groups_of_a_kind(
    places: SimpleNamespace, township_clerk: User
) -> None:
    twins = [row(name, born=BORN, serial=n) for n, name in enumerate(("张小明", "王丽丽"), 1)]
    bring_in(township_clerk, places, *twins)
    near = [row(name, born=BORN, number=None) for name in ("张晓明", "王莉丽")]
    batch = upload(township_clerk, places, *near)
    assert [kind for kind, *_rest in asked(batch)] == ["similar", "similar"]

    count = services.decide_all(actor=township_clerk, batch=batch, kind="similar", choice="new")

    assert (count, statuses(batch)) == (2, {2: "new", 3: "new"})


@pytest.mark.parametrize("verdict", [Verdict("new"), Verdict("keep"), Verdict("keep", 2)])
def test_answer_that_does_not_fit_is_refused(
    verdict: Verdict, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    [question] = Question.objects.filter(batch=batch)

    with pytest.raises(ValidationError):
        services.decide(actor=township_clerk, batch=batch, answers={question.key: verdict})

    assert decisions(batch) == []


def test_answer_to_a_question_that_is_gone_changes_nothing(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))

    count = services.decide(
        actor=township_clerk, batch=batch, answers={"0" * 32: Verdict("keep", 1)}
    )

    assert (count, decisions(batch)) == (0, [])


def test_outsider_and_village_worker_cannot_decide(
    places: SimpleNamespace, township_clerk: User, outsider: User, village_worker: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))

    with pytest.raises(OutOfScope):
        services.decide(actor=outsider, batch=batch, answers={})
    with pytest.raises(NotPermitted):
        services.decide(actor=village_worker, batch=batch, answers={})


# Later --------------------------------------------------------------------------------------------


@pytest.fixture
def done(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A written roster of which one row waits: perhaps 张小明 is known already."""
    bring_in(township_clerk, places, row("张小明", born=BORN))
    near = row("张晓明", born=BORN, number=None, household="009")
    return bring_in(township_clerk, places, row("覃芳", "女"), near)


def test_what_waited_can_be_decided_and_written_later(done: Batch, township_clerk: User) -> None:
    assert names() == ["张小明", "覃芳"]

    later = services.follow_up(actor=township_clerk, batch=done)
    later = services.read_batch(batch_id=later.pk)

    assert (later.follows, later.counts["all"], statuses(later)) == (done, 1, {3: "waiting"})
    written(township_clerk, answer(township_clerk, later, "new"))
    assert names() == ["张小明", "覃芳", "张晓明"]


def test_second_press_leads_to_the_same_follow_up(done: Batch, township_clerk: User) -> None:
    first = services.follow_up(actor=township_clerk, batch=done)

    assert services.follow_up(actor=township_clerk, batch=done) == first
    assert Batch.objects.filter(follows=done).count() == 1


def test_answers_given_before_hold_for_what_follows(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("张小明", born=BORN))
    near = row("张晓明", born=BORN, number=None, household="009")
    batch = upload(township_clerk, places, near, row("覃芳", "女"), row("韦芳", "女"))
    batch = answer(township_clerk, batch, "keep", 0)
    assert decisions(batch) == [("same_number", "keep", 0)]

    later = services.follow_up(actor=township_clerk, batch=written(township_clerk, batch))

    assert decisions(later) == [("same_number", "keep", 0)]


def test_import_without_anything_waiting_has_no_follow_up(
    places: SimpleNamespace, township_clerk: User
) -> None:
    batch = bring_in(township_clerk, places, row("韦大山"))

    with pytest.raises(NotAllowedNow):
        services.follow_up(actor=township_clerk, batch=batch)


# Preview and writing ------------------------------------------------------------------------------


def some_rows(chance: random.Random, number: int) -> list[tuple[str, ...]]:
    """Lines of few names, days and numbers, so that they meet each other and the register."""
    return [
        row(
            chance.choice(["张小明", "张晓明", "张小亮", "韦大山", "覃芳"]),
            chance.choice(["男", "男", "女"]),
            chance.choice([BORN, date(1980, 5, 6)]),
            number=chance.choice(["", "", None]),
            serial=chance.randrange(1, 4),
            village=chance.choice(["黄岭村", "黄岭村", "沙田村"]),
            household=f"00{chance.randrange(1, 5)}",
            education=chance.choice(["", "小学", "初中"]),
        )
        for _line in range(number)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_writing_does_exactly_what_the_preview_said(
    seed: int, places: SimpleNamespace, township_clerk: User
) -> None:
    chance = random.Random(seed)
    bring_in(township_clerk, places, *some_rows(chance, 12), as_of=chance.choice([JUNE, JULY]))
    batch = upload(township_clerk, places, *some_rows(chance, 20), row("岑安", serial=9))
    for kind in ("same_number", "unclear", "similar", "ambiguous", "other_name", "older"):
        choice = chance.choice(["", *ALLOWED[kind]])
        services.decide_all(actor=township_clerk, batch=batch, kind=kind, choice=choice)
    batch.refresh_from_db()
    said, before = batch.counts["outcomes"], Person.objects.count()

    batch = written(township_clerk, batch)

    assert (batch.result["rows"], batch.result["left_out"]) == (batch.importable, 0)
    assert batch.result["persons_created_subjects"] == said.get("new", 0)
    assert Person.objects.count() - before == said.get("new", 0)
    again = {line.row_number: line for line in batch.rows.filter(outcome__in=["new", "changed"])}
    assert all(line.subject_id for line in again.values())


@pytest.mark.django_db(transaction=True)
def test_two_users_pressing_at_once_open_one_follow_up(
    done: Batch, township_clerk: User, county_reader: User
) -> None:
    gate, found = Barrier(2), []

    def press(actor: User) -> None:
        gate.wait()
        found.append(services.follow_up(actor=actor, batch=done).pk)
        connection.close()

    threads = [Thread(target=press, args=(actor,)) for actor in (township_clerk, county_reader)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [Batch.objects.get(follows=done).pk] * 2


@pytest.mark.django_db(transaction=True)
def test_two_users_deciding_at_once_leave_one_answer(
    places: SimpleNamespace, township_clerk: User, county_reader: User
) -> None:
    batch = upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))
    gate, refused = Barrier(2), []

    def press(actor: User, kept: int) -> None:
        gate.wait()
        try:
            answer(actor, Batch.objects.get(pk=batch.pk), "keep", kept)
        except NotAllowedNow as refusal:
            refused.append(refusal)
        connection.close()

    threads = [
        Thread(target=press, args=pair) for pair in ((township_clerk, 0), (county_reader, 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [(_kind, _choice, kept)] = decisions(batch)
    assert refused == []
    assert statuses(batch) == {2 + (kept or 0): "new", 3 - (kept or 0): "skipped"}


def test_place_is_named_in_the_preview_and_only_to_those_who_may_know_it(
    places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山"), row("覃芳", "女"))
    Person.objects.filter(name="覃芳").update(current_region=places.far_village)
    Residence.objects.filter(person__name="覃芳", kind="current").update(region=places.far_village)
    batch = upload(
        township_clerk,
        places,
        row("韦大山", residence="外出"),
        row("覃芳", "女", residence="在家"),
        as_of=JULY,
    )

    changes = {r.values["name"]: r.changes["current_region"] for r in batch.rows.all()}
    kind = registry.get("household_roster")

    assert changes == {"韦大山": ["黄岭村", ELSEWHERE], "覃芳": [ELSEWHERE, "黄岭村"]}
    with translation.override("zh-hans"):
        assert kind.field_label("current_region") == "现居住地"
        assert kind.value_label("current_region", ELSEWHERE) == "其他地方"
        assert kind.value_label("current_region", "黄岭村") == "黄岭村"
