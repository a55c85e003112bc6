"""The tabs of a household's and a person's file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit import selectors as audit
from apps.core.choices import Sex
from apps.core.codes import code_label
from apps.core.dates import age_on
from apps.core.identifiers import mask, mask_phone
from apps.core.panels import Panel, register
from apps.core.templatetags.fp import day, moment
from apps.households import rules, selectors
from apps.households.choices import EventKind
from apps.households.models import Household, LifeEvent, Membership, Person
from apps.households.records import CompletenessFacts

HOUSEHOLD, PERSON = "households.household", "households.person"
VIEW, OPEN = "households.view", "households.open_person"
LOOKS = (f"{PERSON}.opened", f"{PERSON}.unmasked")
KEY_EVENTS = {EventKind.BIRTH, EventKind.DEATH}
MISSING_WORDS = {
    "id_number": gettext_lazy("ID number"),
    "birth_date": gettext_lazy("whole date of birth"),
    "relationship": gettext_lazy("relationship to head"),
    "current_place": gettext_lazy("current place"),
    "phone": gettext_lazy("phone"),
    "marital_status": gettext_lazy("marital status"),
    "spouse": gettext_lazy("husband or wife"),
    "parents": gettext_lazy("parents"),
}


def masked_number(person: Person) -> str:
    """Return a person's ID number masked, else the temporary number."""
    return mask(str(person.id_number)) if person.id_number else person.temporary_number


def _fact(label: Any, value: Any, css: str = "", **more: Any) -> dict[str, Any]:
    return {"label": label, "value": value, "css": css, **more}


# Household ----------------------------------------------------------------------------------------


def members(user: Any, household: Household) -> dict[str, Any]:
    """Members now and formerly, with their nearest relatives and what their files lack."""
    rows = _last_roles(list(selectors.members_of(household)))
    ids = [row.person_id for row in rows]
    spouses, parents = selectors.spouses_of(ids), selectors.parents_of(ids)
    today = timezone.localdate()
    shown = [
        _member_line(row, spouses.get(row.person_id), parents.get(row.person_id, []), today)
        for row in rows
    ]
    current = [line for line in shown if not line["has_ended"]]
    return {
        "members": shown,
        "member_count": len(current),
        "former_count": len(shown) - len(current),
        "missing": [line for line in current if line["missing"]],
        "events": timeline(selectors.events_of_household(household)[:8]),
        "may_edit": user.may("households.edit") and household.valid_to is None,
    }


def _last_roles(rows: list[Membership]) -> list[Membership]:
    """One line for each person: the role in force, else the last one. Rows in force come first."""
    found: dict[int, Membership] = {}
    for row in rows:
        known = found.get(row.person_id)
        if known is None or (known.valid_to and row.valid_to and row.valid_to > known.valid_to):
            found[row.person_id] = row
    return list(found.values())


def _member_line(
    row: Membership, spouse: Person | None, parents: list[Any], today: Any
) -> dict[str, Any]:
    person = row.person
    relative = spouse or (parents[0].parent if parents else None)
    return {
        "membership": row,
        "person": person,
        "relationship": code_label("relationship_to_head", row.relationship_to_head),
        "age": age_on(person.birth_date, today) if person.died_on is None else None,
        "number": masked_number(person),
        "relative": relative,
        "relative_word": _relative_word(relative, is_spouse=spouse is not None),
        "is_home": person.current_region_id == person.registered_region_id,
        "has_ended": row.valid_to is not None,
        "missing": [MISSING_WORDS[name] for name in missing_of(row, spouse, parents, today)],
    }


def _relative_word(relative: Person | None, *, is_spouse: bool) -> str:
    if relative is None:
        return ""
    is_woman = relative.sex == Sex.FEMALE
    if is_spouse:
        return _("wife") if is_woman else _("husband")
    return _("mother") if is_woman else _("father")


def missing_of(
    row: Membership | None, spouse: Person | None, parents: list[Any], today: Any
) -> list[str]:
    """Name what the file of one member lacks."""
    if row is None:
        return []
    person = row.person
    facts = CompletenessFacts(
        age=age_on(person.birth_date, today),
        is_alive=person.died_on is None,
        has_id_number=bool(person.id_digest),
        has_phone=bool(person.phone_digest),
        birth_precision=person.birth_precision,
        marital_status=person.marital_status,
        has_relationship=bool(row.relationship_to_head),
        has_current_place=person.current_region_id is not None or person.residence_status == "2",
        has_spouse_link=spouse is not None,
        has_parent_link=bool(parents),
    )
    return rules.missing_items(facts)


def timeline(events: Any) -> list[dict[str, Any]]:
    """Turn life events into lines of the time line."""
    return [_event_line(event) for event in events]


def _event_line(event: LifeEvent) -> dict[str, Any]:
    places = [place.name for place in (event.other_region, event.region) if place is not None]
    if event.kind in (EventKind.BIRTH, EventKind.DEATH):
        places = places[-1:]
    other = [event.other_person.name] if event.other_person is not None else []
    said = {
        "learnt": day(event.learnt_on),
        "entered": day(event.entered_at),
        "name": event.entered_by,
    }
    return {
        "on": event.occurred_on,
        "precision": event.precision,
        "title": f"{event.get_kind_display()}: {event.person.name}",
        "url": event.person.get_absolute_url(),
        "text": ", ".join([*other, " → ".join(dict.fromkeys(places)), event.note]).strip(", "),
        "by": _("learnt %(learnt)s, entered %(entered)s by %(name)s") % said,
        "kind": "key" if event.kind in KEY_EVENTS else "",
        "remove_url": reverse("households:event_delete", args=[event.pk]),
    }


def household_events(user: Any, household: Household) -> dict[str, Any]:
    """The whole time line of a household."""
    found = timeline(selectors.events_of_household(household))
    return {"events": found, "may_remove": user.may("households.remove")}


def household_places(user: Any, household: Household) -> dict[str, Any]:
    """Where the members are registered and live, also formerly."""
    return {"places": _places(selectors.places_of_household(household)), "names": True}


def _places(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "person": row.person,
            "kind": row.get_kind_display(),
            "where": row.region.full_name if row.region else row.place or _("outside the county"),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "began": row.get_begin_reason_display() if row.begin_reason else "",
            "ended": row.get_end_reason_display() if row.end_reason else "",
        }
        for row in rows
    ]


def household_categories(user: Any, household: Household) -> dict[str, Any]:
    """What the household counts or counted as."""
    rows = household.categories.select_related("confirmed_by").order_by("-valid_from", "-pk")
    return {"categories": rows, "may_edit": user.may("households.edit")}


def household_changes(user: Any, household: Household) -> dict[str, Any]:
    """Who changed what in the household's own rows."""
    return {"changes": selectors.changes_of_household(household)}


# Person -------------------------------------------------------------------------------------------


def details(user: Any, person: Person) -> dict[str, Any]:
    """All that is known of a person, in the order of the paper form."""
    return {
        "facts": [
            _fact(_("Kind of document"), person.get_id_type_display()),
            _fact(_("ID number"), mask(str(person.id_number)) if person.id_number else "", "id"),
            _fact(_("Temporary number"), person.temporary_number, "id"),
            _fact(_("Former name"), person.former_name),
            _fact(_("Ethnic group"), person.get_ethnic_group_display()),
            _fact(_("Education"), person.get_education_display()),
            _fact(_("Kind of registration"), person.get_hukou_type_display()),
            _fact(_("Living status"), person.get_residence_status_display()),
            _fact(_("Marital status"), person.get_marital_status_display()),
            _fact(_("First married on"), day(person.first_marriage_on), "id"),
            _fact(_("Order of birth"), person.birth_order),
            _fact(_("Phone"), mask_phone(str(person.phone)) if person.phone else "", "id"),
            _fact(_("Source"), person.get_source_display()),
            _fact(_("Entered at"), moment(person.created_at), "id"),
            _fact(_("Last changed at"), moment(person.updated_at), "id"),
            _fact(_("Remark"), person.remark),
        ]
    }


def family(user: Any, person: Person) -> dict[str, Any]:
    """Marriages, parents and children."""
    return {
        "marriages": marriage_lines(person),
        "parents": selectors.parents_of([person.pk]).get(person.pk, []),
        "children": selectors.children_of(person),
        "may_edit": user.may("households.edit"),
    }


def marriage_lines(person: Person) -> list[dict[str, Any]]:
    """A person's marriages as lists show them, the latest first."""
    return [_marriage_line(row, person) for row in selectors.marriages_of(person)]


def _marriage_line(row: Any, person: Person) -> dict[str, Any]:
    spouse = row.husband if row.wife_id == person.pk else row.wife
    return {
        "spouse": spouse,
        "spouse_name": spouse.name if spouse is not None else row.spouse_name or _("not known"),
        "order": row.get_order_display(),
        "from": day(row.valid_from, row.from_precision),
        "to": day(row.valid_to),
        "end": row.get_end_kind_display() if row.end_kind else "",
        "lasts": row.valid_to is None,
    }


def person_household(user: Any, person: Person) -> dict[str, Any]:
    """The households a person belongs or belonged to, and who else is in the present one."""
    rows = list(person.memberships.select_related("household__region").order_by("-pk"))
    current = next((row for row in rows if row.valid_to is None), None)
    others = []
    if current is not None:
        found = selectors.members_of(current.household).filter(valid_to__isnull=True)
        others = [row for row in found if row.person_id != person.pk]
    return {"memberships": rows, "current": current, "others": others}


def person_places(user: Any, person: Person) -> dict[str, Any]:
    """Where a person is and was registered and lives and lived."""
    return {"places": _places(selectors.places_of_people([person.pk]))}


def person_events(user: Any, person: Person) -> dict[str, Any]:
    """The whole time line of a person."""
    found = timeline(selectors.events_of_people([person.pk]))
    return {"events": found, "may_remove": user.may("households.remove")}


def person_changes(user: Any, person: Person) -> dict[str, Any]:
    """Who changed what in a person's rows."""
    return {"changes": selectors.changes_of_person(person)}


def person_looks(user: Any, person: Person) -> dict[str, Any]:
    """Who opened or unmasked the file, for auditors."""
    found = audit.entries_about(user, PERSON, person.pk).filter(code__in=LOOKS)
    return {"looks": found[:100]}


# The tabs -----------------------------------------------------------------------------------------


def _tab(name: str, title: Any, order: int, permission: str, template: str, context: Any) -> Panel:
    return Panel(
        name=name,
        title=title,
        permission=permission,
        order=order,
        template=f"households/_{template}.html",
        context=context,
    )


for panel in (
    _tab("members", gettext_lazy("Family members"), 10, VIEW, "members", members),
    _tab("events", gettext_lazy("Time line"), 20, VIEW, "events", household_events),
    _tab("places", gettext_lazy("Places"), 30, VIEW, "places", household_places),
    _tab("categories", gettext_lazy("Categories"), 40, VIEW, "categories", household_categories),
    _tab("changes", gettext_lazy("Changes"), 90, VIEW, "changes", household_changes),
):
    register(HOUSEHOLD, panel)
for panel in (
    _tab("details", gettext_lazy("Details"), 10, OPEN, "details", details),
    _tab("family", gettext_lazy("Family"), 20, VIEW, "family", family),
    _tab("household", gettext_lazy("Household"), 30, VIEW, "person_household", person_household),
    _tab("places", gettext_lazy("Places"), 40, VIEW, "places", person_places),
    _tab("events", gettext_lazy("Time line"), 50, VIEW, "events", person_events),
    _tab("changes", gettext_lazy("Changes"), 90, VIEW, "changes", person_changes),
    _tab("looks", gettext_lazy("Who looked"), 95, "audit.view", "looks", person_looks),
):
    register(PERSON, panel)
