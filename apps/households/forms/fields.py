"""Fields that forms of persons share: somebody from the register, a phone number."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import (
    NumberCodeField,
    RegionField,
    RegionPicker,
)
from apps.core.identifiers import is_landline, is_mobile, normalise_id
from apps.households.selectors import person_by_document


class PersonPicker(RegionPicker):
    """A person found by name, pinyin or number; the words are posted, never in an address."""

    def __init__(self) -> None:
        super().__init__({"data-picker-post": "1"}, source="households:person_options")


class PersonField(RegionField):
    """One of the persons the user may see. Without JavaScript: the exact name or ID number."""

    widget: Any = PersonPicker
    default_error_messages = {
        "invalid_choice": _("Nobody of that name or number in your regions."),
        "several": _("Several people have this name. Please choose one from the list."),
    }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("="):
            number = normalise_id(value[1:])
            found = person_by_document("01", number) if len(number) == 18 else None
            mine: Any = self.queryset
            if found is not None and mine.filter(pk=found.pk).exists():
                return found
        return super().to_python(value)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PhoneField(NumberCodeField):
    """A mobile number, or a fixed line with its area code."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not (is_mobile(value) or is_landline(value)):
            raise ValidationError(
                _("This has %(count)s digits; a mobile number has 11 and begins with 1."),
                params={"count": len(value)},
                code="phone",
            )
