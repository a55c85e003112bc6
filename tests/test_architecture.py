"""What import-linter cannot see: relations by name, forbidden words, where queries may stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
APPS = ROOT / "apps"

# From top to bottom; what stands in one line does not know each other either.
FLOORS = (
    ("home",),
    ("reports",),
    ("subsidies", "insurance", "assistance"),
    ("associations",),
    ("certificates", "floating"),
    ("women",),
    ("households",),
    ("approvals", "imports", "indicators", "quality"),
    ("accounts",),
    ("regions",),
    ("audit",),
    ("core",),
)
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}

FILES = {
    *("apps", "choices", "records", "rules", "models", "selectors", "services", "tasks"),
    *("tables", "filters", "forms", "serializers", "sheets", "measures", "checks", "panels"),
    *("duties", "views", "api", "admin", "urls", "middleware", "templatetags", "management"),
    "migrations",
}
# Files of one app that conventions do not name, with what they hold.
OWN_FILES = {
    "accounts": {"roles", "lockout", "hashers", "validators"},
    "home": {"demo"},
    "households": {"digests", "roster_rows", "roster_texts"},
    "women": {"roster_rows", "roster_texts"},
    "imports": {"pipeline", "registry", "shared_columns"},
    "indicators": {"registry", "triggers"},
}
PRESENTATION = ("views", "api", "tables", "filters", "forms", "serializers", "admin", "urls")
BAD_FILES = re.compile(r"(^|_)(utils?|helpers?|manager|data|info|process)(_|$)")

# The system holds none of these (rules 8.4): fees, fines, quotas, permits, scores, rankings.
REFUSED = re.compile(
    r"fee|fine|quota|permit|penalt|score|rank|absentee|compulsor|fetal|fetus|levy", re.IGNORECASE
)
REFUSED_ALLOWED = {"defined", "refined", "define", "refine"}


def our_models() -> list[type[models.Model]]:
    """All models of our apps, without the history tables that triggers fill."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and not hasattr(model, "pgh_tracked_model")
    ]


def python_files(folder: Path = APPS) -> Iterator[Path]:
    """All Python files of our apps but migrations."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts and "__pycache__" not in path.parts:
            yield path


def role_of(path: Path) -> str:
    """What a file is in its app: the file's or package's name right below the app."""
    below = path.relative_to(APPS).parts[1:]
    return below[0].removesuffix(".py") if below else ""


def test_every_app_stands_on_a_floor() -> None:
    names = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}

    assert names <= set(FLOOR)


def test_relations_point_to_the_same_or_a_lower_floor() -> None:
    """String references escape import-linter. Everybody may point to the user."""
    upward = [
        f"{model._meta.label}.{found.name} → {target._meta.label}"
        for model in our_models()
        for found in model._meta.get_fields()
        if (target := _target(found)) is not None and _climbs(model, target)
    ]

    assert upward == []


def _target(found: object) -> type[models.Model] | None:
    concrete = getattr(found, "concrete", False) or getattr(found, "many_to_many", False)
    auto = getattr(found, "auto_created", False)
    target = getattr(found, "related_model", None)
    return target if concrete and not auto and isinstance(target, type) else None


def _climbs(model: type[models.Model], target: type[models.Model]) -> bool:
    ours, theirs = model._meta.app_label, target._meta.app_label
    if ours == theirs or target._meta.label == settings.AUTH_USER_MODEL or theirs not in FLOOR:
        return False
    return FLOOR[theirs] <= FLOOR[ours]


def test_models_with_regions_or_people_say_how_they_are_scoped() -> None:
    """A model without SCOPE cannot be listed for a user, and must not lead to anybody."""
    missing = [
        model._meta.label
        for model in our_models()
        if _leads_to_people(model) and not getattr(model, "SCOPE", ())
    ]

    assert missing == []


UNSCOPED = {
    # Read through their own selectors, which start from the user's regions.
    "accounts.User",
    # Stored figures and what has to be computed: numbers of regions, no person's.
    "indicators.Snapshot",
    "indicators.DirtyKey",
}


def _leads_to_people(model: type[models.Model]) -> bool:
    nouns = {"regions.Region", "households.Person", "households.Household"}
    targets = {t._meta.label for f in model._meta.get_fields() if (t := _target(f)) is not None}
    return bool(targets & nouns) and model._meta.label not in UNSCOPED


def test_every_scope_leads_to_a_region() -> None:
    wrong = []
    for model in our_models():
        for path in getattr(model, "SCOPE", ()):
            end: Any = model
            for part in filter(None, path.split("__")):
                end = end._meta.get_field(part).related_model
            if end._meta.label != "regions.Region":
                wrong.append(f"{model._meta.label}: {path}")

    assert wrong == []


def test_nothing_refused_by_law_has_a_table_or_a_column() -> None:
    words = []
    for model in our_models():
        names = [model.__name__, *(found.name for found in model._meta.get_fields())]
        for name in names:
            parts = re.findall(r"[A-Z]?[a-z]+", name)
            bad = [part for part in parts if REFUSED.fullmatch(part.rstrip("s"))]
            words += [f"{model._meta.label}: {name}" for _part in bad]

    assert words == []


@pytest.mark.parametrize(
    "path",
    [p for p in python_files() if role_of(p) in PRESENTATION],
    ids=lambda path: str(path.relative_to(APPS)),
)
def test_presentation_asks_selectors_and_never_a_table(path: Path) -> None:
    found = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager"}
    ]

    assert found == []


def test_files_have_the_names_of_the_house() -> None:
    strange = []
    for path in python_files():
        app = path.relative_to(APPS).parts[0]
        role = role_of(path)
        if app in {"core", "__init__.py"} or role in {"__init__", ""}:
            continue
        if role not in FILES and role not in OWN_FILES.get(app, set()):
            strange.append(str(path.relative_to(APPS)))

    assert strange == []


def test_no_file_is_a_drawer_for_everything() -> None:
    bad = [str(path.relative_to(ROOT)) for path in python_files() if BAD_FILES.search(path.stem)]

    assert bad == []


def test_no_file_is_longer_than_a_reader_holds() -> None:
    """Past about 500 lines a file becomes a package, split by subject; this is the far end."""
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in python_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 750
    ]

    assert long == []


def test_rules_and_records_know_neither_clock_nor_database() -> None:
    wrong = []
    for path in python_files():
        if role_of(path) in {"rules", "records"}:
            text = path.read_text(encoding="utf-8")
            if re.search(r"^(from|import) django|timezone\.now|date\.today\(", text, re.MULTILINE):
                wrong.append(str(path.relative_to(ROOT)))

    assert wrong == []


def test_every_model_says_what_one_row_is() -> None:
    silent = [model._meta.label for model in our_models() if not _own_docstring(model)]

    assert silent == []


def _own_docstring(model: type[models.Model]) -> bool:
    text = model.__doc__ or ""
    return bool(text) and not text.startswith(f"{model.__name__}(")


def test_every_table_of_case_data_keeps_its_history() -> None:
    """Undo, views of a past day and "who changed what" read it."""
    tracked = {
        model.pgh_tracked_model
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model")
    }
    case = [m for m in our_models() if m._meta.app_label in {"households", "women"}]

    assert [model._meta.label for model in case if model not in tracked] == []


def test_templates_hold_no_inline_script_or_style() -> None:
    bad = re.compile(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|hx-on|hx-vals=['\"]js:"
    )
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if bad.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_templates_load_nothing_from_elsewhere() -> None:
    foreign = re.compile(r"(src|href)=[\"'](https?:)?//")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if foreign.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
