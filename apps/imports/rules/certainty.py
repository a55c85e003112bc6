"""Which columns somebody must look at: those used on a guess, and those left out that may matter.

Leaving a column out without a question is right where its words plainly speak of something else,
or where no field that lacks could live on its contents; the check page names it all the same.
Using a column without a question needs its own words, or half of them over contents that fit
while no other column could be meant: a wrongly used column writes what is not true.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.core.spreadsheets.grid import column_letter
from apps.core.spreadsheets.tables import Path
from apps.imports.records import Column, ShapeColumn
from apps.imports.rules.contents import Contents
from apps.imports.rules.headers import CERTAIN, ENOUGH, WORD, HeaderMatcher, Reading
from apps.imports.rules.owners import PERSONAL

# Kinds whose values have a form; contents of another form contradict the heading.
_FORMED = frozenset(("id", "sex", "phone", "date", "birth", "age", "name"))
_CONTRADICTED = 0.3
# Kinds whose values are words of a list; half a heading over them is as good as the whole.
_LISTED = frozenset(("code", "relation"))
_PLAINLY, _FEW, _HARDLY = 0.8, 0.2, 0.1
# Kinds whose contents say what they are where there is no heading at all.
_SPEAKING = frozenset(("relation", "group"))
# Kinds of which nothing is kept.
_NOTHING = frozenset(("serial", "ignored"))
# What is the subject's if it carries the same word in front as the subject's name.
_OWNED = PERSONAL | {"phone"}


@dataclass(frozen=True)
class Choice:
    """What a column was taken for; `score` 0 if only its contents say so."""

    column: Column
    score: float
    how: str


def may_speak(matcher: HeaderMatcher, reading: Reading | None) -> bool:
    """Whether a heading leaves open what the column is, so that contents may decide."""
    return reading is None or (
        reading.role in (None, "subject")
        and not matcher.is_not_kept(reading)
        and (not matcher.is_related_to_others(reading) or _may_be_the_head(reading))
    )


def _may_be_the_head(reading: Reading) -> bool:
    """Whether a relation is to somebody who may be the head, and may not be: 与申请人关系."""
    return "本人" in reading.bare or "申请人" in reading.bare


def contradicts(share: float | None, column: Column) -> bool:
    """Whether the contents of a column cannot be values of a field."""
    return share is not None and share < _CONTRADICTED and column.kind in _FORMED


class Judge:
    """Says of every column whether somebody needs to look at it."""

    def __init__(
        self,
        matcher: HeaderMatcher,
        readings: Mapping[int, Reading],
        contents: Contents,
        chosen: Mapping[int, Choice],
        doubtful: frozenset[int],
    ) -> None:
        self._matcher = matcher
        self._readings = readings
        self._contents = contents
        self._chosen = chosen
        self._doubtful = doubtful
        fed = {choice.column.field for choice in chosen.values()}
        targets = {choice.column.target for choice in chosen.values()} - {""}
        columns = matcher.kind.columns
        self._lacking = [c for c in columns if c.field not in fed and c.target not in targets]
        required = matcher.kind.required
        missing = {field for group in required if not fed & set(group) for field in group}
        if "id" not in fed:  # then nobody is known for certain, and a number or a birth counts
            missing |= {c.field for c in self._lacking if c.kind in ("id", "birth")}
        self._missing = [
            column
            for column in columns
            if column.field in missing and column.role in ("subject", "row", "head")
        ]
        self._places = {choice.column.key: index for index, choice in chosen.items()}

    def shape(self, index: int, path: Path) -> ShapeColumn:
        """Return what a column feeds, and whether that is beyond doubt."""
        choice = self._chosen.get(index)
        letter = column_letter(index)
        if choice is None:
            return ShapeColumn(letter, path, None, "unknown", self._may_be_left(index))
        certain = index not in self._doubtful and self._is_sure(index, choice)
        return ShapeColumn(letter, path, choice.column.key, choice.how, certain)

    # Columns that are used ------------------------------------------------------------------------

    def _is_sure(self, index: int, choice: Choice) -> bool:
        column, score = choice.column, choice.score
        share = self._contents.share(index, column)
        if contradicts(share, column) or self._is_of_the_other_sex(index, column):
            return False
        if column.kind == "name" and (
            (score < WORD and self._has_rival(index, column)) or self._number_is_of_another(column)
        ):
            return False
        if score >= CERTAIN:
            return score >= WORD or not self._is_somebody_named(index, column)
        if index not in self._readings:
            return column.kind in _SPEAKING and (column.kind == "group" or _plainly(share))
        if score < ENOUGH:
            return False
        return (column.kind in _LISTED and _plainly(share)) or (
            _plainly(share) and self._is_the_subjects(index, column)
        )

    def _is_of_the_other_sex(self, index: int, column: Column) -> bool:
        """Whether numbers of a woman's column are plainly men's, or the other way round."""
        sex = self._matcher.kind.role_sex.get(column.role) if column.kind == "id" else None
        men = self._contents.men(index) if sex else None
        return men is not None and (men if sex == "2" else 1 - men) > _FEW

    def _has_rival(self, index: int, column: Column) -> bool:
        """Whether another column may hold the names of those whom the lines are about."""
        return any(
            other != index
            and other not in self._chosen
            and may_speak(self._matcher, reading)
            and (
                (
                    self._matcher.score(reading, column) >= ENOUGH
                    and not contradicts(self._contents.share(other, column), column)
                )
                or self._contents.looks_like_names(other)
            )
            for other, reading in self._readings.items()
        )

    def _is_the_subjects(self, index: int, column: Column) -> bool:
        """Whether 学员姓名, 学员电话 are those of the line: no other name is, all say 学员."""
        if column.role != "subject" or column.kind not in _OWNED:
            return False
        if column.kind == "name":
            return True  # no rival, as was seen before
        of_name = self._places.get("name")
        return of_name is not None and self._owner(index, column) == self._owner_of_name(of_name)

    def _is_somebody_named(self, index: int, column: Column) -> bool:
        """Whether 儿童身份证号 stands beside 儿童姓名 while the lines are about somebody else."""
        if column.role != "subject" or column.kind not in _OWNED - {"name"}:
            return False
        owner, of_name = self._owner(index, column), self._places.get("name")
        return bool(owner) and any(
            self._owner_of_name(other) == owner
            for other in self._readings
            if other not in (index, of_name) and other not in self._chosen
        )

    def _number_is_of_another(self, column: Column) -> bool:
        """Whether the only numbers are 儿童身份证号 beside 儿童姓名, while names are of 姓名."""
        of_id = self._places.get("id")
        number = self._matcher.kind.column("id")
        return (
            column.role == "subject"
            and of_id is not None
            and number is not None
            and self._is_somebody_named(of_id, number)
        )

    def _owner_of_name(self, index: int) -> str:
        column = self._matcher.kind.column("name")
        return self._owner(index, column) if column else ""

    def _owner(self, index: int, column: Column) -> str:
        """Return what stands in front of the word of a field (学员 of 学员姓名), or all of it."""
        text = self._readings[index].bare if index in self._readings else ""
        known = self._matcher.words.by_column[column.key]
        word = max((word for word in known if text.endswith(word)), key=len, default="")
        return text[: len(text) - len(word)]

    # Columns that are left out --------------------------------------------------------------------

    def _may_be_left(self, index: int) -> bool:
        """Whether a column that feeds nothing surely has nothing to feed."""
        if not self._contents.cells(index):
            return True
        if index in self._doubtful or self._could_be_missing(index):
            return False
        reading = self._readings.get(index)
        if reading is None:
            return True
        if self._has_what_lacks(index, reading) or self._names_the_head(index, reading):
            return False
        if not may_speak(self._matcher, reading):
            return not self._is_birth_of_only_child(index, reading)
        if self._is_likened(index, reading):
            return False
        return not (self._contents.looks_like_dates(index) and self._may_date(reading))

    def _could_be_missing(self, index: int) -> bool:
        """Whether a column may be one without which the sheet cannot be imported."""
        reading = self._readings.get(index)
        if reading is not None:
            is_head_s = reading.role == "head"
            if not is_head_s and not may_speak(self._matcher, reading):
                return False
        return any(self._could_be(index, column) for column in self._missing)

    def _could_be(self, index: int, column: Column) -> bool:
        if column.kind == "household":
            return self._contents.share_of(index, _has_digit) >= _PLAINLY
        share = self._contents.share(index, column)
        return share is None or share >= 0.5

    def _has_what_lacks(self, index: int, reading: Reading) -> bool:
        """Whether contents are plainly numbers or words of a list that nothing feeds yet.

        Somebody else's are not what lacks, whatever they are.
        """
        if self._matcher.is_former(reading) or (
            self._matcher.is_related_to_others(reading) and not may_speak(self._matcher, reading)
        ):
            return False
        return reading.role in (None, "subject") and any(
            column.kind in ("code", "relation", "id")
            and column.role in ("subject", "row")
            and _plainly(self._contents.share(index, column))
            for column in self._lacking
        )

    def _is_likened(self, index: int, reading: Reading) -> bool:
        """Whether a heading is so much like that of a field that its column may be meant."""
        score, column = self._matcher.best(reading)
        if column is None or score < ENOUGH or column.kind in _NOTHING:
            return False
        share = self._contents.share(index, column)
        if share is not None and share < _HARDLY:
            return False
        if column in self._lacking:
            return True
        used = self._chosen.get(self._places.get(column.key, -1))
        if column.kind == "name" and used is not None and used.score < WORD:
            return True  # 社员姓名 is used, and 业主姓名 is there, too
        return score >= CERTAIN and column.kind in PERSONAL  # a second column of the same words

    def _names_the_head(self, index: int, reading: Reading) -> bool:
        """Whether names may be those of heads while nothing says who the head is."""
        lacking = {column.field for column in self._lacking}
        if "relation" not in lacking and not reading.bare.startswith("户"):
            return False
        if reading.role != "head" and not may_speak(self._matcher, reading):
            return False
        lacks_head = any(c.kind == "name" and c.role == "head" for c in self._lacking)
        return lacks_head and self._contents.looks_like_names(index, times=6)

    def _is_birth_of_only_child(self, index: int, reading: Reading) -> bool:
        """Whether dates may be the birth of the youngest, as no other child is spoken of.

        Beside 孩子姓名 and 孩子性别 they are one of several facts about a child.
        """
        if reading.role != "child" or not self._contents.looks_like_dates(index):
            return False
        if self._matcher.is_not_kept(reading) or not any(self._dates_lacking):
            return False
        of_children = [r for i, r in self._readings.items() if r.role == "child" and i != index]
        return not of_children

    @property
    def _dates_lacking(self) -> list[Column]:
        return [column for column in self._lacking if column.kind == "date"]

    def _may_date(self, reading: Reading) -> bool:
        """Whether a heading over dates shares more than 时间 with that of a date that lacks."""
        if self._matcher.is_mere_time(reading):
            return False  # one that must not lack was asked about before
        return any(self._matcher.shares_subject(reading, c) for c in self._dates_lacking)


def _plainly(share: float | None) -> bool:
    return share is not None and share >= _PLAINLY


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
