"""What happened in the township: births, deaths, moves, marriages, divorces, month by month.

Up to AS_OF the numbers are those of the quotas, so the published figures come out exactly.
After it, events go on at the same pace until today, so the newest months are alive too.
"""

from datetime import date, timedelta

from apps.core.periods import month_end, next_month
from apps.home.demo.names import surname_of
from apps.home.demo.people import (
    DIVORCED,
    FEMALE,
    MALE,
    MARRIED,
    WIDOWED,
    DemoCouple,
    DemoEvent,
    DemoPerson,
    Spell,
)
from apps.home.demo.population import Maker
from apps.home.demo.quotas import AS_OF, REGISTER_BEGIN, YEAR_BEGIN, Quotas

FAR = ("广东省东莞市", "浙江省宁波市", "福建省厦门市", "江苏省苏州市", "省城")
EARLIER_MONTHS = 18


def add_changes(maker: Maker, quotas: Quotas, *, today: date) -> None:
    """Let the past of the township happen, and its time from AS_OF until `today`."""
    History(maker, quotas, today).run()


class History:
    """Draws events; keeps the lists of people they can still happen to."""

    def __init__(self, maker: Maker, quotas: Quotas, today: date) -> None:
        self.maker = maker
        self.dice = maker.dice
        self.quotas = quotas
        self.today = today
        self.present = list(maker.town.people)
        self.couple_of = {c.wife.number: c for c in maker.town.couples}
        self.couple_of |= {c.husband.number: c for c in maker.town.couples}

    def run(self) -> None:
        """Everything, in an order that keeps the totals of AS_OF exact."""
        before = (REGISTER_BEGIN, YEAR_BEGIN - timedelta(days=1))
        year = (YEAR_BEGIN, AS_OF)
        share = EARLIER_MONTHS / 12
        self._lost_infants()
        self._past_deaths(self.quotas.deaths - 1, year)
        self._past_deaths(round(self.quotas.deaths * share), before)
        self._past_departures(self.quotas.moved_out - 1, year)
        self._past_departures(round(self.quotas.moved_out * share), before)
        self._past_arrivals(self.quotas.moved_in, year)
        self._past_arrivals(round(self.quotas.moved_in * share), before)
        self._events_of_families()
        self._live_on()
        self._absent_and_guests()

    def _day(self, span: tuple[date, date]) -> date:
        return span[0] + timedelta(days=self.dice.randrange((span[1] - span[0]).days + 1))

    def _event(
        self, kind: str, person: DemoPerson, on: date, other: DemoPerson | None = None
    ) -> None:
        self.maker.town.events.append(DemoEvent(kind, person, on, other))

    # --- until AS_OF -------------------------------------------------------------------------

    def _lost_infants(self) -> None:
        """The boy who died and the girl who moved away, who are not among the present."""
        boy = self._infant(MALE, YEAR_BEGIN + timedelta(days=95))
        self._die(boy, boy.born + timedelta(days=21))
        girl = self._infant(FEMALE, YEAR_BEGIN + timedelta(days=60))
        self._leave(girl, girl.born + timedelta(days=200))

    def _infant(self, sex: str, born: date) -> DemoPerson:
        couple = self._couple_for_birth(born)
        return self._bear(couple, sex, born)

    def _couple_for_birth(self, born: date) -> DemoCouple:
        while True:
            couple = self.dice.choice(self.maker.town.couples)
            if not 23 <= couple.wife.age_on(born) <= 36 or couple.until or couple.wife.left:
                continue
            if couple.since > born - timedelta(days=260) or len(couple.wife.children) >= 3:
                continue
            if couple.wife.registered[-1].until or couple.husband.died_on or couple.wife.died_on:
                continue
            if all(abs((child.born - born).days) > 420 for child in couple.wife.children):
                return couple

    def _bear(self, couple: DemoCouple, sex: str, born: date) -> DemoPerson:
        child = self.maker.person(sex, born, surname=surname_of(couple.husband.name))
        child.mother, child.father = couple.wife, couple.husband
        couple.wife.children.append(child)
        child.birth_order = len(couple.wife.children)
        self.maker.join(child, couple.wife.own_home, "20" if sex == MALE else "30", born)
        return child

    def _past_deaths(self, count: int, span: tuple[date, date]) -> None:
        """People who died in the span: the late spouses of widowed people first, then others."""
        widowed = [
            p for p in self.present if p.status == WIDOWED and p.home and len(p.home.members) == 1
        ]
        self.dice.shuffle(widowed)
        for index in range(count):
            on = self._day(span)
            age = 58 + int(38 * self.dice.betavariate(2.6, 1.9))
            if index < count * 2 // 3 and widowed:
                self._late_spouse(widowed.pop(), on)
            else:
                sex = MALE if self.dice.random() < 0.55 else FEMALE
                late = self.maker.person(sex, self.maker.day_of_age(age, on))
                self.maker.home(late)
                self._die(late, on)

    def _late_spouse(self, survivor: DemoPerson, on: date) -> None:
        """The survivor of _parted becomes widowed on the day the spouse died."""
        sex = MALE if survivor.sex == FEMALE else FEMALE
        age = max(45, survivor.age_on(on) + self.dice.randint(-3, 4))
        late = self.maker.person(sex, self.maker.day_of_age(age, on))
        since = max(survivor.married_on or late.born, late.born + timedelta(days=22 * 366))
        survivor.married_on = late.married_on = since
        survivor.statuses = [(MARRIED, since), (WIDOWED, on)]
        late.statuses = [(MARRIED, since)]
        self.maker.join(late, survivor.own_home, "12" if sex == FEMALE else "11")
        wife, husband = (late, survivor) if sex == FEMALE else (survivor, late)
        self.maker.town.couples.append(DemoCouple(wife, husband, since, on, "death"))
        self._die(late, on)

    def _die(self, person: DemoPerson, on: date) -> None:
        person.died_on = on
        person.left = on
        self._event("death", person, on)

    def _past_departures(self, count: int, span: tuple[date, date]) -> None:
        """People who were registered here and moved away in the span: grown children."""
        parents = [c for c in self.maker.town.couples if c.wife.age_on(AS_OF) >= 44 and not c.until]
        for _ in range(count):
            on = self._day(span)
            couple = self.dice.choice(parents)
            sex = FEMALE if self.dice.random() < 0.6 else MALE
            born = self.maker.day_of_age(self.dice.randint(19, 26), on)
            child = self.maker.person(sex, born, surname=surname_of(couple.husband.name))
            self.maker.join(child, couple.wife.own_home, "20" if sex == MALE else "30")
            self._leave(child, on)

    def _leave(self, person: DemoPerson, on: date) -> None:
        person.registered[-1].until = on
        person.registered.append(Spell(on, None, "move", self.dice.choice(FAR)))
        person.left = on
        self._event("move_out", person, on)

    def _past_arrivals(self, count: int, span: tuple[date, date]) -> None:
        """Present adults whose registration here began in the span; never infants."""
        pool = [
            p
            for p in self.present
            if len(p.registered) == 1
            and not p.is_head
            and p.status == MARRIED
            and p.age_on(AS_OF) < 50
            and p.married_on is not None
            and p.married_on < span[0]
        ]
        for person in self.dice.sample(pool, count):
            on = self._day(span)
            person.registered = [
                Spell(None, on, "", self.dice.choice(FAR)),
                Spell(on, None, "move"),
            ]
            person.joined = on
            self._event("move_in", person, on)

    def _events_of_families(self) -> None:
        """Enter what the office would have entered since its register began."""
        for person in self.maker.town.people:
            if REGISTER_BEGIN <= person.born <= AS_OF and person.mother:
                self._event("birth", person, person.born, person.mother)
        for couple in self.maker.town.couples:
            if REGISTER_BEGIN <= couple.since <= AS_OF:
                self._event("marriage", couple.wife, couple.since, couple.husband)
        for person in self.present:
            since = person.statuses[-1][1] if person.status == DIVORCED else None
            if since and since >= REGISTER_BEGIN:
                self._event("divorce", person, since)

    # --- from AS_OF until today --------------------------------------------------------------

    def _live_on(self) -> None:
        month = next_month(AS_OF.replace(day=1))
        while month <= self.today:
            span = (month, min(month_end(month), self.today))
            part = ((span[1] - span[0]).days + 1) / 30.4
            self._later_births(self._pace(self.quotas.births, part), span)
            self._later_deaths(self._pace(self.quotas.deaths, part), span)
            self._later_departures(self._pace(self.quotas.moved_out, part), span)
            self._later_weddings(self._pace(self.quotas.moved_in, part), span)
            month = next_month(month)

    def _pace(self, a_year: int, part: float) -> int:
        return round(a_year / 12 * part * self.dice.uniform(0.85, 1.15))

    def _later_births(self, count: int, span: tuple[date, date]) -> None:
        for _ in range(count):
            born = self._day(span)
            sex = MALE if self.dice.random() < 0.51 else FEMALE
            child = self._infant(sex, born)
            self._event("birth", child, born, child.mother)

    def _later_deaths(self, count: int, span: tuple[date, date]) -> None:
        old = [p for p in self.present if p.age_on(AS_OF) >= 62 and not p.left]
        for person in self.dice.sample(old, count):
            on = self._day(span)
            self._die(person, on)
            self._widow(person, on)

    def _widow(self, person: DemoPerson, on: date) -> None:
        couple = self.couple_of.get(person.number)
        if couple is None or couple.until:
            return
        couple.until, couple.ended_by = on, "death"
        survivor = couple.husband if couple.wife is person else couple.wife
        if not survivor.died_on:
            survivor.statuses.append((WIDOWED, on))

    def _later_departures(self, count: int, span: tuple[date, date]) -> None:
        grown = [
            p
            for p in self.present
            if 18 <= p.age_on(AS_OF) <= 30 and not p.statuses and not p.left and not p.is_head
        ]
        for person in self.dice.sample(grown, min(count, len(grown))):
            self._leave(person, self._day(span))

    def _later_weddings(self, count: int, span: tuple[date, date]) -> None:
        """Women who marry a man of the township and move in with him."""
        single = [
            p
            for p in self.present
            if p.sex == MALE and 23 <= p.age_on(AS_OF) <= 38 and not p.statuses and not p.left
        ]
        for groom in self.dice.sample(single, min(count, len(single))):
            on = self._day(span)
            born = self.maker.day_of_age(max(21, groom.age_on(on) - self.dice.randint(0, 3)), on)
            bride = self.maker.person(FEMALE, born)
            bride.registered = [
                Spell(None, on, "", self.dice.choice(FAR)),
                Spell(on, None, "marriage"),
            ]
            role = "12" if groom.is_head else "38"
            self.maker.join(bride, groom.own_home, role, on)
            for spouse in (bride, groom):
                spouse.married_on = on
                spouse.statuses = [(MARRIED, on)]
            self.maker.town.couples.append(DemoCouple(bride, groom, on))
            self._event("marriage", bride, on, groom)
            self._event("move_in", bride, on)

    # --- the floating population -------------------------------------------------------------

    def _absent_and_guests(self) -> None:
        adults = [p for p in self.present if 18 <= p.age_on(AS_OF) <= 58 and not p.left]
        for person in self.dice.sample(adults, min(self.quotas.living_elsewhere, len(adults))):
            person.lives_elsewhere = True
        for _ in range(self.quotas.living_here):
            sex = FEMALE if self.dice.random() < 0.5 else MALE
            guest = self.maker.person(sex, self.maker.day_of_age(self.dice.randint(18, 52)))
            guest.village = self.dice.choice(self.maker.villages)
            guest.registered_elsewhere = True
            guest.registered = [Spell(None, None, "", self.dice.choice(FAR))]
            guest.joined = date(2021, 1, 1) + timedelta(days=self.dice.randrange(1500))
