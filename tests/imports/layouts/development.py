"""Layouts that words and rules were chosen by; see `held_out.py` for those that they were not."""

from tests.imports.layouts.builder import Layout

HOUSEHOLD, WOMEN = "household_roster", "married_women"

LAYOUTS = (
    # Household rosters ---------------------------------------------------------------------------
    Layout(
        "police register",
        HOUSEHOLD,
        "户编码=hh_code | 户别=-text,hukou | 户主=head_name | 成员姓名=name | 曾用名=-text"
        " | 称谓=relation | 性别=sex | 民族=ethnic | 生日=birth | 公民身份号码=id | 宗教信仰=-text"
        " | 血型=-text | 身高=-int | 学历=edu | 婚否=marital | 户籍地址=address | 备注=remark",
    ),
    Layout(
        "group leader's list",
        HOUSEHOLD,
        "序号=seq | 社=group | 户口簿号=hh_no | 户主=head_name | 姓名=name | 与户主关系=relation"
        " | 性别=sex | 出生年月=birth | 身份证号=id | 手机号=phone | 党员=-yesno | 低保=-yesno"
        " | 残疾=-yesno | 备注=remark",
    ),
    Layout(
        "which group",
        HOUSEHOLD,
        "编号=seq | 第几组=group | 户号=hh_no | 姓名=name | 和户主什么关系=relation | 性别=sex"
        " | 证件号码=id | 民族=ethnic | 文化=edu | 电话=phone | 说明=remark",
    ),
    Layout(
        "current and registered address",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 姓名=name | 关系=relation | 身份证号码=id"
        " | 户籍地址=address,- | 现住址=-addr,address | 迁入时间=-date | 迁入原因=-text"
        " | 联系方式=phone",
    ),
    Layout(
        "household in front",
        HOUSEHOLD,
        "户主信息>户编号=hh_no | 户主信息>户主姓名=head_name | 户主信息>户主身份证号=head_id"
        " | 户主信息>户主电话=-phone | 成员信息>姓名=name | 成员信息>与户主关系=relation"
        " | 成员信息>性别=sex | 成员信息>身份证号=id | 成员信息>出生日期=birth"
        " | 成员信息>民族=ethnic | 成员信息>手机号码=phone | 成员信息>是否常住=residence",
    ),
    Layout(
        "head's number without a word",
        HOUSEHOLD,
        "序号=seq | 村民小组=group | 户主姓名=head_name | 身份证号=head_id | 成员=name"
        " | 身份证号=id | 与户主的关系=relation | 性别=sex | 联系电话=phone",
    ),
    Layout(
        "residence booklet",
        HOUSEHOLD,
        "户口簿编号=hh_no | 本户人口数=-int | 户主或与户主关系=relation | 姓 名=name | 性 别=sex"
        " | 出 生 地=-place | 民 族=ethnic | 籍 贯=-place | 出生日期=birth"
        " | 本市（县）其他住址=-addr | 公民身份证件编号=id | 文化程度=edu | 婚姻状况=marital"
        " | 兵役状况=-text | 服务处所=-text | 职业=-text",
    ),
    Layout(
        "floating people marked",
        HOUSEHOLD,
        "序号=seq | 组别=group | 户主=head_name | 姓名=name | 与户主关系=relation | 身份证号码=id"
        " | 是否外出=residence | 外出地址=-place | 外出时间=-date | 外出原因=-text"
        " | 返回时间=-date | 联系电话=phone",
    ),
    Layout(
        "land contract list",
        HOUSEHOLD,
        "组=group | 承包方编码=-code | 户主=head_name | 家庭成员=name | 与户主关系=relation"
        " | 证件类型=-idtype | 证件号码=id | 承包面积（亩）=-int | 备注=remark",
    ),
    Layout(
        "money by household",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 姓名=name | 关系=relation | 身份证号码=id"
        " | 参合证号=-code | 缴费金额（元）=-money | 一卡通账号=-code | 手机=phone",
    ),
    Layout(
        "people of two pages",
        HOUSEHOLD,
        "序号=seq | 户主=head_name | 姓名=name | 身份证号码=id | 关系=relation",
        twin="right",
    ),
    Layout(
        "people of two pages with groups above",
        HOUSEHOLD,
        "户主=head_name | 成员>姓名=name | 成员>身份证号=id | 成员>与户主关系=relation"
        " | 备注=remark",
        twin="apart",
    ),
    Layout(
        "second table with other columns",
        HOUSEHOLD,
        "序号=seq | 户号=hh_no | 姓名=name | 身份证号码=id | 与户主关系=relation | 电话=phone",
        twin="below",
        below="姓名=name | 性别=sex | 公民身份号码=id | 户号=hh_no | 关系=relation",
    ),
    Layout(
        "stars and remarks in headings",
        HOUSEHOLD,
        "★户主姓名=head_name | ★姓名=name | ★身份证号（18位）=id | ★与户主关系（下拉选择）=relation"
        " | 性别*=sex | 出生日期（如19800101）=birth | 民族（必填）=ethnic"
        " | 联系电话（选填）=phone | 备注（可不填）=remark",
        village="sheet",
    ),
    Layout(
        "traditional register",
        HOUSEHOLD,
        "編號=seq | 組別=group | 戶主=head_name | 成員姓名=name | 關係=relation | 性別=sex"
        " | 出生年月=birth | 身份證號=id | 聯繫電話=phone | 現住址=address | 備註=remark",
    ),
    Layout(
        "English beside Chinese",
        HOUSEHOLD,
        "No=seq | 姓名(Name)=name | 性别(Gender)=sex | 身份证号码(ID Card No.)=id"
        " | 户主(Head)=head_name | 与户主关系(Relationship)=relation | 联系电话 Mobile=phone",
    ),
    Layout(
        "no headings for some",
        HOUSEHOLD,
        "=seq | =group | 户主=head_name | 姓名=name | =relation | 身份证号=id | =phone",
    ),
    Layout(
        "villages by section",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 人员姓名=name | 与户主关系=relation | 性别=sex"
        " | 公民身份证号=id | 出生=birth | 年龄=age",
        village="section",
    ),
    Layout(
        "numbered headings deep down",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 家庭成员>姓名=name | 家庭成员>关系=relation"
        " | 家庭成员>性别=sex | 家庭成员>身份证号码=id | 家庭成员>民族=ethnic | 联系电话=phone",
        blank_above=3,
        rows_above=("制表单位：沙田村", "2026年第二季度", "内部资料"),
        numbers=True,
    ),
    Layout(
        "parents and spouse named",
        HOUSEHOLD,
        "户主=head_name | 姓名=name | 与户主关系=relation | 性别=sex | 身份证号码=id"
        " | 父亲姓名=father_name | 父亲身份证号=-id | 母亲姓名=mother_name | 母亲身份证号=-id"
        " | 配偶姓名=spouse_name | 配偶身份证号=spouse_id | 电话=phone",
    ),
    Layout(
        "census of the community",
        HOUSEHOLD,
        "网格=-text | 楼栋=-text | 单元=-int | 房号=-int | 户编码=hh_code | 姓名=name"
        " | 身份证号=id | 性别=sex | 出生日期=birth | 是否户主=-yesno | 与户主关系=relation"
        " | 人户状态=residence | 户籍地址=address | 工作单位=-text | 联系电话=phone"
        " | 紧急联系人=-name | 紧急联系人电话=-phone",
    ),
    Layout(
        "cooperative members",
        HOUSEHOLD,
        "户号=hh_no | 户主姓名=head_name | 成员姓名=name | 成员身份证号=id | 成员性别=sex"
        " | 与户主关系=relation | 是否集体经济组织成员=-yesno | 股份数=-int | 成员联系电话=phone",
    ),
    # Rosters of women ----------------------------------------------------------------------------
    Layout(
        "women's booklet",
        WOMEN,
        "序号=seq | 村名=village | 育龄妇女姓名=name | 出生年月=birth | 身份证号=id | 民族=ethnic"
        " | 文化程度=edu | 丈夫姓名=spouse_name | 初婚时间=marry | 子女数=kids | 男=boys | 女=girls"
        " | 末胎出生时间=last_birth | 节育措施=method | 落实时间=method_date | 电话=phone",
        village="column",
    ),
    Layout(
        "man and woman",
        WOMEN,
        "序号=seq | 女方姓名=name | 女方身份证号=id | 女方出生日期=birth | 男方姓名=spouse_name"
        " | 男方身份证号=spouse_id | 男方出生日期=-date | 登记结婚日期=marry | 现有子女数=kids"
        " | 避孕方法=method | 女方联系电话=phone | 男方联系电话=-phone",
    ),
    Layout(
        "wife and husband over two rows",
        WOMEN,
        "编号=seq | 组别=group | 妻子>姓名=name | 妻子>出生日期=birth | 妻子>身份证号=id"
        " | 妻子>户口性质=hukou | 丈夫>姓名=spouse_name | 丈夫>出生日期=-date"
        " | 丈夫>身份证号=spouse_id | 丈夫>户口性质=-hukou | 婚姻状况=marital | 初婚日期=marry"
        " | 现有孩子>男孩=boys | 现有孩子>女孩=girls | 避孕措施>种类=method"
        " | 避孕措施>起始日期=method_date | 备注=remark",
    ),
    Layout(
        "the same without merging",
        WOMEN,
        "妇女>姓名=name | 妇女>身份证=id | 爱人>姓名=spouse_name | 爱人>身份证=spouse_id"
        " | 子女情况>总数=kids | 子女情况>男=boys | 子女情况>女=girls | 措施情况>名称=method"
        " | 措施情况>日期=method_date | 措施情况>单位=facility | 备注>备注=remark",
        merged=False,
    ),
    Layout(
        "names only",
        WOMEN,
        "序号=seq | 姓名=name | 出生年月=birth | 姓名=spouse_name | 出生年月=-date | 结婚时间=marry"
        " | 避孕措施=method",
    ),
    Layout(
        "husband in front without words",
        WOMEN,
        "序号=seq | 姓名=spouse_name | 身份证号=spouse_id | 姓名=name | 身份证号=id"
        " | 现有孩子数=kids | 节育措施=method",
    ),
    Layout(
        "husband's name then number",
        WOMEN,
        "序号=seq | 妇女姓名=name | 身份证号=id | 出生日期=birth | 丈夫姓名=spouse_name"
        " | 身份证号=spouse_id | 出生日期=-date | 结婚时间=marry | 孩次=kids,- | 措施=method"
        " | 落实时间=method_date",
    ),
    Layout(
        "each child in columns",
        WOMEN,
        "姓名=name | 身份证号码=id | 丈夫姓名=spouse_name | 初婚年月=marry | 一孩>性别=-sex"
        " | 一孩>出生年月=-date | 一孩>身份证号=-id | 二孩>性别=-sex | 二孩>出生年月=-date"
        " | 二孩>身份证号=-id | 避孕措施=method | 采取时间=method_date",
    ),
    Layout(
        "child in the same row",
        WOMEN,
        "组别=group | 母亲姓名=name,- | 妇女姓名=name,- | 妇女身份证号=id | 小孩姓名=-name"
        " | 小孩性别=-sex | 小孩出生日期=-date | 小孩身份证号=-id | 丈夫姓名=spouse_name"
        " | 结婚时间=marry | 避孕节育措施=method | 上环时间=-date,method_date",
    ),
    Layout(
        "certificate of the only child",
        WOMEN,
        "序号=seq | 妇女姓名=name | 身份证号码=id | 配偶姓名=spouse_name | 结婚日期=marry"
        " | 现有子女=kids | 领取独生子女证时间=-date | 独生子女证号=cert_no | 孩子姓名=-name"
        " | 孩子出生日期=-date | 措施名称=method | 手术时间=method_date | 手术地点=facility",
    ),
    Layout(
        "checks beside methods",
        WOMEN,
        "序号=seq | 姓名=name | 年龄=age | 身份证号=id | 丈夫姓名=spouse_name | 电话=phone"
        " | 孩子数=kids | 避孕方法=method | 放环时间=-date,method_date | 服务日期=-date"
        " | 签名=-text",
    ),
    Layout(
        "women on two pages",
        WOMEN,
        "序号=seq | 姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 避孕措施=method",
        twin="apart",
    ),
    Layout(
        "women of two villages below each other",
        WOMEN,
        "姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 婚姻状况=marital | 结婚日期=marry"
        " | 孩子数=kids | 措施=method",
        twin="below",
        below="序号=seq | 妇女姓名=name | 身份证号码=id | 配偶=spouse_name | 初婚时间=marry"
        " | 避孕措施=method",
    ),
    Layout(
        "traditional women's list",
        WOMEN,
        "序號=seq | 婦女姓名=name | 出生日期=birth | 身份證號碼=id | 丈夫姓名=spouse_name"
        " | 結婚日期=marry | 子女數=kids | 避孕節育措施=method | 落實日期=method_date | 電話=phone",
    ),
    Layout(
        "flagged and with units",
        WOMEN,
        "*妇女姓名（必填）=name | *身份证号（18位）=id | 丈夫姓名（必填）=spouse_name"
        " | 初婚日期（年月日）=marry | 子女数（个）=kids | 其中男孩（个）=boys"
        " | 其中女孩（个）=girls | 避孕措施（见说明）=method | 落实日期（年月）=method_date",
        numbers=True,
        blank_above=2,
    ),
    Layout(
        "household columns among the women's",
        WOMEN,
        "村组=group | 门牌号=address | 户主=-name | 姓名=name | 身份证号=id | 配偶姓名=spouse_name"
        " | 生育数>男=boys | 生育数>女=girls | 是否独生子女户=-yesno | 现避孕方式=method"
        " | 现居住地=-addr,address | 联系电话=phone",
    ),
    Layout(
        "sections and English",
        WOMEN,
        "No.=seq | Name/姓名=name | ID/身份证号=id | Husband/丈夫=spouse_name | Tel/电话=phone"
        " | Method/避孕措施=method | Since/落实日期=method_date",
        village="section",
    ),
)
