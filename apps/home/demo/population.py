"""Make the people of a township so that its totals come out exactly (see quotas)."""

import random
from bisect import bisect_left
from collections import defaultdict
from datetime import date, timedelta
from itertools import accumulate

from apps.home.demo.names import IdNumbers, make_name, surname_of
from apps.home.demo.people import (
    DIVORCED,
    FEMALE,
    MALE,
    MARRIED,
    NEVER_MARRIED,
    WIDOWED,
    DemoCouple,
    DemoHome,
    DemoPerson,
    DemoTownship,
    Spell,
)
from apps.home.demo.quotas import AS_OF, YEAR_BEGIN, Quotas

WIFE_AGES = (*range(20, 50),)
WIFE_WEIGHTS = (*(2, 3, 4, 5, 6), *(8, 9, 10, 11, 12), *(14,) * 10, *(13,) * 10)
OLD_WIFE_AGES = (*range(50, 86),)
OLD_WIFE_WEIGHTS = (*(12,) * 10, *(9,) * 10, *(5,) * 10, *(2,) * 6)
ETHNIC = ("01",) * 97 + ("15", "08", "22")
GROUPS = 8


class Numbers:
    """Row numbers for people and households, drawn from the database's sequences at the end."""

    def __init__(self) -> None:
        self.people = 0
        self.homes = 0


class Maker:
    """Makes people of one township; the same seed makes the same people."""

    def __init__(self, seed: str, ids: IdNumbers, numbers: Numbers, villages: list[int]) -> None:
        self.dice = random.Random(seed)
        self.ids = ids
        self.numbers = numbers
        self.villages = villages
        self.reach = list(accumulate(self.dice.randint(60, 140) for _ in villages))
        self.labels: dict[int, int] = defaultdict(int)
        self.town = DemoTownship()

    def day_of_age(self, age: int, on: date = AS_OF) -> date:
        """Return a birthday of somebody who has completed `age` years on `on`."""
        latest = _years_before(on, age)
        earliest = _years_before(on, age + 1) + timedelta(days=1)
        return earliest + timedelta(days=self.dice.randrange((latest - earliest).days + 1))

    def person(self, sex: str, born: date, *, surname: str = "") -> DemoPerson:
        """Make one person, registered since an unknown day."""
        self.numbers.people += 1
        made = DemoPerson(
            number=self.numbers.people,
            name=make_name(self.dice, sex, born.year, surname),
            sex=sex,
            born=born,
            id_number=self.ids.take(sex, born),
            ethnic_group=self.dice.choice(ETHNIC),
            education=self._education(born),
        )
        if AS_OF.year - born.year >= 18 and self.dice.random() < 0.8:
            made.phone = f"1990000{self.dice.randrange(10_000):04d}"
        self.town.people.append(made)
        return made

    def _education(self, born: date) -> str:
        age = AS_OF.year - born.year
        if age < 7:
            return ""
        if age < 13:
            return "80"
        if age < 16:
            return "70"
        return self.dice.choice(("80", "70", "70", "60") if age > 45 else ("70", "60", "30", "20"))

    def home(self, head: DemoPerson) -> DemoHome:
        """Open a household for `head` in a village drawn by size."""
        at = self.dice.randrange(self.reach[-1])
        village = self.villages[bisect_left(self.reach, at + 1)]
        self.labels[village] += 1
        self.numbers.homes += 1
        made = DemoHome(
            number=self.numbers.homes,
            village=village,
            label=f"{self.villages.index(village) + 1:02d}{self.labels[village]:04d}",
            group=self.dice.randint(1, GROUPS),
        )
        self.town.homes.append(made)
        self.join(head, made, "02")
        head.is_head = True
        return made

    def join(
        self, person: DemoPerson, home: DemoHome, role: str, joined: date | None = None
    ) -> None:
        """Put a person into a household and register the person in its village."""
        person.home, person.village, person.role, person.joined = home, home.village, role, joined
        home.members.append(person)
        if not person.registered:
            person.registered = [Spell(joined, None, "birth" if joined == person.born else "")]

    def couple(self, wife_age: int) -> DemoCouple:
        """Make a married couple of that wife's age, in a household of their own."""
        wife = self.person(FEMALE, self.day_of_age(wife_age))
        husband_age = max(23, wife_age + self.dice.randint(-1, 5))
        husband = self.person(MALE, self.day_of_age(husband_age))
        since = self._wedding(wife, husband)
        wife.married_on = husband.married_on = since
        wife.statuses = [(MARRIED, since)]
        husband.statuses = [(MARRIED, since)]
        home = self.home(husband)
        self.join(wife, home, "12")
        made = DemoCouple(wife, husband, since)
        self.town.couples.append(made)
        return made

    def _wedding(self, wife: DemoPerson, husband: DemoPerson) -> date:
        earliest = max(_years_after(wife.born, 20), _years_after(husband.born, 22))
        latest = max(earliest, min(_years_after(wife.born, 29), AS_OF))
        drawn = earliest + timedelta(
            days=int((latest - earliest).days * self.dice.betavariate(1.6, 2.5))
        )
        return min(drawn, AS_OF)


def make_township(
    quotas: Quotas, *, seed: str, ids: IdNumbers, numbers: Numbers, villages: list[int]
) -> Maker:
    """Make everybody who is registered on AS_OF, in families. `villages` are row numbers."""
    maker = Maker(seed, ids, numbers, villages)
    young = [maker.couple(age) for age in _draw(maker, WIFE_AGES, WIFE_WEIGHTS, quotas.couples)]
    old = [
        maker.couple(age)
        for age in _draw(maker, OLD_WIFE_AGES, OLD_WIFE_WEIGHTS, quotas.old_couples)
    ]
    nest = Nest(maker, young + old)
    _add_children(maker, nest, quotas)
    _add_grown_children(maker, nest, quotas)
    _add_parted(maker, quotas)
    _order_births(young + old)
    return maker


def _draw(maker: Maker, ages: tuple, weights: tuple, count: int) -> list[int]:
    return maker.dice.choices(ages, weights, k=count)


class Nest:
    """Finds a mother of suitable age for a child, so that siblings are a year apart or more."""

    def __init__(self, maker: Maker, couples: list[DemoCouple]) -> None:
        self.maker = maker
        self.by_age: dict[int, list[DemoCouple]] = defaultdict(list)
        for couple in couples:
            self.by_age[couple.wife.age_on(AS_OF)].append(couple)

    def settle(self, sex: str, born: date) -> DemoPerson:
        """Make a child of that birthday in a family that can have had it."""
        couple = self._couple(born)
        child = self.maker.person(sex, born, surname=surname_of(couple.husband.name))
        child.mother, child.father = couple.wife, couple.husband
        couple.wife.children.append(child)
        if couple.since > born - timedelta(days=240):
            _marry_earlier(couple, born - timedelta(days=self.maker.dice.randint(250, 500)))
        joined = born if born >= YEAR_BEGIN else None
        self.maker.join(child, couple.husband.own_home, "20" if sex == MALE else "30", joined)
        return child

    def _couple(self, born: date) -> DemoCouple:
        age = AS_OF.year - born.year
        dice = self.maker.dice
        for attempt in range(400):
            wish = (
                age + 20 + int(21 * dice.betavariate(2, 4.5))
                if attempt < 200
                else age + dice.randint(20, 42)
            )
            for wife_age in (wish, wish + 1, wish + 2):
                candidates = self.by_age.get(wife_age)
                if candidates:
                    couple = dice.choice(candidates)
                    if _can_bear(couple, born):
                        return couple
        raise ValueError("no family found for a child; the quotas do not fit each other")


def _can_bear(couple: DemoCouple, born: date) -> bool:
    siblings = couple.wife.children
    if len(siblings) >= 3 or not 22 <= couple.wife.age_on(born) <= 45:
        return False
    if couple.husband.age_on(born) < 24:
        return False
    return all(abs((child.born - born).days) > 400 for child in siblings)


def _marry_earlier(couple: DemoCouple, day: date) -> None:
    couple.since = day
    for spouse in (couple.wife, couple.husband):
        spouse.married_on = day
        spouse.statuses = [(MARRIED, day)]


def _add_children(maker: Maker, nest: Nest, quotas: Quotas) -> None:
    """Infants of the year to AS_OF (exactly) and children of 1 to 14."""
    days = (AS_OF - YEAR_BEGIN).days + 1
    sexes = [MALE] * (quotas.boys_born - 1) + [FEMALE] * (quotas.girls_born - 1)
    for sex in sexes:
        nest.settle(sex, YEAR_BEGIN + timedelta(days=maker.dice.randrange(days)))
    for _ in range(quotas.children):
        sex = MALE if maker.dice.random() < 0.512 else FEMALE
        nest.settle(sex, maker.day_of_age(maker.dice.randint(1, 14)))


def _add_grown_children(maker: Maker, nest: Nest, quotas: Quotas) -> None:
    """Never married sons and daughters of 15 and older; the oldest keep house alone."""
    ages = maker.dice.choices(range(15, 50), _single_weights(35), k=quotas.single_women)
    for age in ages:
        _grown_child(maker, nest, FEMALE, age)
    for age in maker.dice.choices(range(15, 75), _single_weights(60), k=quotas.single_men):
        _grown_child(maker, nest, MALE, age)


def _single_weights(count: int) -> list[float]:
    return [100.0] * 5 + [max(2.0, 70.0 * 0.86**step) for step in range(count - 5)]


def _grown_child(maker: Maker, nest: Nest, sex: str, age: int) -> None:
    born = maker.day_of_age(age)
    if age <= 35:
        nest.settle(sex, born)
    else:
        maker.home(maker.person(sex, born))


def _add_parted(maker: Maker, quotas: Quotas) -> None:
    """Divorced and widowed people, each with a household."""
    for _ in range(quotas.parted_women):
        _parted(maker, FEMALE, maker.dice.randint(28, 49), DIVORCED)
    for _ in range(quotas.parted_men):
        _parted(maker, MALE, maker.dice.randint(28, 59), DIVORCED)
    for _ in range(quotas.old_widowed):
        sex = FEMALE if maker.dice.random() < 0.7 else MALE
        _parted(maker, sex, 60 + int(32 * maker.dice.betavariate(2, 3)), WIDOWED)


def _parted(maker: Maker, sex: str, age: int, status: str) -> None:
    person = maker.person(sex, maker.day_of_age(age))
    wedding = _years_after(person.born, maker.dice.randint(22, 26))
    latest = min(AS_OF, date(2025, 6, 1))
    days = max(1, (latest - wedding).days)
    parting = wedding + timedelta(days=1 + int(days * maker.dice.betavariate(3, 1.5)))
    person.married_on = wedding
    person.statuses = [(MARRIED, wedding), (status, min(parting, latest))]
    maker.home(person)


def _order_births(couples: list[DemoCouple]) -> None:
    for couple in couples:
        couple.wife.children.sort(key=lambda child: child.born)
        for order, child in enumerate(couple.wife.children, start=1):
            child.birth_order = order


def _years_before(day: date, years: int) -> date:
    return _years_after(day, -years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


__all__ = ["NEVER_MARRIED", "DemoHome", "Maker", "Numbers", "make_township"]
