"""Refusals that services raise beside Django's ValidationError."""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """An act that is refused for a reason the user can be told."""

    message: object = _("This cannot be done now.")

    def __init__(self, message: object | None = None) -> None:
        self.message = message or self.message
        super().__init__(str(self.message))


class OutOfScope(Refusal):
    """The record lies outside the regions the actor works for."""

    message = _("This record belongs to a region that you do not work for.")


class NotPermitted(Refusal):
    """The actor's role does not include this act."""

    message = _("Your role does not include this. Ask your administrator if you need it.")


class NotAllowedNow(Refusal):
    """The state of the record does not allow this act."""


class StaleRecord(Refusal):
    """Somebody saved the record after this form was opened."""

    message = _("Somebody else has changed this record since you opened it.")
