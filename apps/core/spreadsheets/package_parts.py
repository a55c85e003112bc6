"""Which part of an .xlsx package holds which sheet. Imports nothing of Django."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from apps.core.spreadsheets.gate import MAX_SHEETS, Refused

_HIDDEN = frozenset(("hidden", "veryHidden"))


@dataclass(frozen=True)
class SheetPart:
    """One sheet of a workbook; `path` is its part as the package spells it, "" if there is none."""

    name: str
    path: str
    hidden: bool


def sheet_parts(package: zipfile.ZipFile) -> list[SheetPart]:
    """Return the sheets in the order of the workbook; none if its list cannot be read.

    Raises Refused for more sheets than anybody reads and for one part that stands for several.
    """
    names = {name.lower(): name for name in package.namelist()}
    try:
        targets = {
            relation.get("Id"): _path(relation.get("Target") or "")
            for relation in _elements(package, names, "xl/_rels/workbook.xml.rels", "Relationship")
        }
        sheets = [
            SheetPart(
                name=sheet.get("name") or "",
                path=names.get(targets.get(_relation(sheet), "").lower(), ""),
                hidden=sheet.get("state") in _HIDDEN,
            )
            for sheet in _elements(package, names, "xl/workbook.xml", "sheet")
        ]
    except (ElementTree.ParseError, KeyError, ValueError):
        return []
    if len(sheets) > MAX_SHEETS:
        raise Refused("unsafe", found="sheets")
    paths = [sheet.path for sheet in sheets if sheet.path]
    if len(set(paths)) < len(paths):
        raise Refused("unsafe", found="sheets")
    return sheets


def _path(target: str) -> str:
    """Return the target of a relation, absolute or seen from xl/, as a path of the package."""
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/")


def _relation(sheet: ElementTree.Element) -> str | None:
    """Return r:id, whichever of the two namespaces r stands for."""
    return next((value for key, value in sheet.items() if key.endswith("}id")), None)


def _elements(
    package: zipfile.ZipFile, names: dict[str, str], part: str, tag: str
) -> Iterator[ElementTree.Element]:
    """Yield the elements of a tag without keeping the tree; whatever the namespace is."""
    with package.open(names[part]) as file:
        # The gate has refused files with a document type, so no entity can be declared.
        for _event, element in ElementTree.iterparse(file):  # noqa: S314
            if element.tag.rpartition("}")[2] == tag:
                yield element
            element.clear()
