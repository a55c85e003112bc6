"""How well a heading fits a declared column: by its words, and by whose column it says it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from apps.core.spreadsheets.tables import Path, Paths
from apps.core.text import compact
from apps.imports.records import Column
from apps.imports.registry import SheetKind
from apps.imports.rules import vocabulary

ENOUGH = 0.6
CERTAIN = 0.9
# A short word below its group (光荣证 / 编号 is more than a mere 编号); a word that stands for a
# column; group and word in one heading; a role and a word; a fact of the line among another's.
_SHORT, WORD, _COMPOSED, _WITH_ROLE, _SOMEBODY_ELSE_S = 1.03, 1.0, 0.97, 0.95, 0.8
# A word with a little more in front or behind; a person named by what he is: 服务对象.
TRIMMED, _PERSON = 0.94, 0.92
_BRACKETS = re.compile(r"[(\[【{](.*?)[)\]】}]")
_SIGNS = re.compile(r"[:：*＊、,，.。/／\\\-—_\"“”'☆★?？!！#]")
_LATIN = re.compile(r"[a-z]+")
# Numbers in front of headings: 1.姓名, (2)姓名, A03姓名, R1姓名, ①姓名, 三、姓名.
_NUMBERING = re.compile(
    r"(?:[(\[]\d{1,3}[)\]]|\d{1,3}[.、):：．]|[A-Za-z]{1,2}\d{1,3}[._、:：-]?"
    r"|[一二三四五六七八九十]{1,2}[、.．])(?=.)"
)
_TAIL = re.compile(r"(?:\d{1,2}位数?|必填|选填|可不填|如实填写|全部填写)$")
_TIMES = re.compile(r"年月日|年月|日期|时间|登记|办理|年份")
_KEPT_WHOLE = re.compile(r"[公居]民身份")
_CIRCLED = re.compile(r"^\s*[\u2460-\u2473\u2474-\u249b](?=.)")
# 与户主关系 is what is kept; 与学生关系 is how somebody else is related.
_RELATED_TO = re.compile(
    r"[与和同跟及](.+?)(?:之间|之|间|的|是|什么|何种)*(?:亲属)?(?:关系|称谓|称呼)"
)


def plain(text: str) -> str:
    """Return a heading's text without spaces and signs, in simplified characters, in lower case."""
    return _SIGNS.sub("", compact(text)).translate(vocabulary.SIMPLIFIED).lower()


@dataclass(frozen=True)
class Words:
    """The words of a kind's columns, prepared for comparing with headings."""

    kind: SheetKind

    @cached_property
    def by_column(self) -> Mapping[str, frozenset[str]]:
        return {column.key: frozenset(map(plain, column.words)) for column in self.kind.columns}

    @cached_property
    def heading_words(self) -> "HeadingWords":
        """All words by which a line is recognised as a heading."""
        return HeadingWords(word for words in self.by_column.values() for word in words)

    @cached_property
    def groups(self) -> Mapping[str, frozenset[str]]:
        return {c.key: frozenset(map(plain, c.group_words)) for c in self.kind.columns}

    @cached_property
    def shorts(self) -> Mapping[str, frozenset[str]]:
        return {c.key: frozenset(map(plain, c.short_words)) for c in self.kind.columns}

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {c.key: re.compile(c.pattern) for c in self.kind.columns if c.pattern}

    @cached_property
    def pairs_of_dates(self) -> Mapping[str, frozenset[str]]:
        """All two characters side by side in the words of dates, without 时间 and the like."""
        cores = {
            column.key: [_TIMES.sub("", word) for word in self.by_column[column.key]]
            for column in self.kind.columns
            if column.kind == "date"
        }
        return {
            key: frozenset(core[at : at + 2] for core in found for at in range(len(core) - 1))
            for key, found in cores.items()
        }

    @cached_property
    def spoken_of(self) -> Mapping[str, frozenset[str]]:
        """Whom the words of a column themselves speak of: 男孩数 of children."""
        return {
            key: frozenset(
                role
                for role_word, role in self.roles
                if len(role_word) > 1 and any(role_word in word for word in known)
            )
            for key, known in self.by_column.items()
        }

    @cached_property
    def of_subject(self) -> frozenset[str]:
        """Words that mean the subject's own column as long as no role is named."""
        return frozenset(
            word
            for column in self.kind.columns
            if column.role == "subject"
            for word in self.by_column[column.key]
        )

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        return tuple(map(plain, self.kind.foreign_words))

    @cached_property
    def others(self) -> frozenset[str]:
        """Words that mean somebody else when they stand alone, too: 监护人."""
        own = {plain(word) for words in self.by_column.values() for word in words}
        return frozenset(word for word, role in self.roles if role == "other") - own

    @cached_property
    def people(self) -> Mapping[str, tuple[str, ...]]:
        """{role: words for such people}, also when no 姓名 stands behind them: 服务对象."""
        roles = {role for _word, role in self.roles}
        return {r: tuple(w for w, role in self.roles if role == r and len(w) > 1) for r in roles}

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """(word, role), longest words first; a kind's own words go before the common ones."""
        common = {
            plain(word): role for role, words in vocabulary.ROLE_WORDS.items() for word in words
        }
        own = {plain(word): role for role, words in self.kind.role_words.items() for word in words}
        return tuple(sorted({**common, **own}.items(), key=lambda pair: -len(pair[0])))


class HeadingWords(frozenset[str]):
    """Words of headings, found however they are written."""

    def __contains__(self, text: object) -> bool:
        return super().__contains__(plain(str(text)))


@dataclass(frozen=True)
class Reading:
    """One heading, prepared.

    `forms` are the lowest text as it stands, without brackets and without Latin letters beside
    Chinese ones; `inner` what stood in brackets; `stem` is without role words and noise; `groups`
    the texts above. `role` says whose column it is, `group_role` the same by the texts above
    alone; None is nobody in particular.
    """

    forms: tuple[str, ...]
    inner: str
    stem: str
    groups: str
    role: str | None
    group_role: str | None

    @property
    def bare(self) -> str:
        return self.forms[-1] if self.forms else ""

    def belonging_to(self, role: str) -> "Reading":
        """Return this heading as that of another person's column."""
        return Reading((), "", self.stem, "", role, role)


def read_heading(path: Path, words: Words) -> Reading:
    """Take a heading path apart."""
    text = compact(_CIRCLED.sub("", path[-1]))
    text = _NUMBERING.sub("", text, count=1) if _NUMBERING.match(text) else text
    leaf = plain(text)
    inner = plain("".join(_BRACKETS.findall(text)))
    is_other = any(word in inner for word in vocabulary.OTHERWISE)  # 出生日期（农历）
    bare = leaf if is_other else _TAIL.sub("", plain(_BRACKETS.sub("", text)) or leaf) or leaf
    core = _LATIN.sub("", bare) or bare
    groups = "".join(map(plain, path[:-1]))
    group_role = next(
        (role for group in reversed(path[:-1]) if (role := _role_of_group(plain(group), words))),
        None,
    )
    related = _RELATED_TO.search(core)
    if related:  # 家庭成员与户主关系: the member's
        role, stem = _role_in_leaf(core[: related.start()], "", words)[0], related[0]
    else:
        role, stem = _role_in_leaf(core, inner, words)
    for noise in vocabulary.NOISE:
        stem = stem.replace(noise, "") or stem
    asked = f"{bare[2:]}时间" if bare.startswith("何时") else bare  # 何时落实
    forms = tuple(dict.fromkeys((leaf, bare, asked, core)))
    if group_role and role in (None, "subject"):
        role = group_role  # 户主 / 公民身份号码
    return Reading(forms, inner, stem, groups, role, group_role)


def _role_in_leaf(bare: str, inner: str, words: Words) -> tuple[str | None, str]:
    """Return whose column it is and the heading without that word: 丈夫姓名 → spouse, 姓名.

    Of several people the last one owns it: 学生家长电话 is the parents'.
    """
    if bare in words.others:
        return "other", bare
    bare, kept = _KEPT_WHOLE.sub("#", bare), bare  # no 公民 is named in 公民身份号码
    whole = _KEPT_WHOLE.search(kept)
    role, stem = _named_in(bare, inner, words)
    return role, stem.replace("#", whole[0]) if whole else stem


def _named_in(bare: str, inner: str, words: Words) -> tuple[str | None, str]:
    inside = [
        (bare.rfind(word) + len(word), len(word), word, role)
        for word, role in words.roles
        if word in bare and len(word) > 1 and word != bare
    ]
    if inside:
        _end, _length, word, role = max(inside, key=lambda item: item[:2])
        place = bare.rfind(word)
        return role, bare[:place] + bare[place + len(word) :]
    for word, role in words.roles:
        if len(word) == 1 and bare.startswith(word) and bare != word:
            return role, bare[1:]
        if inner == word:  # 姓名（妻）
            return role, bare
    return None, bare


def _role_of_group(group: str, words: Words) -> str | None:
    for word, role in words.roles:
        if group == word or (len(word) > 1 and word in group):
            return role
    return None


class HeaderMatcher:
    """Scores columns of a kind against headings; remembers, since titles are tried repeatedly."""

    def __init__(self, kind: SheetKind) -> None:
        self.kind = kind
        self.words = Words(kind)
        self._readings: dict[Path, Reading] = {}
        self._scores: dict[Reading, dict[str, float]] = {}
        self._others: dict[Reading, bool] = {}
        self._not_kept = tuple(map(plain, vocabulary.NOT_KEPT))
        self._head = frozenset(word for word, role in self.words.roles if role == "head")

    def reading(self, path: Path) -> Reading:
        if path not in self._readings:
            self._readings[path] = read_heading(path, self.words)
        return self._readings[path]

    def score(self, reading: Reading, column: Column) -> float:
        """Return from 0 to 1 how well a heading fits a column."""
        if reading not in self._scores:
            self._scores[reading] = self._score_all(reading)
        return self._scores[reading][column.key]

    def _score_all(self, reading: Reading) -> dict[str, float]:
        scores = {column.key: self._exactly(reading, column) for column in self.kind.columns}
        # What a column is called to the letter, or what is known not to be kept, is not guessed at.
        if max(scores.values()) < ENOUGH:
            others = self.is_not_kept(reading)
            for column in self.kind.columns:
                if column.kind not in _TO_THE_LETTER and (not others or column.kind == "name"):
                    scores[column.key] = self._roughly(reading, column)
        return scores

    def _exactly(self, reading: Reading, column: Column) -> float:
        known = self.words.by_column[column.key]
        if self._is_short(reading, column):
            return _SHORT
        if not known.isdisjoint(reading.forms):
            return self._by_word(reading, column, known)
        if self._is_composed(reading, column):
            return _COMPOSED
        own = reading.role in self.words.spoken_of[column.key] and column.role == "row"
        if own and self._is_put_together(reading, column):
            return _COMPOSED
        if not self._role_fits(reading, column):
            return 0.0
        if any(reading.groups + form in known for form in reading.forms):
            return 0.98
        if reading.stem in known or self._is_put_together(reading, column):
            return _WITH_ROLE
        if not known.isdisjoint(_trimmed(reading.stem, column)):
            return TRIMMED
        return _PERSON if self._is_person(reading, column) else 0.0

    def _is_put_together(self, reading: Reading, column: Column) -> bool:
        """Whether a heading is made of the parts of which those of a column are made."""
        pattern = self.words.patterns.get(column.key)
        return pattern is not None and any(
            pattern.fullmatch(text) for text in (reading.stem, *reading.forms)
        )

    def _is_person(self, reading: Reading, column: Column) -> bool:
        """Whether a heading ends with whom a name is of: 服务对象, 移民户主."""
        people = self.words.people.get(column.role, ()) if column.kind == "name" else ()
        if self.is_not_kept(reading):
            return reading.bare in people
        return reading.bare.endswith(people)

    def _by_word(self, reading: Reading, column: Column, known: frozenset[str]) -> float:
        """Score a heading that is a word of the column: only doubtful if it is of somebody else."""
        if column.role == "row":
            role = reading.group_role
            is_own = role not in _NOT_OF_THE_ROW or role in self.words.spoken_of[column.key]
            return WORD if is_own else _SOMEBODY_ELSE_S
        if column.role == "subject":
            return WORD if reading.group_role in (None, "subject") else 0.0
        own = not self.words.of_subject.issuperset(known.intersection(reading.forms))
        fits = reading.role == column.role or (own and reading.group_role is None)
        return WORD if fits else 0.0

    def _is_short(self, reading: Reading, column: Column) -> bool:
        """Whether a short word stands below a group or behind it in brackets: 子女 / 男."""
        shorts, groups = self.words.shorts[column.key], self.words.groups[column.key]
        if reading.inner in shorts and any(word in reading.bare for word in groups):
            return True
        return not shorts.isdisjoint((*reading.forms, reading.stem)) and any(
            word in reading.groups for word in groups
        )

    def _is_composed(self, reading: Reading, column: Column) -> bool:
        """Whether group and short word stand in one heading: 末孩出生年月, 结婚年月."""
        shorts, groups = self.words.shorts[column.key], self.words.groups[column.key]
        for text in (reading.bare, self._without_noise(reading.bare)):
            # The longest group counts: 孩子 is not 孩 with the short word 子.
            group = max((w for w in groups if text.startswith(w)), key=len, default="")
            if group and text[len(group) :] in shorts:
                return True
        return False

    @staticmethod
    def _without_noise(text: str) -> str:
        for noise in vocabulary.NOISE:
            text = text.replace(noise, "") or text
        return text

    def _roughly(self, reading: Reading, column: Column) -> float:
        """Score by likeness; facts of somebody else are never likened."""
        if column.role == "row" and reading.role in _NOT_OF_THE_ROW:
            return 0.0
        if not self._role_fits(reading, column):
            return 0.0
        if column.kind == "relation" and self.is_related_to_others(reading):
            return 0.0
        known = self.words.by_column[column.key]
        if column.kind == "date" and not self.shares_subject(reading, column):
            return 0.0
        return max((_likeness(reading.stem, word) for word in known), default=0.0)

    def shares_subject(self, reading: Reading, column: Column) -> bool:
        """Whether a heading has more in common with those of a date than that it is a date."""
        core = _TIMES.sub("", reading.bare)
        pairs = [core[start : start + 2] for start in range(len(core) - 1)]
        return not self.words.pairs_of_dates[column.key].isdisjoint(pairs)

    @staticmethod
    def is_mere_time(reading: Reading) -> bool:
        """Whether a heading says that it is a date and not of what: 时间, 登记日期."""
        return len(_TIMES.sub("", reading.bare)) < 2

    def is_related_to_others(self, reading: Reading) -> bool:
        """Whether a relation is to anybody else than the head: 与学生关系, 代办人与户主关系."""
        match = _RELATED_TO.search(reading.bare)
        return match is not None and not any(word in match[1] for word in self._head)

    @staticmethod
    def _role_fits(reading: Reading, column: Column) -> bool:
        """Whether a heading's person is the column's; facts of the whole row are anybody's."""
        if column.role == "row":
            return reading.role not in _NOT_OF_THE_ROW
        if column.role == "subject":
            return reading.role in (None, "subject")
        return reading.role == column.role

    def is_not_kept(self, reading: Reading) -> bool:
        """Whether a heading is known to be about something that this kind does not keep."""
        if reading not in self._others:
            self._others[reading] = self._speaks_of_others(reading)
        return self._others[reading]

    def _speaks_of_others(self, reading: Reading) -> bool:
        text = f"{reading.bare}\n{reading.groups}"
        return (
            reading.bare.startswith((*vocabulary.FORMER, *vocabulary.QUESTIONS))
            or reading.bare.endswith(vocabulary.NOT_KEPT_ENDS)
            or any(word in text for word in self._not_kept)
        )

    @staticmethod
    def is_former(reading: Reading) -> bool:
        """Whether a heading says that it is about what was or may be once: 原户口性质."""
        return reading.bare.startswith(vocabulary.FORMER)

    def best(self, reading: Reading) -> tuple[float, Column | None]:
        """Return the column that fits a heading best."""
        return max(
            ((self.score(reading, column), column) for column in self.kind.columns),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )

    def points(self, paths: Paths) -> float:
        """Say how much a set of headings looks like those of this kind: fields recognised."""
        best: dict[str, float] = {}
        for path in paths.values():
            found, column = self.best(self.reading(path))
            if column and found >= ENOUGH:
                best[column.key] = max(best.get(column.key, 0.0), found)
        return sum(best.values())

    def foreign_count(self, paths: Paths) -> int:
        """Return how many words that no roster of this kind has begin its headings.

        Mother and father beside a woman are two, however many columns each of them has.
        """
        parts = {plain(part) for path in paths.values() for part in path}
        return sum(any(p.startswith(word) for p in parts) for word in self.words.foreign)


# Kinds that no heading is merely like: numbers of lines and of persons.
_TO_THE_LETTER = frozenset(("serial", "ignored", "key"))
# Kinds of which only words of a list are taken, so that a wrong guess shows.
_OF_A_LIST = frozenset(("code", "relation"))
# People whose facts are never those of the line: 丈夫 / 联系电话, 孩子出生日期.
_NOT_OF_THE_ROW = frozenset(("spouse", "father", "mother", "child", "other"))


def _trimmed(stem: str, column: Column) -> set[str]:
    """Return a heading without words in front and behind that change nothing: 现住址, 措施类型."""
    if column.kind == "date":  # 现结婚日期 need not be that of the first marriage
        return set()
    fronts, backs = _cut(stem)
    return fronts | backs if column.kind in _OF_A_LIST else fronts


@lru_cache(maxsize=1_000)
def _cut(stem: str) -> tuple[set[str], set[str]]:
    """Return a text without words in front, and without words behind (or both)."""
    once = {stem.removeprefix(front) for front in vocabulary.FRONTS if stem.startswith(front)}
    fronts = once | {
        text.removeprefix(front)
        for text in once
        for front in vocabulary.FRONTS
        if text.startswith(front)
    }
    backs = {
        text.removesuffix(back)
        for text in (stem, *fronts)
        for back in vocabulary.BACKS
        if text.endswith(back)
    }
    # 村类型 is no village
    return {text for text in fronts if len(text) > 1}, {text for text in backs if len(text) > 1}


def _likeness(stem: str, word: str) -> float:
    """Score two texts of which one contains the other, or that differ by one character."""
    if len(stem) < 2 or len(word) < 2 or not (stem[0] in word or stem[-1] in word or word in stem):
        return 0.0
    if word in stem:
        return 0.5 + 0.4 * len(word) / len(stem)
    if stem in word and len(stem) * 3 >= len(word) * 2:
        return 0.45 + 0.3 * len(stem) / len(word)
    near = len(stem) > 3 and abs(len(stem) - len(word)) < 2
    if near and (stem[0] == word[0] or stem[-1] == word[-1]) and _one_apart(stem, word):
        return 0.7
    return 0.0


def _one_apart(first: str, second: str) -> bool:
    """Whether two texts differ by one character changed, added or left out."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    one = first[start:] if len(second) > len(first) else first[start + 1 :]
    other = second[start:] if len(first) > len(second) else second[start + 1 :]
    return one == other
