"""Layouts that no heading word was chosen by: written down first, never tuned against.

Whoever widens the vocabulary looks at the layouts of `development.py` only. A heading of this
file that is not understood is understood by a better rule or not at all.
"""

from tests.imports.layouts.builder import Layout

HOUSEHOLD, WOMEN = "household_roster", "married_women"

LAYOUTS = (
    Layout(
        "registry extract",
        HOUSEHOLD,
        "序号=seq | 户号=hh_no | 户主姓名=head_name | 姓名=name | 与户主关系=relation | 性别=sex"
        " | 民族=ethnic | 出生日期=birth | 公民身份号码=id | 籍贯=-place | 文化程度=edu"
        " | 婚姻状况=marital | 兵役状况=-text | 服务处所=-text | 职业=-text | 住址=address"
        " | 何时何地迁来=-text | 备注=remark",
    ),
    Layout(
        "narrow columns",
        HOUSEHOLD,
        "编⏎号=seq | 组⏎别=group | 户主⏎姓名=head_name | 家庭成⏎员姓名=name | 与户主⏎关系=relation"
        " | 性⏎别=sex | 身份证号码=id | 年龄⏎（岁）=age | 是否⏎党员=-yesno | 文化⏎程度=edu"
        " | 联系⏎电话=phone | 备⏎注=remark",
    ),
    Layout(
        "short words",
        HOUSEHOLD,
        "序号=seq | 户序=hh_no | 姓名=name | 关系=relation | 男/女=sex | 身份证号=id | 生日=birth"
        " | 几组=group | 手机=phone | 是否在家=residence | 残疾类别=-text | 低保=-yesno",
        village="sheet",
    ),
    Layout(
        "health insurance list",
        HOUSEHOLD,
        "序号=seq | 乡镇名称=town | 村名称=village | 村民小组=group | 家庭编号=hh_no"
        " | 户主=head_name | 参保人姓名=name | 与户主关系=relation | 证件类型=-idtype"
        " | 证件号码=id | 参保类型=-text | 缴费金额=-money | 联系电话=phone",
        village="column",
    ),
    Layout(
        "relief system",
        HOUSEHOLD,
        "乡=town | 行政村=village | 户编号=hh_code | 人编号=-code | 姓名=name | 性别=sex"
        " | 证件号码=id | 与户主关系=relation | 民族=ethnic | 政治面貌=-party | 文化程度=edu"
        " | 在校生状况=-text | 健康状况=-text | 劳动技能=-text | 务工区域=-place | 务工时间=-int"
        " | 是否参加大病保险=-yesno | 联系电话=phone",
        village="column",
    ),
    Layout(
        "census style",
        HOUSEHOLD,
        "本户情况>户编号=hh_no | 本户情况>户主姓名=head_name | 个人情况>姓名=name"
        " | 个人情况>与户主关系=relation | 个人情况>性别=sex | 个人情况>公民身份号码=id"
        " | 个人情况>出生年月=birth | 个人情况>民族=ethnic | 户口登记地=address,-"
        " | 离开户口登记地时间=-date | 受教育程度=edu | 婚姻状况=marital | 备注=remark",
    ),
    Layout(
        "two languages",
        HOUSEHOLD,
        "No.=seq | Name 姓名=name | Sex 性别=sex | ID 身份证=id | Tel 电话=phone"
        " | 户主 Householder=head_name | 关系 Relation=relation | Remark 备注=remark",
    ),
    Layout(
        "marked as required",
        HOUSEHOLD,
        "*姓名=name | *身份证号码=id | *与户主关系=relation | 性别（必填）=sex"
        " | 户主身份证号码（必填）=head_id | 户主姓名（必填）=head_name | 民族（选填）=ethnic"
        " | 手机号码（选填）=phone | 现居住地址（选填）=address | 户口类型(农业/非农业)=hukou",
        village="sheet",
        title="填表前请先阅读说明",
    ),
    Layout(
        "two halves of a page",
        HOUSEHOLD,
        "序号=seq | 姓名=name | 身份证号=id | 与户主关系=relation | 电话=phone",
        twin="apart",
    ),
    Layout(
        "one table per village",
        HOUSEHOLD,
        "序号=seq | 户主=head_name | 成员姓名=name | 与户主关系=relation | 身份证号码=id"
        " | 性别=sex | 联系方式=phone",
        twin="below",
    ),
    Layout(
        "letter on top",
        HOUSEHOLD,
        "序号=seq | 户 主 姓 名=head_name | 家 庭 成 员 姓 名=name | 与 户 主 关 系=relation"
        " | 性 别=sex | 出 生 年 月=birth | 身 份 证 号 码=id | 户 口 性 质=hukou | 备 注=remark",
        rows_above=("填报单位（盖章）：沙田村村民委员会", "填报时间：2026年6月30日", "单位：人"),
        blank_above=4,
        numbers=True,
    ),
    Layout(
        "traditional characters",
        HOUSEHOLD,
        "序號=seq | 戶號=hh_no | 戶主姓名=head_name | 姓名=name | 與戶主關係=relation | 性別=sex"
        " | 出生日期=birth | 身份證號碼=id | 民族=ethnic | 文化程度=edu | 婚姻狀況=marital"
        " | 聯繫電話=phone | 備註=remark",
    ),
    Layout(
        "head and member in groups",
        HOUSEHOLD,
        "组别=group | 户主>姓名=head_name | 户主>身份证号码=head_id | 户主>联系电话=-phone"
        " | 家庭成员>姓名=name | 家庭成员>与户主关系=relation | 家庭成员>性别=sex"
        " | 家庭成员>身份证号码=id | 家庭成员>联系电话=phone | 备注=remark",
    ),
    Layout(
        "head and member side by side",
        HOUSEHOLD,
        "组=group | 户主=head_name | 身份证号码=head_id | 家庭成员=name | 身份证号码=id"
        " | 关系=relation | 电话=phone",
    ),
    Layout(
        "units in brackets",
        HOUSEHOLD,
        "户主姓名=head_name | 家庭人口数（人）=-int | 姓名=name | 性别（男/女）=sex"
        " | 出生日期(年月日)=birth | 身份证号(18位)=id | 与户主关系=relation"
        " | 户口性质（1农业2非农）=hukou | 人户分离（是/否）=-yesno,residence | 流向=-place"
        " | 外出时间=-date | 联系方式（手机）=phone",
        numbers=True,
    ),
    Layout(
        "columns without heading",
        HOUSEHOLD,
        "序号=seq | 村组=group | 户主姓名=head_name | 姓名=name | 与户主关系=relation"
        " | 身份证号码=id | =phone | 备注=remark | =-text",
    ),
    Layout(
        "full phrases",
        HOUSEHOLD,
        "本户户主姓名=head_name | 人员姓名=name | 与本户户主之关系=relation"
        " | 公民身份证编号=id | 性别=sex | 出生年月日（阳历）=birth | 户口所在地=address,-"
        " | 现住地=-addr,address | 最高学历=edu | 目前婚姻状况=marital | 本人联系电话=phone",
    ),
    Layout(
        "street office",
        WOMEN,
        "社区=village | 楼栋=-text | 女方姓名=name | 女方身份证号码=id | 女方户籍地=-addr,address"
        " | 婚姻状况=marital | 丈夫姓名=spouse_name | 丈夫身份证号码=spouse_id"
        " | 婚姻状况=-marital | 结婚日期=marry | 现有男孩数=boys | 现有女孩数=girls"
        " | 头孩出生日期=-date | 头孩性别=-sex | 二孩出生日期=-date | 二孩性别=-sex"
        " | 末孩出生日期=last_birth | 末孩性别=-sex | 避孕状况=method | 避孕开始日期=method_date"
        " | 联系电话=phone",
        village="column",
    ),
    Layout(
        "children on three levels",
        WOMEN,
        "序号=seq | 组别=group | 妇女姓名=name | 出生年月=birth | 身份证号码=id"
        " | 丈夫姓名=spouse_name | 初婚时间=marry | 生育情况>第一孩>姓名=-name"
        " | 生育情况>第一孩>出生日期=-date | 生育情况>第二孩>姓名=-name"
        " | 生育情况>第二孩>出生日期=-date | 避孕节育>措施=method | 避孕节育>时间=method_date"
        " | 备注=remark",
    ),
    Layout(
        "wife and husband in groups",
        WOMEN,
        "编号=seq | 女方>姓名=name | 女方>出生年月=birth | 女方>民族=ethnic | 女方>文化程度=edu"
        " | 女方>身份证号=id | 男方>姓名=spouse_name | 男方>出生年月=-date | 男方>民族=-ethnic"
        " | 男方>文化程度=-edu | 男方>身份证号=spouse_id | 结婚日期=marry | 子女数>男=boys"
        " | 子女数>女=girls | 最小孩子出生年月=last_birth | 现采取何种避孕措施=method"
        " | 落实日期=method_date | 联系电话=phone | 住址=address",
    ),
    Layout(
        "abbreviations",
        WOMEN,
        "村=village | 组=group | 育妇姓名=name | 育妇身份证=id | 爱人姓名=spouse_name"
        " | 爱人身份证=spouse_id | 初婚年月=marry | 现有子女>男=boys | 现有子女>女=girls"
        " | 节育方法=method | 手术年月=method_date | 手术医院=facility",
        village="column",
    ),
    Layout(
        "system export",
        WOMEN,
        "妇女编码=-code | 妇女姓名=name | 出生日期=birth | 婚姻状况=marital | 户口性质=hukou"
        " | 子女数=kids | 男孩数=boys | 女孩数=girls | 丈夫姓名=spouse_name"
        " | 丈夫证件号码=spouse_id | 证件号码=id | 当前有效避孕节育措施=method"
        " | 落实节育措施时间=method_date | 最小子女出生日期=last_birth | 现居住地=address"
        " | 建卡日期=-date",
    ),
    Layout(
        "children among the parents",
        WOMEN,
        "序号=seq | 姓名=name | 身份证号=id | 年龄=age | 配偶=spouse_name | 身份证号=spouse_id"
        " | 电话=phone | 结婚年月=marry | 孩子姓名=-name | 孩子性别=-sex | 孩子出生日期=-date"
        " | 措施=method | 时间=method_date",
    ),
    Layout(
        "husband first",
        WOMEN,
        "序号=seq | 男方姓名=spouse_name | 出生年月=-date | 身份证号=spouse_id | 女方姓名=name"
        " | 出生年月=birth | 身份证号=id | 初婚日期=marry | 子女数（男）=boys | 子女数（女）=girls"
        " | 避孕方法=method | 备注=remark",
    ),
    Layout(
        "no word for wife or husband",
        WOMEN,
        "序号=seq | 姓名=name | 身份证号码=id | 姓名=spouse_name | 身份证号码=spouse_id"
        " | 结婚时间=marry | 孩子数=kids | 避孕措施=method",
    ),
    Layout(
        "women on two halves",
        WOMEN,
        "序号=seq | 姓名=name | 出生年月=birth | 丈夫=spouse_name | 措施=method",
        twin="right",
    ),
    Layout(
        "traditional and starred",
        WOMEN,
        "*婦女姓名=name | *證件號碼=id | 配偶姓名=spouse_name | 配偶證件號碼=spouse_id"
        " | 初婚日期=marry | 現有子女數=kids | 避孕措施=method | 措施日期=method_date"
        " | 聯絡電話=phone",
    ),
    Layout(
        "villages in section lines",
        WOMEN,
        "序号=seq | 姓名（女）=name | 出生年月=birth | 身份证号=id | 配偶姓名=spouse_name"
        " | 配偶身份证号=spouse_id | 婚姻状况（未婚/已婚/离异/丧偶）=marital | 婚龄=-int"
        " | 节育措施情况=method | 何时落实=method_date | 服务手册编号=-code,cert_no",
        village="section",
        numbers=True,
    ),
    Layout(
        "heading in row eight",
        WOMEN,
        "序号=seq | 姓名=name | 年龄（周岁）=age | 文化程度=edu | 户口类别=hukou | 身份证号码=id"
        " | 丈夫>姓名=spouse_name | 丈夫>年龄=-age | 丈夫>工作单位=-text | 子女>总数=kids"
        " | 子女>其中：男=boys | 子女>其中：女=girls | 末孩>出生时间=last_birth | 末孩>性别=-sex"
        " | 避孕>方法=method | 避孕>落实时间=method_date | 避孕>服务机构=facility"
        " | 独生子女证号=cert_no | 备注=remark",
        blank_above=5,
        rows_above=("填表人：某某    联系电话：0000-0000000",),
    ),
    Layout(
        "women in two languages",
        WOMEN,
        "女方姓名 Name=name | 出生日期 DOB=birth | 身份证 ID No.=id"
        " | 丈夫姓名 Husband=spouse_name | 避孕方法 Method=method | Tel.=phone",
    ),
    Layout(
        "women of two villages",
        WOMEN,
        "序号=seq | 姓名=name | 身份证号=id | 配偶姓名=spouse_name | 结婚时间=marry"
        " | 现有子女数=kids | 避孕节育措施=method | 备注=remark",
        twin="below",
    ),
    Layout(
        "women by household",
        WOMEN,
        "自然村=-text | 户主姓名=-name | 与户主关系=-relation | 妇女=name | 公民身份号码=id"
        " | 丈夫=spouse_name | 丈夫电话=-phone | 妇女电话=phone | 初婚=marry | 男孩=boys"
        " | 女孩=girls | 现用措施=method | 孕检情况=-text",
    ),
)
