"""Cut a large style sheet to the rules that a set of names can ever need.

A rule stays if every class in one of its selectors occurs as a word in the sources; a custom
property stays if something still refers to it. Too much may stay, nothing needed goes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WORD = re.compile(r"[A-Za-z_][\w-]*")
NEGATION = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
PROPERTY_USE = re.compile(r"var\(\s*(--[\w-]+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NESTING = ("@media", "@supports", "@container", "@layer")


@dataclass
class Rule:
    """One block: a selector with declarations, an at-rule with inner rules, or a bare statement."""

    head: str
    declarations: list[str] = field(default_factory=list)
    inner: list["Rule"] | None = None

    def text(self) -> str:
        """Return the block as minified CSS."""
        if self.inner is not None:
            return f"{self.head}{{{''.join(rule.text() for rule in self.inner)}}}"
        if self.head.startswith("@") and not self.declarations:
            return f"{self.head};"
        return f"{self.head}{{{';'.join(self.declarations)}}}"


def words_of(text: str) -> set[str]:
    """Return every word that could be a class name, as it stands in a template or a script."""
    return set(WORD.findall(text))


def cut(css: str, words: set[str], other_css: str = "") -> str:
    """Return `css` with the rules for `words` only; `other_css` may use its custom properties."""
    rules = list(_only_for(parse(COMMENT.sub("", css)), words))
    rules = _drop_unused_animations(rules)
    while True:
        used = set(PROPERTY_USE.findall(_text(rules) + other_css))
        smaller = list(_without_unused_properties(rules, used))
        if len(_text(smaller)) == len(_text(rules)):
            return _text(smaller)
        rules = smaller


def parse(css: str) -> list[Rule]:
    """Split a style sheet without comments into rules."""
    rules: list[Rule] = []
    position = 0
    while True:
        end = _find(css, position, "{;")
        if end == len(css):
            return rules
        head = css[position:end].strip()
        if css[end] == ";":
            rules.append(Rule(head))
            position = end + 1
            continue
        close = _closing_brace(css, end)
        rules.append(_block(head, css[end + 1 : close]))
        position = close + 1


def _block(head: str, body: str) -> Rule:
    if head.startswith((*NESTING, "@keyframes", "@-webkit-keyframes")):
        return Rule(head, inner=parse(body))
    return Rule(head, declarations=list(_split(body, ";")))


def _only_for(rules: list[Rule], words: set[str]) -> Iterator[Rule]:
    for rule in rules:
        if rule.inner is not None and rule.head.startswith(NESTING):
            inner = list(_only_for(rule.inner, words))
            if inner:
                yield Rule(rule.head, inner=inner)
        elif rule.head.startswith("@"):
            yield rule
        else:
            kept = [part for part in _split(rule.head, ",") if _needed(part, words)]
            if kept and rule.declarations:
                yield Rule(",".join(kept), rule.declarations)


def _needed(selector: str, words: set[str]) -> bool:
    if "data-bs-theme" in selector and "data-bs-theme" not in words:
        return False
    names = CLASS.findall(NEGATION.sub("", selector))
    return all(name.replace("\\", "") in words for name in names)


def _without_unused_properties(rules: list[Rule], used: set[str]) -> Iterator[Rule]:
    for rule in rules:
        if rule.inner is not None:
            inner = list(_without_unused_properties(rule.inner, used))
            if inner:
                yield Rule(rule.head, inner=inner)
            continue
        kept = [
            part
            for part in rule.declarations
            if not part.startswith("--") or part.split(":", 1)[0].strip() in used
        ]
        if kept or not rule.declarations:
            yield Rule(rule.head, kept)


def _drop_unused_animations(rules: list[Rule]) -> list[Rule]:
    text = _text([rule for rule in rules if "keyframes" not in rule.head])
    return [
        rule
        for rule in rules
        if "keyframes" not in rule.head or re.search(rf"[\s:,]{rule.head.split()[-1]}\b", text)
    ]


def _text(rules: list[Rule]) -> str:
    return "".join(rule.text() for rule in rules)


def _split(text: str, separator: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        end = _find(text, position, separator)
        if part := text[position:end].strip():
            yield part
        position = end + 1


def _closing_brace(css: str, opening: int) -> int:
    depth, position = 0, opening
    while True:
        position = _find(css, position, "{}")
        if position == len(css):
            raise ValueError("The style sheet ends inside a block.")
        depth += 1 if css[position] == "{" else -1
        if depth == 0:
            return position
        position += 1


def _find(text: str, position: int, wanted: str) -> int:
    """Return where a wanted character stands outside quotes and parentheses, else the end."""
    depth, quote = 0, ""
    while position < len(text):
        letter = text[position]
        if letter == "\\":
            position += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in wanted and depth == 0:
            return position
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        position += 1
    return len(text)
