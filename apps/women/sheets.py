"""The roster of married women of childbearing age (已婚育龄妇女花名册): one line per woman."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from apps.core.text import words
from apps.households import selectors as people
from apps.households.services.roster.answers import SheetWork
from apps.imports import registry, shared_columns
from apps.imports.records import NO_DECISIONS, Candidate, Column, Decisions
from apps.imports.rules import vocabulary
from apps.imports.rules.drafts import Draft, FileContext
from apps.women import selectors
from apps.women.roster_rows import woman_row
from apps.women.roster_texts import roster_lines
from apps.women.services.roster import WomenWork

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from apps.accounts.models import User
    from apps.regions.models import Region

_CHILDREN = (
    *words("子女 孩子 小孩 生育 孩 儿女"),
    *vocabulary.joined(
        "现有 现存 存活 现 生育 共有 已有 已生育 家庭", "子女 孩子 小孩 孩 子女数 孩子数 子女情况"
    ),
)
_LAST_CHILD = (
    "末孩 末胎 末子女 末孩子 最小孩 最小孩子 最小小孩 最小子女 最小的孩子 最小一孩 最小一个孩子"
    " 最后一孩 最后一胎 最后一个孩子 末次生育 末次分娩 末个孩子 末个子女 末一孩 末一胎 最末孩"
    " 最末一孩 最近一次生育 最近一孩 末胎孩子 末胎子女 末位子女 老小 幼子女"
)
_METHOD = words("避孕 节育 措施 手术")
_WHEN = (
    *words("开始 起"),
    *vocabulary.joined(
        "落实 起始 开始 采取 实施 使用 施行 使用起始 使用开始 落实起始 起用 启用", vocabulary.DATES
    ),
    *words("何时落实 何时采取 何时开始 何时使用 自何时 从何时"),
    *vocabulary.DATES.split(),
)

COLUMNS = (
    *shared_columns.PLACES,
    Column(
        "name",
        "name",
        (
            *vocabulary.NAME,
            *words(
                "妇女姓名 育龄妇女姓名 妻子姓名 女方姓名 妇女 育龄妇女 妻子 女方 育妇 育妇姓名"
                " 已婚妇女姓名 女姓名"
            ),
        ),
        target="name",
    ),
    *shared_columns.IDENTITY,
    shared_columns.HUKOU,
    Column(
        "spouse_name",
        "name",
        (
            *vocabulary.NAME,
            *words(
                "丈夫姓名 配偶姓名 男方姓名 丈夫 配偶 爱人姓名 爱人 男方 老公 老公姓名 丈夫名字"
                " 新郎 男姓名"
            ),
        ),
        role="spouse",
        target="spouse_name",
    ),
    Column(
        "spouse_id",
        "id",
        vocabulary.ID_NUMBER,
        role="spouse",
        target="spouse_id_number",
        pattern=vocabulary.ID_PATTERN,
    ),
    replace(shared_columns.MARITAL, role="row"),
    replace(
        shared_columns.MARRY,
        role="row",
        group_words=words("初婚 结婚 婚姻"),
        short_words=tuple(vocabulary.DATES.split()),
    ),
    Column(
        "kids",
        "integer",
        (
            *words(
                "现有子女 现孩数 现有孩子 生育子女数 生育孩子数 现有几个孩子 几个孩子 有几个孩子"
                " 现孩子 现有儿女"
            ),
            *vocabulary.joined(
                "子女 孩子 孩 小孩 儿女 现有子女 现有孩子 现有孩 现存子女 现存孩子 现有小孩"
                " 存活子女 存活孩子 现存活子女 已有子女 已有孩子 家庭子女 共有子女 共有孩子"
                " 现有儿女 健在子女",
                "数 合计 总数 个数 人数 数量 数合计 总计 数目",
            ),
        ),
        role="row",
        target="children",
        group_words=_CHILDREN,
        short_words=words("合计 小计 总数 数 计 个数 人数 总计"),
    ),
    Column(
        "boys",
        "integer",
        (
            *words("男孩 现有男孩 其中男孩 子女男 子女数男 儿子 其中儿子 现有儿子 现存男孩 男孩子"),
            *vocabulary.joined(
                "男孩 儿子 现有男孩 现存男孩 其中男孩 现有儿子 男性子女 存活男孩 男孩子",
                "数 个数 人数 数量",
            ),
        ),
        role="row",
        target="boys",
        group_words=_CHILDREN,
        short_words=words("男 男孩 儿子 子 其中男 男性 男孩数"),
    ),
    Column(
        "girls",
        "integer",
        (
            *words("女孩 现有女孩 其中女孩 子女女 子女数女 女儿 其中女儿 现有女儿 现存女孩 女孩子"),
            *vocabulary.joined(
                "女孩 女儿 现有女孩 现存女孩 其中女孩 现有女儿 女性子女 存活女孩 女孩子",
                "数 个数 人数 数量",
            ),
        ),
        role="row",
        target="girls",
        group_words=_CHILDREN,
        short_words=words("女 女孩 女儿 其中女 女性 女孩数"),
    ),
    Column(
        "last_birth",
        "date",
        vocabulary.joined(
            _LAST_CHILD,
            "出生日期 出生时间 出生年月 出生年月日 出生 时间 日期 生日 生育时间 生育日期 生育年月"
            " 分娩时间 分娩日期 年月",
        ),
        role="row",
        target="last_birth_on",
        pattern=vocabulary.LAST_BIRTH_PATTERN,
        group_words=words(_LAST_CHILD),
        short_words=words("出生日期 出生年月 出生年月日 出生时间 时间 日期 生日"),
        after_birth=True,
    ),
    Column(
        "method",
        "code",
        (
            *words(
                "措施 措施名称 现采取措施 措施情况 落实措施 采取措施 现有措施 措施类型 措施种类"
                " 措施类别 现措施 现用措施 长效措施"
            ),
            *vocabulary.joined(
                "避孕 节育 避孕节育 节育避孕 现避孕 现节育 现用避孕 现行避孕 现避孕节育 所用避孕"
                " 采取避孕 落实避孕 落实节育 计生 计划生育",
                "措施 方法 方式 措施名称 措施类型 措施种类 措施类别 方法名称 情况 状况 现状 状态"
                " 手段",
            ),
            *words(
                "避孕药具 药具名称 药具种类 使用药具 避孕药具名称 如何避孕 怎样避孕 用何种措施"
                " method"
            ),
        ),
        role="row",
        target="method",
        pattern=vocabulary.METHOD_PATTERN,
        group_words=_METHOD,
        short_words=words("措施 方法 名称 种类 措施名称 现用 方式 现用措施 类型"),
        code_set="contraceptive_method",
        written=vocabulary.METHODS,
    ),
    Column(
        "method_date",
        "date",
        vocabulary.joined(
            "落实 措施 手术 采取 采取措施 落实措施 措施落实 节育 避孕 施术 起始 开始 实施"
            " 落实节育措施 落实避孕措施 节育措施 避孕措施 措施起始 措施开始 节育手术 避孕起始"
            " 避孕开始 措施实施 措施施行 措施使用 采取避孕措施 采取节育措施 措施采取"
            " 落实避孕节育措施 避孕节育措施 使用起始 使用开始 开始使用 避孕措施落实 节育措施落实"
            " 避孕节育措施落实 避孕措施起始 避孕措施开始 节育措施起始 措施变更后落实 措施落实起始",
            f"{vocabulary.DATES} 年份",
        ),
        role="row",
        target="method_on",
        pattern=vocabulary.METHOD_DATE_PATTERN,
        group_words=_METHOD,
        short_words=_WHEN,
        after_birth=True,
    ),
    Column(
        "facility",
        "text",
        vocabulary.joined(
            "施术 手术 落实 服务 实施 措施 节育手术 落实措施 措施落实 施行 避孕手术 落实节育措施"
            " 节育服务",
            "单位 机构 地点 医院 地方 单位名称 机构名称",
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
    shared_columns.PHONE,
    *shared_columns.REST,
)

FIELD_LABELS = shared_columns.LABELS | {
    "spouse_name": _("name of the husband"),
    "spouse_id": _("ID number of the husband"),
    "spouse_id_number": _("ID number of the husband"),
    "married_on": _("married on"),
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
    peculiar = frozenset(
        words("method method_date facility marry spouse_name spouse_id kids boys girls last_birth")
    )
    role_words = {
        "subject": words(
            "妻子 女方 妇女 育龄妇女 本人 妻 已婚妇女 已婚育龄妇女 女 育妇 新娘 女性 妻方"
        ),
        "spouse": words("丈夫 男方 配偶 爱人 夫 老公 男 新郎 夫方"),
        # A woman's roster is of grown women: these are others' columns.
        "child": words("儿童 学生 宝宝 幼儿 孩儿"),
        "other": words("老人 老年人 青年 军人 户籍人口 常住人口 公婆"),
    }
    role_sex = {"subject": "2", "spouse": "1"}
    template = (
        "key", "name", "id", "birth", "edu", "spouse_name", "spouse_id", "marital", "marry",
        "kids", "boys", "girls", "last_birth", "method", "method_date", "facility", "phone",
        "remark",
    )  # fmt: skip
    template_headings = {
        "name": "妇女姓名",
        "id": "公民身份号码",
        "birth": "出生日期",
        "spouse_name": "丈夫姓名",
        "spouse_id": "丈夫身份证号",
        "marry": "初婚日期",
        "last_birth": "末孩出生日期",
        "kids": "现有子女数",
        "boys": "男孩数",
        "girls": "女孩数",
        "method": "避孕措施",
        "method_date": "措施落实日期",
        "facility": "施术单位",
    }
    file_words = "已婚育龄妇女花名册"
    unit = _("women")
    subject_url_name = "women:casefile_detail"
    person_url_name = "households:person_detail"
    list_url_name = "women:casefile_list"
    field_labels = FIELD_LABELS

    def check_row(self, draft: Draft, context: FileContext) -> None:
        values = draft.values
        children, boys, girls = (values.get(key) for key in ("children", "boys", "girls"))
        if children is None or boys is None or girls is None or children == boys + girls:
            return
        draft.add("count_mismatch", "kids", {"children": children, "boys": boys, "girls": girls})

    def people_of(
        self, region: "Region", *, actor: "User", on: date
    ) -> Iterable[registry.TemplateLine]:
        return roster_lines(actor, region, on)

    def work(
        self,
        *,
        actor: "User",
        villages: Collection[str],
        as_of: date,
        batch: str = "",
        decisions: Decisions = NO_DECISIONS,
    ) -> registry.RosterWork:
        work = WomenWork(
            actor=actor, villages=villages, as_of=as_of, batch=batch, decisions=decisions
        )
        return SheetWork(work, woman_row, self.columns)

    def candidates(self, ids: Sequence[int], *, user: "User", on: date) -> list[Candidate]:
        return people.candidates(ids, user=user, on=on)

    def missing(
        self, roster: registry.Coverage, *, user: "User", as_of: date, name: str = ""
    ) -> "QuerySet[Any, dict[str, Any]]":
        return selectors.married_but_missing(roster, user=user, as_of=as_of, name=name)


registry.register(MarriedWomenRoster())
