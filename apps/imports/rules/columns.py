"""Which field each column of a table feeds: headings decide, contents confirm or doubt.

Contents tell fields apart that share their words, and speak alone only where a column has no
heading that is known. What is not sure is marked, so that a person is asked.
"""

from collections.abc import Iterable, Mapping

from apps.core.spreadsheets.tables import Paths
from apps.imports.records import Column, ShapeColumn
from apps.imports.registry import SheetKind
from apps.imports.rules.certainty import Choice, Judge, contradicts, may_speak
from apps.imports.rules.contents import Contents
from apps.imports.rules.headers import CERTAIN, ENOUGH, TRIMMED, HeaderMatcher, Reading
from apps.imports.rules.owners import settle_owners

# Fields whose values are so peculiar that they speak without a heading.
_SELF_EVIDENT = frozenset(("id", "sex", "relation", "phone", "village"))
_PECULIAR_CODES = frozenset(("marital", "edu", "ethnic", "method"))


def map_columns(
    matcher: HeaderMatcher, paths: Paths, contents: Contents, width: int
) -> tuple[ShapeColumn, ...]:
    """Return what each column of a table feeds; each field is fed by one column at most."""
    readings, doubtful = settle_owners(matcher, paths, contents)
    chosen = _assign(_header_scores(matcher, readings, contents))
    _neighbours(matcher, readings, contents, chosen)
    left = [index for index in range(width) if index not in chosen]
    free = [index for index in left if may_speak(matcher, readings.get(index))]
    of_head = [index for index in left if index in readings and readings[index].role == "head"]
    for index, column in _by_contents(matcher.kind, contents, chosen, free, of_head):
        chosen[index] = Choice(column, 0.0, "content")
    judge = Judge(matcher, readings, contents, chosen, doubtful)
    return tuple(
        judge.shape(index, paths.get(index, ()))
        for index in range(width)
        if index in paths or contents.cells(index)
    )


def _header_scores(
    matcher: HeaderMatcher, readings: Mapping[int, Reading], contents: Contents
) -> list[tuple[float, float, int, Column]]:
    """Return (score with contents, score of the heading, column number, column) of all pairs."""
    scores = []
    for index, reading in readings.items():
        for column in matcher.kind.columns:
            score = matcher.score(reading, column)
            if score < ENOUGH:
                continue
            share = contents.share(index, column)
            if score <= TRIMMED and share is not None and share < 0.1:
                continue  # a vague heading over contents that are nothing of the sort
            if score < CERTAIN and column.kind == "text" and contents.speaks(index):
                continue
            scores.append((score * _fit(share, column), score, index, column))
    return sorted(scores, key=lambda item: (-item[0], item[2]))


def _fit(share: float | None, column: Column) -> float:
    """Return by how much contents strengthen or weaken what a heading says."""
    if share is None:
        return 1.0
    if column.field in ("group", "groupno", "hh_no", "hh_code"):
        return 1.02 if share >= 0.5 else 0.8
    if share >= 0.5:
        return 1.02
    return 0.9 if share < 0.1 and column.kind in ("id", "sex", "phone", "date", "birth") else 1.0


def _assign(scores: list[tuple[float, float, int, Column]]) -> dict[int, Choice]:
    chosen: dict[int, Choice] = {}
    taken: set[str] = set()
    for _weighted, score, index, column in scores:
        if index not in chosen and column.key not in taken:
            chosen[index] = Choice(column, score, "header")
            taken.add(column.key)
    return chosen


def _neighbours(
    matcher: HeaderMatcher,
    readings: Mapping[int, Reading],
    contents: Contents,
    chosen: dict[int, Choice],
) -> None:
    """Read 措施 | 时间 and 子女数 | 男 | 女: a short word goes with the group right before it."""
    taken = {choice.column.key for choice in chosen.values()}
    groups = matcher.words.groups
    group, place = "", -1
    for index, reading in sorted(readings.items()):
        if index in chosen:
            group, place = reading.bare or reading.stem, index
            continue
        for column in matcher.kind.columns:
            if column.key in taken or reading.bare not in matcher.words.shorts[column.key]:
                continue
            if not any(word in group for word in groups[column.key]):
                continue
            if contradicts(contents.share(index, column), column):
                continue
            beside = column.kind == "integer" or (
                place == index - 1 and groups[chosen[place].column.key] == groups[column.key]
            )
            chosen[index] = Choice(column, CERTAIN if beside else 0.85, "header")
            taken.add(column.key)
            break


def _by_contents(
    kind: SheetKind,
    contents: Contents,
    chosen: Mapping[int, Choice],
    free: list[int],
    of_head: list[int],
) -> Iterable[tuple[int, Column]]:
    """Yield columns that only their contents explain, for fields that nothing feeds yet.

    A heading that speaks of the head may be that of the relation to the head.
    """
    fed = {choice.column.key for choice in chosen.values()}
    targets = {choice.column.target for choice in chosen.values()}
    for column in kind.columns:
        if column.key in fed or column.role not in ("subject", "row"):
            continue
        if column.target and column.target in targets:
            continue
        for index in [*free, *(of_head if column.kind == "relation" else ())]:
            if _explains(contents, index, column, chosen):
                (free if index in free else of_head).remove(index)
                targets.add(column.target)
                yield index, column
                break


def _explains(contents: Contents, index: int, column: Column, chosen: Mapping[int, Choice]) -> bool:
    """Whether a column's contents can hardly be anything else than values of a field."""
    if column.field == "group":
        return contents.looks_like_groups(index)
    share = contents.share(index, column)
    if share is None:
        return False
    if column.kind == "sex":
        words = contents.share_of(index, lambda text: not text.isdigit())
        return share >= 0.8 and words >= 0.5
    if column.kind in _SELF_EVIDENT:
        return share >= 0.8
    if column.field in _PECULIAR_CODES:
        return share >= 0.6
    if column.kind == "birth":
        ids = [i for i, c in chosen.items() if c.column.kind == "id" and c.column.role == "subject"]
        return share >= 0.9 and bool(ids) and contents.ids_agree(ids[0], index) >= 0.8
    return column.kind == "name" and contents.looks_like_names(index)
