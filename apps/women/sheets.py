"""The roster of married women of childbearing age (已婚育龄妇女花名册): one line per woman."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.core.text import words
from apps.households.services.roster.answers import apply_answer, plan_answer
from apps.imports import registry
from apps.imports.records import (
    NO_DECISIONS,
    ApplyResult,
    CheckedRow,
    Column,
    Decisions,
    PlanResult,
)
from apps.imports.rules import vocabulary
from apps.imports.rules.drafts import Draft, FileContext
from apps.women.roster_rows import WomanRow, woman_row
from apps.women.services.roster import plan_women, register_women

if TYPE_CHECKING:
    from apps.accounts.models import User

_CHILDREN = words("子女 孩子 小孩 生育 孩")
_METHOD = words("避孕 节育 措施")
_WHEN = words("时间 日期 年月 落实时间 落实日期 起始时间 采取时间")

COLUMNS = (
    Column("seq", "serial", vocabulary.SERIAL, role="row"),
    Column("town", "town", vocabulary.TOWN, role="row"),
    Column("village", "village", vocabulary.VILLAGE, role="row"),
    Column("group", "group", vocabulary.GROUP, role="row", target="group"),
    Column("groupno", "group", vocabulary.GROUP, role="row", target="group"),
    Column(
        "name",
        "name",
        (*vocabulary.NAME, *words("妇女姓名 育龄妇女姓名 妻子姓名 女方姓名 妇女 育龄妇女 妻子")),
        target="name",
    ),
    Column("sex", "sex", vocabulary.SEX, target="sex"),
    Column("id", "id", vocabulary.ID_NUMBER, target="id_number"),
    Column("birth", "birth", vocabulary.BIRTH),
    Column("age", "age", vocabulary.AGE),
    Column(
        "ethnic",
        "code",
        vocabulary.ETHNIC,
        target="ethnic_group",
        code_set="ethnic_group",
        written=vocabulary.ETHNIC_GROUPS,
    ),
    Column(
        "edu",
        "code",
        vocabulary.EDUCATION,
        target="education",
        code_set="education",
        written=vocabulary.EDUCATIONS,
    ),
    Column(
        "hukou",
        "code",
        vocabulary.HUKOU,
        target="hukou_type",
        code_set="hukou_type",
        written=vocabulary.HUKOUS,
    ),
    Column(
        "spouse_name",
        "name",
        (*vocabulary.NAME, *words("丈夫姓名 配偶姓名 男方姓名 丈夫 配偶 爱人姓名")),
        role="spouse",
        target="spouse_name",
    ),
    Column("spouse_id", "id", vocabulary.ID_NUMBER, role="spouse", target="spouse_id_number"),
    Column(
        "marital",
        "code",
        vocabulary.MARITAL,
        role="row",
        target="marital_status",
        code_set="marital_status",
        written=vocabulary.MARITALS,
    ),
    Column(
        "marry",
        "date",
        vocabulary.FIRST_MARRIAGE,
        role="row",
        target="first_marriage_on",
        group_words=words("初婚 结婚 婚姻"),
        short_words=words("时间 日期 年月"),
        after_birth=True,
    ),
    Column(
        "kids",
        "integer",
        words(
            "现有子女数 子女数 现有子女 孩子数 现有孩子数 子女合计 子女总数 现存子女数 孩数 现孩数"
        ),
        role="row",
        target="children",
        group_words=_CHILDREN,
        short_words=words("合计 小计 总数 数 计 个数 人数 总计"),
    ),
    Column(
        "boys",
        "integer",
        words("男孩数 男孩 儿子数 现有男孩 子女男 子女数男 现有男孩数 男孩个数"),
        role="row",
        target="boys",
        group_words=_CHILDREN,
        short_words=words("男 男孩 儿子 子 其中男 男性 男孩数"),
    ),
    Column(
        "girls",
        "integer",
        words("女孩数 女孩 女儿数 现有女孩 子女女 子女数女 现有女孩数 女孩个数"),
        role="row",
        target="girls",
        group_words=_CHILDREN,
        short_words=words("女 女孩 女儿 其中女 女性 女孩数"),
    ),
    Column(
        "last_birth",
        "date",
        words(
            "末孩出生时间 末孩出生日期 末孩出生年月 最小孩子出生日期 末次生育时间"
            " 末孩生育时间 末孩出生"
            " 最小孩出生时间 末孩时间 末次分娩时间"
        ),
        role="row",
        target="last_birth_on",
        group_words=words("末孩 最小孩 末次生育"),
        short_words=words("出生日期 出生年月 出生时间 时间 日期 生日"),
        after_birth=True,
    ),
    Column(
        "method",
        "code",
        words(
            "避孕措施 措施名称 避孕方法 节育措施 现用避孕措施 避孕节育措施 避孕节育方法 措施"
            " 现避孕措施"
            " 避孕方式 现采取措施 措施情况 落实措施 避孕节育情况 现行避孕措施 采取措施"
        ),
        role="row",
        target="method",
        group_words=_METHOD,
        short_words=words("措施 方法 名称 种类 措施名称 现用 方式 现用措施 类型"),
        code_set="contraceptive_method",
        written=vocabulary.METHODS,
    ),
    Column(
        "method_date",
        "date",
        words(
            "落实时间 落实日期 措施时间 措施日期 手术时间 手术日期 落实措施时间 措施落实时间"
            " 措施落实日期"
            " 节育时间 避孕时间 采取时间 采取措施时间 施术时间 施术日期"
        ),
        role="row",
        target="method_on",
        group_words=_METHOD,
        short_words=_WHEN,
        after_birth=True,
    ),
    Column(
        "facility",
        "text",
        words(
            "施术单位 手术单位 落实单位 服务机构 施术机构 手术地点 措施地点 服务单位 施术地点"
            " 实施单位"
        ),
        role="row",
        target="facility",
        max_length=100,
        group_words=_METHOD,
        short_words=words("单位 地点 机构 医院"),
    ),
    Column(
        "cert_type",
        "ignored",
        words("证件名称 证件种类 领证种类 证件类型 领证名称 证件类别"),
        role="row",
    ),
    Column(
        "cert_no",
        "ignored",
        words("证件编号 领证编号 证书编号 光荣证号 独生子女证号 光荣证编号 生育证号 服务证号"),
        role="row",
        group_words=words("领证 证件 光荣证 独生子女证 生育证 服务证 证书"),
        short_words=words("编号 号码 证号 证件号码 号"),
    ),
    Column("phone", "phone", vocabulary.PHONE, role="row", target="phone"),
    Column("address", "text", vocabulary.ADDRESS, role="row", target="address", max_length=200),
    Column("remark", "text", vocabulary.REMARK, role="row", target="remark"),
)

FIELD_LABELS = {
    "seq": _("serial number"),
    "town": _("township"),
    "village": _("village"),
    "group": _("village group"),
    "groupno": _("village group (number)"),
    "name": _("name"),
    "sex": _("sex"),
    "id": _("ID number"),
    "id_number": _("ID number"),
    "birth": _("birth date"),
    "birth_date": _("birth date"),
    "birth_precision": _("precision of the birth date"),
    "age": _("age"),
    "ethnic": _("ethnic group"),
    "ethnic_group": _("ethnic group"),
    "edu": _("education"),
    "education": _("education"),
    "hukou": _("kind of hukou"),
    "hukou_type": _("kind of hukou"),
    "spouse_name": _("name of the husband"),
    "spouse_id": _("ID number of the husband"),
    "spouse_id_number": _("ID number of the husband"),
    "marital": _("marital status"),
    "marital_status": _("marital status"),
    "marry": _("date of first marriage"),
    "first_marriage_on": _("date of first marriage"),
    "kids": _("children living"),
    "children": _("children living"),
    "boys": _("boys living"),
    "girls": _("girls living"),
    "last_birth": _("birth of the youngest child"),
    "last_birth_on": _("birth of the youngest child"),
    "method": _("contraceptive method"),
    "method_date": _("method used since"),
    "method_on": _("method used since"),
    "facility": _("place of service"),
    "cert_type": _("kind of certificate"),
    "cert_no": _("number of the certificate"),
    "phone": _("phone"),
    "address": _("address"),
    "remark": _("remark"),
}


class MarriedWomenRoster(registry.SheetKind):
    """Each line is a woman who is or was married, with her husband, children and method."""

    name = "married_women"
    label = _("Roster of married women of childbearing age")
    columns = COLUMNS
    required = (
        ("name",),
        ("id", "birth"),
        ("method", "marry", "spouse_name", "spouse_id", "kids", "last_birth"),
    )
    foreign_words = words(
        "与户主 户主 户号 流出 流入 婚育证明 会员 协会 入会 奖励费 扶助 银行 开户 保单 投保"
        " 保费 受益"
        " 死亡 父亲 母亲 新生儿 出生医学 检查结果 检查日期 检查人 环情 孕情 孕周 妇科"
    )
    role_words = {
        "subject": words("妻子 女方 妇女 育龄妇女 本人 妻 已婚妇女"),
        "spouse": words("丈夫 男方 配偶 爱人 夫"),
    }
    role_sex = {"subject": "2", "spouse": "1"}
    unit = _("women")
    subject_url_name = "women:casefile_detail"
    list_url_name = "women:casefile_list"
    field_labels = FIELD_LABELS

    def check_row(self, draft: Draft, context: FileContext) -> None:
        values = draft.values
        children, boys, girls = (values.get(key) for key in ("children", "boys", "girls"))
        if children is None or boys is None or girls is None or children == boys + girls:
            return
        draft.add("count_mismatch", "kids", {"children": children, "boys": boys, "girls": girls})

    def plan(
        self,
        rows: Sequence[CheckedRow],
        *,
        actor: "User",
        as_of: date,
        decisions: Decisions = NO_DECISIONS,
    ) -> PlanResult:
        plan = plan_women(actor=actor, rows=_lines(rows), as_of=as_of, decisions=decisions)
        return plan_answer(plan, rows, self.columns)

    def apply(
        self,
        rows: Sequence[CheckedRow],
        *,
        actor: "User",
        batch: str,
        as_of: date,
        decisions: Decisions = NO_DECISIONS,
        progress: Callable[[int, int], None] | None = None,
    ) -> ApplyResult:
        result = register_women(
            actor=actor,
            rows=_lines(rows),
            as_of=as_of,
            batch=batch,
            decisions=decisions,
            progress=progress,
        )
        return apply_answer(result, rows)


def _lines(rows: Sequence[CheckedRow]) -> list[WomanRow]:
    return [woman_row(n, row.region_code or "", row.values) for n, row in enumerate(rows)]


registry.register(MarriedWomenRoster())
