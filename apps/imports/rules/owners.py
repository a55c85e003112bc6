"""Whose column a heading is when it does not say so: 丈夫姓名 | 身份证号, 姓名 … 姓名.

A person's columns stand together and begin with the name. Where a heading comes twice, it is that
of the person before it; where nothing says who that is, the sex in the ID numbers does, or
whether the same value stands on several lines (a head's). What stays open is marked doubtful.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.core.spreadsheets.tables import Paths
from apps.imports.records import Column
from apps.imports.rules.contents import Contents
from apps.imports.rules.headers import ENOUGH, HeaderMatcher, Reading

PERSONAL = frozenset(("name", "id", "sex", "birth", "age"))
_PLAINLY = 0.8


@dataclass
class _Person:
    """Columns that stand together: a name and what follows it until the next name.

    `role` is None if the name's heading does not say whose it is and another one says the same.
    """

    name: int
    role: str | None
    followers: list[int] = field(default_factory=list)
    doubtful: bool = False


def settle_owners(
    matcher: HeaderMatcher, paths: Paths, contents: Contents
) -> tuple[dict[int, Reading], frozenset[int]]:
    """Return the headings with their owners settled, and the columns whose owner is a guess."""
    readings = {index: matcher.reading(path) for index, path in sorted(paths.items())}
    fits = {index: _fit(matcher, reading) for index, reading in readings.items()}
    people = _people(matcher, readings, fits)
    _settle_nameless(matcher, people, fits, contents)
    doubtful = _pass_on(people, readings, fits)
    doubtful |= _settle_single(matcher, people, readings, fits, contents)
    return readings, frozenset(doubtful)


def _fit(matcher: HeaderMatcher, reading: Reading) -> Column | None:
    score, column = matcher.best(reading)
    return column if column and score >= ENOUGH else None


def _people(
    matcher: HeaderMatcher, readings: Mapping[int, Reading], fits: Mapping[int, Column | None]
) -> list[_Person]:
    """Divide the columns among the names before them; columns before any name are nobody's."""
    names = matcher.words.by_column.get("name", frozenset())
    bare = Counter(
        reading.stem
        for index, reading in readings.items()
        if reading.role is None and (fit := fits[index]) and fit.kind == "name"
    )
    people: list[_Person] = []
    for index, reading in readings.items():
        fit = fits[index]
        if fit is not None and fit.kind == "name":
            nameless = reading.role is None and fit.role == "subject" and bare[reading.stem] > 1
            people.append(_Person(index, None if nameless else fit.role))
        elif fit is None and reading.stem in names and reading.role:
            people.append(_Person(index, reading.role))  # 孩子姓名, which nothing keeps
        elif people:
            people[-1].followers.append(index)
    return people


def _settle_nameless(
    matcher: HeaderMatcher,
    people: list[_Person],
    fits: Mapping[int, Column | None],
    contents: Contents,
) -> None:
    """Find out who is meant where the same bare word heads two names."""
    nameless = [person for person in people if person.role is None]
    if not nameless:
        return
    if matcher.kind.role_sex:
        found = _by_sex(matcher, nameless, fits, contents)
    else:
        found = _by_repetition(nameless, contents)
    roles = list(dict.fromkeys((*found.values(), "subject", *matcher.kind.role_sex)))
    open_roles = [role for role in roles if role not in found.values()]
    for person in nameless:
        role = found.get(person.name)
        person.doubtful = role is None and len(found) + 1 < len(nameless)
        if role is None:
            role = open_roles.pop(0) if open_roles else "other"
            person.doubtful = person.doubtful or not found
        person.role = role


def _by_sex(
    matcher: HeaderMatcher,
    people: list[_Person],
    fits: Mapping[int, Column | None],
    contents: Contents,
) -> dict[int, str]:
    """Tell wife and husband apart by the sex in their ID numbers."""
    by_sex = {sex: role for role, sex in matcher.kind.role_sex.items()}
    found: dict[int, str] = {}
    for person in people:
        sex = _sex_of(person, fits, contents)
        if sex and by_sex[sex] not in found.values():
            found[person.name] = by_sex[sex]
    return found


def _sex_of(person: _Person, fits: Mapping[int, Column | None], contents: Contents) -> str | None:
    for index in person.followers:
        fit = fits[index]
        men = contents.men(index) if fit is not None and fit.kind == "id" else None
        if men is not None:
            return "1" if men >= _PLAINLY else "2" if men <= 1 - _PLAINLY else None
    return None


def _by_repetition(people: list[_Person], contents: Contents) -> dict[int, str]:
    """Tell the head, who stands on each line of a household or on its first, from the members."""
    repeated = [person.name for person in people if contents.repeats(person.name)]
    if len(people) != 2 or len(repeated) != 1:
        return {}
    return {person.name: "head" if person.name in repeated else "subject" for person in people}


def _pass_on(
    people: list[_Person], readings: dict[int, Reading], fits: Mapping[int, Column | None]
) -> set[int]:
    """Give bare headings that come twice to the person before them; return the doubtful ones."""
    stems = Counter(r.stem for r in readings.values() if r.role is None and not r.groups)
    doubtful: set[int] = set()
    for person in people:
        if person.doubtful:
            doubtful.add(person.name)
        if person.role not in (None, "subject") and readings[person.name].role is None:
            readings[person.name] = readings[person.name].belonging_to(str(person.role))
        for index in person.followers:
            reading = readings[index]
            if reading.role is not None or reading.groups or stems[reading.stem] < 2:
                continue
            if person.doubtful and (fit := fits[index]) and fit.kind in PERSONAL:
                doubtful.add(index)
            if person.role not in (None, "subject"):
                readings[index] = reading.belonging_to(str(person.role))
    return doubtful


def _settle_single(
    matcher: HeaderMatcher,
    people: list[_Person],
    readings: dict[int, Reading],
    fits: Mapping[int, Column | None],
    contents: Contents,
) -> set[int]:
    """Settle bare columns right behind somebody else's name; return those that stay open.

    姓名 | 丈夫姓名 | 身份证号: whose number it is, only its contents can say.
    """
    doubtful: set[int] = set()
    for person in people:
        if person.role in (None, "subject"):
            continue
        for index in person.followers:
            fit = fits[index]
            if fit is None or fit.kind not in PERSONAL:
                break  # what stands further right is nobody's in particular
            if readings[index].role is not None or readings[index].groups:
                continue
            owner = _owner(matcher, str(person.role), fit, index, contents)
            if owner is None:
                doubtful.add(index)
            elif owner != "subject":
                readings[index] = readings[index].belonging_to(owner)
    return doubtful


def _owner(
    matcher: HeaderMatcher, role: str, fit: Column, index: int, contents: Contents
) -> str | None:
    """Say by its contents whether a column is the subject's or that of the role; None if open."""
    if role == "head":
        return "head" if contents.repeats(index) else "subject"
    men = contents.men(index) if fit.kind == "id" else None
    if men is None:
        return None
    sex = "1" if men >= _PLAINLY else "2" if men <= 1 - _PLAINLY else ""
    owners = [owner for owner in ("subject", role) if matcher.kind.role_sex.get(owner) == sex]
    return owners[0] if owners else None
