"""Entries of the audit log."""

from typing import Any

import factory

from apps.audit.models import Entry
from apps.audit.services import entry_for


class EntryFactory(factory.django.DjangoModelFactory):
    """One act, made as the service makes it; give `actor`, `code`, `target`."""

    class Meta:
        model = Entry

    code = "households.person.updated"
    actor = None

    @classmethod
    def _create(cls, model_class: type[Entry], *args: Any, **kwargs: Any) -> Entry:
        entry = entry_for(kwargs.pop("code"), **kwargs)
        entry.save()
        return entry
