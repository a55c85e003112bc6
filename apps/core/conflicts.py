"""Two people changed one record: what each changed, and what must be asked."""

from typing import Any

from django.utils.datastructures import MultiValueDict

Posted = dict[str, list[str]]


class Conflict:
    """Two people's versions of one form.

    `theirs` is the form with what is saved now, `mine` the one that was posted; it also carries
    what the user had seen (hidden initial values). What only one of them changed is taken over
    (`taken`), what both changed is asked (`asked`); `hidden` are the fields to post again.
    """

    def __init__(self, theirs: Any, mine: Any, posted: MultiValueDict[str, Any]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.taken: list[dict[str, Any]] = []
        self.hidden: list[tuple[str, str]] = []
        self._posted = posted
        self._names = {theirs[name].html_name for name in theirs.fields}
        for name in theirs.fields:
            self._weigh(theirs[name], mine[name], changed=name in mine.changed_data)

    def _weigh(self, saved_box: Any, my_box: Any, *, changed: bool) -> None:
        saved = _as_posted(saved_box)
        name, seen_name = saved_box.html_name, saved_box.html_initial_name
        self.hidden += [(seen_name, value) for value in saved[name]]
        typed = self._typed(name)
        if not changed or not _differs(saved_box, my_box):
            self._keep(saved)
            return
        line = {
            "label": saved_box.label,
            "name": name,
            "theirs": _words(saved_box),
            "mine": _words(my_box),
        }
        theirs_moved = self._posted.getlist(seen_name) != saved[name]
        if theirs_moved and len(typed) == 1 == len(typed[name]):
            one = {"theirs_raw": saved[name][-1], "mine_raw": typed[name][-1]}
            self.asked.append({**line, **one})
            return
        self._keep(typed)
        self.taken.append(line)

    def _typed(self, name: str) -> Posted:
        """What was posted for a field: under its own name and under its parts' (name_text)."""
        own = {name: self._posted.getlist(name)}
        parts = {
            key: self._posted.getlist(key)
            for key in self._posted
            if key.startswith(f"{name}_") and key not in self._names
        }
        return {**own, **parts}

    def _keep(self, values: Posted) -> None:
        self.hidden += [(key, value) for key, found in values.items() for value in found]


def _differs(saved_box: Any, my_box: Any) -> bool:
    """Whether the two versions mean different things, however they are written."""
    return bool(saved_box.field.has_changed(saved_box.initial, my_box.data))


def _as_posted(box: Any) -> Posted:
    """A field's saved value as a browser would post it."""
    shown = box.field.widget.format_value(box.field.prepare_value(box.initial))
    if shown is None or shown is False or shown == "":
        return {box.html_name: [""]}
    values = shown if isinstance(shown, list | tuple) else [shown]
    return {box.html_name: [str(item) for item in values]}


def _words(box: Any) -> str:
    """A value in the words the form shows it in."""
    value, field = box.value(), box.field
    if (name_of := getattr(field.widget, "name_of", None)) is not None:
        return str(name_of(value)) if value else ""
    choices = getattr(field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value), str(value or ""))
    return str(field.prepare_value(value) or "")
