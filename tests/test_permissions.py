"""Who gets which page: every named address, for every role, inside and outside the own regions.

An address without a line here fails, and so does a line without an address. The letters are the
roles that may open the page: V village worker, C township clerk, L township leader, O county
officer, K clinic, A auditor, M administrator. All of them work where the record is. A clerk of
another township and one without a region get 404 for a record, as if it did not exist.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.accounts.models import SignIn, User
from apps.households.models import Category, LifeEvent, Membership
from apps.imports.models import Batch, Undo
from apps.indicators.models import LegacySeries, LegacyValue
from apps.women.models import CaseFile, ContraceptiveUse
from tests.factories.audit import EntryFactory
from tests.factories.households import HouseholdFactory, PersonFactory, child_of, living, member

pytestmark = pytest.mark.django_db

PERSONAS = {
    "V": "village_worker",
    "C": "township_clerk",
    "L": "township_leader",
    "O": "county_reader",
    "K": "clinic",
    "A": "auditor",
    "M": "administrator",
}
ALL = "VCLOKAM"
CASE = "VCLOA"
OPENS_PERSON = "VCLOKA"
EDITS = "VC"


@dataclass(frozen=True)
class Page:
    """Who may open an address, by which method, and which record stands in it.

    `ok` are the answers somebody who may gets; a form posted empty is refused with 422, a page
    that leads on answers 302.
    """

    who: str
    record: str = ""
    method: str = "get"
    ok: tuple[int, ...] = (200,)
    data: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


def page(who: str, **values: Any) -> Page:
    return Page(who, **values)


def about(record: str, who: str, **values: Any) -> Page:
    return Page(who, record=record, **values)


def act(who: str, record: str = "", **values: Any) -> Page:
    return Page(who, record=record, method="post", **{"ok": (200, 204, 302, 422), **values})


def tab(name: str) -> dict[str, Any]:
    return {"name": name}


PAGES: dict[str, Page] = {
    "home:worklist": page(ALL),
    "home:duty_list": page(EDITS, extra=tab("persons-without-number")),
    "home:search": page(OPENS_PERSON),
    "accounts:kept_form": page(ALL, ok=(302,)),
    "accounts:password_change": page(ALL),
    "accounts:session_list": page(ALL),
    "accounts:session_end_others": act(ALL),
    "accounts:user_list": page("AM"),
    "accounts:user_create": page("M"),
    "accounts:user_detail": about("account", "AM"),
    "accounts:user_edit": about("account", "M"),
    "accounts:user_reset_password": about("account", "M"),
    "accounts:user_password": about("account", "M", ok=(302,)),
    "accounts:sign_in_end": act("M", "sign_in"),
    "audit:entry_list": page("LOA"),
    "audit:entry_detail": about("entry", "LOA"),
    "regions:region_list": page(ALL),
    "regions:tree": page(ALL),
    "regions:search": page(ALL),
    "regions:choose": act(ALL),
    "regions:region_detail": about("village", ALL),
    "regions:region_edit": about("village", "M"),
    "regions:region_create": about("village", "M"),
    "regions:region_move": about("village", "M"),
    "regions:region_merge": about("village", "M"),
    "households:household_list": page(CASE),
    "households:household_create": page(EDITS),
    "households:household_detail": about("household", CASE),
    "households:household_tab": about("household", CASE, extra=tab("members")),
    "households:household_edit": about("household", EDITS),
    "households:member_create": about("household", EDITS),
    "households:household_head": about("household", EDITS),
    "households:household_end": about("household", EDITS),
    "households:household_delete": about("household", "C"),
    "households:category_create": about("household", EDITS),
    "households:category_end": about("category", EDITS),
    "households:membership_edit": about("membership", EDITS),
    "households:person_list": page(CASE),
    "households:person_options": act(CASE),
    "households:person_detail": about("person", OPENS_PERSON),
    "households:person_tab": about("person", OPENS_PERSON, extra=tab("details")),
    "households:person_edit": about("person", EDITS),
    "households:person_numbers": about("person", OPENS_PERSON),
    "households:person_unmask": about("person", "CLO"),
    "households:person_delete": about("person", "C"),
    "households:kinship_create": about("person", EDITS),
    "households:kinship_delete": about("kinship", "C"),
    "households:event_choose": about("person", EDITS),
    "households:event_create": about("person", EDITS, extra={"kind": "death"}),
    "households:event_list": page(CASE),
    "households:event_delete": about("event", "C"),
    "women:casefile_list": page("VCLOKA"),
    "women:casefile_detail": about("person", "VCLOKA"),
    "women:casefile_edit": about("person", "CK"),
    "women:method_create": about("person", "CK"),
    "women:method_end": about("use", "CK"),
    "women:method_delete": about("use", "CK"),
    "imports:batch_list": page("CLOA"),
    "imports:batch_create": page("CO"),
    "imports:template": page("CO"),
    "imports:batch_detail": about("batch", "CLOA", ok=(200, 302)),
    "imports:batch_progress": about("batch", "CLOA", ok=(200, 204, 302)),
    "imports:batch_columns": about("batch", "CLOA", ok=(200, 302)),
    "imports:batch_forget_columns": act("CO", "batch"),
    "imports:batch_errors": about("batch", "CLOA", ok=(200, 302)),
    "imports:error_workbook": about("batch", "CO"),
    "imports:error_file": about("batch", "CO", ok=(200, 302)),
    "imports:batch_duplicates": about("batch", "CLOA", ok=(200, 302)),
    "imports:batch_missing": about("batch", "CLOA", ok=(200, 302)),
    "imports:batch_follow_up": act("CO", "batch", ok=(302, 409, 422)),
    "imports:batch_touched": about("batch", "CLOA", ok=(200, 302)),
    "imports:original_file": about("batch", "CO", ok=(302,)),
    "imports:batch_fix": act("CO", "batch", ok=(302, 409, 422)),
    "imports:batch_preview": about("batch", "CLOA", ok=(200, 302)),
    "imports:batch_confirm": act("CO", "batch", ok=(302, 409, 422)),
    "imports:undo_ask": act("CO", "batch", ok=(302,)),
    "imports:undo_detail": about("undo", "CLOA"),
    "imports:undo_progress": about("undo", "CLOA", ok=(200, 204, 302)),
    "imports:undo_confirm": act("CO", "undo", ok=(302,)),
    "imports:batch_cancel": about("batch", "CO", ok=(200, 302)),
    "imports:batch_retry": act("CO", "batch", ok=(302,)),
    "indicators:dashboard": page(CASE),
    "indicators:row_list": page(CASE, data={"measure": "births"}),
    "indicators:catalogue": page(CASE),
    "indicators:legacy_list": page(CASE),
    "indicators:legacy_create": page("CO"),
    "indicators:legacy_edit": about("legacy", "CO"),
    "indicators:legacy_delete": about("legacy", "CO"),
}

# Open to everybody, with the answer that somebody who is not signed in gets.
OPEN = {
    "accounts:login": 200,
    "core:text_size": 405,
    "set_language": 302,
    "healthz": 200,
}
# Tested on their own below.
APART = {"accounts:logout", "accounts:session_end", "readyz", "metrics"}
API = {"api-root", "api_schema", "api_docs"}
# The REST interface by address and method. Who may, in the given state of the record, is answered
# by success, by wrong input (400) or by "not in this state" (409), never by 403 or 404.
READS, MAY_REFUSE = "CLOA", (200, 202, 400, 409)
CALLS: dict[tuple[str, str], Page] = {
    ("import-list", "get"): page(READS),
    ("import-list", "post"): page("CO", ok=(400,)),
    ("import-detail", "get"): about("batch", READS),
    ("import-columns", "get"): about("batch", READS),
    ("import-columns", "put"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-issues", "get"): about("batch", READS),
    ("import-rows", "get"): about("batch", READS),
    ("import-corrections", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-recheck", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-take", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-confirm", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-cancel", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-retry", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-undo", "get"): about("batch", READS),
    ("import-undo", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-undo-confirm", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-errors-workbook", "get"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-errors-workbook", "post"): about("batch", "CO", ok=MAY_REFUSE),
    ("import-file", "get"): about("batch", "CO", ok=MAY_REFUSE),
}


def named_addresses() -> Iterator[str]:
    """Yield the full names of all addresses of the project."""
    yield from _names(get_resolver().url_patterns, "")


def _names(patterns: list[Any], namespace: str) -> Iterator[str]:
    for found in patterns:
        if isinstance(found, URLResolver):
            inner = ":".join(filter(None, [namespace, found.namespace]))
            yield from _names(found.url_patterns, inner)
        elif isinstance(found, URLPattern):
            yield ":".join(filter(None, [namespace, found.name or str(found.pattern)]))


NAMES = sorted(set(named_addresses()))
OURS = [name for name in NAMES if not name.startswith("admin:")]


@pytest.fixture
def records(places: Any, township_clerk: User) -> dict[str, Any]:
    """One record of each kind, all in the village that everybody in the table works for."""
    household = HouseholdFactory(region=places.village)
    member(household)
    person = member(household, "10", sex="2", name="周小梅")
    child = living(PersonFactory(birth_date=date(2020, 1, 1)), places.village)
    child_of(child, person)
    series = LegacySeries.objects.create(code="fees", name="旧指标")
    batch = Batch.objects.create(
        kind="household_roster",
        region=places.village,
        as_of=timezone.localdate(),
        filename="a.xlsx",
        size=1,
        created_by=township_clerk,
    )
    return {
        "village": places.village,
        "household": household,
        "person": person,
        "membership": Membership.objects.get(person=person),
        "kinship": person.child_links.get(),
        "category": Category.objects.create(
            household=household, kind="only_child", confirmed_by=township_clerk
        ),
        "event": LifeEvent.objects.create(
            kind="left_home",
            person=person,
            region=places.village,
            occurred_on=date(2026, 5, 1),
            learnt_on=date(2026, 5, 2),
            entered_by=township_clerk,
        ),
        "entry": EntryFactory(actor=township_clerk, target=person),
        "account": township_clerk,
        "sign_in": SignIn.objects.create(user=township_clerk, session_key="k" * 32),
        "batch": batch,
        "undo": Undo.objects.create(
            batch=batch, direction="back", state="planned", asked_by=township_clerk
        ),
        "legacy": LegacyValue.objects.create(
            series=series,
            region=places.village,
            period="2015",
            value=1,
            source="年报",
            entered_by=township_clerk,
        ),
        "case_file": CaseFile.objects.create(person=person),
        "use": ContraceptiveUse.objects.create(person=person, method="10"),
    }


def ask(client: Client, name: str, entry: Page, records: dict[str, Any]) -> Any:
    """Open a page as its line says."""
    arguments = dict(entry.extra)
    if entry.record:
        arguments["pk"] = records[entry.record].pk
    address = reverse(name, kwargs=arguments)
    return getattr(client, entry.method)(address, entry.data)


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    lines = {*PAGES, *OPEN, *APART, *API, *(name for name, _method in CALLS)}

    assert sorted(set(OURS) - lines) == []
    assert sorted(lines - set(OURS)) == []


@pytest.mark.parametrize("name", [name for name in PAGES if name in OURS])
def test_each_role_gets_what_its_line_says(
    name: str, records: dict[str, Any], request: pytest.FixtureRequest, client_of: Callable
) -> None:
    entry = PAGES[name]

    answers = {
        letter: ask(client_of(request.getfixturevalue(persona)), name, entry, records).status_code
        for letter, persona in PERSONAS.items()
    }

    inside = {letter: answers[letter] in entry.ok for letter in entry.who}
    refused = {letter: answers[letter] for letter in ALL if letter not in entry.who}
    may_not = 404 if name == "home:duty_list" else 403
    assert inside == dict.fromkeys(entry.who, True), answers
    assert refused == dict.fromkeys(refused, may_not), answers


@pytest.mark.parametrize("persona", ["outsider", "unassigned"])
@pytest.mark.parametrize("name", [n for n, entry in PAGES.items() if entry.record and n in OURS])
def test_record_of_other_regions_does_not_exist(
    name: str,
    persona: str,
    records: dict[str, Any],
    request: pytest.FixtureRequest,
    client_of: Callable,
) -> None:
    user = request.getfixturevalue(persona)
    entry = PAGES[name]
    # The same role as where the record is, so that only the region differs.
    user.role = PERSONAS[entry.who[0]].replace("county_reader", "county_officer")
    user.save()

    answer = ask(client_of(user), name, entry, records)
    unknown = ask(client_of(user), name, entry, {entry.record: type("X", (), {"pk": 987654321})})

    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert without_numbers(answer) == without_numbers(unknown)


def without_numbers(answer: Any) -> list[str]:
    """The lines of a page without what differs at every request."""
    changing = ("csrfmiddlewaretoken", "X-Request", "Error number", "错误编号", 'name="next"')
    lines = answer.content.decode().splitlines()
    return [line for line in lines if not any(word in line for word in changing)]


@pytest.mark.parametrize("name", [name for name in PAGES if name in OURS])
def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(
    name: str, records: dict[str, Any]
) -> None:
    answer = ask(Client(), name, PAGES[name], records)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("name", [n for n, e in PAGES.items() if e.method == "get" and n in OURS])
def test_nobody_posts_where_reading_is_refused(
    name: str, records: dict[str, Any], request: pytest.FixtureRequest, client_of: Callable
) -> None:
    entry = PAGES[name]
    posted = Page(entry.who, entry.record, "post", extra=entry.extra)
    expected = {405} if name == "home:duty_list" else {403}

    for letter, persona in PERSONAS.items():
        if letter not in entry.who:
            answer = ask(client_of(request.getfixturevalue(persona)), name, posted, records)
            assert answer.status_code in expected, letter


@pytest.mark.parametrize(("name", "status"), OPEN.items())
def test_open_addresses_are_few(name: str, status: int) -> None:
    assert Client().get(reverse(name)).status_code == status


@pytest.mark.parametrize("name", ["readyz", "metrics"])
def test_state_of_the_system_is_told_without_details(
    name: str, client_of: Callable, township_clerk: User, administrator: User
) -> None:
    answers = [
        client.get(reverse(name)).status_code
        for client in (Client(), client_of(township_clerk), client_of(administrator))
    ]

    assert answers[2] in {200, 503}
    assert name == "readyz" or answers[:2] == [404, 404]


@pytest.mark.parametrize("name", sorted(API))
def test_description_of_the_interface_is_for_those_who_keep_the_system(
    name: str, client_of: Callable, township_clerk: User, administrator: User
) -> None:
    assert Client().get(reverse(name)).status_code in {302, 401, 403}
    assert client_of(administrator).get(reverse(name)).status_code == 200
    if name != "api-root":
        assert client_of(township_clerk).get(reverse(name)).status_code == 403


def call(
    client: Client, name: str, method: str, record: str, records: dict[str, Any], pk: int = 0
) -> Any:
    """Ask the REST interface, with an empty body where it takes one."""
    arguments = {"pk": pk or records[record].pk} if record else {}
    body = {} if method == "get" else {"data": {}, "content_type": "application/json"}
    return getattr(client, method)(reverse(name, kwargs=arguments), **body)


def test_every_method_of_the_interface_has_a_line() -> None:
    found = {
        (str(pattern.name), method)
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "api/v1/"
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern)
        for method in getattr(pattern.callback, "actions", {})
        if method != "head"
    }

    assert sorted(found) == sorted(CALLS)


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_interface_gives_each_role_what_its_line_says(
    name: str,
    method: str,
    records: dict[str, Any],
    request: pytest.FixtureRequest,
    client_of: Callable,
) -> None:
    entry = CALLS[name, method]
    answers = {
        letter: call(
            client_of(request.getfixturevalue(persona)), name, method, entry.record, records
        ).status_code
        for letter, persona in PERSONAS.items()
    }

    inside = {letter: answers[letter] in entry.ok for letter in entry.who}
    refused = {letter: answers[letter] for letter in ALL if letter not in entry.who}
    assert inside == dict.fromkeys(entry.who, True), answers
    assert refused == dict.fromkeys(refused, 403), answers
    assert call(Client(), name, method, entry.record, records).status_code == 403


@pytest.mark.parametrize("persona", ["outsider", "unassigned"])
@pytest.mark.parametrize(("name", "method"), [key for key, entry in CALLS.items() if entry.record])
def test_interface_knows_no_record_of_other_regions(
    name: str,
    method: str,
    persona: str,
    records: dict[str, Any],
    request: pytest.FixtureRequest,
    client_of: Callable,
) -> None:
    client, record = client_of(request.getfixturevalue(persona)), CALLS[name, method].record

    answers = [call(client, name, method, record, records, pk=pk) for pk in (0, 987654321)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def addresses_of_reference_data() -> list[str]:
    """All addresses of the reference data's site that need no record."""
    found = []
    for name in NAMES:
        if name.startswith("admin:"):
            with suppress(NoReverseMatch):
                found.append(reverse(name))
    return sorted(set(found))


@pytest.mark.parametrize("address", addresses_of_reference_data())
def test_reference_data_is_for_administrators(
    address: str, request: pytest.FixtureRequest, client_of: Callable
) -> None:
    expected = {200, 302, 403, 404, 405}

    for letter, persona in PERSONAS.items():
        answer = client_of(request.getfixturevalue(persona)).get(address)
        if letter == "M":
            assert answer.status_code in expected
        else:
            assert answer.status_code in {302, 404, 405}, letter
    assert Client().get(address).status_code in {302, 404, 405}


def test_administrator_opens_the_reference_data(client_of: Callable, administrator: User) -> None:
    client = client_of(administrator)

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:regions_region_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403
    assert client.get(reverse("admin:axes_accessattempt_changelist")).status_code == 403
