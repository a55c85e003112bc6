"""The household roster (户籍人口花名册): one line per registered person, household by household."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from apps.core.text import words
from apps.households import selectors
from apps.households.roster_rows import roster_row
from apps.households.roster_texts import NO_HOUSEHOLD, home_texts
from apps.households.selectors.rosters import roster_of
from apps.households.services.roster import HouseholdWork
from apps.households.services.roster.answers import SheetWork
from apps.households.services.roster.writing import follow_undo
from apps.imports import registry, shared_columns
from apps.imports.records import NO_DECISIONS, Candidate, Column, Decisions
from apps.imports.rules import vocabulary
from apps.imports.rules.drafts import Draft, FileContext

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from apps.accounts.models import User
    from apps.regions.models import Region

HEAD_CODES = frozenset(("02", "03"))
HEAD, OTHER_RELATION = "02", "80"
_HOUSEHOLD_FIELDS = {"relation", "hh_no", "hh_code", "head_name", "head_id"}
_SHARED_NUMBER_WORDS = words("户编号 家庭编号 户籍编号 户口编号 家庭户编号 本户编号 住户编号")
_RELATION_WORDS = vocabulary.joined(
    "与户主 和户主 同户主 跟户主 与本户户主 和本户户主 与户长 户主或与户主 与户主的 及与户主"
    " 与家庭户主 与户代表 与承包方代表 与家庭代表 是户主的",
    "关系 之关系 的关系 之间关系 什么关系 称谓 称呼 亲属关系 关系称谓 家庭关系 何种关系 什么人"
    " 关系名称",
)

COLUMNS = (
    *shared_columns.PLACES,
    Column(
        "hh_no",
        "household",
        (
            *words("户号 户口簿号 户口本号 户主编号 户序号 门户号 户口簿编号 户口簿号码 户口号码"),
            *words(
                "户口号 户口本编号 户口本号码 家庭号 住户号 户籍号 户籍号码 家庭户号 户籍户号"
                " 户口簿户号 户口册号 户序"
            ),
            *words(
                "户次 第几户 户口簿序号 户顺序号 户口本户号 农户号 农户编号 住户序号 家庭序号"
                " 每户编号"
            ),
            *_SHARED_NUMBER_WORDS,
        ),
        role="row",
        target="household_no",
    ),
    Column(
        "hh_code",
        "household",
        (
            *words("户编码 户代码 家庭编码 家庭户编码 户籍编码 户码 住户编码 家庭代码 农户编码"),
            *_SHARED_NUMBER_WORDS,
        ),
        role="row",
        target="household_no",
    ),
    Column(
        "head_name",
        "name",
        (
            *words(
                "户主姓名 户主 户主名字 户长 户长姓名 户主名 户主名称 家庭户主 户代表 家庭代表"
                " 当家人 户主是谁 农户姓名 农户户主"
            ),
            *vocabulary.NAME,
        ),
        role="head",
        target="head_name",
    ),
    Column(
        "head_id",
        "id",
        (
            *words("户主身份证号 户主身份证号码 户主公民身份号码 户主证件号码 户主身份证"),
            *vocabulary.ID_NUMBER,
        ),
        role="head",
        target="head_id",
        pattern=vocabulary.ID_PATTERN,
        severity="warning",
    ),
    Column("name", "name", vocabulary.NAME, target="name"),
    Column(
        "relation",
        "relation",
        (
            *words(
                "关系 家庭关系 户主关系 成员关系 与户主 称谓 亲属称谓 家庭称谓 亲属关系 称呼"
                " 家庭成员关系 户内关系"
            ),
            *words("relation relationship"),
            *_RELATION_WORDS,
        ),
        role="row",
        target="relation",
        code_set="relationship_to_head",
        written=vocabulary.RELATIONS,
    ),
    *shared_columns.IDENTITY,
    shared_columns.MARITAL,
    shared_columns.MARRY,
    shared_columns.HUKOU,
    shared_columns.PHONE,
    Column(
        "residence",
        "code",
        (
            *words(
                "居住状况 居住情况 在家情况 人户状况 居住状态 人户情况 外出情况 户籍状态 现状"
                " 人口状态 流动情况"
            ),
            *words(
                "人户状态 居住现状 在村情况 常住情况 在家外出 在家或外出 常住外出 现居住状态"
                " 居住类别 在外情况"
            ),
            *words(
                "人员去向 现居住状况 现居住情况 居住人户状况 人户一致情况 户在人在情况 外出状态"
                " 流动状态"
            ),
            *vocabulary.joined(
                "是否 目前是否 现是否 当前是否",
                "外出 常年外出 长期外出 外出务工 常年外出务工 长期外出务工 外出打工 流出 流动"
                " 在外 长期在外 常年在外 在外务工 在家 常年在家 长期在家 在家居住 常住 在村"
                " 在村居住 在本村居住 居住 居住在村 离开本村 不在家 常住本村 常住在村",
            ),
            *words("外出否 在家否 常住否 在村否 在不在家"),
        ),
        role="row",
        target="residence_status",
        code_set="residence_status",
        written=vocabulary.RESIDENCES,
    ),
    Column(
        "father_name",
        "name",
        (*words("父亲姓名 父名 父亲"), *vocabulary.NAME),
        role="father",
        target="father_name",
    ),
    Column(
        "mother_name",
        "name",
        (*words("母亲姓名 母名 母亲"), *vocabulary.NAME),
        role="mother",
        target="mother_name",
    ),
    Column(
        "spouse_name",
        "name",
        (*words("配偶姓名 配偶 爱人 爱人姓名"), *vocabulary.NAME),
        role="spouse",
        target="spouse_name",
    ),
    Column(
        "spouse_id",
        "id",
        (*words("配偶身份证号 配偶身份证号码"), *vocabulary.ID_NUMBER),
        role="spouse",
        target="spouse_id_number",
        pattern=vocabulary.ID_PATTERN,
    ),
    *shared_columns.REST,
)

FIELD_LABELS = shared_columns.LABELS | {
    "hh_no": _("household number"),
    "hh_code": _("household code"),
    "household_no": _("household number"),
    "head_name": _("name of the head"),
    "head_id": _("ID number of the head"),
    "relation": _("relation to the head"),
    "residence": _("residence"),
    "residence_status": _("residence"),
    "father_name": _("name of the father"),
    "mother_name": _("name of the mother"),
    "spouse_name": _("name of the spouse"),
    "spouse_id": _("ID number of the spouse"),
    "spouse_id_number": _("ID number of the spouse"),
    "head": _("head"),
}


class _House:
    """One household of the file while its lines are gathered."""

    __slots__ = ("head", "key", "lines", "number")

    def __init__(self, key: str, number: str | None) -> None:
        self.key = key
        self.number = number
        self.head: Draft | None = None
        self.lines: list[Draft] = []


class HouseholdRoster(registry.SheetKind):
    """Each line is a person registered in the village; the head's line comes first as a rule."""

    name = "household_roster"
    label = _("Household roster")
    columns = COLUMNS
    required = (
        ("name",),
        ("id", "birth"),
        ("relation", "hh_no", "hh_code", "head_name"),
    )
    foreign_words = words(
        "避孕 节育 措施 流出时间 流入 婚育证明 会员 协会 入会 光荣证 奖励费 扶助 银行 开户"
        " 保单 投保"
        " 保费 受益 死亡 新生儿 出生医学 检查结果 环情 孕情 初婚时间 末孩 施术 丈夫 妻子"
    )
    peculiar = frozenset(("relation", "hh_no", "hh_code", "head_name"))
    role_words = {
        "spouse": words("丈夫 妻子 男方 女方"),
    }
    template = (
        "key", "hh_no", "name", "relation", "sex", "id", "birth", "ethnic", "edu", "marital",
        "marry", "hukou", "residence", "phone", "group", "address", "remark",
    )  # fmt: skip
    template_headings = {
        "hh_no": "户号",
        "relation": "与户主关系",
        "id": "公民身份号码",
        "birth": "出生日期",
    }
    file_words = "户籍人口花名册"
    gathered = ("household_key", "household_no", "head_name", "head_id")
    unit = _("people")
    subject_url_name = "households:person_detail"
    person_url_name = "households:person_detail"
    list_url_name = "households:person_list"
    field_labels = FIELD_LABELS

    def check_row(self, draft: Draft, context: FileContext) -> None:
        values = draft.values
        if draft.has("relation_unknown"):
            values["relation"] = OTHER_RELATION
        relation = values.get("relation")
        if (
            relation is None
            and values.get("head_name")
            and values["head_name"] == values.get("name")
        ):
            relation = values["relation"] = HEAD
        values["is_head"] = relation in HEAD_CODES

    def check_file(self, drafts: Sequence[Draft], context: FileContext) -> None:
        """Gather the lines into households: sets household_key, household_no, head_name, head_id.

        Numbers stand on every line, in a merged cell or on the first line only; lines without any
        belong to the head above them, also when somebody left the head's line out.
        """
        by_group = _numbers_restart_by_group(drafts)
        houses: dict[str, _House] = {}
        current: _House | None = None
        table: object = None
        for draft in drafts:
            is_repeated = draft.is_skipped and not draft.left_out
            if is_repeated or not _HOUSEHOLD_FIELDS & draft.layout.indices.keys():
                continue
            if draft.layout is not table:
                current, table = None, draft.layout
            if NO_HOUSEHOLD in (draft.raw_cell("hh_no"), draft.raw_cell("hh_code")):
                current = None
                continue
            current = _house_of(draft, current, houses, by_group)
            current.lines.append(draft)
        for house in houses.values():
            _name_the_head(house)

    def people_of(
        self, region: "Region", *, actor: "User", on: date
    ) -> Iterable[registry.TemplateLine]:
        return (
            home_texts(person, membership) for person, membership in roster_of(actor, region, on)
        )

    def work(
        self,
        *,
        actor: "User",
        villages: Collection[str],
        as_of: date,
        batch: str = "",
        decisions: Decisions = NO_DECISIONS,
    ) -> registry.RosterWork:
        work = HouseholdWork(
            actor=actor, villages=villages, as_of=as_of, batch=batch, decisions=decisions
        )
        return SheetWork(work, roster_row, self.columns)

    def candidates(self, ids: Sequence[int], *, user: "User", on: date) -> list[Candidate]:
        return selectors.candidates(ids, user=user, on=on)

    def missing(
        self, roster: registry.Coverage, *, user: "User", as_of: date, name: str = ""
    ) -> "QuerySet[Any, dict[str, Any]]":
        return selectors.registered_but_missing(roster, user=user, as_of=as_of, name=name)


def _identity(draft: Draft) -> str:
    return draft.id_number or draft.values.get("name") or ""


def _numbers_restart_by_group(drafts: Sequence[Draft]) -> bool:
    """Whether household numbers begin again in each village group, so that they need its name."""
    heads: dict[tuple[str, str], dict[str, str]] = {}
    for draft in drafts:
        number, group = draft.values.get("household_no"), draft.values.get("group")
        if number and group and draft.values["is_head"] and not draft.is_skipped:
            region = draft.region.code if draft.region else ""
            heads.setdefault((region, number), {}).setdefault(group, _identity(draft))
    repeated = sum(len(set(by_group.values())) > 1 for by_group in heads.values())
    return repeated > 1 and repeated * 5 > len(heads)


def _house_of(
    draft: Draft, current: _House | None, houses: dict[str, _House], by_group: bool
) -> _House:
    """Return the household that a line belongs to, a new one if need be."""
    values = draft.values
    number = values.get("household_no")
    if number and by_group and values.get("group"):
        number = f"{values['group'].removesuffix('组')}-{number}"
    region = draft.region.code if draft.region else ""
    if number:
        key = f"{region}|{number}"
        return _numbered(draft, houses.get(key) or _House(key, number), houses)
    if current is None or _begins_new(draft, current, region):
        current = _House(f"{region}|@{draft.place}", None)
        houses[current.key] = current
    if values["is_head"] and current.head is None:
        current.head = draft
    return current


def _numbered(draft: Draft, house: _House, houses: dict[str, _House]) -> _House:
    """Put a line into the household of its number; a second head there is for a person to solve."""
    houses[house.key] = house
    if draft.values["is_head"]:
        if house.head is None or house.head.left_out:
            house.head = draft
        elif _identity(house.head) != _identity(draft):
            params = {
                "household": house.number,
                "name": house.head.values.get("name") or "",
                "other_row": house.head.place,
            }
            draft.add("household_two_heads", "relation", params)
    return house


def _begins_new(draft: Draft, current: _House, region: str) -> bool:
    """Whether a line without number opens a household: a head, another village or another head."""
    values = draft.values
    if not current.key.startswith(f"{region}|"):
        return True
    if values["is_head"] and current.head is not None:
        return True
    first = current.lines[0].values
    return any(
        values.get(field) and first.get(field) and values[field] != first[field]
        for field in ("head_id", "head_name")
    )


def _name_the_head(house: _House) -> None:
    """Give all lines of a household its key, its number and what is known of its head."""
    head = house.head
    name = head.values.get("name") if head else None
    number = head.id_number if head else None
    for draft in house.lines:
        values = draft.values
        name = name or values.get("head_name")
        number = number or values.get("head_id")
    found = {
        "household_key": house.key,
        "household_no": house.number,
        "head_name": name,
        "head_id": number,
    }
    for draft in house.lines:
        draft.put(found)


registry.register(HouseholdRoster())
registry.after_put_back(follow_undo)
