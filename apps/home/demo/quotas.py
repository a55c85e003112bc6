"""How many people of which kind the fictional township has on 30 June 2026.

The totals are the published figures of a real kind of document, the yearly family planning
summary of a township (fixtures/reference/seed_figures.yaml, "township FP summary 20xx"): 30,317
registered people, 7,678 women of 15 to 49, 5,824 of them married, 336 births (167 boys, 169
girls) and 178 deaths in the year to the end of June. The rates of that document (11.10, 5.88 and
5.22 per mille) need an average population of 30,270, so 30,223 people a year earlier; the moves
fill that gap. Everything else is chosen to look like a rural township.
"""

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 6, 30)
YEAR_BEGIN = date(2025, 7, 1)
REGISTER_BEGIN = date(2024, 1, 1)


@dataclass(frozen=True)
class Quotas:
    """Numbers of people of one township; all are of the registered population on AS_OF unless
    the comment says otherwise."""

    couples: int  # couples whose wife is 20 to 49
    single_women: int  # never married, 15 to 49
    parted_women: int  # divorced or widowed, 15 to 49
    boys_born: int  # in the year to AS_OF, also those no longer there
    girls_born: int
    children: int  # 1 to 14 years
    single_men: int  # never married, 15 and older
    parted_men: int  # divorced or widowed, 25 to 59
    old_couples: int  # wife 50 or older
    old_widowed: int  # 60 or older
    deaths: int  # in the year to AS_OF
    moved_in: int  # in the year to AS_OF, still there
    moved_out: int  # in the year to AS_OF
    living_elsewhere: int  # registered here, living elsewhere
    living_here: int  # living here, registered elsewhere (not part of the total)

    @property
    def births(self) -> int:
        return self.boys_born + self.girls_born

    @property
    def infants(self) -> int:
        """Those born in the year who are still there: one died, one moved away."""
        return self.births - 2

    @property
    def population(self) -> int:
        """Registered people on AS_OF."""
        return (
            2 * self.couples
            + self.single_women
            + self.parted_women
            + self.infants
            + self.children
            + self.single_men
            + self.parted_men
            + 2 * self.old_couples
            + self.old_widowed
        )

    @property
    def opening(self) -> int:
        """Registered people one year before AS_OF."""
        return self.population - self.births + self.deaths - self.moved_in + self.moved_out

    def scaled(self, factor: float) -> "Quotas":
        """Return the same mixture for a larger or smaller township."""
        return Quotas(**{name: max(2, round(n * factor)) for name, n in self.__dict__.items()})


TOWNSHIP = Quotas(
    couples=5824,
    single_women=1764,
    parted_women=90,
    boys_born=167,
    girls_born=169,
    children=4600,
    single_men=2600,
    parted_men=150,
    old_couples=3750,
    old_widowed=1631,
    deaths=178,
    moved_in=210,
    moved_out=274,
    living_elsewhere=1805,
    living_here=503,
)
