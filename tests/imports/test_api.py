"""The REST interface of imports: the same import as by the pages, from the file to the undo."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.core.models import Job
from apps.households.models import Household, Person
from apps.imports import services
from apps.imports.models import Batch, BatchState, Correction, Undo
from apps.regions.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.imports import DAY, KIND, TinyKind, groups, people, roster
from tests.imports.test_command import FILES, NUMBERS, SAMPLES, expected, sample

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


class Program:
    """A program that is signed in as a user."""

    def __init__(self, client: Client) -> None:
        self.client = client
        client.cookies["django_language"] = "en"

    def get(self, name: str, pk: int | None = None, **query: Any) -> Any:
        return self.client.get(address(name, pk), query)

    def send(self, method: str, name: str, pk: int, body: Any = None) -> Any:
        act = getattr(self.client, method)
        return act(address(name, pk), body or {}, content_type="application/json")

    def post(self, name: str, pk: int, body: Any = None) -> Any:
        return self.send("post", name, pk, body)

    def upload(self, file: Any, **values: Any) -> Any:
        given = {"kind": KIND, "region": "999901100000", "as_of": "2026-06-30", "file": file}
        return self.client.post(address("list"), {**given, **values})

    def all(self, name: str, pk: int, **query: Any) -> list[dict[str, Any]]:
        """The rows of all pages."""
        found, answer = [], self.get(name, pk, page_size=200, **query).json()
        while True:
            found += answer["results"]
            if not answer["next"]:
                assert len(found) == answer["count"]
                return found
            answer = self.client.get(answer["next"]).json()


def address(name: str, pk: int | None = None) -> str:
    return reverse(f"import-{name}", kwargs={"pk": pk} if pk else {})


def file_of(*rows: Any, name: str = "名册.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, roster(*rows).read())


@pytest.fixture
def clerk(township_clerk: User, client_of: ClientOf) -> Program:
    return Program(client_of(township_clerk))


@pytest.fixture
def batch(tiny: TinyKind, places: SimpleNamespace, township_clerk: User) -> Batch:
    """A checked roster: one new, one changed, one the same, one with an error."""
    names = people("韦大山", "韦小山旧", "覃芳同", "黄明疑")
    received = services.receive_roster(
        actor=township_clerk, kind=KIND, region=places.township, as_of=DAY, file=roster(*names)
    )
    return services.read_batch(batch_id=received.batch.pk)


# From the file to the undo


@pytest.fixture
def county_program(client_of: ClientOf) -> Program:
    call_command("load_regions", SAMPLES / "regions.csv", stdout=StringIO())
    county = Region.objects.get(kind="county")
    user = UserFactory(username="officer", role="county_officer", regions=[county])
    return Program(client_of(user))


def brought(program: Program, path: Path, kind: str) -> int:
    """Upload a sample and check it; columns that are not certain are taken as suggested."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    code = Region.objects.get(kind="county").code
    answer = program.upload(file, kind=kind, region=code)
    assert (answer.status_code, answer.json()["state"]) == (201, "uploaded")
    pk = answer.json()["id"]
    services.read_batch(batch_id=pk)
    if program.get("detail", pk).json()["state"] == "mapped":
        assert program.send("put", "columns", pk, {"remember": False}).status_code == 202
        services.read_batch(batch_id=pk)
    return pk


@pytest.mark.parametrize(("name", "kind"), FILES)
def test_sample_gives_exactly_what_is_expected_of_it_and_goes_again(
    county_program: Program, name: str, kind: str
) -> None:
    wanted, program = expected(name), county_program
    pk = brought(program, sample(name), kind)

    checked = program.get("detail", pk).json()
    issues = [i for i in program.all("issues", pk) if i["severity"] != "notice"]
    assert program.post("take", pk, {"take": "good"}).status_code == 200
    assert program.post("confirm", pk).status_code == 202
    services.apply_batch(batch_id=pk)
    done = program.get("detail", pk).json()

    result = done["result"]
    found = {
        "data_rows": checked["rows"]["all"],
        **{f"rows_{key}": checked["rows"][key] for key in checked["rows"]},
        "persons_created": {
            "subjects": result["persons_created_subjects"],
            "all_roles_with_id": result["persons_created_with_id"],
            "any": result["persons_created_any"],
        },
        "households_created": result.get("households_created"),
    }
    assert {key: found[key] for key in NUMBERS} == {key: wanted[key] for key in NUMBERS}
    kinds = {(i["sheet"], i["row"], i["column"]): i["kind"] for i in issues}
    accepted = {
        (cell["sheet"], cell["row"], cell["col"]): {cell["kind"], *cell.get("also_accept", [])}
        for cell in wanted["bad_cells"]
    }
    assert kinds.keys() == accepted.keys()
    assert [place for place, one in kinds.items() if one not in accepted[place]] == []
    shapes = [(sheet["name"], sheet["role"], sheet["data_rows"]) for sheet in done["sheets"]]
    assert shapes == [
        (sheet["name"], sheet["role"], sheet["data_rows"]) for sheet in wanted["sheets"]
    ]
    rows = program.all("rows", pk)
    assert len(rows) == wanted["data_rows"]
    assert (done["state"], Person.objects.count()) == ("done", result["persons_created_any"])

    planned = program.post("undo", pk)
    services.look_through(undo_id=planned.json()["undo"]["id"])
    assert program.get("undo", pk).json()["undo"]["staying"] == 0
    assert program.post("undo-confirm", pk).status_code == 202
    services.carry_out_undo(undo_id=planned.json()["undo"]["id"])

    assert program.get("undo", pk).json()["undo"]["state"] == "done"
    assert program.get("detail", pk).json()["state"] == "undone"
    assert (Person.objects.count(), Household.objects.count()) == (0, 0)


# Uploading


def test_second_upload_of_a_file_answers_with_the_import_that_is_open(
    tiny: TinyKind, places: SimpleNamespace, clerk: Program
) -> None:
    first = clerk.upload(file_of(*people("韦大山")))
    second = clerk.upload(file_of(*people("韦大山"), name="again.csv"))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert (Batch.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"kind": "cars"}, "kind", "cars"),
        ({"region": "999901101000"}, "region", "No such place in your regions"),
        ({"region": ""}, "region", "fill in"),
        ({"as_of": "31. 12."}, "as_of", "year, month and day"),
        ({"as_of": "2999-01-01"}, "as_of", "future"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF")}, "file", "not a table file"),
        ({"file": SimpleUploadedFile("a.xlsx", b"")}, "file", "empty"),
        ({"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")}, "file", ""),
        ({"file": "text"}, "file", "choose the file"),
    ],
)
def test_wrong_upload_is_told_by_field_and_opens_nothing(
    tiny: TinyKind,
    places: SimpleNamespace,
    clerk: Program,
    values: dict[str, Any],
    field: str,
    words: str,
) -> None:
    given = {"file": file_of(*people("韦大山")), **values}

    answer = clerk.upload(given.pop("file"), **given)

    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert words in answer.json()[field][0]
    assert not Batch.objects.exists()


def test_file_beyond_the_limit_is_refused(
    tiny: TinyKind, places: SimpleNamespace, clerk: Program, settings: Any
) -> None:
    settings.IMPORT_MAX_BYTES = 10

    answer = clerk.upload(file_of(*people("韦大山")))

    assert (answer.status_code, list(answer.json())) == (400, ["file"])


def test_upload_without_csrf_token_is_refused(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(township_clerk, backend="django.contrib.auth.backends.ModelBackend")

    answer = Program(client).upload(file_of(*people("韦大山")))

    assert answer.status_code == 403
    assert not Batch.objects.exists()


@pytest.mark.parametrize("content", ["{", "[]", '"text"', "null"])
def test_body_that_makes_no_sense_is_wrong_input(
    batch: Batch, clerk: Program, content: str
) -> None:
    for name in ("take", "corrections"):
        answer = clerk.client.post(
            address(name, batch.pk), content, content_type="application/json"
        )
        assert answer.status_code == 400, name


# Reading


def test_list_is_narrowed_by_state_kind_and_region(batch: Batch, clerk: Program) -> None:
    queries: list[dict[str, Any]] = [
        {"state": "checked"},
        {"state": "done"},
        {"kind": KIND},
        {"kind": "cars"},
        {"region_code": batch.region.code},
        {"region_code": "999901"},
    ]

    found = [clerk.get("list", **query).json()["results"] for query in queries]

    ids = [[item["id"] for item in items] for items in found]
    assert ids == [[batch.pk], [], [batch.pk], [], [batch.pk], []]


def test_list_costs_the_same_queries_at_1_and_10_imports(batch: Batch, clerk: Program) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            clerk.get("list")
        return len(found)

    clerk.get("list")
    one = queries()
    for number in range(9):
        Batch.objects.create(
            kind=KIND, region=batch.region, as_of=DAY, filename=f"{number}.csv", size=1,
            sha256=str(number), created_by=batch.created_by,
        )  # fmt: skip

    assert queries() == one
    assert clerk.get("list").json()["count"] == 10


def test_detail_counts_rows_villages_and_findings(batch: Batch, clerk: Program) -> None:
    found = clerk.get("detail", batch.pk).json()

    assert found["rows"] == {
        "all": 4, "clean": 3, "warned": 0, "importable": 3, "blocked": 1, "skipped": 0,
        "new": 1, "changed": 1, "same": 1,
    }  # fmt: skip
    village = found["villages"][0]
    assert (village["region"]["code"], village["rows"]) == ("999901100201", 4)
    assert village["outcomes"]["changed"] == 1
    kinds = [(line["kind"], line["severity"], line["rows"]) for line in found["findings"]]
    assert kinds == [("ambiguous_match", "error", 1)]
    assert (found["progress"], found["failure"], found["result"]) == (None, None, {})


def test_waiting_import_tells_its_progress(
    tiny: TinyKind, places: SimpleNamespace, clerk: Program
) -> None:
    found = clerk.upload(file_of(*people("韦大山"))).json()

    assert found["rows"] is None
    assert found["progress"]["percent"] == 0
    assert found["progress"]["is_waiting"] is True


def test_finding_says_where_what_why_and_what_helps(batch: Batch, clerk: Program) -> None:
    (found,) = clerk.get("issues", batch.pk, severity="error").json()["results"]

    assert (found["row"], found["column"], found["value"]) == (5, "C", "黄明疑")
    assert (found["kind"], found["title"]) == ("ambiguous_match", "More than one person fits")
    assert found["remedy"] == "Add the ID number."
    assert clerk.get("issues", batch.pk, severity="warning").json()["results"] == []
    assert clerk.get("issues", batch.pk, kind="id_length").json()["results"] == []


def test_words_are_chinese_unless_english_was_chosen(batch: Batch, clerk: Program) -> None:
    clerk.client.cookies["django_language"] = "zh-hans"
    with translation.override("zh-hans"):
        title = translation.gettext("More than one person fits")

    (found,) = clerk.get("issues", batch.pk).json()["results"]

    assert found["title"] == title != "More than one person fits"


def test_numbers_of_people_are_masked(county_program: Program) -> None:
    pk = brought(county_program, sample("10_人员信息补报表"), "household_roster")

    rows = county_program.get("rows", pk).content.decode()
    told = rows + county_program.get("issues", pk).content.decode()

    assert "********" in rows
    assert not [number for number in _numbers_of(pk) if number in told]


def _numbers_of(pk: int) -> list[str]:
    numbers = [
        str(row.values.get("id_number") or "") for row in Batch.objects.get(pk=pk).rows.all()
    ]
    return [number for number in numbers if number]


def test_rows_are_narrowed_by_outcome_and_village(batch: Batch, clerk: Program) -> None:
    (changed,) = clerk.get("rows", batch.pk, outcome="changed").json()["results"]

    assert (changed["row"], changed["name"], changed["outcome"]) == (3, "韦小山旧", "changed")
    assert changed["changes"] == [{"field": "sex", "label": "性别", "old": "male", "new": "female"}]
    assert clerk.get("rows", batch.pk, outcome="blocked").json()["count"] == 1
    assert clerk.get("rows", batch.pk, village="999901100201").json()["count"] == 4
    assert clerk.get("rows", batch.pk, village="999901100202").json()["count"] == 0
    assert clerk.get("rows", batch.pk, outcome="x").status_code == 400


def test_page_that_is_not_there_is_404_and_pages_are_limited(batch: Batch, clerk: Program) -> None:
    assert clerk.get("rows", batch.pk, page=2).status_code == 404
    assert len(clerk.get("rows", batch.pk, page_size=3).json()["results"]) == 3
    assert clerk.get("rows", batch.pk, page_size=10**9).status_code == 200


# Deciding


def test_columns_are_shown_and_can_be_chosen(batch: Batch, clerk: Program) -> None:
    shown = clerk.get("columns", batch.pk).json()
    fields = {column["letter"]: column["field"] for column in shown["sheets"][0]["columns"]}
    assert fields == {"A": "seq", "B": "village", "C": "name", "D": "sex", "E": "birth"}

    body = {"sheets": [{"number": 1, "columns": {"D": None}}], "remember": False}
    answer = clerk.send("put", "columns", batch.pk, body)

    assert (answer.status_code, answer.json()["state"]) == (202, "uploaded")
    columns = Batch.objects.get(pk=batch.pk).sheets.get().columns
    assert [c["field"] for c in columns] == ["seq", "village", "name", None, "birth"]


@pytest.mark.parametrize(
    "sheet",
    [
        {"number": 1, "columns": {"D": "colour"}},
        {"number": 1, "columns": {"ZZ": "sex"}},
        {"number": 9, "columns": {"A": "sex"}},
        {"number": 1, "columns": {"D": "name"}},
        {"number": 1, "columns": {"C": None}},
        {"number": 1},
    ],
    ids=["no such field", "no such column", "no such sheet", "twice", "no name", "no columns"],
)
def test_impossible_columns_are_refused(batch: Batch, clerk: Program, sheet: Any) -> None:
    assert clerk.send("put", "columns", batch.pk, {"sheets": [sheet]}).status_code == 400

    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_corrected_cell_is_checked_at_once(batch: Batch, clerk: Program) -> None:
    sheet = clerk.get("issues", batch.pk).json()["results"][0]["sheet"]
    cell = {"sheet": sheet, "row": 5, "column": "C", "value": "黄明"}

    answer = clerk.post("corrections", batch.pk, {"corrections": [cell]})

    assert answer.status_code == 200
    rows = answer.json()["rows"]
    assert (rows["blocked"], rows["importable"], rows["new"]) == (0, 4, 2)
    assert Correction.objects.get().value == "黄明"


def test_one_impossible_correction_keeps_all_from_being_made(batch: Batch, clerk: Program) -> None:
    sheet = clerk.get("issues", batch.pk).json()["results"][0]["sheet"]
    right = {"sheet": sheet, "row": 5, "column": "C", "value": "黄明"}
    wrong = {"sheet": sheet, "row": 2, "column": "C", "value": "黄明"}

    answer = clerk.post("corrections", batch.pk, {"corrections": [right, wrong]})

    assert answer.status_code == 400
    assert answer.json() == {"corrections": [f"{sheet} C2: There is no finding at this cell."]}
    assert not Correction.objects.exists()


def test_confirming_waits_for_a_decision_about_errors_and_is_repeatable(
    batch: Batch, clerk: Program
) -> None:
    refused = clerk.post("confirm", batch.pk)
    clerk.post("take", batch.pk, {"take": "good"})
    codes = [clerk.post("confirm", batch.pk).status_code for _time in range(2)]
    services.apply_batch(batch_id=batch.pk)
    later = clerk.post("confirm", batch.pk)

    assert (refused.status_code, codes) == (409, [202, 200])
    assert "Rows with errors are left" in refused.json()["detail"]
    assert (later.status_code, later.json()["state"], groups()) == (200, "done", 3)
    assert Job.objects.filter(kind="imports.write").count() == 1


def test_cancelled_import_cannot_be_confirmed(batch: Batch, clerk: Program) -> None:
    assert clerk.post("cancel", batch.pk).json()["state"] == "cancelled"

    answers = [clerk.post(name, batch.pk) for name in ("confirm", "cancel", "retry", "undo")]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert groups() == 0


def test_work_that_broke_off_is_taken_up_again(batch: Batch, clerk: Program) -> None:
    Batch.objects.update(state=BatchState.UPLOADED)
    services.fail_batch(batch_id=batch.pk, code="gave_up", params={})
    failed = clerk.get("detail", batch.pk).json()

    again = clerk.post("retry", batch.pk)

    assert (failed["state"], failed["may_retry"]) == ("failed", True)
    assert failed["failure"]["reason"] == "The work broke off on our side."
    assert (again.status_code, again.json()["state"]) == (202, "uploaded")


def test_taking_back_is_looked_through_before_it_is_confirmed(batch: Batch, clerk: Program) -> None:
    assert clerk.get("undo", batch.pk).json() == {"until": None, "undo": None}
    assert clerk.post("undo-confirm", batch.pk).status_code == 409
    Batch.objects.update(take="good")
    clerk.post("confirm", batch.pk)
    services.apply_batch(batch_id=batch.pk)

    first = clerk.post("undo", batch.pk, {"direction": "back"})
    second = clerk.post("undo", batch.pk)
    early = clerk.post("undo-confirm", batch.pk)

    assert (first.status_code, second.json()["undo"]["id"]) == (202, first.json()["undo"]["id"])
    assert first.json()["undo"]["state"] == "planning"
    assert first.json()["until"] is not None
    assert early.status_code == 409
    assert Undo.objects.count() == 1
    assert clerk.post("undo", batch.pk, {"direction": "sideways"}).status_code == 400


# Files


def test_workbook_with_errors_is_made_and_fetched(county_program: Program) -> None:
    program = county_program
    pk = brought(program, sample("10_人员信息补报表"), "household_roster")
    early = program.get("errors-workbook", pk)

    made = program.post("errors-workbook", pk)
    fetched = program.get("errors-workbook", pk)

    assert early.status_code == 409
    assert (made.status_code, made.json()) == (200, {"is_ready": True, "is_failed": False})
    assert b"".join(fetched.streaming_content)[:2] == b"PK"
    assert fetched["Content-Disposition"].startswith("attachment")


def test_workbook_of_a_long_file_is_made_in_the_background(
    county_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.imports.services.error_workbook.AT_ONCE_ROWS", 10)
    pk = brought(county_program, sample("10_人员信息补报表"), "household_roster")

    answers = [
        county_program.post("errors-workbook", pk),
        county_program.get("errors-workbook", pk),
    ]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].json() == {"is_ready": False, "is_failed": False}


def test_original_file_is_fetched(batch: Batch, clerk: Program) -> None:
    answer = clerk.get("file", batch.pk)

    assert b"".join(answer.streaming_content).startswith("\ufeff序号".encode())


# Description


def test_description_names_every_act_and_has_no_warnings(tmp_path: Path) -> None:
    file = tmp_path / "api.json"

    call_command("spectacular", "--fail-on-warn", "--format=openapi-json", f"--file={file}")

    described = json.loads(file.read_text(encoding="utf-8"))["paths"]
    acts = [
        act
        for path, methods in described.items()
        if path.startswith("/api/v1/imports/")
        for act in methods.values()
    ]
    assert len(acts) == 19
    assert [act["operationId"] for act in acts if not act.get("summary")] == []
