"""Methods of fictional women."""

import factory

from apps.women.models import CaseFile, ContraceptiveUse


class CaseFileFactory(factory.django.DjangoModelFactory):
    """A service file; give `person`."""

    class Meta:
        model = CaseFile


class ContraceptiveUseFactory(factory.django.DjangoModelFactory):
    """An IUD, since nobody knows when; give `person`."""

    class Meta:
        model = ContraceptiveUse

    method = "03"
