"""Imports in every state that a page of the wizard can show, for tests that look at the pages.

    states = open_wizard(office)     # {"done": "/imports/7/", "undo preview": "/imports/undo/2/"}

The people are fictional; the files are small, so that all states are made within seconds.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.choices import JobState
from apps.core.models import Job
from apps.households.models import Person
from apps.imports import services
from apps.imports.models import Batch, BatchState, Direction, QuestionKind, Undo, UndoState
from apps.imports.selectors import (
    READ_JOB,
    UNDO_JOB,
    UNDO_LOOK_JOB,
    WRITE_JOB,
    kind_counts,
    touched,
)
from tests.e2e.office import Office
from tests.imports.comparing import HEADER, JULY, JUNE, answer, asked, row, upload, written

MAY, CHILD = date(2026, 5, 31), date(2015, 3, 1)
ONE, OTHER = "沙田村", "蔡家湾村"
States = dict[str, str]


class Wizard:
    """Makes the states, one group of pages after the other."""

    def __init__(self, office: Office) -> None:
        self.actor: User = office.users[Role.TOWNSHIP_CLERK]
        self.office = office
        self.faulty_files = 0
        self.places: Any = SimpleNamespace(township=office.township)

    def states(self) -> States:
        """The address of every state by its name."""
        found = {f"office {name}": at(batch) for name, batch in self.office.batches.items()}
        for part in (
            self.beginning,
            self.written_ones,
            self.questions,
            self.errors,
            self.workbooks,
            self.columns,
            self.at_work,
            self.ended,
            self.taken_back,
        ):
            found |= part()
        return found

    def upload(self, *rows: tuple[str, ...], **values: Any) -> Batch:
        return upload(self.actor, self.places, *rows, **values)

    def receive(self, name: str, text: str) -> Batch:
        """Hand in a file of any text and read it."""
        batch = services.receive_roster(
            actor=self.actor,
            kind="household_roster",
            region=self.office.township,
            as_of=JUNE,
            file=ContentFile(text.encode(), name=name),
        ).batch
        return services.read_batch(batch_id=batch.pk, actor=self.actor)

    # Before and after ---------------------------------------------------------------------------

    def beginning(self) -> States:
        return {
            "list": "/imports/",
            "list, nothing fits": "/imports/?filename=zz",
            "upload": "/imports/new/",
            "templates": "/imports/template/",
        }

    def written_ones(self) -> States:
        """Written: all of it, nothing new, with rows that wait, and what brings these."""
        people = [row(f"赵{name}", serial=n, village=ONE) for n, name in enumerate("明亮远平", 1)]
        done = written(self.actor, self.upload(*people))
        again = written(self.actor, self.upload(*people, as_of=JULY))
        self.done = done
        twins = row("韦大山", serial=8, village=ONE), row("韦小山", serial=8, village=ONE)
        others = row("覃芳", "女", village=OTHER), *twins
        waits, left = (written(self.actor, self.upload(*others, as_of=day)) for day in (MAY, JULY))
        brings = services.follow_up(actor=self.actor, batch=left)
        services.read_batch(batch_id=brings.pk, actor=self.actor)
        return {
            "written": at(done),
            "written, preview": at(done, "preview/"),
            "written, errors": at(done, "errors/"),
            "written, columns": at(done, "columns/"),
            "written, nothing new": at(again),
            "written, rows wait": at(waits),
            "written, rows wait in another": at(left),
            "what waited": at(brings, "preview/"),
            "touched, nothing": at(again, "touched/"),
            **self.touched(done),
        }

    def touched(self, batch: Batch) -> States:
        return {
            f"touched {line.table.key}": at(batch, f"touched/?table={line.table.key}")
            for line in touched.touched_tables(batch)
        }

    # Deciding -----------------------------------------------------------------------------------

    def questions(self) -> States:
        """A file that raises a question of every kind, and the same with answers."""
        known = [
            row("何漂莲", "女", serial=31, village=ONE, education="小学"),
            row("张小明", born=CHILD, number=None, village=ONE, household="021"),
            row("吕大山", serial=32, village=ONE, household="022"),
            row("吕大山", serial=33, village=ONE, household="023"),
            row("龙清秋", "女", serial=34, village=ONE, phone="19912345678"),
            row("莫远山", serial=35, village=ONE, education="小学"),
        ]
        written(self.actor, self.upload(*known, as_of=JULY))
        self.upload(row("闭秋月", "女", serial=41, village=ONE))
        rows = [
            row("韦大山", serial=51, village=ONE),
            row("韦小山", serial=51, village=ONE, household="002"),
            row("蓝天", serial=52, village=ONE),
            row("蓝天", serial=52, village=OTHER),
            row("覃海", serial=53, village=ONE),
            row("覃海", serial=53, village=ONE, education="初中"),
            row("农山", serial=54, village=ONE),
            row("农山", serial=55, village=ONE),
            row("农山", number=None, village=ONE),
            row("闭秋月", "女", serial=41, village=OTHER),
            row("何莲花", "女", serial=31, village=ONE, education="初中"),
            row("龙清秋", "女", serial=34, village=OTHER),
            row("吕大山", number=None, village=ONE, education="初中", household="024"),
            row("张晓明", born=CHILD, number=None, village=ONE, household="025"),
            row("莫远山", serial=35, village=ONE, education="初中", phone="19987654321"),
        ]
        asking = self.upload(*rows)
        answered = self.upload(row("卢青", "女", serial=56, village=ONE), *rows)
        kinds = {kind for kind, _rows, _open in asked(asking)}
        assert kinds == set(QuestionKind.values), kinds ^ set(QuestionKind.values)
        answer(self.actor, answered, "keep", 1)
        return {
            **{f"question {kind}": at(asking, f"questions/?kind={kind}") for kind in kinds},
            "questions, one answered": at(answered, "questions/"),
            "missing people": at(asking, "missing/"),
            "preview, questions": at(asking, "preview/"),
            **{
                f"preview {name}": at(asking, f"preview/?rows={name}")
                for name in ("new", "changed", "held", "stays", "waiting", "skipped", "blocked")
            },
            "no questions": at(self.office.batches["checked"], "questions/"),
        }

    # Correcting ---------------------------------------------------------------------------------

    def errors(self) -> States:
        """Findings of every severity, a correction begun, refused and made, steps."""
        new = self.faulty()
        found = {
            f"errors {count.severity} {count.kind}": at(
                new, f"errors/?severity={count.severity}&kind={count.kind}"
            )
            for counts in kind_counts(new).values()
            for count in counts
        }
        fixed = self.faulty()
        services.leave_out(actor=self.actor, batch=fixed, kind="name_missing", severity="error")
        services.accept(actor=self.actor, batch=fixed, kind="id_char", severity="error")
        step = fixed.fixes.latest("pk")
        bad = self.upload(row("5566", village=ONE), row("7788", serial=2, village=ONE), as_of=JULY)
        return {
            **found,
            "errors, first": at(new, "errors/"),
            "errors, left out": at(fixed, "errors/?severity=skip&kind=left_out"),
            "errors, to be checked again": at(fixed, "errors/"),
            "steps of correction": at(fixed, "errors/?severity=fixed"),
            "one step of correction": at(fixed, f"errors/?severity=fixed&step={step.pk}"),
            "no row can be written": at(bad, "preview/"),
            "preview, errors left": at(new, "preview/"),
            "stop": at(new, "cancel/"),
        }

    def faulty(self) -> Batch:
        """A file of its own with errors, reminders, something put right and left out."""
        self.faulty_files += 1
        good = row("唐一帆", serial=60 + self.faulty_files, village=ONE, household="061")
        return self.upload(
            good,
            good,
            row("", serial=92, village=ONE),
            row("唐二帆", serial=93, village=ONE, number="99990119800506O63X"),
            row("唐三帆", serial=94, village=ONE, number="999901198005060640"),
            row("唐四帆", serial=95, village="不在册村"),
            row("唐五帆", serial=96, village="沙田", phone="1234"),
            row("唐六帆", number=None, village=ONE, born=date(2001, 2, 3)),
            row(" 唐 七帆", serial=97, village=OTHER, education="不详学历"),
        )

    def workbooks(self) -> States:
        """The workbook with the errors: not asked for, being made, made, not to be made."""
        asked_for, running, ready, failed = (self.faulty() for _each in range(4))
        job(running, services.ERRORS_JOB, state=JobState.RUNNING)
        job(failed, services.ERRORS_JOB, state=JobState.FAILED, error="无法按原格式写回此文件。")
        services.make_error_workbook(batch_id=ready.pk)
        names = {"": asked_for, ", being made": running, ", ready": ready, ", failed": failed}
        return {
            f"error workbook{name}": at(batch, "errors/workbook/") for name, batch in names.items()
        }

    def columns(self) -> States:
        """Columns that are known as somebody of the office confirmed them for an earlier file."""
        strange = "姓名,关系,性别,生日,村,登记日\n韩一,户主,男,19800101,沙田村,2020\n"
        first = self.receive("旧.csv", strange)
        chosen = {
            sheet.number: dict(zip("ABCDEF", CHOSEN, strict=True)) for sheet in first.sheets.all()
        }
        services.confirm_columns(actor=self.actor, batch=first, columns=chosen, in_background=False)
        services.read_batch(batch_id=first.pk, actor=self.actor)
        second = self.receive("新.csv", strange.replace("韩一", "韩二"))
        return {"columns remembered": at(second, "columns/")}

    # Going on and ended -------------------------------------------------------------------------

    def at_work(self) -> States:
        """Waiting, reading with first findings, interrupted, writing."""
        read = {"stage": "check", "reached": 350, "done_count": 7000, "total_count": 20000}
        reading, broken = self.faulty(), self.faulty()
        far = {"so_far": {"rows": 7000, "blocked": 41, "warned": 1, "sheets": ["沙田村"]}}
        state(reading, BatchState.READING, counts=far)
        job(reading, READ_JOB, state=JobState.RUNNING, **read)
        state(broken, BatchState.READING, counts={})
        job(broken, READ_JOB, state=JobState.QUEUED, losses=1, **read)
        waits, writes = (self.upload(row("邓一", serial=n, village=ONE)) for n in (71, 72))
        for batch in (waits, writes):
            services.confirm_batch(actor=self.actor, batch=batch, in_background=False)
        job(waits, WRITE_JOB, state=JobState.QUEUED)
        state(writes, BatchState.APPLYING)
        wrote = {"stage": "write", "reached": 640, "done_count": 640, "total_count": 1000}
        job(writes, WRITE_JOB, state=JobState.RUNNING, **wrote)
        return {
            "reading": at(reading),
            "reading, interrupted": at(broken),
            "writing, waiting": at(waits),
            "writing": at(writes),
        }

    def ended(self) -> States:
        """Nothing in it, refused, given up, stopped, replaced by its correction."""
        found = {"empty": at(self.receive("空.csv", ",".join(HEADER) + "\n"))}
        for code, params in FAILURES.items():
            batch = self.upload(row("蒋一", serial=len(found) + 80, village=ONE))
            state(batch, BatchState.FAILED, failure={"code": code, "params": params}, counts={})
            found[f"failed {code}"] = at(batch)
        stopped, replaced = (self.upload(row("蒋二", serial=n, village=ONE)) for n in (77, 78))
        for batch in (stopped, replaced):
            services.cancel_batch(actor=self.actor, batch=batch)
        state(replaced, BatchState.CANCELLED, failure={"code": "repaired"})
        return {**found, "stopped": at(stopped), "replaced": at(replaced)}

    # Taking back --------------------------------------------------------------------------------

    def brought_in(self, born: int) -> Batch:
        """Write three people born in a year of their own."""
        rows = [
            row(f"邹{name}", born=date(born, month, 1), village=ONE, household=f"{born}")
            for month, name in enumerate("一二三", 1)
        ]
        return written(self.actor, self.upload(*rows))

    def taken_back(self) -> States:
        """Asked, looked through, under way, done, refused, brought in again."""
        batches = [self.brought_in(year) for year in range(1960, 1968)]
        planning, planned, going, done, failed, stays, again, over = batches
        touch(planned, "邹一")
        for name in ("邹一", "邹二", "邹三"):
            touch(stays, name)
        asked_for = services.ask_undo(actor=self.actor, batch=planning)
        job(asked_for, UNDO_LOOK_JOB, state=JobState.RUNNING, reached=300)
        going_on = services.confirm_undo(
            actor=self.actor, undo=self.looked(going), in_background=False
        )
        job(going_on, UNDO_JOB, state=JobState.RUNNING, reached=700)
        broken = self.looked(failed)
        Undo.objects.filter(pk=broken.pk).update(state=UndoState.FAILED, failure="gave_up")
        touch(done, "邹二")
        back, first = self.undone(done), self.undone(again)
        anew = self.looked(again, Direction.AGAIN)
        late = timezone.now() - timedelta(days=40)
        Batch.objects.filter(pk=over.pk).update(
            created_at=late, confirmed_at=late, apply_started_at=late, finished_at=late
        )
        return {
            "undo, looking": at(asked_for),
            "undo, preview": at(self.looked(planned)),
            "undo, going on": at(going_on),
            "undo, done": at(back),
            "undo, failed": at(broken),
            "undo, nothing to put back": at(self.looked(stays)),
            "undo, all gone": at(first),
            "undo of the undo": at(anew),
            "taken back": at(done),
            "taken back, preview": at(done, "preview/"),
            "undo too late": at(over),
        }

    def looked(self, batch: Batch, direction: str = Direction.BACK) -> Undo:
        undo = services.ask_undo(actor=self.actor, batch=batch, direction=direction)
        return services.look_through(undo_id=undo.pk)

    def undone(self, batch: Batch) -> Undo:
        undo = services.confirm_undo(actor=self.actor, undo=self.looked(batch), in_background=False)
        return services.carry_out_undo(undo_id=undo.pk)


CHOSEN = ("name", "relation", "sex", "birth", "village", None)
FAILURES: dict[str, dict[str, Any]] = {
    "encrypted": {},
    "gave_up": {},
    "file_lost": {},
}


def open_wizard(office: Office) -> States:
    """Make every state and return the address of each by its name."""
    return Wizard(office).states()


def at(record: Batch | Undo, rest: str = "") -> str:
    """The address of a page about a record."""
    return record.get_absolute_url() + rest


def state(batch: Batch, name: BatchState, **values: Any) -> None:
    """Put a batch into a state as it stands while, or after, a job is at work."""
    now = timezone.now()
    ends = {BatchState.FAILED: {"finished_at": now}}.get(name, {})
    Batch.objects.filter(pk=batch.pk).update(state=name, **ends, **values)


def job(record: Batch | Undo, kind: str, **values: Any) -> None:
    """Put the job of a record where it is looked at."""
    known = {"started_at": timezone.now() - timedelta(seconds=7), **values}
    Job.objects.filter(kind=kind, target_id=str(record.pk)).delete()
    Job.objects.create(kind=kind, target_id=str(record.pk), **known)


def touch(batch: Batch, name: str) -> None:
    """Change somebody whom an import brought in, as a form does."""
    people = Person.objects.filter(name=name, pk__in=batch.rows.values("subject_id"))
    assert people.update(education="70", updated_at=timezone.now()) == 1
