"""Fictional users."""

from typing import Any

import factory

from apps.accounts.choices import Role
from apps.accounts.models import User

PASSWORD = "seven-quiet-herons"


class UserFactory(factory.django.DjangoModelFactory):
    """A township clerk without regions; give `regions` a list of Region rows."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    display_name = factory.Sequence(lambda n: f"用户{n}")
    role = Role.TOWNSHIP_CLERK
    password = factory.django.Password(PASSWORD)
    is_staff = factory.LazyAttribute(lambda user: user.role == Role.ADMINISTRATOR)

    @factory.post_generation
    def regions(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.regions.set(extracted)
