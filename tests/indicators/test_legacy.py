"""Totals of abolished figures: entered by hand with a source, never computed."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotPermitted, OutOfScope, StaleRecord
from apps.indicators import registry, services
from apps.indicators.models import LegacySeries, LegacyValue
from apps.indicators.records import LegacyRecord

ClientOf = Callable[[User], Client]


@pytest.fixture
def series(db: None) -> LegacySeries:
    return LegacySeries.objects.create(code="in_policy_birth_rate", name="符合政策生育率", unit="%")


def _record(series: LegacySeries, region: object, **values: object) -> LegacyRecord:
    usual = {"period": "2014", "value": Decimal("85.12"), "source": "2014 年度工作总结"}
    return LegacyRecord(**{"series": series, "region": region, **usual, **values})  # type: ignore[arg-type]


def test_clerk_enters_a_total_with_its_source(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    record = _record(series, places.township)

    point = services.enter_legacy(actor=township_clerk, record=record)

    assert (point.value, point.entered_by) == (Decimal("85.12"), township_clerk)
    assert Entry.objects.get().code == "indicators.legacyvalue.entered"


def test_total_without_a_source_is_refused(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.enter_legacy(
            actor=township_clerk, record=_record(series, places.township, source="")
        )

    assert "source" in refusal.value.message_dict
    assert not LegacyValue.objects.exists()
    assert not Entry.objects.exists()


def test_same_period_twice_is_refused(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    services.enter_legacy(actor=township_clerk, record=_record(series, places.township))

    with pytest.raises(ValidationError):
        services.enter_legacy(actor=township_clerk, record=_record(series, places.township))


def test_total_of_another_township_is_out_of_scope(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    with pytest.raises(OutOfScope):
        services.enter_legacy(actor=township_clerk, record=_record(series, places.elsewhere))


def test_village_worker_may_not_enter_totals(
    places: SimpleNamespace, series: LegacySeries, village_worker: User
) -> None:
    with pytest.raises(NotPermitted):
        services.enter_legacy(actor=village_worker, record=_record(series, places.village))


def test_correction_keeps_before_and_after(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    point = services.enter_legacy(actor=township_clerk, record=_record(series, places.township))
    changed = _record(series, places.township, value=Decimal("85.2"))

    services.update_legacy(actor=township_clerk, legacy_value=point, record=changed)

    assert LegacyValue.objects.get().value == Decimal("85.2")
    assert "value" in Entry.objects.get(code="indicators.legacyvalue.changed").changes


def test_correction_of_an_old_page_is_stale(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    point = services.enter_legacy(actor=township_clerk, record=_record(series, places.township))
    seen = point.updated_at
    record = _record(series, places.township, value=Decimal(86))
    services.update_legacy(actor=township_clerk, legacy_value=point, record=record, seen_at=seen)

    with pytest.raises(StaleRecord):
        services.update_legacy(
            actor=township_clerk, legacy_value=point, record=record, seen_at=seen
        )


def test_removal_needs_a_reason_and_is_kept_in_the_log(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User
) -> None:
    point = services.enter_legacy(actor=township_clerk, record=_record(series, places.township))

    with pytest.raises(ValidationError):
        services.remove_legacy(actor=township_clerk, legacy_value=point, reason=" ")
    services.remove_legacy(actor=township_clerk, legacy_value=point, reason="抄错年份")

    assert not LegacyValue.objects.exists()
    assert Entry.objects.get(code="indicators.legacyvalue.removed").reason == "抄错年份"


def test_clerk_enters_a_total_on_the_page(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)

    answer = client.post(
        reverse("indicators:legacy_create"),
        {
            "series": series.pk,
            "region": places.township.pk,
            "period": "2014",
            "value": "85.12",
            "source": "2014 年度工作总结",
        },
    )

    assert answer.status_code == 302
    assert "85.12" in client.get(reverse("indicators:legacy_list")).content.decode()
    dashboard = client.get("/indicators/")
    assert "符合政策生育率" in dashboard.content.decode()


def test_form_without_a_value_says_so_and_keeps_the_rest(
    places: SimpleNamespace, series: LegacySeries, township_clerk: User, client_of: ClientOf
) -> None:
    answer = client_of(township_clerk).post(
        reverse("indicators:legacy_create"),
        {"series": series.pk, "region": places.township.pk, "period": "2014", "source": "总结"},
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["value"]
    assert "2014" in answer.content.decode()


def test_other_township_does_not_see_the_total(
    places: SimpleNamespace,
    series: LegacySeries,
    township_clerk: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    point = services.enter_legacy(actor=township_clerk, record=_record(series, places.township))
    client = client_of(outsider)

    assert "85.12" not in client.get(reverse("indicators:legacy_list")).content.decode()
    assert client.get(reverse("indicators:legacy_edit", args=[point.pk])).status_code == 404
    assert client.get(reverse("indicators:legacy_delete", args=[point.pk])).status_code == 404


def test_no_measure_or_formula_computes_an_abolished_figure() -> None:
    texts = " ".join([*registry.measures(), *registry.formulas()])

    for word in ("policy", "quota", "fee", "fine", "permit", "violation"):
        assert word not in texts
