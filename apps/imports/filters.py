"""The query form over the import history."""

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BaseFilterSet
from apps.imports import registry
from apps.imports.models import Batch, BatchState


def _kinds() -> list[tuple[str, object]]:
    return [(kind.name, kind.label) for kind in registry.kinds()]


class BatchFilter(BaseFilterSet):
    """Find an import by file, kind and state."""

    filename = django_filters.CharFilter(label=_("File"), lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("Kind of roster"), choices=_kinds)
    state = django_filters.ChoiceFilter(label=_("State"), choices=BatchState.choices)
    main = ("filename:4", "kind:3", "state:3")

    class Meta(BaseFilterSet.Meta):
        model = Batch
        fields = ("filename", "kind", "state")
