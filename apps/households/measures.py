"""What can be counted of households, persons and their events."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    DateField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce, Least
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.households import selectors
from apps.households.choices import MarriageOrder
from apps.households.models import Household, Marriage, Residence
from apps.indicators.choices import Unit
from apps.indicators.records import (
    EVENT,
    REGISTERED,
    STATUS,
    Column,
    Measure,
    Source,
    Span,
)
from apps.indicators.registry import register

AGE_STEP = 5
OLDEST_GROUP = 85
AGE_GROUPS = tuple(range(0, OLDEST_GROUP + 1, AGE_STEP))
UNKNOWN_ORDER = 0
THIRD_OR_LATER = 3

PERSON_COLUMNS = (
    Column(_("name"), "person__name", "name"),
    Column(_("sex"), "person__sex", "code", "sex"),
    Column(_("date of birth"), "person__birth_date", "date"),
    Column(_("village"), "region", "region"),
)
PERSON_RELATED = ("person__registered_region", "person__current_region", "region")


def person_of(row: Any) -> Any:
    """The person a row is about."""
    return row.person


# Age ----------------------------------------------------------------------------------------------


def age_group(span: Span) -> Any:
    """Number of the five-year age group on the last day of a span, in completed years.

    Counted from the oldest, as the database finds it: 0 is 85 and older, 1 is 80-84, … 17 is 0-4.
    The thresholds are the same days that `selectors.aged_between` uses: whoever is born on or
    before them has reached the age.
    """
    # width_bucket counts the borders that lie at or before a value, and a birth on the day itself
    # has reached the age: the day after is the border.
    borders = [
        selectors.years_before(span.last, age) + timedelta(days=1)
        for age in reversed(AGE_GROUPS[1:])
    ]
    return Func(
        F("person__birth_date"),
        Value(borders, output_field=ArrayField(DateField())),
        function="width_bucket",
        output_field=IntegerField(),
    )


def group_number(lowest_age: int) -> int:
    """The number `age_group` gives to the group that begins at an age."""
    return (OLDEST_GROUP - lowest_age) // AGE_STEP


def ages_text(lowest_age: int) -> str:
    """Write an age group: 15-19, 85+."""
    if lowest_age == OLDEST_GROUP:
        return f"{lowest_age}+"
    return f"{lowest_age}–{lowest_age + AGE_STEP - 1}"


def ages_code(lowest_age: int) -> str:
    """The part of a measure's code that names its age group: 15_19, 85_up."""
    if lowest_age == OLDEST_GROUP:
        return f"{lowest_age}_up"
    return f"{lowest_age}_{lowest_age + AGE_STEP - 1}"


def _fill(text: Any, **values: Any) -> str:
    return str(text) % values


fill = lazy(_fill, str)


# Population ---------------------------------------------------------------------------------------


def residents(span: Span, basis: str | None) -> QuerySet[Residence]:
    """Everybody who has a place of that kind on the last day of the span, alive."""
    return selectors.residents(span.last, basis)


def start_is_unknown(_span: Span) -> Any:
    """Whether nobody knows since when a person has the place."""
    return Func(F("valid_from"), template="(%(expressions)s IS NULL)", output_field=BooleanField())


RESIDENTS = Source(
    code="residents",
    label=_("people who have their place here"),
    kind=STATUS,
    rows=residents,
    region="region",
    permission="households.view",
    columns=PERSON_COLUMNS,
    tables=("households_residence", "households_person"),
    record=person_of,
    basis="kind",
    dimensions={
        "sex": "person__sex",
        "ages": age_group,
        "start_unknown": start_is_unknown,
    },
    related=PERSON_RELATED,
    order=("region__sort_key", "person__pinyin", "pk"),
)

register(
    Measure("population", _("Population"), Unit.PERSONS, RESIDENTS),
    Measure("population_male", _("Men and boys"), Unit.PERSONS, RESIDENTS, {"sex": (Sex.MALE,)}),
    Measure(
        "population_female", _("Women and girls"), Unit.PERSONS, RESIDENTS, {"sex": (Sex.FEMALE,)}
    ),
    Measure(
        "population_start_unknown",
        _("People of whom it is not known since when they have their place here"),
        Unit.PERSONS,
        RESIDENTS,
        {"start_unknown": (True,)},
    ),
)
for _sex, _name, _text in (
    (Sex.MALE, "male", _("Men and boys aged %(ages)s")),
    (Sex.FEMALE, "female", _("Women and girls aged %(ages)s")),
):
    register(
        *(
            Measure(
                f"population_{_name}_{ages_code(age)}",
                fill(_text, ages=ages_text(age)),
                Unit.PERSONS,
                RESIDENTS,
                {"sex": (_sex,), "ages": (group_number(age),)},
            )
            for age in AGE_GROUPS
        )
    )


# Households ---------------------------------------------------------------------------------------


def households(span: Span, basis: str) -> QuerySet[Household]:
    """Households registered on the last day of the span."""
    return selectors.households_on(span.last)


def itself(row: Any) -> Any:
    """A row that is the record."""
    return row


HOUSEHOLD_COLUMNS = (
    Column(_("household number"), "number", "name"),
    Column(_("head"), "head", "text"),
    Column(_("village"), "region", "region"),
)
HOUSEHOLDS = Source(
    code="households",
    label=_("registered households"),
    kind=STATUS,
    rows=households,
    bases=(REGISTERED,),
    region="region",
    permission="households.view",
    columns=HOUSEHOLD_COLUMNS,
    tables=("households_household",),
    record=itself,
    related=("region", "head"),
    order=("region__sort_key", "number", "pk"),
)
register(
    Measure("households", _("Number of households"), Unit.HOUSEHOLDS, HOUSEHOLDS),
)


# Births and deaths --------------------------------------------------------------------------------


def birth_order(_span: Span) -> Any:
    """Order of birth: 1, 2, 3 for third and later, 0 when it is not known."""
    return Least(Coalesce(F("person__birth_order"), UNKNOWN_ORDER), THIRD_OR_LATER)


BIRTHS = Source(
    code="births",
    label=_("births, at the child's place on the day of birth"),
    kind=EVENT,
    rows=lambda span, basis: selectors.births_between(span.first, span.last, basis),
    region="region",
    permission="households.view",
    columns=(*PERSON_COLUMNS, Column(_("order of birth"), "person__birth_order", "text")),
    tables=("households_residence", "households_person"),
    record=person_of,
    basis="kind",
    date="person__birth_date",
    dimensions={"sex": "person__sex", "order": birth_order},
    related=PERSON_RELATED,
    order=("person__birth_date", "pk"),
)
DEATHS = Source(
    code="deaths",
    label=_("deaths, at the person's place on the day of death"),
    kind=EVENT,
    rows=lambda span, basis: selectors.deaths_between(span.first, span.last, basis),
    region="region",
    permission="households.view",
    columns=(*PERSON_COLUMNS, Column(_("died on"), "person__died_on", "date")),
    tables=("households_residence", "households_person"),
    record=person_of,
    basis="kind",
    date="person__died_on",
    dimensions={"sex": "person__sex"},
    related=PERSON_RELATED,
    order=("person__died_on", "pk"),
)
_ORDERS = (
    ("first", (1,), _("First children born"), _("Boys born first"), _("Girls born first")),
    ("second", (2,), _("Second children born"), _("Boys born second"), _("Girls born second")),
    (
        "third_up",
        (THIRD_OR_LATER,),
        _("Third and later children born"),
        _("Boys born third or later"),
        _("Girls born third or later"),
    ),
    (
        "order_unknown",
        (UNKNOWN_ORDER,),
        _("Children born, order not known"),
        _("Boys born, order not known"),
        _("Girls born, order not known"),
    ),
)
register(
    Measure("births", _("Live births"), Unit.PERSONS, BIRTHS),
    Measure("births_male", _("Boys born"), Unit.PERSONS, BIRTHS, {"sex": (Sex.MALE,)}),
    Measure("births_female", _("Girls born"), Unit.PERSONS, BIRTHS, {"sex": (Sex.FEMALE,)}),
)
for _code, _values, _all, _boys, _girls in _ORDERS:
    register(
        Measure(f"births_{_code}", _all, Unit.PERSONS, BIRTHS, {"order": _values}),
        Measure(
            f"births_male_{_code}",
            _boys,
            Unit.PERSONS,
            BIRTHS,
            {"order": _values, "sex": (Sex.MALE,)},
        ),
        Measure(
            f"births_female_{_code}",
            _girls,
            Unit.PERSONS,
            BIRTHS,
            {"order": _values, "sex": (Sex.FEMALE,)},
        ),
    )
register(
    Measure("deaths", _("Deaths"), Unit.PERSONS, DEATHS),
    Measure("deaths_male", _("Deaths of men and boys"), Unit.PERSONS, DEATHS, {"sex": (Sex.MALE,)}),
    Measure(
        "deaths_female",
        _("Deaths of women and girls"),
        Unit.PERSONS,
        DEATHS,
        {"sex": (Sex.FEMALE,)},
    ),
)


# Moves --------------------------------------------------------------------------------------------


def _moves(direction: str, label: Any, day: str, day_label: Any) -> Source:
    return Source(
        code=f"moves_{direction}",
        label=label,
        kind=EVENT,
        rows=lambda span, basis: selectors.moves_between(direction, span.first, span.last, basis),
        region="region",
        permission="households.view",
        columns=(*PERSON_COLUMNS, Column(day_label, day, "date")),
        tables=("households_residence",),
        record=person_of,
        basis="kind",
        date=day,
        dimensions={"sex": "person__sex"},
        related=PERSON_RELATED,
        order=(day, "pk"),
    )


MOVES_IN = _moves("in", _("moves into a village"), "valid_from", _("moved in on"))
MOVES_OUT = _moves("out", _("moves out of a village"), "valid_to", _("moved out on"))
register(
    Measure("moves_in", _("Moved in"), Unit.MOVES, MOVES_IN),
    Measure("moves_in_male", _("Men and boys who moved in"), Unit.MOVES, MOVES_IN, {"sex": ("1",)}),
    Measure(
        "moves_in_female", _("Women and girls who moved in"), Unit.MOVES, MOVES_IN, {"sex": ("2",)}
    ),
    Measure("moves_out", _("Moved out"), Unit.MOVES, MOVES_OUT),
    Measure(
        "moves_out_male", _("Men and boys who moved out"), Unit.MOVES, MOVES_OUT, {"sex": ("1",)}
    ),
    Measure(
        "moves_out_female",
        _("Women and girls who moved out"),
        Unit.MOVES,
        MOVES_OUT,
        {"sex": ("2",)},
    ),
)


# Marriages ----------------------------------------------------------------------------------------


def a_spouse(marriage: Marriage) -> Any:
    """The spouse whose file a marriage opens: the wife, else the husband."""
    return marriage.wife or marriage.husband


def _marriages(code: str, label: Any, select: Any, day: str, day_label: Any) -> Source:
    return Source(
        code=code,
        label=label,
        kind=EVENT,
        rows=lambda span, basis: select(span.first, span.last, basis),
        region="region_id",
        permission="households.view",
        columns=(
            Column(_("wife"), "wife__name", "name"),
            Column(_("husband"), "husband__name", "text"),
            Column(_("order"), "order", "choice"),
            Column(day_label, day, "date"),
        ),
        tables=("households_marriage", "households_residence"),
        record=a_spouse,
        date=day,
        dimensions={"order": "order"},
        related=(
            "wife__registered_region",
            "wife__current_region",
            "husband__registered_region",
            "husband__current_region",
        ),
        order=(day, "pk"),
    )


MARRIAGES = _marriages(
    "marriages",
    _("marriages, at the wife's place on the day, else the husband's"),
    selectors.marriages_between,
    "valid_from",
    _("married on"),
)
DIVORCES = _marriages(
    "divorces",
    _("divorces, at the wife's place on the day, else the husband's"),
    selectors.divorces_between,
    "valid_to",
    _("divorced on"),
)
AGAIN = (MarriageOrder.AGAIN, MarriageOrder.RESUMED)
register(
    Measure("marriages", _("Couples married"), Unit.COUPLES, MARRIAGES),
    Measure(
        "marriages_first",
        _("First marriages"),
        Unit.COUPLES,
        MARRIAGES,
        {"order": (MarriageOrder.FIRST,)},
    ),
    Measure("marriages_again", _("Later marriages"), Unit.COUPLES, MARRIAGES, {"order": AGAIN}),
    Measure("divorces", _("Divorces"), Unit.COUPLES, DIVORCES),
)
