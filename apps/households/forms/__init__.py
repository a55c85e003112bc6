"""Forms of households, persons and life events, in the order of the paper forms."""

from apps.households.forms.events import (
    BirthForm,
    CameHomeForm,
    DeathForm,
    DivorceForm,
    EventForm,
    LeftHomeForm,
    MarriageForm,
    MoveForm,
    MoveInForm,
    MoveOutForm,
    MoveWithinForm,
)
from apps.households.forms.fields import PersonField, PersonPicker, PhoneField
from apps.households.forms.households import (
    CategoryForm,
    EndForm,
    HeadForm,
    HouseholdForm,
    RelationshipForm,
)
from apps.households.forms.people import MemberForm, MindsExisting, ParentForm, PersonForm

__all__ = [
    "BirthForm",
    "CameHomeForm",
    "CategoryForm",
    "DeathForm",
    "DivorceForm",
    "EndForm",
    "EventForm",
    "HeadForm",
    "HouseholdForm",
    "LeftHomeForm",
    "MarriageForm",
    "MemberForm",
    "MindsExisting",
    "MoveForm",
    "MoveInForm",
    "MoveOutForm",
    "MoveWithinForm",
    "ParentForm",
    "PersonField",
    "PersonForm",
    "PersonPicker",
    "PhoneField",
    "RelationshipForm",
]
