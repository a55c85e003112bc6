"""Births, deaths, marriages, divorces and moves: dated facts from which the state follows.

Each service writes the event and moves the intervals in one transaction. The event keeps what it
changed, so `remove_event` can put everything back.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.choices import Sex
from apps.core.errors import NotAllowedNow
from apps.households import rules
from apps.households.choices import (
    HEAD,
    EventKind,
    KinshipNature,
    MarriageEnd,
    MarriageOrder,
    ResidenceKind,
    ResidenceReason,
)
from apps.households.models import (
    Household,
    Kinship,
    LifeEvent,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.households.records import (
    BirthRecord,
    Happening,
    MarriageRecord,
    MoveRecord,
    PersonRecord,
)
from apps.households.services import identity, intervals
from apps.households.services.households import replace_leaving_head
from apps.households.services.intervals import ChangeBook
from apps.households.services.kinship import open_link
from apps.households.services.persons import join_household, new_person

WIDOWED, DIVORCED = "30", "40"
UNIQUE_FIELDS = {
    "households_marriage_wife_once_at_a_time": "spouse",
    "households_marriage_husband_once_at_a_time": "spouse",
}


def _check_dates(record: Happening, person: Person | None = None) -> None:
    """An event lies neither in the future nor after it was learnt, nor outside the life."""
    today = timezone.localdate()
    if record.on > today:
        raise ValidationError({"on": _("This day has not come yet.")})
    if record.learnt_on > today:
        raise ValidationError({"learnt_on": _("This day has not come yet.")})
    if record.learnt_on < record.on:
        raise ValidationError({"learnt_on": _("It cannot be learnt before it happens.")})
    if person is not None and record.on < person.birth_date:
        raise ValidationError({"on": _("This lies before the person was born.")})


def _check_alive(person: Person) -> None:
    if person.died_on is not None:
        raise NotAllowedNow(
            _("%(name)s died on %(day)s.") % {"name": person.name, "day": person.died_on}
        )


def _note(event: LifeEvent, actor: User, act: str = "recorded", reason: str = "") -> None:
    said = {"kind": event.kind, "occurred_on": event.occurred_on, "learnt_on": event.learnt_on}
    sides = {"before": said} if act == "removed" else {"after": said}
    audit.record(
        f"households.event.{act}", actor=actor, target=event.person, reason=reason, **sides
    )


# Birth --------------------------------------------------------------------------------------------


@transaction.atomic
def record_birth(
    *,
    actor: User,
    mother: Person,
    record: BirthRecord,
    father: Person | None = None,
    household: Household | None = None,
) -> LifeEvent:
    """Enter a live birth (出生): the child, its parents, its household and its two places.

    The household is the mother's unless another one is named. The child is registered where the
    household is and lives where the mother lives.
    """
    identity.ensure_visible(actor, mother, household)
    intervals.lock_people(mother, father)
    _check_dates(record, mother)
    _check_parents(mother, father)
    home = household or _household_of(mother)
    intervals.lock_household(home)
    if record.relationship == HEAD:
        raise ValidationError({"relationship": _("A newborn cannot be the head.")})
    _refuse_second_entry(mother, record)
    book = ChangeBook()
    child = new_person(book, record=_newborn(mother, record), region=home.region)
    _settle_newborn(book, child, mother, home, record)
    open_link(book, child, mother, KinshipNature.BIRTH)
    if father is not None:
        open_link(book, child, father, KinshipNature.BIRTH)
    intervals.refresh_person(book, child)
    intervals.refresh_household(book, home)
    event = intervals.write_event(
        book,
        EventKind.BIRTH,
        actor=actor,
        person=child,
        record=record,
        other_person=mother,
        household=home,
        region=home.region,
    )
    identity.ensure_visible(actor, child)
    _note(event, actor)
    return event


def _check_parents(mother: Person, father: Person | None) -> None:
    if mother.sex == Sex.MALE:
        raise ValidationError({"mother": _("This person is entered as a man.")})
    if father is not None and father.sex == Sex.FEMALE:
        raise ValidationError({"father": _("This person is entered as a woman.")})


def _household_of(mother: Person) -> Household:
    membership = intervals.open_membership(mother)
    if membership is None:
        raise ValidationError(
            {"mother": _("She belongs to no household. Please choose the child's household.")}
        )
    return membership.household


def _refuse_second_entry(mother: Person, record: BirthRecord) -> None:
    """The same child twice is a double entry; twins differ by name."""
    name = record.name or unnamed(mother, record.sex)
    same = Kinship.objects.filter(
        parent=mother, child__birth_date=record.on, child__sex=record.sex, child__name=name
    )
    if same.exists():
        message = _("This child is already entered. Please give twins their own names.")
        raise ValidationError({"name": message})


def unnamed(mother: Person, sex: str) -> str:
    """Name a child that has no name yet after its mother, as hospitals do."""
    return f"{mother.name}之{'女' if sex == Sex.FEMALE else '子'}"[:50]


def _newborn(mother: Person, record: BirthRecord) -> PersonRecord:
    born = Kinship.objects.filter(parent=mother, nature=KinshipNature.BIRTH).count()
    return PersonRecord(
        name=record.name or unnamed(mother, record.sex),
        sex=record.sex,
        birth_date=record.on,
        birth_precision=record.precision,
        id_number=record.id_number,
        ethnic_group=mother.ethnic_group,
        hukou_type=mother.hukou_type,
        marital_status="10",
        birth_order=record.birth_order or born + 1,
    )


def _settle_newborn(
    book: ChangeBook, child: Person, mother: Person, home: Household, record: BirthRecord
) -> None:
    reason = ResidenceReason.BIRTH
    lives = intervals.open_residence(mother, ResidenceKind.CURRENT)
    region, place = (lives.region, lives.place) if lives is not None else (home.region, "")
    places = {ResidenceKind.REGISTERED: (home.region, ""), ResidenceKind.CURRENT: (region, place)}
    for kind, (where, words) in places.items():
        book.open(
            Residence(
                person=child,
                kind=kind,
                region=where,
                place=words,
                valid_from=record.on,
                begin_reason=reason,
            )
        )
    relation = record.relationship or _relation_of_newborn(mother, home, record.sex)
    join_household(book, child, home, relation, record.on)


def _relation_of_newborn(mother: Person, home: Household, sex: str) -> str:
    row = home.memberships.filter(person=mother, valid_to__isnull=True).first()
    if row is None:
        return ""
    same_sex = Kinship.objects.filter(parent=mother, child__sex=sex, nature=KinshipNature.BIRTH)
    parent_relation = HEAD if row.is_head else row.relationship_to_head
    return rules.child_relation(parent_relation, sex, same_sex.count() + 1)


# Death --------------------------------------------------------------------------------------------


@transaction.atomic
def record_death(
    *, actor: User, person: Person, record: Happening, new_head: Person | None = None
) -> LifeEvent:
    """Enter a death (死亡): memberships and marriage end, the spouse is widowed.

    Residences stay open; who is counted on a day follows from the date of death. A head's death
    needs `new_head` while members are left (households.candidates proposes).
    """
    identity.ensure_visible(actor, person)
    spouse = spouse_of(person)
    intervals.lock_people(person, spouse)
    _check_alive(person)
    _check_dates(record, person)
    book = ChangeBook()
    book.alter(person, died_on=record.on, death_precision=record.precision)
    membership = _leave_household(book, person, record.on, new_head)
    _end_marriage_by_death(book, person, spouse, record)
    event = intervals.write_event(
        book,
        EventKind.DEATH,
        actor=actor,
        person=person,
        record=record,
        household=membership.household if membership else None,
        region=_place_of(person),
    )
    _note(event, actor)
    return event


def _leave_household(
    book: ChangeBook, person: Person, on: Any, new_head: Person | None
) -> Membership | None:
    """Close the membership in force, confirm the next head, bring the household up to date."""
    membership = intervals.open_membership(person)
    if membership is None:
        return None
    intervals.lock_household(membership.household)
    book.close(membership, on)
    replace_leaving_head(book, membership.household, membership, new_head, on)
    intervals.refresh_household(book, membership.household)
    return membership


def _end_marriage_by_death(
    book: ChangeBook, person: Person, spouse: Person | None, record: Happening
) -> None:
    marriage = open_marriage(person)
    if marriage is None:
        return
    book.close(marriage, record.on, end_kind=MarriageEnd.DEATH)
    if spouse is not None and spouse.died_on is None:
        intervals.change_marital_status(book, spouse, WIDOWED, record.on)


def _place_of(person: Person) -> Any:
    return person.registered_region or person.current_region


# Marriage and divorce -----------------------------------------------------------------------------


def open_marriage(person: Person) -> Marriage | None:
    """Return the marriage that lasts."""
    found = Marriage.objects.filter(Q(wife=person) | Q(husband=person), valid_to__isnull=True)
    return found.select_related("wife", "husband").order_by("pk").first()


def spouse_of(person: Person) -> Person | None:
    """Return the husband or wife, if the register knows one."""
    marriage = open_marriage(person)
    if marriage is None:
        return None
    return marriage.husband if marriage.wife_id == person.pk else marriage.wife


@transaction.atomic
def record_marriage(
    *, actor: User, person: Person, record: MarriageRecord, spouse: Person | None = None
) -> LifeEvent:
    """Enter a marriage (结婚). A spouse outside the register is kept by name only.

    Households and places do not change; a move is an event of its own.
    """
    identity.ensure_visible(actor, person)
    intervals.lock_people(person, spouse)
    couple = [one for one in (person, spouse) if one is not None]
    for one in couple:
        _check_alive(one)
        _check_dates(record, one)
        if open_marriage(one) is not None:
            raise ValidationError({"spouse": _("%(name)s is married.") % {"name": one.name}})
    wife, husband = _wife_and_husband(person, spouse)
    if spouse is None and not record.spouse_name:
        raise ValidationError({"spouse": _("Please name the husband or wife.")})
    book = ChangeBook()
    order = record.order or _usual_order(person)
    marriage = Marriage(
        wife=wife,
        husband=husband,
        spouse_name="" if spouse is not None else record.spouse_name,
        order=order,
        valid_from=record.on,
        from_precision=record.precision,
    )
    with identity.constraints_as_words(UNIQUE_FIELDS):
        book.open(marriage)
    for one in couple:
        _marry(book, one, order if one is person else _usual_order(one), record)
    event = intervals.write_event(
        book,
        EventKind.MARRIAGE,
        actor=actor,
        person=person,
        record=record,
        other_person=spouse,
        region=_place_of(person),
        other_region=_place_of(spouse) if spouse is not None else None,
    )
    _note(event, actor)
    return event


def _wife_and_husband(person: Person, spouse: Person | None) -> tuple[Person | None, Person | None]:
    if spouse is not None and (spouse.sex == person.sex or spouse == person):
        raise ValidationError({"spouse": _("Please choose a husband for a wife, or the reverse.")})
    if person.sex == Sex.FEMALE:
        return person, spouse
    return spouse, person


def _usual_order(person: Person) -> str:
    """First marriage, unless the person has been married before."""
    if intervals.open_marital_period(person) is not None or person.first_marriage_on:
        return MarriageOrder.AGAIN
    return MarriageOrder.FIRST


def _marry(book: ChangeBook, person: Person, order: str, record: MarriageRecord) -> None:
    intervals.change_marital_status(book, person, order, record.on)
    if order == MarriageOrder.FIRST:
        book.alter(person, first_marriage_on=record.on)


@transaction.atomic
def record_divorce(*, actor: User, person: Person, record: Happening) -> LifeEvent:
    """Enter a divorce (离婚) of the marriage in force."""
    identity.ensure_visible(actor, person)
    marriage = open_marriage(person)
    if marriage is None:
        raise NotAllowedNow(_("No marriage is entered that could end."))
    intervals.lock_people(marriage.wife, marriage.husband)
    marriage = Marriage.objects.select_for_update(no_key=True).get(pk=marriage.pk)
    if marriage.valid_to is not None:
        raise NotAllowedNow(_("This marriage has already ended."))
    _check_dates(record, person)
    book = ChangeBook()
    book.close(marriage, record.on, end_kind=MarriageEnd.DIVORCE)
    couple = [one for one in (marriage.wife, marriage.husband) if one is not None]
    for one in couple:
        if one.died_on is None:
            intervals.change_marital_status(book, one, DIVORCED, record.on)
    other = next((one for one in couple if one.pk != person.pk), None)
    event = intervals.write_event(
        book,
        EventKind.DIVORCE,
        actor=actor,
        person=person,
        record=record,
        other_person=other,
        region=_place_of(person),
        other_region=_place_of(other) if other is not None else None,
    )
    _note(event, actor)
    return event


# Moves --------------------------------------------------------------------------------------------


def record_move_in(*, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Enter that somebody known came back or came into the county (迁入)."""
    if record.region is None:
        raise ValidationError({"region": _("Please choose the village.")})
    return _move(EventKind.MOVE_IN, actor, person, record)


def record_move_out(*, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Enter that somebody left the county (迁出); the file stays with the last village."""
    if record.region is not None or not record.place:
        raise ValidationError({"place": _("Please say where to, outside the county.")})
    return _move(EventKind.MOVE_OUT, actor, person, record)


def record_move_within(*, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Enter a move from one village of the county to another (县内迁移)."""
    if record.region is None:
        raise ValidationError({"region": _("Please choose the village.")})
    return _move(EventKind.MOVE_WITHIN, actor, person, record)


def record_left_home(*, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Enter that somebody lives elsewhere now, registration unchanged (外出)."""
    if record.region is None and not record.place:
        raise ValidationError({"place": _("Please say where the person lives now.")})
    return _move(EventKind.LEFT_HOME, actor, person, record)


def record_came_home(*, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Enter that somebody lives where he or she is registered again (返乡)."""
    home = intervals.open_residence(person, ResidenceKind.REGISTERED)
    if home is None or home.region_id is None:
        raise NotAllowedNow(_("The person is registered outside the county."))
    if person.current_region_id == home.region_id:
        raise NotAllowedNow(_("The person already lives there."))
    at_home = MoveRecord(
        on=record.on,
        precision=record.precision,
        learnt_on=record.learnt_on,
        note=record.note,
        source=record.source,
        kinds=(ResidenceKind.CURRENT,),
        region=home.region,
        reason=ResidenceReason.RETURN,
    )
    return _move(EventKind.CAME_HOME, actor, person, at_home)


@transaction.atomic
def _move(kind: EventKind, actor: User, person: Person, record: MoveRecord) -> LifeEvent:
    """Close the places that are left, open the new ones, change the household if registered."""
    identity.ensure_visible(actor, person, record.region, record.household)
    intervals.lock_people(person)
    _check_alive(person)
    _check_dates(record, person)
    from_region = _place_of(person)
    book = ChangeBook()
    for residence_kind in record.kinds:
        _refuse_same_place(person, residence_kind, record)
        intervals.change_residence(
            book,
            person,
            residence_kind,
            record.on,
            reason=record.reason,
            region=record.region,
            place=record.place,
        )
    intervals.refresh_person(book, person)
    household = _change_household(book, person, record)
    event = intervals.write_event(
        book,
        kind,
        actor=actor,
        person=person,
        record=record,
        household=household,
        region=record.region or from_region,
        other_region=from_region if record.region is not None else None,
    )
    identity.ensure_visible(actor, person)
    _note(event, actor)
    return event


def _refuse_same_place(person: Person, kind: str, record: MoveRecord) -> None:
    now = intervals.open_residence(person, kind)
    if now is None or record.region is None or now.region_id != record.region.pk:
        return
    raise ValidationError({"region": _("The person is already entered there.")})


def _change_household(book: ChangeBook, person: Person, record: MoveRecord) -> Household | None:
    """Leave the household when the registration moves, join the one named; refresh both."""
    before = intervals.open_membership(person)
    if ResidenceKind.REGISTERED in record.kinds:
        if before is not None:
            _leave_household(book, person, record.on, record.new_head)
        if record.household is not None:
            return _join(book, person, record, record.household)
        return before.household if before is not None else None
    if before is not None:
        intervals.refresh_household(book, before.household)
        return before.household
    return None


def _join(book: ChangeBook, person: Person, record: MoveRecord, household: Household) -> Household:
    intervals.lock_household(household)
    if record.region is None or household.region_id != record.region.pk:
        raise ValidationError({"household": _("This household is in another village.")})
    if record.relationship == HEAD and household.head_id is not None:
        message = _("This household already has a head. Please change the head first.")
        raise ValidationError({"relationship": message})
    join_household(book, person, household, record.relationship, record.on)
    intervals.refresh_household(book, household)
    return household


# Taking back --------------------------------------------------------------------------------------


@transaction.atomic
def remove_event(*, actor: User, event: LifeEvent, reason: str) -> None:
    """Remove a wrong event and put the rows it changed back as they were.

    Refuses, naming them, when later events rest on it. A birth takes the child's file with it
    when nothing else was added to that file.
    """
    identity.ensure_visible(actor, event)
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    event = LifeEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if "steps" not in event.changes:
        raise NotAllowedNow(_("This event came from elsewhere and does not say what it changed."))
    intervals.lock_people(event.person, event.other_person)
    households = _households_of(event)
    _note(event, actor, "removed", reason)
    if event.kind == EventKind.BIRTH:
        _refuse_a_life_of_its_own(event)
    intervals.take_back(event)
    LifeEvent.objects.filter(pk=event.pk).delete()
    book = ChangeBook()
    for household in households:
        household.refresh_from_db()
        intervals.refresh_household(book, household)


def _households_of(event: LifeEvent) -> list[Household]:
    pks = [
        step["row"][1]
        for step in event.changes["steps"]
        if step["row"][0] == Household._meta.label_lower
    ]
    return list(Household.objects.filter(pk__in=pks).order_by("pk"))


def _refuse_a_life_of_its_own(event: LifeEvent) -> None:
    child = event.person
    others = child.events.exclude(pk=event.pk).order_by("occurred_on", "pk")
    names = [f"{other.get_kind_display()} {other.occurred_on}" for other in others]
    names += [
        f"{other.get_kind_display()} {other.occurred_on}" for other in child.events_as_other.all()
    ]
    if child.child_links.exists():
        names.append(_("children"))
    if names:
        raise NotAllowedNow(
            _("Other facts rest on this birth. Please remove them first: %(names)s.")
            % {"names": ", ".join(names)}
        )
