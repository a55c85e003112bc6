"""Column types of our own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core import crypto


class EncryptedTextField(models.BinaryField):
    """Text that is stored sealed (see core.crypto) and read back in clear.

    Cannot be filtered on: a digest column beside it serves exact search. `max_chars` limits the
    clear text.
    """

    description = _("Encrypted text")
    # For type checkers: unlike the column, the attribute holds text.
    _pyi_private_set_type: str | None
    _pyi_private_get_type: str | None  # type: ignore[assignment]

    def __init__(self, *args: Any, max_chars: int = 200, **kwargs: Any) -> None:
        self.max_chars = max_chars
        kwargs["editable"] = kwargs.get("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.max_chars != 200:
            kwargs["max_chars"] = self.max_chars
        return name, path, args, kwargs

    def sealing_column(self) -> str:
        """The name that is authenticated with each value. History tables share the original's."""
        model = getattr(self.model, "pgh_tracked_model", self.model)
        return f"{model._meta.db_table}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value in (None, ""):
            return None if self.null else super().get_db_prep_value(b"", connection, prepared)
        if isinstance(value, (bytes, memoryview)):
            return super().get_db_prep_value(bytes(value), connection, prepared)
        sealed = crypto.encrypt(self.sealing_column(), str(value))
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        sealed = bytes(value)
        return crypto.decrypt(self.sealing_column(), sealed) if sealed else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and len(value) > self.max_chars:
            raise ValidationError(
                _("At most %(limit)s characters."), params={"limit": self.max_chars}
            )

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class DigestField(models.BinaryField):
    """A keyed digest of an encrypted column, for exact search and uniqueness."""

    description = _("Keyed digest")


class DateRange(models.Func):
    """daterange(from, to) for constraints: half-open, open at a side that is NULL."""

    function = "daterange"
    output_field = models.Field()
