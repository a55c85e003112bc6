"""Forms of divisions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import BaseForm, Fieldset, RegionField, TidyCharField, WrittenDateField
from apps.regions import selectors
from apps.regions.choices import RegionKind
from apps.regions.models import Region
from apps.regions.records import NewRegion

LONGEST_NAME = 60
ALIAS_MARKS = str.maketrans({"、": "|", ",": "|", "，": "|", ";": "|", "；": "|"})


class AliasField(TidyCharField):
    """Other names in one line, split by | or commas."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return [part.strip() for part in text.translate(ALIAS_MARKS).split("|") if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return " | ".join(value) if isinstance(value, list | tuple) else value


def _name_field() -> TidyCharField:
    return TidyCharField(label=_("Name"), max_length=LONGEST_NAME)


def _alias_field() -> AliasField:
    return AliasField(
        label=_("Other names"),
        required=False,
        max_length=600,
        help_text=_("Former and short names that rosters use; split by commas."),
    )


def _reason_field() -> TidyCharField:
    return TidyCharField(
        label=_("Reason"), max_length=500, help_text=_("For example the number of the document.")
    )


class RegionForm(BaseForm):
    """Name and other names of a division."""

    name = _name_field()
    aliases = _alias_field()
    fieldsets = (Fieldset("", "name:4", "aliases:8"),)


class NewRegionForm(BaseForm):
    """A new division below another."""

    kind = forms.ChoiceField(label=_("Kind"))
    code = TidyCharField(
        label=_("Code"), max_length=15, help_text=_("12 digits for a village, 15 for a group.")
    )
    name = _name_field()
    aliases = _alias_field()
    valid_from = WrittenDateField(label=_("Exists since"), required=False)
    fieldsets = (Fieldset("", "kind:3", "code:4", "name:5", "aliases:9", "valid_from:3"),)

    def __init__(self, *args: Any, parent: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(RegionKind.choices)
        kinds = selectors.kinds_below(parent.kind)
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in kinds]  # type: ignore[attr-defined]

    def record(self) -> NewRegion:
        """Return what the form says."""
        said = self.cleaned_data
        return NewRegion(
            code=said["code"],
            name=said["name"],
            kind=said["kind"],
            aliases=tuple(said["aliases"]),
            valid_from=said["valid_from"],
        )


class MoveForm(BaseForm):
    """Under which other division one comes."""

    parent = RegionField(None, label=_("Part of"))
    reason = _reason_field()
    fieldsets = (Fieldset("", "parent:5", "reason:7"),)

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = regions  # type: ignore[attr-defined]


class MergeForm(BaseForm):
    """Which division goes on for one that ends."""

    into = RegionField(None, label=_("Goes on as part of"))
    on = WrittenDateField(label=_("First day it no longer exists"), initial=timezone.localdate)
    reason = _reason_field()
    fieldsets = (Fieldset("", "into:5", "on:3", "reason:12"),)

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = regions  # type: ignore[attr-defined]
