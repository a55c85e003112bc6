"""Counting a village by hand and by the engine, storing, refreshing."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.periods import parse
from apps.households.models import Person, Residence
from apps.indicators import registry, selectors, services
from apps.indicators.models import DirtyKey, Run, Snapshot
from apps.women.models import ContraceptiveUse
from tests.factories.households import PersonFactory, living
from tests.factories.regions import RegionFactory

JUNE = date(2026, 6, 1)
# What one finds by going through the ten people of the fixture with a pencil.
REGISTERED = {
    "population": 9,
    "population_male": 4,
    "population_female": 5,
    "population_male_0_4": 1,
    "population_female_0_4": 1,
    "population_female_15_19": 1,
    "population_female_25_29": 1,
    "population_female_40_44": 1,
    "population_female_85_up": 1,
    "population_start_unknown": 8,
    "households": 2,
    "women_15_49": 3,
    "currently_married_women_15_49": 2,
    "ever_married_women_15_49": 2,
    "currently_married_women_40_44": 1,
    "contraceptive_users": 1,
    "contraceptive_users_married": 1,
    "method_03": 1,
    "method_02": 0,
    "births": 2,
    "births_male": 1,
    "births_female": 1,
    "births_second": 1,
    "births_male_second": 1,
    "births_order_unknown": 1,
    "births_first": 0,
    "deaths": 1,
    "deaths_male": 1,
    "moves_in": 1,
    "moves_in_female": 1,
    "moves_out": 0,
    "marriages": 1,
    "marriages_first": 1,
    "divorces": 0,
    "villages": 1,
}
CURRENT = {"population": 8, "population_male": 3, "births": 2, "deaths": 1}


def _stored(region: Any, month: date = JUNE, basis: str = "registered") -> dict[str, int]:
    """What is stored, with the zeros that are left out."""
    kept = Snapshot.objects.get(region=region, month=month, basis=basis)
    assert kept.fingerprint == registry.fingerprint()
    assert 0 not in kept.values.values()
    return {**registry.zeros(basis), **kept.values}


def _parts(values: dict[str, int], expected: dict[str, int]) -> dict[str, int]:
    return {code: values[code] for code in expected}


def test_village_is_counted_as_by_hand(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)

    assert _parts(_stored(village.here), REGISTERED) == REGISTERED
    assert _parts(_stored(village.here, basis="current"), CURRENT) == CURRENT


def test_parent_is_the_sum_of_its_children(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)

    for basis in ("registered", "current"):
        whole = _stored(village.township, basis=basis)
        parts = [_stored(place, basis=basis) for place in (village.village, village.neighbour)]
        assert whole == {code: sum(part[code] for part in parts) for code in whole}
        assert _stored(village.county, basis=basis)["births"] == 3


def test_stored_number_is_the_number_of_rows_listed(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)

    for basis in ("registered", "current"):
        values = _stored(village.here, basis=basis)
        for code, measure in registry.measures().items():
            if basis in measure.bases:
                rows = selectors.rows_behind(measure, village.here, parse("2026-06"), basis)
                assert (code, rows.count()) == (code, values[code])


def test_running_twice_stores_the_same(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)
    first = _stored(village.township)

    services.roll_up_month(JUNE)

    assert _stored(village.township) == first
    assert Snapshot.objects.count() == 7 * 2


def test_past_month_is_answered_from_intervals(village: SimpleNamespace) -> None:
    services.roll_up_month(date(2026, 5, 1))

    values = _stored(village.here, date(2026, 5, 1))
    # Neither the two children nor the bride were there; the dead man and his marriage's were.
    assert (values["population"], values["population_male"]) == (7, 4)
    assert values["currently_married_women_15_49"] == 1
    assert values["women_15_49"] == 1


@pytest.mark.parametrize(
    ("birth_date", "counts"),
    [
        (date(2011, 6, 30), 1),  # fifteen today
        (date(2011, 7, 1), 0),  # fourteen until tomorrow
        (date(1976, 7, 1), 1),  # forty-nine until tomorrow
        (date(1976, 6, 30), 0),  # fifty today
    ],
)
def test_woman_counts_from_15_to_49_completed_years(
    places: SimpleNamespace, birth_date: date, counts: int
) -> None:
    living(PersonFactory.create(sex="2", birth_date=birth_date), places.village)

    services.roll_up_month(JUNE)

    values = _stored(places.village)
    assert values["women_15_49"] == counts
    assert sum(values[f"women_{age}_{age + 4}"] for age in range(15, 50, 5)) == counts


def test_age_groups_add_up_to_the_population(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)

    values = _stored(village.here)
    for sex in ("male", "female"):
        groups = [n for code, n in values.items() if code.startswith(f"population_{sex}_")]
        assert (len(groups), sum(groups)) == (18, values[f"population_{sex}"])


def test_full_run_fills_every_month_and_region(village: SimpleNamespace) -> None:
    outcome = services.roll_up()

    assert (outcome.state, outcome.months) == ("done", 35)
    assert Snapshot.objects.count() == 35 * 7 * 2
    assert not DirtyKey.objects.exists()


def test_run_that_broke_off_is_taken_over(village: SimpleNamespace) -> None:
    with pytest.raises(KeyboardInterrupt):
        services.roll_up(_interrupt)
    done = Run.objects.get().months_done
    Run.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))

    outcome = services.roll_up()

    assert 0 < done < 35
    assert (outcome.state, outcome.months, Run.objects.count()) == ("done", 35, 1)


def _interrupt(run: Run) -> None:
    raise KeyboardInterrupt


def test_second_run_leaves_at_once_while_one_is_at_work(village: SimpleNamespace) -> None:
    with pytest.raises(KeyboardInterrupt):
        services.roll_up(_interrupt)

    assert services.roll_up().state == "busy"


def test_changed_village_is_counted_again_and_nothing_else(village: SimpleNamespace) -> None:
    services.roll_up()
    Snapshot.objects.filter(region=village.far_village).update(values={"births": 77})
    living(
        PersonFactory.create(sex="2", birth_date=date(2026, 6, 5)),
        village.here,
        valid_from=date(2026, 6, 5),
        begin_reason="birth",
    )

    outcome = services.refresh()

    assert (outcome.state, outcome.months) == ("done", 6)
    assert _stored(village.here)["births"] == 3
    assert _stored(village.township)["births"] == 4
    assert _stored(village.far_village) == {**registry.zeros("registered"), "births": 77}
    assert services.refresh().state == "nothing"


def test_death_without_an_event_changes_the_months_from_then_on(village: SimpleNamespace) -> None:
    services.roll_up()
    Person.objects.filter(pk=village.widow.pk).update(died_on=date(2026, 9, 3))

    services.refresh()

    assert _stored(village.here, date(2026, 8, 1))["population"] == 9
    assert _stored(village.here, date(2026, 9, 1))["population"] == 8
    assert _stored(village.here, date(2026, 9, 1))["deaths"] == 1


def test_figure_is_counted_now_while_changes_wait(village: SimpleNamespace) -> None:
    services.roll_up()
    village.widow.died_on = date(2026, 6, 20)
    village.widow.save()

    figure = services.value("deaths", village.here, "2026-06")

    assert (figure.rounded, figure.is_stored) == (Decimal(2), False)
    services.refresh()
    figure = services.value("deaths", village.here, "2026-06")
    assert (figure.rounded, figure.is_stored) == (Decimal(2), True)


def test_values_of_other_measures_leave_open_what_they_lack(village: SimpleNamespace) -> None:
    services.roll_up()
    Snapshot.objects.update(values={"births": 2}, fingerprint="other measures")

    half = period_figures(village, "births", "deaths")
    outcome = services.refresh()
    whole = period_figures(village, "births", "deaths")

    assert half == [Decimal(2), None]
    assert (outcome.kind, outcome.state) == ("full", "done")
    assert whole == [Decimal(2), Decimal(1)]


def period_figures(village: SimpleNamespace, *codes: str) -> list[Decimal | None]:
    """The stored figures of June."""
    found = selectors.figures(codes, [village.here], parse("2026-06"), "registered")
    return [found[village.here.pk, code].value for code in codes]


def test_part_of_a_source_is_counted_alike_alone_and_with_the_whole(
    village: SimpleNamespace,
) -> None:
    services.roll_up_month(JUNE)

    for code in ("women_15_49", "method_03", "currently_married_women_40_44"):
        alone = selectors.figure(code, village.here, "2026-06", "registered", fresh=True)
        assert alone.value == _stored(village.here)[code], code


def test_mark_made_during_a_refresh_is_kept(village: SimpleNamespace) -> None:
    services.roll_up()
    village.widow.died_on = date(2026, 11, 3)
    village.widow.save()

    services.refresh(lambda run: _move_away(village.young))

    assert DirtyKey.objects.exists()
    services.refresh()
    assert _stored(village.here, date(2026, 11, 1))["population"] == 7


def _move_away(person: Person) -> None:
    places = Residence.objects.filter(person=person, valid_to=None)
    places.update(valid_to=date(2026, 11, 2), end_reason="move")


@pytest.mark.parametrize(
    ("change", "month"),
    [
        (lambda v: Person.objects.filter(pk=v.widow.pk).update(died_on="2026-03-04"), "2026-03"),
        (lambda v: Person.objects.filter(pk=v.boy.pk).update(sex="2"), "2026-06"),
        (lambda v: Person.objects.filter(pk=v.boy.pk).update(birth_order=3), "2026-06"),
        (
            lambda v: Residence.objects.filter(person=v.bride).update(valid_to="2026-08-09"),
            "2026-08",
        ),
        (
            lambda v: Residence.objects.filter(person=v.bride).update(valid_from="2026-02-09"),
            "2026-02",
        ),
        (lambda v: Residence.objects.filter(person=v.widow).delete(), "1900-01"),
        (lambda v: v.wife.marital_periods.update(status="40"), "2012-02"),
        (lambda v: v.wife.marital_periods.update(valid_to="2026-04-30"), "2026-04"),
        (lambda v: ContraceptiveUse.objects.filter(person=v.wife).delete(), "2020-01"),
        (
            lambda v: ContraceptiveUse.objects.create(
                person=v.young, method="06", valid_from=date(2026, 7, 2)
            ),
            "2026-07",
        ),
        (
            lambda v: v.wife.marriages_as_wife.update(
                valid_to=date(2026, 5, 6), end_kind="divorce"
            ),
            "2026-05",
        ),
    ],
)
def test_write_marks_the_village_from_the_first_month_that_may_change(
    village: SimpleNamespace, change: Any, month: str
) -> None:
    DirtyKey.objects.all().delete()

    change(village)

    keys = set(DirtyKey.objects.values_list("region_id", "from_month"))
    assert keys == {(village.here.pk, date.fromisoformat(f"{month}-01"))}


def test_move_marks_both_villages(village: SimpleNamespace) -> None:
    DirtyKey.objects.all().delete()

    Residence.objects.filter(person=village.widow).update(region=village.far_village)

    regions = set(DirtyKey.objects.values_list("region_id", flat=True))
    assert regions == {village.here.pk, village.far_village.pk}


@pytest.mark.parametrize(
    "change",
    [
        lambda v: Person.objects.filter(pk=v.wife.pk).update(remark="电话已换", education="60"),
        lambda v: Residence.objects.filter(person=v.wife).update(place="村东"),
        lambda v: v.husband.memberships.update(valid_to="2026-10-01"),
    ],
)
def test_write_that_changes_no_figure_marks_nothing(village: SimpleNamespace, change: Any) -> None:
    DirtyKey.objects.all().delete()

    change(village)

    assert not DirtyKey.objects.exists()


def test_bulk_write_marks_each_village_once_for_a_statement(village: SimpleNamespace) -> None:
    DirtyKey.objects.all().delete()
    people = [PersonFactory.create() for _number in range(5)]

    Residence.objects.bulk_create(
        Residence(person=p, kind="registered", region=village.far_village) for p in people
    )

    assert DirtyKey.objects.filter(region=village.far_village).count() == 1


def test_new_village_makes_the_month_complete_again(village: SimpleNamespace) -> None:
    services.roll_up()
    newcomer = RegionFactory.create(
        code="999901100203", name="新村", kind="village", parent=village.township
    )
    living(
        PersonFactory.create(birth_date=date(2000, 1, 1)), newcomer, valid_from=date(2026, 11, 1)
    )

    services.refresh()

    assert _stored(newcomer, date(2026, 11, 1))["population"] == 1
    assert _stored(village.township, date(2026, 11, 1))["population"] == 12


def test_group_counts_in_its_village(village: SimpleNamespace) -> None:
    group = RegionFactory.create(
        code="999901100201001", name="一组", kind="group", parent=village.here
    )
    living(PersonFactory.create(birth_date=date(2000, 1, 1)), group)

    services.roll_up_month(JUNE)

    assert _stored(village.here)["population"] == 10
    assert not Snapshot.objects.filter(region=group).exists()


def test_number_of_queries_does_not_grow_with_people_or_villages(village: SimpleNamespace) -> None:
    services.roll_up_month(JUNE)
    with CaptureQueriesContext(connection) as few:
        services.roll_up_month(JUNE)
    for number in range(30):
        living(PersonFactory.create(birth_date=date(1990, 1, 1 + number % 28)), village.far_village)

    with CaptureQueriesContext(connection) as many:
        services.roll_up_month(JUNE)

    assert len(few) == len(many)


def test_moves_balance_with_births_and_deaths(village: SimpleNamespace) -> None:
    services.roll_up()

    for month in (date(2026, 6, 1), date(2026, 7, 1)):
        values = _stored(village.township, month)
        before = _stored(village.township, date(2026, month.month - 1, 1))
        change = values["births"] - values["deaths"] + values["moves_in"] - values["moves_out"]
        assert values["population"] == before["population"] + change
