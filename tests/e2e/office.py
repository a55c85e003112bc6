"""A township office at work, for tests that look at every page: people, figures, imports."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

from django.core.files import File
from django.core.management import call_command

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core import jobs
from apps.core.choices import JobState
from apps.core.models import Job
from apps.households.models import Household, LifeEvent, Person
from apps.households.records import BirthRecord
from apps.households.services import events
from apps.imports import services as imports
from apps.imports.models import Batch, Take
from apps.indicators import services as indicators
from apps.indicators.models import LegacySeries, LegacyValue
from apps.indicators.records import LegacyRecord
from apps.regions.models import Region
from apps.women.models import ContraceptiveUse
from tests.factories.accounts import UserFactory
from tests.factories.households import HouseholdFactory, child_of, marry, member

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
ROSTER = SAMPLES / "10_人员信息补报表.xlsx"
AS_OF = date(2026, 6, 30)
COUNTY, TOWNSHIP, VILLAGE = "999901000000", "999901100000", "999901100200"


@dataclass(frozen=True)
class Office:
    """What the pages are about."""

    users: dict[str, User]
    county: Region
    township: Region
    village: Region
    home: Household
    wife: Person
    son: Person
    use: ContraceptiveUse
    event: LifeEvent
    legacy: LegacyValue
    batches: dict[str, Batch]


def open_office(folder: Path) -> Office:
    """Make the county, its users, one imported roster, one family and imports in every state."""
    load_regions(folder)
    county, township, village = (
        Region.objects.get(code=code) for code in (COUNTY, TOWNSHIP, VILLAGE)
    )
    users = {
        role: UserFactory.create(username=role, role=role, regions=[place])
        for role, place in (
            (Role.TOWNSHIP_CLERK, township),
            (Role.VILLAGE_WORKER, village),
            (Role.COUNTY_OFFICER, county),
            (Role.ADMINISTRATOR, county),
            (Role.AUDITOR, county),
        )
    }
    clerk = users[Role.TOWNSHIP_CLERK]
    home, husband, wife = _family(village)
    son = member(home, "20", name="周小山", birth_date=date(2014, 9, 2), birth_order=1)
    child_of(son, wife, husband)
    birth = BirthRecord(on=date(2026, 6, 1), learnt_on=date(2026, 6, 3), sex="2", name="周小禾")
    use = ContraceptiveUse.objects.create(person=wife, method="03", valid_from=date(2020, 1, 5))
    office = Office(
        users={str(role): user for role, user in users.items()},
        county=county,
        township=township,
        village=village,
        home=home,
        wife=wife,
        son=son,
        use=use,
        event=events.record_birth(actor=clerk, mother=wife, record=birth, father=husband),
        legacy=_legacy(users[Role.COUNTY_OFFICER], county),
        batches=_batches(clerk, township),
    )
    indicators.refresh()
    return office


def load_regions(folder: Path) -> None:
    """Load the county with the township of the sample and its villages."""
    lines = (SAMPLES / "regions.csv").read_text(encoding="utf-8-sig").splitlines()
    wanted = ("code", COUNTY, TOWNSHIP[:9])
    file = folder / "regions.csv"
    file.write_text("\n".join(line for line in lines if line.startswith(wanted)), "utf-8")
    call_command("load_regions", file, stdout=StringIO())


def last_entry() -> Entry:
    """The newest entry of the audit log that says what was changed."""
    return Entry.objects.filter(code__startswith="households.").latest("pk")


def _family(village: Region) -> tuple[Household, Person, Person]:
    home = HouseholdFactory.create(region=village)
    husband = member(home, "02", name="周山", birth_date=date(1984, 3, 7))
    wife = member(home, "10", name="李梅", sex="2", birth_date=date(1996, 5, 12))
    marry(wife, husband, date(2012, 2, 1))
    return home, husband, wife


def _legacy(actor: User, county: Region) -> LegacyValue:
    series = LegacySeries.objects.order_by("pk").first()
    if series is None:
        series = LegacySeries.objects.create(code="certificates", name="领证人数", unit="人")
    points = [
        indicators.enter_legacy(
            actor=actor,
            record=LegacyRecord(series, county, str(year), Decimal(900 + year % 7), "年报"),
        )
        for year in (2013, 2014, 2015)
    ]
    return points[-1]


def _batches(clerk: User, township: Region) -> dict[str, Batch]:
    """One import done, one checked, one that asks for columns, one failed, one waiting."""

    def receive(name: str, content: bytes) -> Batch:
        received = imports.receive_roster(
            actor=clerk,
            kind="household_roster",
            region=township,
            as_of=AS_OF,
            file=File(BytesIO(content), name=name),
        )
        return received.batch

    roster = ROSTER.read_bytes()
    strange = "姓名,性别,出生日期,村,登记日\n张三,男,19800101,沙田村,20200101\n"
    done = receive(ROSTER.name, roster)
    _do_jobs()
    imports.choose_take(actor=clerk, batch=done, take=Take.GOOD)
    imports.confirm_batch(actor=clerk, batch=done)
    _do_jobs()
    batches = {
        "done": done,
        "checked": receive(ROSTER.name, roster),
        "mapped": receive("表.csv", strange.encode("gb18030")),
        "failed": receive("坏.xlsx", b"this is no workbook"),
    }
    _do_jobs()
    for name, batch in batches.items():
        batch.refresh_from_db()
        assert batch.state == name, (name, batch.state)
    return {**batches, "waiting": receive("等.csv", strange.encode())}


def _do_jobs() -> None:
    for number in list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)):
        jobs.run(number)
