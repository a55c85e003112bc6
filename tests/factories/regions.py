"""Fictional divisions, placed in the tree as the service would place them."""

from typing import Any

import factory

from apps.core.names import search_keys
from apps.regions.models import Region


class RegionFactory(factory.django.DjangoModelFactory):
    """A village; give `parent` to put it into a tree."""

    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"9999011{n:05d}")
    name = factory.Sequence(lambda n: f"村{n}")
    kind = "village"
    parent = None

    @classmethod
    def _create(cls, model_class: type[Region], *args: Any, **kwargs: Any) -> Region:
        region = model_class(**kwargs)
        region.pinyin, region.initials = search_keys(region.name)[:2]
        region.path = "/"
        region.save()
        above = region.parent
        region.path = f"{above.path if above else '/'}{region.pk}/"
        region.full_name = f"{above.full_name if above else ''}{region.name}"
        region.sort_key = f"{above.sort_key if above else ''}{region.code}/"
        region.save()
        return region
