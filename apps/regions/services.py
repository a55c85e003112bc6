"""Changes of the tree of divisions, each with its date.

A division that is renamed or comes under another parent keeps its row; one that is merged or gets
a new code ends, and its successors go on. Records keep the region of their own day.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.names import normal_name, search_keys
from apps.core.querysets import scope_paths
from apps.regions import selectors
from apps.regions.choices import RegionKind
from apps.regions.models import Region
from apps.regions.records import LoadResult, NewRegion, RegionRecord

CODE = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15}")
BATCH = 2000
PLACED_FIELDS = ["path", "full_name", "sort_key"]
LOADED_FIELDS = ["name", "aliases", "parent", "pinyin", "initials", *PLACED_FIELDS]


# Loading a whole tree -----------------------------------------------------------------------------


@transaction.atomic
def load(*, actor: Any, records: Sequence[RegionRecord]) -> LoadResult:
    """Bring the tree up to a file of divisions; what the file does not name stays as it is.

    Lines may stand in any order. Loading twice changes nothing the second time. Raises
    ValidationError with every problem of every line, and then changes nothing.
    """
    known = {region.code: region for region in _present()}
    problems = _problems(records, known)
    if problems:
        raise ValidationError(problems)
    result = LoadResult()
    for kind in RegionKind.values:
        _load_floor([record for record in records if record.kind == kind], known, result)
    if result.created or result.updated:
        audit.record(
            "regions.region.loaded",
            actor=actor,
            after={"created": result.created, "updated": result.updated},
        )
    return result


def _present() -> Any:
    return Region.objects.filter(selectors.valid_on(timezone.localdate()))


def _problems(records: Iterable[RegionRecord], known: dict[str, Region]) -> list[str]:
    kinds = {code: region.kind for code, region in known.items()}
    kinds |= {record.code: record.kind for record in records}
    seen: set[str] = set()
    found = []
    for record in records:
        texts = _problems_of_line(record, kinds, seen, known)
        found += [_("Line %(line)d: %(text)s") % {"line": record.line, "text": t} for t in texts]
        seen.add(record.code)
    return found


def _problems_of_line(
    record: RegionRecord, kinds: dict[str, str], seen: set[str], known: dict[str, Region]
) -> Iterable[str]:
    if not CODE.fullmatch(record.code):
        yield _("“%(code)s” is not a code of a division.") % {"code": record.code}
    if record.code in seen:
        yield _("The code %(code)s stands twice in the file.") % {"code": record.code}
    if not record.name:
        yield _("The name is missing.")
    if record.kind not in selectors.FLOORS:
        yield _("“%(kind)s” is not a kind of division.") % {"kind": record.kind}
        return
    present = known.get(record.code)
    if present is not None and present.kind != record.kind:
        yield _("The code %(code)s belongs to another kind of division.") % {"code": record.code}
    if not record.parent_code:
        return
    parent_kind = kinds.get(record.parent_code)
    if parent_kind is None:
        yield _("There is no division of the code %(code)s.") % {"code": record.parent_code}
    elif parent_kind in selectors.FLOORS and not _may_lie_below(record.kind, parent_kind):
        yield _("A division of this kind cannot lie below that one.")


def _may_lie_below(kind: str, parent_kind: str) -> bool:
    return kind in selectors.kinds_below(parent_kind)


def _load_floor(records: list[RegionRecord], known: dict[str, Region], result: LoadResult) -> None:
    """Create and update the divisions of one kind; those above them are in `known` already."""
    new, moved = [], []
    for record in records:
        region = known.get(record.code)
        parent = known[record.parent_code] if record.parent_code else None
        if region is None:
            new.append(Region(code=record.code, kind=record.kind))
            _describe(new[-1], record, parent)
            continue
        before = _fingerprint(region)
        _describe(region, record, parent)
        _place(region)
        if _fingerprint(region) == before:
            result.same += 1
        else:
            moved.append(region)
    Region.objects.bulk_create(new, batch_size=BATCH)
    for region in new:
        _place(region)
        known[region.code] = region
    Region.objects.bulk_update([*new, *moved], LOADED_FIELDS, batch_size=BATCH)
    result.created += len(new)
    result.updated += len(moved)


def _fingerprint(region: Region) -> tuple[Any, ...]:
    values = (getattr(region, name) for name in LOADED_FIELDS if name not in {"aliases", "parent"})
    return (*values, tuple(region.aliases), region.parent_id)


def _describe(region: Region, record: RegionRecord, parent: Region | None) -> None:
    """Take over what a line says; names that a division had before stay findable."""
    region.parent = parent
    _rename(region, record.name, [*record.aliases, *region.aliases, region.name])


def _rename(region: Region, name: str, aliases: Iterable[str]) -> None:
    region.name = normal_name(name)
    wanted = (normal_name(alias) for alias in aliases)
    region.aliases = [alias for alias in dict.fromkeys(wanted) if alias and alias != region.name]
    region.pinyin, region.initials = _place_keys(region.name)


def _place_keys(name: str) -> tuple[str, str]:
    """Pinyin and initials of a place; its first character is no surname, but may be read as one.

    单 in a place's name is read as everywhere else, so the everyday reading is the right one; the
    other readings of places are found under their characters.
    """
    pinyin, initials, _other_pinyin, _other_initials = search_keys("·" + name)
    return pinyin, initials


def _place(region: Region) -> None:
    """Work out path, full name and order from the parent, which must be placed already."""
    above = region.parent
    region.path = f"{above.path if above else '/'}{region.pk}/"
    region.full_name = f"{above.full_name if above else ''}{region.name}"
    region.sort_key = f"{above.sort_key if above else ''}{region.code}/"


# Single changes -----------------------------------------------------------------------------------


@transaction.atomic
def create_region(*, actor: Any, parent: Region, record: NewRegion) -> Region:
    """Add a division below `parent`."""
    _require_manager(actor, parent)
    if not _may_lie_below(record.kind, parent.kind):
        raise ValidationError({"kind": _("A division of this kind cannot lie below that one.")})
    if not CODE.fullmatch(record.code):
        raise ValidationError({"code": _("A code has 6, 9, 12 or 15 digits.")})
    region = Region(code=record.code, kind=record.kind, parent=parent, valid_from=record.valid_from)
    _rename(region, record.name, record.aliases)
    _save_new(region)
    audit.record("regions.region.created", actor=actor, target=region, after=_described(region))
    return region


def _save_new(region: Region) -> None:
    region.path = "/"
    region.full_clean(exclude=["path", "full_name", "sort_key"])
    region.save(force_insert=True)
    _place(region)
    region.save(update_fields=PLACED_FIELDS)


@transaction.atomic
def rename_region(
    *, actor: Any, region: Region, name: str, aliases: Iterable[str], reason: str = ""
) -> Region:
    """Give a division another name or other names; the old name goes on as one of these.

    Old rosters and papers therefore still find it.
    """
    _require_manager(actor, region)
    region = _locked(region)
    before = _described(region)
    old_name, old_full_name = region.name, region.full_name
    if not normal_name(name):
        raise ValidationError({"name": _("Please fill in.")})
    kept = [old_name] if normal_name(name) != old_name else []
    _rename(region, name, [*aliases, *kept])
    _place(region)
    region.save(update_fields=["name", "aliases", "pinyin", "initials", "full_name"])
    _replace_below(region, full_name=(old_full_name, region.full_name))
    audit.record(
        "regions.region.renamed",
        actor=actor,
        target=region,
        before=before,
        after=_described(region),
        reason=reason,
    )
    return region


@transaction.atomic
def move_region(*, actor: Any, region: Region, parent: Region, reason: str) -> Region:
    """Put a division with all below it under another parent; its own row and code stay."""
    _require_manager(actor, region)
    _require_manager(actor, parent)
    region = _locked(region)
    if parent.path.startswith(region.path):
        raise ValidationError({"parent": _("A division cannot lie below itself.")})
    if not _may_lie_below(region.kind, parent.kind):
        raise ValidationError({"parent": _("A division of this kind cannot lie below that one.")})
    before = _described(region)
    old = {"path": region.path, "full_name": region.full_name, "sort_key": region.sort_key}
    region.parent = parent
    _place(region)
    region.save(update_fields=["parent", *old])
    _replace_below(region, **{name: (value, getattr(region, name)) for name, value in old.items()})
    audit.record(
        "regions.region.moved",
        actor=actor,
        target=region,
        before=before,
        after=_described(region),
        reason=reason,
    )
    return region


@transaction.atomic
def merge_regions(
    *, actor: Any, regions: Sequence[Region], into: Region, on: date, reason: str
) -> Region:
    """End divisions on a day; `into` goes on for them and answers to their names.

    Raises NotAllowedNow when something below them still exists: it has to move first.
    """
    _require_manager(actor, into)
    into = _locked(into)
    for region in regions:
        _require_manager(actor, region)
        _require_alike(region, into)
        _end(_locked(region), on)
        region.successors.add(into)
        audit.record(
            "regions.region.merged",
            actor=actor,
            target=region,
            after={"successor": into.full_name, "valid_to": on},
            reason=reason,
        )
    names = [name for region in regions for name in (region.name, *region.aliases)]
    _rename(into, into.name, [*into.aliases, *names])
    into.save(update_fields=["aliases"])
    return into


def _require_alike(region: Region, into: Region) -> None:
    if region.pk == into.pk:
        raise ValidationError({"into": _("Please choose another division.")})
    if region.kind != into.kind:
        raise ValidationError({"into": _("Please choose a division of the same kind.")})


def _end(region: Region, on: date) -> None:
    if region.valid_to is not None:
        raise NotAllowedNow(_("This division has ended already."))
    if region.valid_from is not None and on <= region.valid_from:
        raise ValidationError({"on": _("The end lies before the beginning.")})
    if region.children.filter(selectors.valid_on(on)).exists():
        raise NotAllowedNow(_("Please first move what still lies below this division."))
    region.valid_to = on
    region.save(update_fields=["valid_to"])


@transaction.atomic
def replace_region(
    *, actor: Any, region: Region, records: Sequence[NewRegion], on: date, reason: str
) -> list[Region]:
    """End a division on a day and begin one (new code) or several (split) in its place."""
    _require_manager(actor, region)
    region = _locked(region)
    if not records or region.parent is None:
        raise NotAllowedNow
    _end(region, on)
    successors = []
    for record in records:
        new = Region(code=record.code, kind=region.kind, parent=region.parent, valid_from=on)
        _rename(new, record.name, record.aliases)
        _save_new(new)
        successors.append(new)
    region.successors.set(successors)
    audit.record(
        "regions.region.replaced",
        actor=actor,
        target=region,
        after={"successors": [new.full_name for new in successors], "valid_to": on},
        reason=reason,
    )
    return successors


def _replace_below(region: Region, **columns: tuple[str, str]) -> None:
    """Replace the beginnings of the columns of everything below a region, in one statement."""
    old_path, new_path = columns.get("path", (region.path, region.path))
    below = Region.objects.filter(path__startswith=old_path).exclude(pk=region.pk)
    if old_path == new_path and all(old == new for old, new in columns.values()):
        return
    below.update(
        **{
            name: Concat(Value(new), Substr(name, len(old) + 1))
            for name, (old, new) in columns.items()
        }
    )


def _locked(region: Region) -> Region:
    return Region.objects.select_for_update(of=("self",)).select_related("parent").get(pk=region.pk)


def _described(region: Region) -> dict[str, Any]:
    return {
        "code": region.code,
        "name": region.name,
        "aliases": list(region.aliases),
        "kind": region.kind,
        "full_name": region.full_name,
        "valid_from": region.valid_from,
        "valid_to": region.valid_to,
    }


def _require_manager(actor: Any, region: Region) -> None:
    if not actor.may("regions.manage"):
        raise NotPermitted
    if not region.path.startswith(tuple(scope_paths(actor)) or ("-",)):
        raise OutOfScope
