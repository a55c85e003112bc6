"""Keep the translations: `python -m tools.catalogues update|check|compile`; needs no GNU gettext.

`update` writes the texts of the sources into every catalogue and keeps the translations (`--add
FILE.po` takes further Chinese ones), `check` fails unless every text is translated into Chinese,
`compile` writes what Django reads.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
LOCALES = PROJECT / "locale"
COMPLETE = ("zh_Hans",)  # English is the language of the sources
SOURCES = ("apps", "fpms", "templates")
# Function → which argument is what: context, text, plural form (counted from 0, None = has none).
FUNCTIONS = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
NAMES = {"_": FUNCTIONS["gettext"]} | {
    name + ending: places for name, places in FUNCTIONS.items() for ending in ("", "_lazy", "_noop")
}
CALL_IN_TEMPLATE = re.compile(r"(?<!\w)(?:n?p?gettext|_)\(")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Text:
    """One translatable text and where it stands (path relative to the project)."""

    context: str | None
    singular: str
    plural: str | None
    place: str
    line: int

    @property
    def msgid(self) -> str | tuple[str, str]:
        """Return the text as Babel keeps it."""
        return (self.singular, self.plural) if self.plural else self.singular


def main() -> int:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description=__doc__)
    parser.add_argument("command", choices=("update", "check", "compile"))
    parser.add_argument("--add", type=Path, nargs="*", default=[], metavar="FILE.po")
    options = parser.parse_args()
    if options.command == "check":
        return check()
    if options.command == "update":
        update(options.add)
    compile_all()
    return 0


def update(additions: list[Path]) -> None:
    """Bring every catalogue's texts up to date; texts no longer used are dropped.

    A translation in the catalogue goes before one in the additions; these are Chinese.
    """
    texts = list(texts_of_project())
    for name in COMPLETE:
        _create_if_missing(LOCALES / name / "LC_MESSAGES" / "django.po")
    for path in catalogue_files():
        files = [path, *additions] if path.parent.parent.name in COMPLETE else [path]
        fresh, known = _template(path, texts), [_read(file) for file in files]
        for message in fresh:
            if message.id:
                _translate(message, known)
        with path.open("wb") as file:
            write_po(file, fresh, width=100, sort_output=True, include_lineno=False)


def check() -> int:
    """Print every fault of the complete catalogues; 1 when there is one."""
    found = list(faults())
    for fault in found:
        print(fault)
    if found:
        print(f"{len(found)} faults; see `python -m tools.catalogues --help`.")
    return 1 if found else 0


def compile_all() -> None:
    """Write the .mo file of each catalogue whose .po file is newer."""
    for path in catalogue_files():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, _read(path))
        unfinished.replace(target)


def faults() -> Iterator[str]:
    """Yield one line per text that is missing, untranslated, fuzzy or has other placeholders."""
    texts = list(texts_of_project())
    for name in COMPLETE:
        catalogue = _read(LOCALES / name / "LC_MESSAGES" / "django.po")
        for text in texts:
            reason = _fault(catalogue.get(text.msgid, text.context))
            if reason:
                yield f"{text.place}:{text.line}: {reason}: {text.singular!r}"


def catalogue_files() -> list[Path]:
    """Return every catalogue of the project."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))


def texts_of_project() -> Iterator[Text]:
    """Yield every translatable text of the Python files and templates, file by file."""
    if not settings.configured:
        settings.configure(USE_I18N=True)  # all that templatize asks for
    for folder in SOURCES:
        for path in sorted((PROJECT / folder).rglob("*")):
            place = path.relative_to(PROJECT).as_posix()
            if path.suffix == ".py":
                yield from texts_of_python(path.read_text(encoding="utf-8"), place)
            elif path.suffix in {".html", ".txt"}:
                yield from texts_of_template(path.read_text(encoding="utf-8"), place)


def texts_of_python(source: str, place: str, line: int = 0) -> Iterator[Text]:
    """Yield the texts of the translation calls in Python source that begins after `line` lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (places := NAMES.get(_name(node.func))):
            values = [_constant(node, position) for position in places]
            if values[1]:
                yield Text(values[0], values[1], values[2], place, node.lineno + line)


def texts_of_template(source: str, place: str) -> Iterator[Text]:
    """Yield the texts of the translation tags and filters of one template."""
    # Django turns a template into something with gettext calls in it; the rest is no Python.
    calls = templatize(source, origin=place)
    for match in CALL_IN_TEMPLATE.finditer(calls):
        line = calls.count("\n", 0, match.start())
        yield from texts_of_python(_whole_call(calls, match.start(), match.end()), place, line)


def _whole_call(text: str, start: int, end: int) -> str:
    while True:
        end = text.index(")", end) + 1
        try:
            ast.parse(text[start:end])
        except SyntaxError:
            continue
        return text[start:end]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _constant(call: ast.Call, position: int | None) -> str | None:
    if position is None or position >= len(call.args):
        return None
    argument = call.args[position]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _translate(message: Message, known: list[Catalog]) -> None:
    """Give the message its first translation in the known catalogues."""
    for catalogue in known:
        found = catalogue.get(message.id, message.context)
        if found and _strings(found):
            message.string, message.flags = found.string, found.flags | message.flags
            return


def _strings(message: Message) -> list[str]:
    """Return the translation, one text per plural form; nothing unless all forms are there."""
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return [string for string in strings if string] if all(strings) else []


def _fault(message: Message | None) -> str:
    if message is None:
        return "not in the catalogue"
    strings = _strings(message)
    if not strings:
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    source = message.id[-1] if isinstance(message.id, (list, tuple)) else message.id
    wanted = set(PLACEHOLDER.findall(source))
    if any(set(PLACEHOLDER.findall(string)) != wanted for string in strings):
        return "other placeholders than the text"
    return ""


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, charset="utf-8")


def _create_if_missing(path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')


def _template(path: Path, texts: list[Text]) -> Catalog:
    """Return a catalogue of all texts, untranslated, with the locale's plural rule."""
    catalogue = _PlainCatalogue(
        locale=path.parent.parent.name, fuzzy=False, header_comment="# Texts of FPMS."
    )
    for text in texts:
        catalogue.add(text.msgid, locations=[(text.place, text.line)], context=text.context)
    return catalogue


class _PlainCatalogue(Catalog):
    """A catalogue whose header has no dates and no tools: they would change it at every run."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the header lines that GNU gettext needs."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"{self.plural_forms}\n"),
        ]


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main())
