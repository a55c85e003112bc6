"""Writes of legacy totals: aggregates with a source, entered by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import NotPermitted, OutOfScope, StaleRecord
from apps.indicators.models import LegacyValue
from apps.indicators.records import LegacyRecord
from apps.regions.models import Region

FIELDS = ("series", "region", "period", "value", "source")
PERMISSION = "indicators.enter_legacy"


@transaction.atomic
def enter_legacy(*, actor: Any, record: LegacyRecord) -> LegacyValue:
    """Add one total of an abolished figure, with its source."""
    _check(actor, record.region)
    point = LegacyValue(entered_by=actor)
    _save(point, record)
    audit.record("indicators.legacyvalue.entered", actor=actor, target=point, after=_shown(point))
    return point


@transaction.atomic
def update_legacy(
    *, actor: Any, legacy_value: LegacyValue, record: LegacyRecord, seen_at: datetime | None = None
) -> LegacyValue:
    """Correct one total. Raises StaleRecord when somebody changed it after `seen_at`."""
    point = LegacyValue.objects.select_for_update().get(pk=legacy_value.pk)
    _check(actor, point.region, record.region)
    if seen_at is not None and point.updated_at > seen_at:
        raise StaleRecord
    before = _shown(point)
    _save(point, record)
    audit.record(
        "indicators.legacyvalue.changed",
        actor=actor,
        target=point,
        before=before,
        after=_shown(point),
    )
    return point


@transaction.atomic
def remove_legacy(*, actor: Any, legacy_value: LegacyValue, reason: str) -> None:
    """Remove a total that was entered by mistake."""
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    _check(actor, legacy_value.region)
    audit.record(
        "indicators.legacyvalue.removed",
        actor=actor,
        target=legacy_value,
        before=_shown(legacy_value),
        reason=reason,
    )
    legacy_value.delete()


def _check(actor: Any, *regions: Region) -> None:
    if not actor.may(PERMISSION):
        raise NotPermitted
    visible = Region.objects.visible_to(actor)
    if visible.filter(pk__in={region.pk for region in regions}).count() < len(
        {region.pk for region in regions}
    ):
        raise OutOfScope


def _save(point: LegacyValue, record: LegacyRecord) -> None:
    for name in FIELDS:
        setattr(point, name, getattr(record, name))
    point.full_clean(exclude=["entered_by"])
    point.save()


def _shown(point: LegacyValue) -> dict[str, str]:
    """What the audit log keeps of a total."""
    return {name: str(getattr(point, name)) for name in FIELDS}
