"""Household rosters as other offices lay them out; words and rules were chosen by these, too.

Insurance, pensions, relief, grids, vaccination, elections, schools: people of households in lists
of other purposes, with many columns that a roster does not keep.
"""

from tests.imports.layouts.builder import Layout

HOUSEHOLD = "household_roster"

LAYOUTS = (
    Layout(
        "export of the police station",
        HOUSEHOLD,
        "户号=hh_no | 户类型=-text,hukou | 户主姓名=head_name | 户主公民身份号码=head_id"
        " | 姓名=name | 公民身份号码=id | 与户主关系=relation | 性别=sex | 民族=ethnic"
        " | 出生日期=birth | 所属派出所=-text | 户籍地住址=address | 人员状态=-text,residence"
        " | 入户日期=-date | 操作员=-name",
    ),
    Layout(
        "insured residents",
        HOUSEHOLD,
        "单位编号=-code | 单位名称=-text | 家庭编码=hh_code | 人员编号=-code | 姓名=name"
        " | 身份证号码=id | 性别=sex | 出生年月日=birth | 与户主的关系=relation | 参保险种=-text"
        " | 参保日期=-date | 人员类别=-text | 特殊人群标识=-text | 应缴金额=-money"
        " | 到账日期=-date",
    ),
    Layout(
        "pensions",
        HOUSEHOLD,
        "序号=seq | 村（社区）=village | 户主姓名=head_name | 领取人=name | 公民身份号码=id"
        " | 与户主关系=relation | 年龄=age | 领取标准=-money | 待遇起始年月=-date | 发放银行=-text"
        " | 生存认证时间=-date | 联系手机=phone",
        village="column",
    ),
    Layout(
        "minimum living",
        HOUSEHOLD,
        "低保证编号=-code | 申请人姓名=head_name,- | 家庭成员姓名=name | 与申请人关系=relation"
        " | 身份证号=id | 性别=sex | 劳动能力=-text | 健康状况=-text | 月保障金=-money"
        " | 享受类别=-text | 审批时间=-date | 备注=remark",
    ),
    Layout(
        "grid managers",
        HOUSEHOLD,
        "网格名称=-text | 网格长=-name | 楼号=-int | 单元号=-int | 房间号=-int | 户主=head_name"
        " | 姓名=name | 性别=sex | 身份证号=id | 与户主关系=relation | 人口类型=-text,residence"
        " | 工作单位=-text | 联系电话=phone | 车牌号=-code | 宠物情况=-text",
    ),
    Layout(
        "vaccines",
        HOUSEHOLD,
        "序号=seq | 村组=group | 户主=head_name | 受种者姓名=name | 性别=sex | 证件号码=id"
        " | 手机号=phone | 是否接种=-yesno | 第一剂接种日期=-date | 第二剂接种日期=-date"
        " | 加强针=-date | 接种单位=-text | 不接种原因=-text",
    ),
    Layout(
        "follow-up of poor households",
        HOUSEHOLD,
        "户编码=hh_code | 户主姓名=head_name | 户类型=-text | 家庭成员=name | 证件号码=id"
        " | 与户主关系=relation | 文化程度=edu | 健康状况=-text | 劳动技能=-text"
        " | 是否参加基本医疗=-yesno | 是否危房户=-yesno | 帮扶责任人=-name | 帮扶责任人电话=-phone"
        " | 识别监测时间=-date",
    ),
    Layout(
        "elderly subsidy",
        HOUSEHOLD,
        "序号=seq | 组别=group | 户主=head_name | 高龄老人姓名=name | 身份证号=id | 性别=sex"
        " | 周岁=age | 补贴月数=-int | 补贴金额=-money | 发放账号=-code | 代领人=-name"
        " | 与户主关系=relation",
    ),
    Layout(
        "members of the collective",
        HOUSEHOLD,
        "户编号=hh_no,hh_code | 户主=head_name | 成员姓名=name | 成员性别=sex | 成员证件号=id"
        " | 与户主关系=relation | 成员类型=-text | 成员资格认定日期=-date | 配股数量=-int"
        " | 股权证号=-code | 联系电话=phone",
    ),
    Layout(
        "houses",
        HOUSEHOLD,
        "门牌号=address | 户主姓名=head_name | 常住人员姓名=name | 与户主关系=relation"
        " | 身份证号码=id | 房屋结构=-text | 房屋层数=-int | 建成年份=-int | 建筑面积=-money"
        " | 是否鉴定=-yesno | 联系电话=phone",
    ),
    Layout(
        "people with disabilities",
        HOUSEHOLD,
        "序号=seq | 户主=head_name | 残疾人姓名=name | 性别=sex | 残疾人证号=-code | 身份证号码=id"
        " | 残疾类型=-text | 等级=-text | 与户主关系=relation | 护理人=-name | 评定日期=-date"
        " | 联系电话=phone",
    ),
    Layout(
        "young people for the army",
        HOUSEHOLD,
        "组=group | 户主=head_name | 应征青年姓名=name | 出生年月=birth | 身份证号码=id | 学历=edu"
        " | 毕业院校=-text | 毕业时间=-date | 身高=-int | 视力=-text | 联系电话=phone"
        " | 体检结果=-text",
    ),
    Layout(
        "workers away",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 姓名=name | 与户主关系=relation | 性别=sex | 年龄=age"
        " | 身份证号码=id | 是否外出务工=residence | 外出务工地点=-place | 从事行业=-text"
        " | 外出时间=-date | 月收入=-money | 联系电话=phone | 返岗时间=-date",
    ),
    Layout(
        "children left behind",
        HOUSEHOLD,
        "序号=seq | 户主=head_name | 儿童姓名=name | 性别=sex | 出生日期=birth | 身份证号=id"
        " | 父亲姓名=father_name | 父亲电话=-phone | 母亲姓名=mother_name | 监护人姓名=-name"
        " | 监护人与儿童关系=-relation | 就读学校=-text | 与户主关系=relation",
    ),
    Layout(
        "members with codes in headings",
        HOUSEHOLD,
        "A01姓名=name | A02性别=sex | A03与户主关系=relation | A04身份证号码=id | A05民族=ethnic"
        " | A06出生年月=birth | A07文化程度=edu | A08婚姻状况=marital | A09户口性质=hukou"
        " | A10是否在家居住=residence | A11职业=-text",
    ),
    Layout(
        "numbered headings",
        HOUSEHOLD,
        "1.姓名=name | 2.与户主关系=relation | 3.身份证号=id | 4.性别=sex | 5.民族=ethnic"
        " | 6.联系电话=phone | 7.居住地址=address | 8.备注=remark",
    ),
    Layout(
        "flood shelter",
        HOUSEHOLD,
        "危险区名称=-text | 户主=head_name | 家庭人口数=-int | 人员名单=name | 与户主关系=relation"
        " | 身份证号=id | 联系电话=phone | 转移责任人=-name | 责任人电话=-phone | 安置点=-place"
        " | 是否需要协助=-yesno",
    ),
    Layout(
        "voters",
        HOUSEHOLD,
        "选民证编号=-code | 所属小组=group | 户主=head_name | 姓名=name | 性别=sex"
        " | 出生年月日=birth | 民族=ethnic | 身份证号码=id | 选民登记日期=-date"
        " | 是否流动党员=-yesno | 备注=remark",
    ),
    Layout(
        "household and changes",
        HOUSEHOLD,
        "户籍号=hh_no | 姓名=name | 称呼=relation | 性别=sex | 出生日期=birth | 身份证=id"
        " | 婚姻=marital | 变动原因=-text | 变动日期=-date | 登记人=-name | 审核人=-name",
    ),
    Layout(
        "head beside members with phones",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 户主手机号=-phone | 家属姓名=name | 家属身份证号=id"
        " | 家属与户主关系=relation | 家属手机号=phone | 家属性别=sex",
    ),
    Layout(
        "no head and no number",
        HOUSEHOLD,
        "序号=seq | 村民小组=group | 姓名=name | 性别=sex | 民族=ethnic | 身份证号码=id"
        " | 文化程度=edu | 联系电话=phone | 政治面貌=-party | 备注=remark",
    ),
    Layout(
        "election",
        HOUSEHOLD,
        "选民证号=-code | 选民小组=group,- | 户主姓名=head_name | 选民姓名=name | 性别=sex"
        " | 出生日期=birth | 居民身份证号码=id | 与户主关系=relation | 是否具有选举权=-yesno"
        " | 委托人=-name | 选民签字=-text",
    ),
    Layout(
        "elderly care",
        HOUSEHOLD,
        "序号=seq | 所属网格=-text | 户主=head_name | 老人姓名=name | 老人性别=sex"
        " | 老人身份证号=id | 年龄=age | 与户主关系=relation | 居住方式=-text,residence"
        " | 自理能力=-text | 慢性病种类=-text | 赡养人姓名=-name | 赡养人电话=-phone"
        " | 老人联系电话=phone | 走访日期=-date",
    ),
    Layout(
        "medical insurance",
        HOUSEHOLD,
        "参保年度=-int | 村委会=village | 户号=hh_no | 个人编号=-code | 姓名=name | 证件号码=id"
        " | 性别=sex | 出生日期=birth | 与户主关系=relation | 参保身份=-text | 参保状态=-text"
        " | 个人缴费标准=-money | 缴费时间=-date | 手机号码=phone",
        village="column",
    ),
    Layout(
        "pension",
        HOUSEHOLD,
        "序号=seq | 村民小组名称=group | 户主名称=head_name | 参保人员=name | 公民身份号码=id"
        " | 性别=sex | 首次参保时间=-date | 缴费档次=-money | 累计缴费年限=-int"
        " | 待遇领取时间=-date | 联系方式=phone | 家庭详细住址=address",
    ),
    Layout(
        "vaccination",
        HOUSEHOLD,
        "所在小组=group | 家庭户主=head_name | 姓名=name | 家庭关系=relation | 身份证件号码=id"
        " | 联系电话=phone | 是否接种=-yesno | 未接种原因=-text | 疫苗厂家=-text | 接种剂次=-int"
        " | 接种地点=-place",
    ),
    Layout(
        "poverty",
        HOUSEHOLD,
        "户编号=hh_code,hh_no | 人编号=-code | 家庭成员姓名=name | 家庭成员性别=sex"
        " | 家庭成员证件号码=id | 家庭成员与户主关系=relation | 家庭成员民族=ethnic"
        " | 家庭成员文化程度=edu | 是否义务教育阶段儿童失学辍学=-yesno | 风险类型=-text"
        " | 帮扶联系人=-name | 人均纯收入=-money | 脱贫年度=-int",
    ),
    Layout(
        "rented",
        HOUSEHOLD,
        "栋号=-int | 门牌=-text,address | 房东姓名=-name | 房东电话=-phone | 户主姓名=head_name"
        " | 住户姓名=name | 身份证号=id | 性别=sex | 户籍所在地=address,- | 来本地时间=-date"
        " | 手机=phone | 备注=remark",
    ),
    Layout(
        "collective",
        HOUSEHOLD,
        "户序=hh_no,seq | 户代表姓名=-name,head_name | 成员姓名=name | 性别=sex | 公民身份号码=id"
        " | 与户代表关系=relation | 成员身份类别=-text | 取得成员身份时间=-date"
        " | 折股量化份额=-int | 是否享受分红=-yesno | 签字按印=-text",
    ),
    Layout(
        "land",
        HOUSEHOLD,
        "组别=group | 农户姓名=head_name,name | 家庭成员姓名=name | 与户主关系=relation"
        " | 身份证号码=id | 地块数=-int | 实测面积=-money | 宅基地面积=-money | 经营权证编号=-code"
        " | 备注=remark",
    ),
    Layout(
        "students",
        HOUSEHOLD,
        "序号=seq | 学生姓名=name | 性别=sex | 身份证号=id | 民族=ethnic | 户主姓名=head_name"
        " | 与户主关系=relation | 就读学校=-text | 年级=-text | 学籍号=-code | 是否寄宿=-yesno"
        " | 家长姓名=-name | 家长联系电话=-phone",
    ),
    Layout(
        "census short",
        HOUSEHOLD,
        "R1姓名=name | R2与户主关系=relation | R3公民身份号码=id | R4性别=sex | R5出生年月=birth"
        " | R6民族=ethnic | R7普查时点居住地=-text | R8户口登记地=address,-"
        " | R9离开户口登记地时间=-date | R11受教育程度=edu",
    ),
    Layout(
        "moved",
        HOUSEHOLD,
        "户号=hh_no | 姓名=name | 与户主关系=relation | 性别=sex | 出生日期=birth"
        " | 公民身份证号码=id | 变动类型=-text | 变更日期=-date | 何地来本址=-place"
        " | 注销户口原因=-text | 经办民警=-name",
    ),
    Layout(
        "disabled",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 姓名=name | 残疾证号=-code | 残疾类别=-text"
        " | 残疾等级=-text | 身份证号=id | 联系人电话=-phone | 本人电话=phone | 家庭地址=address"
        " | 监护人姓名=-name | 与户主关系=relation | 补贴标准=-money",
    ),
    Layout(
        "veterans",
        HOUSEHOLD,
        "村组=group | 户主=head_name | 姓名=name | 与户主关系=relation | 身份证号码=id"
        " | 入伍时间=-date | 退伍时间=-date | 部队番号=-code | 优抚类别=-text | 联系电话=phone"
        " | 光荣牌编号=-code",
    ),
    Layout(
        "away",
        HOUSEHOLD,
        "组=group | 户主=head_name | 外出人员姓名=name | 性别=sex | 身份证号=id"
        " | 与户主关系=relation | 务工地点=-place | 务工企业=-text | 月工资=-money"
        " | 预计返乡时间=-date | 是否春节返乡=-yesno | 联系电话=phone",
    ),
    Layout(
        "heads and members by number",
        HOUSEHOLD,
        "户号=hh_no | 户主姓名=head_name | 户主身份证=head_id | 人口=-int | 家人姓名=name"
        " | 家人身份证=id | 家人与户主关系=relation | 家人性别=sex",
    ),
    Layout(
        "two levels",
        HOUSEHOLD,
        "户情况>门牌号=address | 户情况>户主=head_name | 户情况>户口本号=hh_no"
        " | 人口情况>姓名=name | 人口情况>与户主关系=relation | 人口情况>性别=sex"
        " | 人口情况>身份证号码=id | 人口情况>文化程度=edu | 就业情况>就业类型=-text"
        " | 就业情况>就业地=-place | 健康情况>健康状况=-text | 健康情况>疾病名称=-text",
        numbers=True,
    ),
    Layout(
        "reservoir migrants",
        HOUSEHOLD,
        "移民户号=hh_no | 移民户主=head_name | 移民姓名=name | 与移民户主关系=relation"
        " | 身份证号=id | 性别=sex | 移民身份=-text | 直补账号=-code | 搬迁时间=-date"
        " | 现住址=address",
    ),
    Layout(
        "social cards",
        HOUSEHOLD,
        "序号=seq | 村居=village | 组=group | 户主=head_name | 持卡人姓名=name | 持卡人身份证=id"
        " | 与户主关系=relation | 社保卡号=-code | 激活状态=-text | 开卡网点=-text"
        " | 联系电话=phone",
        village="column",
    ),
    Layout(
        "fraud education",
        HOUSEHOLD,
        "网格=-text | 户主姓名=head_name | 家庭成员=name | 成员关系=relation | 证件号码=id"
        " | 手机号码=phone | 是否安装反诈APP=-yesno | 是否转账=-yesno | 宣传人=-name"
        " | 宣传日期=-date",
    ),
    Layout(
        "gas users",
        HOUSEHOLD,
        "门牌号=address | 户主=head_name | 家庭成员姓名=name | 与户主关系=relation | 身份证号=id"
        " | 用气类型=-text | 软管更换日期=-date | 是否安装报警器=-yesno | 安检员=-name",
    ),
    Layout(
        "literacy",
        HOUSEHOLD,
        "组别=group | 户主=head_name | 姓名=name | 性别=sex | 出生年月=birth | 公民身份号码=id"
        " | 最高学历=edu | 与户主关系=relation | 普通话水平=-text | 掌握技术=-text",
    ),
    Layout(
        "registers with english",
        HOUSEHOLD,
        "Household No.户号=hh_no | Head户主=head_name | Name姓名=name"
        " | Relation与户主关系=relation | Sex性别=sex | Date of Birth出生日期=birth"
        " | ID No.身份证号=id | Phone电话=phone",
    ),
    Layout(
        "party",
        HOUSEHOLD,
        "序号=seq | 所在党支部=-text | 党员姓名=name | 性别=sex | 民族=ethnic | 出生年月=birth"
        " | 学历=edu | 入党时间=-date | 转正时间=-date | 身份证号=id | 户主=head_name"
        " | 与户主关系=relation | 联系方式=phone",
    ),
    Layout(
        "burial",
        HOUSEHOLD,
        "户主=head_name | 姓名=name | 与户主关系=relation | 身份证号=id | 公墓编号=-code"
        " | 是否签订承诺书=-yesno | 承诺人签名=-text | 备注=remark",
    ),
    Layout(
        "students aid",
        HOUSEHOLD,
        "学生姓名=name | 学生身份证号=id | 学生性别=sex | 户主姓名=head_name | 与户主关系=relation"
        " | 学校名称=-text | 年级班级=-text | 资助金额=-money | 家长姓名=-name | 家长身份证号=-id"
        " | 与学生关系=-relation",
    ),
    Layout(
        "long heads",
        HOUSEHOLD,
        "序号=seq | 户主姓名（须与户口簿一致）=head_name | 家庭成员姓名（全部填写）=name"
        " | 与户主关系（如：配偶、子、女）=relation | 公民身份号码（18位）=id | 性别（男/女）=sex"
        " | 民族（全称）=ethnic | 婚姻状况（未婚、已婚、离异、丧偶）=marital"
        " | 手机号（本人）=phone | 备注（特殊情况）=remark",
    ),
    Layout(
        "wide group",
        HOUSEHOLD,
        "户籍人口>户主>姓名=head_name | 户籍人口>户主>身份证=head_id | 户籍人口>成员>姓名=name"
        " | 户籍人口>成员>身份证=id | 户籍人口>成员>关系=relation | 其他情况>残疾=-yesno"
        " | 其他情况>低保=-yesno | 其他情况>联系电话=phone",
    ),
    Layout(
        "spouse in household",
        HOUSEHOLD,
        "户号=hh_no | 姓名=name | 性别=sex | 身份证号=id | 与户主关系=relation | 婚姻状况=marital"
        " | 配偶姓名=spouse_name | 配偶身份证=spouse_id | 配偶电话=-phone | 结婚日期=marry,-"
        " | 子女姓名=-name",
    ),
    Layout(
        "grandparents",
        HOUSEHOLD,
        "户主=head_name | 儿童姓名=name | 儿童身份证号=id | 儿童性别=sex | 与户主关系=relation"
        " | 父亲姓名=father_name | 父亲联系电话=-phone | 母亲姓名=mother_name"
        " | 母亲联系电话=-phone | 委托监护人=-name | 委托监护人电话=-phone | 每月回家次数=-int",
    ),
    Layout(
        "no sex",
        HOUSEHOLD,
        "编号=seq | 社=group | 户口本编号=hh_no | 人员姓名=name | 证件号=id | 称谓=relation"
        " | 手机=phone | 微信号=-code | 常住情况=residence",
    ),
    Layout(
        "numbers before",
        HOUSEHOLD,
        "①户号=hh_no | ②姓名=name | ③与户主关系=relation | ④身份证号码=id | ⑤性别=sex"
        " | ⑥民族=ethnic | ⑦备注=remark",
    ),
    Layout(
        "blank title",
        HOUSEHOLD,
        "村小组=group | 户主姓名=head_name | 姓 名=name | 与户主关 系=relation | 性 别=sex"
        " | 公 民 身 份 号 码=id | 实际居住地址=address | 户籍地址=-addr",
        village="section",
    ),
    Layout(
        "full questions as headings",
        HOUSEHOLD,
        "行号=seq | 户口簿编号=hh_no | 户主大名=head_name | 家庭成员名字=name"
        " | 和户主的关系=relation | 男女性别=sex | 身份证号码18位=id | 出生年月（阳历）=birth"
        " | 何种文化=edu | 手机联系方式=phone | 备注说明=remark",
    ),
    Layout(
        "people at work",
        HOUSEHOLD,
        "村民小组=group | 户主=head_name | 人口=-int | 姓名=name | 与户主关系=relation"
        " | 公民身份证号=id | 现从事职业=-text | 有无技能证书=-yesno | 培训意向=-text"
        " | 联系方式=phone",
        village="sheet",
    ),
    Layout(
        "doctor signed for",
        HOUSEHOLD,
        "所属乡镇=town | 所属村=village | 所属小组=group | 户号=hh_no | 人员姓名=name"
        " | 人员证件号码=id | 人员性别=sex | 与户主关系=relation | 户籍性质=hukou"
        " | 健康档案号=-code | 签约医生=-name | 签约日期=-date | 慢病类型=-text",
        village="column",
    ),
    Layout(
        "head, members and houses",
        HOUSEHOLD,
        "户主信息>姓名=head_name | 户主信息>身份证号码=head_id | 户主信息>联系电话=-phone"
        " | 家庭成员信息>姓名=name | 家庭成员信息>身份证号码=id | 家庭成员信息>与户主关系=relation"
        " | 家庭成员信息>联系电话=phone | 房屋信息>房屋编号=-code | 房屋信息>建造时间=-date"
        " | 房屋信息>是否自住=-yesno",
    ),
    Layout(
        "register with emergency contact",
        HOUSEHOLD,
        "序号=seq | 姓名=name | 性别=sex | 民族=ethnic | 籍贯=-place | 出生年月=birth"
        " | 身份证号=id | 户主=head_name | 户主关系=relation | 服兵役情况=-text | 婚姻状况=marital"
        " | 常用联系电话=phone | 紧急联系人及电话=-text",
    ),
    Layout(
        "all of the members",
        HOUSEHOLD,
        "编号=seq | 家庭户主姓名=head_name | 成员名字=name | 成员出生日期=birth | 成员性别=sex"
        " | 成员身份证=id | 成员民族=ethnic | 成员婚姻状况=marital | 成员文化程度=edu"
        " | 成员联系电话=phone | 成员政治面貌=-party | 住房情况=-text",
    ),
    Layout(
        "as people speak",
        HOUSEHOLD,
        "门牌=address | 户=hh_no | 姓名=name | 关系=relation | 身份证=id | 生日=birth | 电话=phone"
        " | 在不在家=residence | 去哪里了=-place | 啥时候走的=-date",
    ),
    Layout(
        "collected by a field worker",
        HOUSEHOLD,
        "序号=seq | 采集单位=-text | 采集人=-name | 采集时间=-date | 户编号=hh_no,hh_code"
        " | 户主=head_name | 姓名=name | 身份证号码=id | 与户主关系=relation | 户籍地详址=address"
        " | 现住地详址=-addr,address | 人户是否一致=-yesno,residence | 信息来源=-text",
    ),
    Layout(
        "people provided for",
        HOUSEHOLD,
        "序号=seq | 供养对象姓名=name | 供养对象身份证号=id | 性别=sex | 户主=head_name"
        " | 供养方式=-text | 供养标准=-money | 护理等级=-text | 照料人姓名=-name"
        " | 照料人关系=-relation | 照料人电话=-phone",
    ),
    Layout(
        "marks of benefits on two halves",
        HOUSEHOLD,
        "户号=hh_no | 姓名=name | 与户主关系=relation | 性别=sex | 身份证号码=id"
        " | 参加合作医疗=-yesno | 参加养老保险=-yesno | 享受低保=-yesno | 重度残疾=-yesno"
        " | 大病=-yesno | 备注栏=remark",
        twin="apart",
    ),
    Layout(
        "hamlets and work away",
        HOUSEHOLD,
        "屋场名称=-text | 户主姓名=head_name | 家庭成员=name | 关系=relation | 身份证号=id"
        " | 联系电话=phone | 是否在外=residence | 在外地址=-place | 从事工作=-text"
        " | 年收入(万元)=-money",
    ),
    Layout(
        "rights in the collective",
        HOUSEHOLD,
        "序号=seq | 户主姓名=head_name | 户内成员姓名=name | 成员与户主关系=relation"
        " | 成员公民身份号码=id | 是否本集体经济组织成员=-yesno | 是否农业户口=-yesno,hukou"
        " | 嫁入或迁入时间=-date | 家庭代表签字=-text",
    ),
    Layout(
        "police words",
        HOUSEHOLD,
        "户籍派出所=-text | 户籍号码=hh_no | 户主姓名=head_name | 公民姓名=name | 公民性别=sex"
        " | 公民民族=ethnic | 公民出生日期=birth | 公民身份证编号=id | 公民与户主关系=relation"
        " | 公民婚姻状况=marital",
    ),
    Layout(
        "party member in charge",
        HOUSEHOLD,
        "片区=-text | 村组=group | 户主=head_name | 户主电话=-phone | 姓名=name | 称谓=relation"
        " | 性别=sex | 年龄=age | 身份证号码=id | 微信群是否加入=-yesno | 党员联户=-name",
        numbers=True,
    ),
)
