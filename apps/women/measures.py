"""What can be counted of women of childbearing age (育龄妇女). Counts only, never rankings."""

from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.core.codes import code_label
from apps.households.choices import EVER_MARRIED, MARRIED
from apps.households.measures import (
    AGE_STEP,
    PERSON_COLUMNS,
    PERSON_RELATED,
    RESIDENTS,
    ages_code,
    ages_text,
    fill,
    group_number,
    person_of,
)
from apps.households.models import Residence
from apps.households.selectors import with_marital_status
from apps.indicators.choices import Unit
from apps.indicators.records import STATUS, Measure, Source, Span
from apps.indicators.registry import register
from apps.women import selectors

AGES = tuple(range(selectors.FIRST_AGE, selectors.LAST_AGE, AGE_STEP))


def women(span: Span, basis: str | None) -> QuerySet[Residence]:
    """Women of 15 to 49 on the last day, with their marital status and method on that day."""
    rows = selectors.women_of_childbearing_age(span.last, basis)
    return selectors.with_contraception(with_marital_status(rows, span.last), span.last)


def with_status_and_method(residents: QuerySet[Residence], span: Span) -> QuerySet[Residence]:
    """Join status and method on the last day to the women of 15 to 49 among all residents."""
    day = span.last
    only = selectors.is_woman_of_childbearing_age(day)
    return selectors.with_contraception(with_marital_status(residents, day, only), day, only)


WOMEN = Source(
    code="women",
    label=_("women of 15 to 49 who have their place here"),
    kind=STATUS,
    rows=women,
    region="region",
    permission="women.view",
    columns=PERSON_COLUMNS,
    tables=(
        "households_residence",
        "households_person",
        "households_maritalperiod",
        "women_contraceptiveuse",
    ),
    record=person_of,
    basis="kind",
    whole=RESIDENTS,
    among={"sex": (Sex.FEMALE,), "ages": tuple(map(group_number, AGES))},
    joined=with_status_and_method,
    # None where nothing is entered: never married or not stated, no method.
    dimensions={"marital": "marital__status", "method": "use__method"},
    related=PERSON_RELATED,
    order=("region__sort_key", "person__pinyin", "pk"),
)
USING = {"method": selectors.METHODS}

register(
    Measure("women_15_49", _("Women aged 15–49"), Unit.PERSONS, WOMEN),
    Measure(
        "currently_married_women_15_49",
        _("Married women aged 15–49"),
        Unit.PERSONS,
        WOMEN,
        {"marital": MARRIED},
    ),
    Measure(
        "ever_married_women_15_49",
        _("Women aged 15–49 who are or were married"),
        Unit.PERSONS,
        WOMEN,
        {"marital": EVER_MARRIED},
    ),
    Measure(
        "contraceptive_users", _("Women aged 15–49 using a method"), Unit.PERSONS, WOMEN, USING
    ),
    Measure(
        "contraceptive_users_married",
        _("Married women aged 15–49 using a method"),
        Unit.PERSONS,
        WOMEN,
        {"marital": MARRIED, **USING},
    ),
    Measure(
        "contraceptive_users_ever_married",
        _("Women aged 15–49 who are or were married, using a method"),
        Unit.PERSONS,
        WOMEN,
        {"marital": EVER_MARRIED, **USING},
    ),
)
for _prefix, _text, _where in (
    ("women", _("Women aged %(ages)s"), {}),
    ("currently_married_women", _("Married women aged %(ages)s"), {"marital": MARRIED}),
    (
        "ever_married_women",
        _("Women aged %(ages)s who are or were married"),
        {"marital": EVER_MARRIED},
    ),
):
    register(
        *(
            Measure(
                f"{_prefix}_{ages_code(age)}",
                fill(_text, ages=ages_text(age)),
                Unit.PERSONS,
                WOMEN,
                {"ages": (group_number(age),), **_where},
            )
            for age in AGES
        )
    )


def _name_method(code: str) -> str:
    name = code_label("contraceptive_method", code)
    return gettext("Married women aged 15–49, method: %(method)s") % {"method": name}


_method_label = lazy(_name_method, str)

register(
    *(
        Measure(
            f"method_{code}",
            _method_label(code),
            Unit.PERSONS,
            WOMEN,
            {"marital": MARRIED, "method": (code,)},
        )
        for code in selectors.METHODS
    )
)
