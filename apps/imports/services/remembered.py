"""What offices said about the columns of a layout: kept, found again in the next file, forgotten.

A layout is known by its heading words in their order; where the columns stand, the title, the
number of rows and a column more or less do not matter. The office that imports knows best, then
the offices above it, the nearest first. What offices below or beside it said is only proposed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from apps.accounts.models import User
from apps.imports.models import Batch, RememberedMapping
from apps.imports.records import CheckedFile, ShapeColumn, SheetShape
from apps.imports.registry import SheetKind
from apps.imports.rules.headers import plain
from apps.regions.choices import RegionKind

COLUMNS_APART, COLUMNS_SHARED = 2, 4
Choice = dict[str, str | None]


class Named(Protocol):
    """A column as a file has it: its letter and the headings above it."""

    @property
    def letter(self) -> str: ...
    @property
    def header(self) -> Sequence[str]: ...


class Recall(NamedTuple):
    """A mapping that fits a sheet: which one, and {letter: field} for the columns it knows."""

    memory: RememberedMapping
    choice: Choice


# Layouts ------------------------------------------------------------------------------------------


def layout_of(columns: Iterable[Named]) -> dict[str, str]:
    """Return {heading words: letter} in order; words that come again are numbered."""
    return _numbered((column.letter, plain("".join(column.header))) for column in columns)


def _numbered(headings: Iterable[tuple[str, str]]) -> dict[str, str]:
    seen: Counter[str] = Counter()
    layout = {}
    for letter, words in headings:
        seen[words] += 1
        layout[words if seen[words] == 1 else f"{words}#{seen[words]}"] = letter
    return layout


def fingerprint(columns: Iterable[Named]) -> str:
    """Digest the heading words of a sheet in their order, so that the layout is known again."""
    return _digest(layout_of(columns))


def _digest(layout: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(layout).encode()).hexdigest()


def is_alike(known: Sequence[str], found: Sequence[str]) -> bool:
    """Whether two layouts differ in no more than a column or two that share no words."""
    common = [words for words in found if words in known]
    apart = {*known, *found} - set(common)
    return (
        len(apart) <= COLUMNS_APART
        and len(common) >= COLUMNS_SHARED
        and [words for words in known if words in found] == common
        and not {words.split("#")[0] for words in apart} & {words.split("#")[0] for words in common}
    )


# Finding again ------------------------------------------------------------------------------------


def recalled(
    batch: Batch, kind: SheetKind, suggested: Mapping[str, Sequence[ShapeColumn]]
) -> dict[str, Recall]:
    """Return by sheet what this office or one above it said; the nearest and latest goes first."""
    return _fitting(_of_own_and_above(batch), kind, suggested)


def _of_own_and_above(batch: Batch) -> list[RememberedMapping]:
    found = RememberedMapping.objects.filter(
        kind=batch.kind, region__in=batch.region.ancestor_ids()
    ).select_related("region")
    return sorted(found, key=lambda m: (len(m.region.path), m.updated_at), reverse=True)


def with_proposals(batch: Batch, kind: SheetKind, checked: CheckedFile) -> CheckedFile:
    """Fill in open columns as offices below or beside this one said; they stay to be looked at."""
    region = batch.region
    is_small = region.kind in (RegionKind.VILLAGE, RegionKind.GROUP)
    around = _above(region.path) if is_small else region.path
    nearby = RememberedMapping.objects.filter(
        kind=batch.kind, region__path__startswith=around
    ).order_by("-updated_at")
    open_shapes = {
        shape.name: shape.columns
        for shape in checked.sheets
        if shape.role == "data" and is_open(shape, kind)
    }
    proposals = _fitting(list(nearby), kind, open_shapes)
    sheets = tuple(
        _filled_in(shape, proposals[shape.name], kind) if shape.name in proposals else shape
        for shape in checked.sheets
    )
    return replace(checked, sheets=sheets)


def is_open(shape: SheetShape, kind: SheetKind) -> bool:
    """Whether somebody must look at a sheet: a column is in doubt, or a necessary one lacks."""
    fed = {column.field for column in shape.columns}
    return bool(kind.lacking(fed)) or not all(column.certain for column in shape.columns)


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


def _filled_in(shape: SheetShape, proposal: Recall, kind: SheetKind) -> SheetShape:
    """Fill in columns in doubt, and if a necessary one lacks, those that feed nothing."""
    lacks = bool(kind.lacking({column.field for column in shape.columns}))
    doubtful = {c.letter for c in shape.columns if not c.certain or (lacks and c.field is None)}
    sure = {column.field for column in shape.columns if column.letter not in doubtful}
    columns = tuple(
        column._replace(field=proposal.choice[column.letter], how="remembered", certain=False)
        if column.letter in doubtful & proposal.choice.keys()
        and proposal.choice[column.letter] not in sure - {None}
        else column
        for column in shape.columns
    )
    return replace(shape, columns=columns, memory=proposal.memory.pk)


def _fitting(
    memories: Sequence[RememberedMapping],
    kind: SheetKind,
    suggested: Mapping[str, Sequence[ShapeColumn]],
) -> dict[str, Recall]:
    """Return for each sheet the first mapping of the very same layout, else of one alike."""
    found: dict[str, Recall] = {}
    for name, columns in suggested.items():
        digest, layout = fingerprint(columns), layout_of(columns)
        same = [memory for memory in memories if memory.fingerprint == digest]
        alike = [m for m in memories if is_alike([words for words, _field in m.columns], [*layout])]
        for memory in (*same, *alike):
            choice = _choice(memory, layout, kind)
            if _is_enough(choice, columns, kind):
                found[name] = Recall(memory, choice)
                break
    return found


def _choice(memory: RememberedMapping, layout: Mapping[str, str], kind: SheetKind) -> Choice:
    """Return what a mapping says about the columns of a sheet, by letter."""
    fields = {None, *(column.key for column in kind.columns)}
    return {
        layout[words]: field
        for words, field in memory.columns
        if words in layout and field in fields
    }


def _is_enough(choice: Choice, columns: Sequence[ShapeColumn], kind: SheetKind) -> bool:
    """Whether a sheet still has what every row needs once a mapping is applied."""
    fed = {choice.get(column.letter, column.field) for column in columns}
    return not kind.lacking(fed)


def marked(checked: CheckedFile, recalls: Mapping[str, Recall]) -> CheckedFile:
    """Say of the columns that a remembered mapping explained that it did."""
    return replace(
        checked,
        sheets=tuple(
            replace(
                shape,
                memory=recalls[shape.name].memory.pk,
                columns=tuple(
                    column._replace(how="remembered")
                    if column.letter in recalls[shape.name].choice
                    else column
                    for column in shape.columns
                ),
            )
            if shape.name in recalls
            else shape
            for shape in checked.sheets
        ),
    )


# Keeping ------------------------------------------------------------------------------------------


def by_words(
    columns: Sequence[Mapping[str, Any]], chosen: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Return {heading words: field} of a stored sheet's columns, given {letter: field}.

    A column that is not spoken of keeps its field.
    """
    fields = {str(c["letter"]): chosen.get(str(c["letter"]), c["field"]) for c in columns}
    return {words: fields[letter] for words, letter in _stored_layout(columns).items()}


def by_letter(
    columns: Sequence[Mapping[str, Any]], fields: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Return {letter: field} of a stored sheet's columns, given {heading words: field}."""
    return {letter: fields.get(words) for words, letter in _stored_layout(columns).items()}


def _stored_layout(columns: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return _numbered((str(c["letter"]), plain(str(c["header"]))) for c in columns)


def remember(
    *,
    actor: User,
    batch: Batch,
    columns: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, str | None],
) -> None:
    """Keep what the columns of a sheet mean for this office; the latest word counts.

    `columns` are those of the stored sheet, `chosen` maps letter to field.
    """
    fields = by_words(columns, chosen)
    RememberedMapping.objects.update_or_create(
        kind=batch.kind,
        region=batch.region,
        fingerprint=_digest(fields),
        defaults={
            "columns": [[words, field] for words, field in fields.items()],
            "saved_by": actor,
        },
    )
