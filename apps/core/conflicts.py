"""Two people changed one record: what each changed, and what must be asked."""

from typing import Any

from django.utils.datastructures import MultiValueDict


class Conflict:
    """Two people's versions of one form.

    What only one of them changed is taken over; what both changed is asked.
    """

    def __init__(self, theirs: Any, mine: Any, posted: MultiValueDict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.hidden: list[tuple[str, str]] = []
        for name in theirs.fields:
            self._weigh(theirs[name], mine, posted)

    def _weigh(self, box: Any, mine: Any, posted: MultiValueDict[str, Any]) -> None:
        saved = _as_posted(box)
        typed = {key: posted.getlist(key) for key in _keys(box, posted)}
        i_changed = box.name in mine.changed_data
        self.hidden += [(box.html_initial_name, value) for value in saved.get(box.html_name, [])]
        if not i_changed or typed == saved:
            self._keep(saved)
            return
        line = {
            "label": box.label,
            "name": box.html_name,
            "theirs": _words(box.field, box.value()),
            "mine": _words(box.field, mine[box.name].value()),
            "target": box.target,
        }
        seen = posted.getlist(box.html_initial_name)
        if seen == saved.get(box.html_name, []) or len(typed) != 1:
            self._keep(typed)
            self.taken.append(line)
            return
        one = {"theirs_raw": _only(saved, box.html_name), "mine_raw": _only(typed, box.html_name)}
        self.asked.append({**line, **one})

    def _keep(self, values: dict[str, list[str]]) -> None:
        self.hidden += [(key, value) for key, found in values.items() for value in found]


def _keys(box: Any, posted: MultiValueDict[str, Any]) -> list[str]:
    """The names under which a field is posted: its own, or its parts' (name_0, name_text)."""
    return [key for key in posted if key == box.html_name or key.startswith(f"{box.html_name}_")]


def _as_posted(box: Any) -> dict[str, list[str]]:
    """A field's saved value as a browser would post it."""
    value = box.field.prepare_value(box.value())
    shown = box.field.widget.format_value(value)
    if shown is None or shown is False or shown == "":
        return {box.html_name: [""]}
    values = shown if isinstance(shown, list | tuple) else [shown]
    return {box.html_name: [str(item) for item in values]}


def _only(values: dict[str, list[str]], name: str) -> str:
    found = values.get(name) or [""]
    return found[-1]


def _words(field: Any, value: Any) -> str:
    """A value in the words the form shows it in."""
    choices = getattr(field, "choices", None)
    if choices and not hasattr(field, "queryset"):
        return str({str(key): label for key, label in choices}.get(str(value), value or ""))
    name_of = getattr(field.widget, "name_of", None)
    return str(name_of(value)) if name_of else str(value or "")
