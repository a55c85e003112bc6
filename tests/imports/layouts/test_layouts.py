"""Columns of layouts that nobody has seen before are right without a click, nearly all of them."""

from collections.abc import Sequence
from functools import cache

import pytest

from apps.core.spreadsheets.grid import column_letter
from apps.imports import pipeline, registry
from apps.imports.records import CheckedFile
from apps.imports.registry import SheetKind
from tests.imports.layouts import (
    development,
    fresh,
    held_out,
    later,
    offices_households,
    offices_women,
)
from tests.imports.layouts.builder import PEOPLE, Block, Found, Layout, build, shares, wrong
from tests.imports.rosters import AS_OF, SHATIAN, directory

# `WITHOUT_A_CLICK`: right and not even asked about.
RIGHT, WITHOUT_A_CLICK, SURELY_WRONG = 0.95, 0.95, 0.005
OFFICES = (*offices_households.LAYOUTS, *offices_women.LAYOUTS)
LAYOUTS = (*development.LAYOUTS, *held_out.LAYOUTS, *fresh.LAYOUTS, *OFFICES, *later.LAYOUTS)
SETS = {
    "all": LAYOUTS,
    "development": development.LAYOUTS,
    "held out": held_out.LAYOUTS,
    "fresh": fresh.LAYOUTS,
    "offices": OFFICES,
    "later": later.LAYOUTS,
}
# Only mothers, fathers and children make a list of births: refused with its reason.
REFUSED = {"only children"}
each_set = pytest.mark.parametrize("layouts", SETS.values(), ids=SETS.keys())


@cache
def checked(layout: Layout) -> tuple[CheckedFile, list[Block]]:
    """Read the workbook of a layout as an upload for its village would be."""
    book, blocks = build(layout)
    places = directory(default=SHATIAN)
    return pipeline.check_workbook(book, registry.get(layout.kind), places, as_of=AS_OF), blocks


def meaning(kind: SheetKind, key: str | None) -> str | None:
    """What a column is used for; numbers of lines and of certificates are not kept."""
    column = next((column for column in kind.columns if column.key == key), None)
    if column is None or column.kind in ("serial", "ignored"):
        return None
    return column.target or column.field


def columns_of(layout: Layout) -> list[Found]:
    """Compare what each column was taken for with what it is."""
    kind = registry.get(layout.kind)
    try:
        file, blocks = checked(layout)
    except pipeline.WrongKind:
        return [
            Found(layout.name, "/".join(column.path), column.right, "refused", certain=False)
            for column in layout.columns
        ]
    shapes = [shape for shape in file.sheets if shape.role == "data"]
    if len(shapes) != len(blocks):
        shapes = [shapes[0]] * len(blocks)
    found = []
    for block, sheet in zip(blocks, shapes, strict=True):
        taken = {column.letter: column for column in sheet.columns}
        for index, column in block.columns.items():
            shape = taken.get(column_letter(index))
            found.append(
                Found(
                    layout.name,
                    "/".join(column.path),
                    frozenset(meaning(kind, field) for field in column.right),
                    meaning(kind, shape.field) if shape else None,
                    certain=shape.certain if shape else True,
                )
            )
    return found


def all_columns(layouts: Sequence[Layout]) -> list[Found]:
    return [column for layout in layouts for column in columns_of(layout)]


@each_set
def test_nearly_all_columns_of_unseen_layouts_are_right(layouts):
    found = all_columns(layouts)
    right, surely_wrong = shares(found)

    assert right >= RIGHT, "\n".join(wrong(found))
    assert surely_wrong < SURELY_WRONG, "\n".join(wrong(found))


@each_set
def test_few_columns_are_asked_about(layouts):
    found = all_columns(layouts)
    without_a_click = sum(column.is_right and column.certain for column in found)
    asked = [str(column) for column in found if not column.certain]

    assert without_a_click / len(found) >= WITHOUT_A_CLICK, "\n".join(asked)


@pytest.mark.parametrize(
    "layout",
    [layout for layout in LAYOUTS if layout.name not in REFUSED],
    ids=lambda layout: layout.name,
)
def test_every_line_of_an_unseen_layout_is_read(layout):
    file, blocks = checked(layout)

    assert file.data_rows == PEOPLE
    assert sorted(row.values.get("name") for row in file.rows) == sorted(
        name for block in blocks for name in block.names
    )
