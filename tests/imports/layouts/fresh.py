"""Layouts written after words and rules were settled, and counted once before anything followed.

See `held_out.py`: nothing is tuned by these either.
"""

from tests.imports.layouts.builder import Layout

HOUSEHOLD, WOMEN = "household_roster", "married_women"

LAYOUTS = (
    Layout(
        "residents of a district",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 户主身份证=head_id | 户主联系方式=-phone | 人员姓名=name"
        " | 人员身份证=id | 人员性别=sex | 与户主关系=relation | 户籍地址=address"
        " | 现居住状态=residence | 录入时间=-date",
    ),
    Layout(
        "survey of households",
        HOUSEHOLD,
        "户编码=hh_code | 家庭成员代号=-int | 姓名=name | 与户主关系=relation | 户口状况=hukou"
        " | 何时来本村居住=-date | 民族=ethnic | 性别=sex | 出生年月=birth | 证件号=id"
        " | 文化程度=edu | 婚姻状况=marital",
    ),
    Layout(
        "list for the village board",
        HOUSEHOLD,
        "序=seq | 屯=-text,group | 户名=head_name,hh_no | 家庭成员姓名=name | 与户主称呼=relation"
        " | 男女=sex | 身份证号码=id | 出生年月日=birth | 电话号码=phone | 备考=remark",
    ),
    Layout(
        "grid worker's sheet",
        HOUSEHOLD,
        "网格编号=-code | 门牌号码=address | 户主=head_name | 居住人员=name | 身份证号=id"
        " | 与户主的关系=relation | 联系电话=phone | 居住类型=residence,- | 租住起始日期=-date"
        " | 有无犬只=-yesno",
    ),
    Layout(
        "spring inspection",
        HOUSEHOLD,
        "组名=group | 户口号=hh_no | 姓名=name | 与户主关系=relation | 性别=sex | 出生日期=birth"
        " | 公民身份号码=id | 民族=ethnic | 变动情况=-text | 变动时间=-date | 变动原因=-text",
        numbers=True,
    ),
    Layout(
        "two columns of people per sheet",
        HOUSEHOLD,
        "户主=head_name | 姓名=name | 关系=relation | 身份证号=id",
        twin="right",
        village="sheet",
    ),
    Layout(
        "vaccination of households",
        HOUSEHOLD,
        "户主姓名=head_name | 接种人姓名=name | 与户主关系=relation | 身份证号=id | 年龄=age"
        " | 是否完成接种=-yesno | 第一针时间=-date | 第二针时间=-date | 联系人=-name"
        " | 联系电话=phone",
    ),
    Layout(
        "double heading with head",
        HOUSEHOLD,
        "户主情况>姓名=head_name | 户主情况>公民身份号码=head_id | 家庭人员情况>姓名=name"
        " | 家庭人员情况>性别=sex | 家庭人员情况>出生日期=birth"
        " | 家庭人员情况>公民身份号码=id | 家庭人员情况>与户主关系=relation"
        " | 家庭人员情况>文化程度=edu | 联系方式>手机=phone | 联系方式>住址=address",
    ),
    Layout(
        "old register typed off",
        HOUSEHOLD,
        "户号=hh_no | 户别=hukou,-text | 户主或与户主关系=relation | 姓名=name | 别名=-text"
        " | 性别=sex | 出生=birth | 籍贯=-place | 民族=ethnic | 公民身份证编号=id"
        " | 文化程度=edu | 婚姻=marital | 职业=-text | 迁入日期=-date | 迁出日期=-date | 注=remark",
        village="section",
    ),
    Layout(
        "relatives abroad",
        HOUSEHOLD,
        "编码=seq | 姓名=name | 称谓=relation | 户主=head_name | 身份证=id | 手机号=phone"
        " | 现在何处=-place | 是否常年外出=residence | 外出地点=-place",
    ),
    Layout(
        "managed women",
        WOMEN,
        "妇女编码=-code | 妇女姓名=name | 妇女身份号码=id | 妇女出生日期=birth"
        " | 男方姓名=spouse_name"
        " | 男方身份证号=spouse_id | 妇女户籍地=-addr,address | 妇女联系电话=phone"
        " | 婚姻状况=marital | 初婚日期=marry | 管理单位=-text | 状态=-text",
    ),
    Layout(
        "method visits",
        WOMEN,
        "序号=seq | 村组=group | 服务对象=name | 身份证号=id | 丈夫姓名=spouse_name"
        " | 现存子女数=kids | 所用避孕方法=method | 使用起始时间=method_date | 随访日期=-date"
        " | 随访结果=-text | 随访人=-name",
    ),
    Layout(
        "three levels of groups",
        WOMEN,
        "序号=seq | 基本情况>女方>姓名=name | 基本情况>女方>身份证号=id"
        " | 基本情况>男方>姓名=spouse_name | 基本情况>男方>身份证号=spouse_id"
        " | 婚育情况>结婚时间=marry | 婚育情况>现有子女>男=boys | 婚育情况>现有子女>女=girls"
        " | 措施情况>避孕措施=method | 措施情况>落实时间=method_date | 联系电话=phone",
    ),
    Layout(
        "free contraceptives",
        WOMEN,
        "领取人姓名=name | 身份证号码=id | 出生年月=birth | 配偶姓名=spouse_name"
        " | 药具名称=-text,method"
        " | 领取数量=-int | 领取日期=-date | 联系电话=phone",
    ),
    Layout(
        "pairs without words",
        WOMEN,
        "组=group | 姓名=name | 年龄=age | 身份证号=id | 姓名=spouse_name | 年龄=-age"
        " | 身份证号=spouse_id | 结婚年份=marry,- | 孩子情况=-text,kids | 措施情况=method",
    ),
    Layout(
        "women's federation",
        WOMEN,
        "序号=seq | 姓名=name | 民族=ethnic | 出生年月=birth | 学历=edu | 身份证号码=id"
        " | 婚否=marital | 丈夫=spouse_name | 丈夫职业=-text | 子女个数=kids"
        " | 最小孩子生日=last_birth"
        " | 避孕节育情况=method | 家庭住址=address | 电话=phone",
    ),
    Layout(
        "children with numbers",
        WOMEN,
        "母亲>姓名=name,- | 母亲>身份证号=id,- | 父亲>姓名=spouse_name,-"
        " | 父亲>身份证号=spouse_id,-"
        " | 妇女姓名=name | 妇女身份证号=id | 丈夫姓名=spouse_name | 子女一>姓名=-name"
        " | 子女一>出生日期=-date | 子女二>姓名=-name | 子女二>出生日期=-date"
        " | 现避孕措施=method",
    ),
    Layout(
        "quarterly report",
        WOMEN,
        "编号=seq | 村（居）委会=village | 已婚育龄妇女姓名=name | 身份证号码=id"
        " | 丈夫姓名=spouse_name"
        " | 结婚登记时间=marry | 生育子女数>男孩=boys | 生育子女数>女孩=girls"
        " | 末个子女出生时间=last_birth | 落实措施名称=method | 落实措施时间=method_date"
        " | 未落实原因=-text",
        village="column",
        blank_above=3,
    ),
    Layout(
        "women twice across",
        WOMEN,
        "序号=seq | 妇女姓名=name | 身份证号=id | 措施=method | 落实时间=method_date",
        twin="apart",
    ),
    Layout(
        "traditional and two tables",
        WOMEN,
        "序號=seq | 姓名=name | 身份證號=id | 配偶=spouse_name | 婚姻狀況=marital"
        " | 避孕方法=method",
        twin="below",
        below="姓名=name | 出生日期=birth | 丈夫姓名=spouse_name | 身份证号=id,spouse_id"
        " | 结婚时间=marry",
    ),
)
