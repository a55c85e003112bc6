"""Lists of married women as other offices lay them out; words and rules were chosen by these, too.

Cards, rewards, health checks, supplies, marriages: women in lists of other purposes, with many
columns that a roster does not keep.
"""

from tests.imports.layouts.builder import Layout

WOMEN = "married_women"

LAYOUTS = (
    Layout(
        "women's card",
        WOMEN,
        "妇女卡号=-code | 妇女姓名=name | 妇女公民身份号码=id | 妇女出生日期=birth"
        " | 妇女文化程度=edu | 妇女民族=ethnic | 丈夫姓名=spouse_name | 丈夫公民身份号码=spouse_id"
        " | 丈夫民族=-ethnic | 婚姻状况=marital | 婚姻变动日期=-date | 初婚日期=marry"
        " | 子女总数=kids | 其中男孩数=boys | 其中女孩数=girls | 避孕节育措施名称=method"
        " | 措施施行日期=method_date | 上报日期=-date",
    ),
    Layout(
        "reward applicants",
        WOMEN,
        "序号=seq | 申请人姓名=name | 申请人身份证号=id | 申请人性别=sex | 户口类型=hukou"
        " | 配偶姓名=spouse_name | 配偶身份证号=spouse_id | 婚姻状况=marital"
        " | 曾生育子女数=-int,kids | 现存子女数=kids | 子女出生日期=-date | 申报年度=-int"
        " | 审核意见=-text",
    ),
    Layout(
        "before pregnancy",
        WOMEN,
        "序号=seq | 妻子>姓名=name | 妻子>年龄=age | 妻子>民族=ethnic | 妻子>身份证号=id"
        " | 妻子>职业=-text | 丈夫>姓名=spouse_name | 丈夫>年龄=-age | 丈夫>民族=-ethnic"
        " | 丈夫>身份证号=spouse_id | 丈夫>职业=-text | 结婚时间=marry | 家庭住址=address"
        " | 联系电话=phone | 评估结果=-text",
    ),
    Layout(
        "health service",
        WOMEN,
        "服务日期=-date | 村组=group | 姓名=name | 身份证号=id | 年龄=age | 丈夫姓名=spouse_name"
        " | 子女数=kids | 措施=method | 服务项目=-text | 白带常规=-text | 处理意见=-text"
        " | 服务人员=-name | 电话=phone",
    ),
    Layout(
        "free supplies",
        WOMEN,
        "领药人=name,- | 妇女姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 避孕方式=method"
        " | 药具型号=-text | 发放数量=-int | 发放日期=-date | 发放人=-name | 联系电话=phone",
    ),
    Layout(
        "married women of the community",
        WOMEN,
        "社区名称=village | 楼栋号=-text | 姓名=name | 出生日期=birth | 身份证号码=id"
        " | 户籍类型=hukou | 户籍地=address,- | 配偶姓名=spouse_name | 配偶联系电话=-phone"
        " | 结婚日期=marry | 孩子姓名=-name | 孩子性别=-sex | 避孕措施=method | 本人联系电话=phone",
        village="column",
    ),
    Layout(
        "wives and husbands with husband's facts",
        WOMEN,
        "编号=seq | 妻姓名=name | 妻出生年月=birth | 妻身份证号=id | 妻文化程度=edu"
        " | 夫姓名=spouse_name | 夫出生年月=-date | 夫身份证号=spouse_id | 夫文化程度=-edu"
        " | 初婚年月=marry | 现有子女男=boys | 现有子女女=girls | 现避孕措施及时间=-text,method",
    ),
    Layout(
        "children in groups",
        WOMEN,
        "序号=seq | 妇女姓名=name | 身份证号码=id | 丈夫姓名=spouse_name | 子女情况>姓名=-name"
        " | 子女情况>性别=-sex | 子女情况>出生日期=-date | 子女情况>身份证号=-id"
        " | 落实避孕措施情况>措施名称=method | 落实避孕措施情况>落实时间=method_date",
    ),
    Layout(
        "special family",
        WOMEN,
        "序号=seq | 女方姓名=name | 女方身份证号=id | 男方姓名=spouse_name"
        " | 男方身份证号=spouse_id | 婚姻状况=marital | 联系电话=phone | 失独时间=-date"
        " | 扶助类别=-text | 家庭住址=address | 帮扶干部=-name",
    ),
    Layout(
        "mother and child list",
        WOMEN,
        "产妇姓名=name | 年龄=age | 产妇身份证号=id | 丈夫姓名=spouse_name | 联系电话=phone"
        " | 现有孩子数=kids | 分娩日期=-date,last_birth | 分娩方式=-text | 分娩医院=-text"
        " | 访视人=-name | 产后避孕措施=method,-",
    ),
    Layout(
        "women by the year",
        WOMEN,
        "年度=-int | 单位=-text,village | 姓名=name | 出生时间=birth | 公民身份号码=id"
        " | 结婚登记时间=marry | 丈夫姓名=spouse_name | 现孩数=kids | 末孩性别=-sex"
        " | 末孩出生时间=last_birth | 措施类别=method | 落实措施日期=method_date | 变更情况=-text",
    ),
    Layout(
        "names in brackets",
        WOMEN,
        "序号=seq | 姓名（女方）=name | 姓名（男方）=spouse_name | 身份证号（女方）=id"
        " | 身份证号（男方）=spouse_id | 出生日期（女方）=birth | 出生日期（男方）=-date"
        " | 电话（女方）=phone | 结婚日期=marry | 子女数=kids | 避孕措施=method",
    ),
    Layout(
        "women numbered",
        WOMEN,
        "（1）姓名=name | （2）身份证号=id | （3）丈夫姓名=spouse_name | （4）结婚日期=marry"
        " | （5）现有子女数=kids | （6）避孕措施=method | （7）落实日期=method_date"
        " | （8）备注=remark",
    ),
    Layout(
        "card of women",
        WOMEN,
        "卡片编号=-code | 妇女姓名=name | 妇女出生日期=birth | 妇女身份证号码=id | 妇女民族=ethnic"
        " | 妇女文化程度=edu | 妇女户口性质=hukou | 妇女婚姻状况=marital | 妇女初婚日期=marry"
        " | 丈夫姓名=spouse_name | 丈夫身份证号码=spouse_id | 丈夫出生日期=-date"
        " | 丈夫户籍地=-addr | 曾生子女数=-int | 现存子女数=kids | 避孕措施=method"
        " | 措施开始日期=method_date",
    ),
    Layout(
        "reward",
        WOMEN,
        "序号=seq | 姓名=name | 性别=sex | 身份证号=id | 配偶姓名=spouse_name"
        " | 配偶身份证号=spouse_id | 婚姻状况=marital | 现有子女数=kids | 子女存活情况=-text"
        " | 末孩出生年月=last_birth | 资格确认年度=-int | 户口性质=hukou | 联系电话=phone",
    ),
    Layout(
        "prepregnancy",
        WOMEN,
        "编号=seq | 妻子姓名=name | 妻子年龄=age | 妻子身份证号=id | 丈夫姓名=spouse_name"
        " | 丈夫年龄=-age | 丈夫身份证号=spouse_id | 结婚登记日期=marry | 计划怀孕时间=-date"
        " | 既往孕产史=-text | 检查日期=-date | 联系电话=phone",
    ),
    Layout(
        "health check",
        WOMEN,
        "序号=seq | 村民组=group | 受检者姓名=name | 年龄=age | 身份证号码=id | 丈夫=spouse_name"
        " | 避孕措施=method | 末次月经=-date | B超结果=-text | 乳腺检查=-text | 医生签名=-text",
    ),
    Layout(
        "method follow",
        WOMEN,
        "村别=village | 对象姓名=name | 出生年月=birth | 对象身份证号=id | 男方姓名=spouse_name"
        " | 现有子女>男=boys | 现有子女>女=girls | 落实措施>种类=method"
        " | 落实措施>时间=method_date | 落实措施>医院=facility | 责任医生=-name"
        " | 下次随访时间=-date",
        village="column",
    ),
    Layout(
        "marriages",
        WOMEN,
        "登记字号=-code | 女方>姓名=name | 女方>出生日期=birth | 女方>身份证件号=id"
        " | 女方>婚姻状况=marital | 女方>联系电话=phone | 男方>姓名=spouse_name"
        " | 男方>出生日期=-date | 男方>身份证件号=spouse_id | 男方>婚姻状况=-marital"
        " | 男方>联系电话=-phone | 登记日期=marry,-",
    ),
    Layout(
        "new couples",
        WOMEN,
        "序号=seq | 新娘姓名=name | 新娘身份证=id | 新郎姓名=spouse_name | 新郎身份证=spouse_id"
        " | 结婚日期=marry | 是否怀孕=-yesno | 生育意愿=-text | 电话=phone",
    ),
    Layout(
        "quarterly",
        WOMEN,
        "小组名称=group | 育妇姓名=name | 出生年月日=birth | 身份证号码=id | 爱人=spouse_name"
        " | 生育子女>合计=kids | 生育子女>男孩=boys | 生育子女>女孩=girls"
        " | 最后一孩出生日期=last_birth | 采取何种避孕措施=method | 采取措施时间=method_date"
        " | 是否领取独生子女证=-yesno | 备注=remark",
    ),
    Layout(
        "federation",
        WOMEN,
        "姓名=name | 出生年月=birth | 婚姻状态=marital | 身份证号码=id | 爱人姓名=spouse_name"
        " | 家庭人口=-int | 子女人数=kids | 是否单亲=-yesno | 就业意向=-text"
        " | 特殊情况说明=-text,remark | 家庭住址=address | 联系电话=phone",
    ),
    Layout(
        "floats",
        WOMEN,
        "育龄妇女姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 婚姻状况=marital"
        " | 现居住地地址=address | 孩次=kids,- | 最小孩出生日期=last_birth | 避孕方法=method"
        " | 流动原因=-text | 婚育证明编号=-code | 电话=phone",
    ),
    Layout(
        "names twice",
        WOMEN,
        "序号=seq | 妻子姓名=name | 身份证号码=id | 民族=ethnic | 丈夫姓名=spouse_name"
        " | 身份证号码=spouse_id | 民族=-ethnic | 结婚时间=marry | 孩子总数=kids"
        " | 现用避孕措施=method | 住址=address",
    ),
    Layout(
        "old form",
        WOMEN,
        "顺序=seq | 女方姓名=name | 男方姓名=spouse_name | 女方出生年月=birth | 男方出生年月=-date"
        " | 女方身份证=id | 男方身份证=spouse_id | 结婚年月=marry | 一孩>性别=-sex"
        " | 一孩>出生年月=-date | 二孩>性别=-sex | 二孩>出生年月=-date | 三孩>性别=-sex"
        " | 三孩>出生年月=-date | 节育情况>措施=method | 节育情况>年月=method_date | 备考=remark",
    ),
    Layout(
        "two halves",
        WOMEN,
        "序号=seq | 妇女姓名=name | 出生日期=birth | 丈夫姓名=spouse_name | 现有孩数=kids"
        " | 备注=remark",
        twin="apart",
    ),
    Layout(
        "screening",
        WOMEN,
        "序号=seq | 村名=village | 受检妇女姓名=name | 年龄=age | 身份证号码=id"
        " | 丈夫姓名=spouse_name | 文化程度=edu | 宫颈癌初筛结果=-text | 乳腺癌初筛结果=-text"
        " | 避孕方式=method | 孕次=-int | 产次=-int | 联系电话=phone",
        village="column",
    ),
    Layout(
        "birth registration",
        WOMEN,
        "登记编号=-code | 女方姓名=name | 女方身份证号码=id | 女方户籍地址=address,-"
        " | 男方姓名=spouse_name | 男方身份证号码=spouse_id | 男方户籍地址=-addr"
        " | 结婚登记日期=marry | 现有子女数=kids | 拟生育孩次=-int | 预产期=-date | 登记日期=-date"
        " | 经办人=-name",
    ),
    Layout(
        "only children",
        WOMEN,
        "序号=seq | 母亲姓名=name | 母亲身份证=id | 父亲姓名=spouse_name | 父亲身份证=spouse_id"
        " | 独生子女姓名=-name | 独生子女出生日期=-date,last_birth | 领证日期=-date | 证号=-code"
        " | 避孕措施=method,-",
    ),
    Layout(
        "women at home",
        WOMEN,
        "组别=group | 妇女姓名=name | 出生日期=birth | 身份证号=id | 文化程度=edu"
        " | 丈夫姓名=spouse_name | 丈夫务工地点=-place | 子女数=kids | 有何特长=-text"
        " | 联系电话=phone",
    ),
    Layout(
        "ring",
        WOMEN,
        "编号=seq | 姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 现孩数=kids | 男=boys"
        " | 女=girls | 避孕措施=method | 上环时间=-date,method_date | 上环地点=-place,facility"
        " | 透环结果=-text",
    ),
    Layout(
        "english women",
        WOMEN,
        "No.=seq | Woman妇女姓名=name | DOB出生日期=birth | ID身份证号=id"
        " | Husband丈夫=spouse_name | Children子女数=kids | Method避孕措施=method"
        " | Remark备注=remark",
    ),
    Layout(
        "both twice",
        WOMEN,
        "女方>姓名=name | 女方>出生年月=birth | 女方>户籍所在地=-addr,address"
        " | 男方>姓名=spouse_name | 男方>出生年月=-date | 男方>户籍所在地=-addr"
        " | 初婚登记日期=marry | 孩子>总数=kids | 孩子>男孩=boys | 孩子>女孩=girls"
        " | 最后一个孩子出生日期=last_birth | 避孕方法=method",
    ),
    Layout(
        "year report",
        WOMEN,
        "统计年度=-int | 行政村=village | 育龄妇女姓名=name | 公民身份号码=id | 户籍性质=hukou"
        " | 婚姻状况=marital | 初婚年月=marry | 配偶姓名=spouse_name | 生育子女总数=kids"
        " | 现采取的避孕节育措施=method | 采取措施年月=method_date | 当年变化=-text",
        village="column",
    ),
    Layout(
        "volunteers",
        WOMEN,
        "妇女小组长=-name | 妇女姓名=name | 身份证号码=id | 丈夫姓名=spouse_name | 结婚时间=marry"
        " | 是否签订服务协议=-yesno | 志愿者姓名=-name | 志愿者电话=-phone | 服务次数=-int",
    ),
    Layout(
        "spouses by bracket",
        WOMEN,
        "序号=seq | 姓名(妻)=name | 身份证号(妻)=id | 姓名(夫)=spouse_name"
        " | 身份证号(夫)=spouse_id | 婚姻状况=marital | 子女（男）=boys | 子女（女）=girls"
        " | 措施=method | 落实年月=method_date",
    ),
    Layout(
        "dates",
        WOMEN,
        "妇女姓名=name | 出生日期=birth | 丈夫姓名=spouse_name | 结婚日期=marry"
        " | 头孩出生日期=-date | 末孩出生日期=last_birth | 措施起始日期=method_date"
        " | 避孕措施=method | 建档日期=-date | 最近随访日期=-date",
    ),
    Layout(
        "reward check",
        WOMEN,
        "奖扶对象姓名=name | 奖扶对象身份证号=id | 奖扶对象性别=sex | 配偶姓名=spouse_name"
        " | 配偶身份证号=spouse_id | 生育子女数=kids | 存活子女>男=boys | 存活子女>女=girls"
        " | 领取年度=-int | 发放金额=-money | 一卡通账号=-code",
    ),
    Layout(
        "women and their supplies",
        WOMEN,
        "序号=seq | 姓名=name | 出生年月=birth | 身份证号=id | 丈夫姓名=spouse_name"
        " | 丈夫电话=-phone | 婚史=-text,marital | 生育史>男=boys | 生育史>女=girls"
        " | 现用避孕药具=method | 开始使用时间=method_date | 家庭住址=address",
    ),
    Layout(
        "people of childbearing age",
        WOMEN,
        "村=village | 育龄群众姓名=name | 身份证号码=id | 配偶=spouse_name"
        " | 配偶身份证号码=spouse_id | 领取结婚证时间=marry | 第一个孩子出生时间=-date"
        " | 第二个孩子出生时间=-date | 目前避孕节育措施=method | 随访员=-name",
        village="column",
    ),
    Layout(
        "groups of facts",
        WOMEN,
        "妻子信息>姓名=name | 妻子信息>身份证=id | 妻子信息>手机=phone | 妻子信息>户籍=-text,hukou"
        " | 丈夫信息>姓名=spouse_name | 丈夫信息>身份证=spouse_id | 丈夫信息>手机=-phone"
        " | 丈夫信息>户籍=-text | 婚育信息>结婚登记日期=marry | 婚育信息>子女数=kids"
        " | 婚育信息>再生育意愿=-text",
    ),
    Layout(
        "expectant mothers",
        WOMEN,
        "序号=seq | 孕妇姓名=name | 身份证号=id | 丈夫姓名=spouse_name | 丈夫身份证号=spouse_id"
        " | 联系电话=phone | 孕周=-int | 预产期=-date | 孕次=-int | 产次=-int | 建册机构=-text"
        " | 高危因素=-text | 现有孩子数=kids",
    ),
    Layout(
        "names and numbers of both",
        WOMEN,
        "小组=group | 女方名字=name | 女方出生年月日=birth | 女方证件号码=id"
        " | 男方名字=spouse_name | 男方证件号码=spouse_id | 小孩个数=kids"
        " | 小孩最小的出生年月=last_birth | 采取的避孕措施=method | 措施落实的时间=method_date"
        " | 备注=remark",
    ),
    Layout(
        "screening of women",
        WOMEN,
        "序号=seq | 姓名=name | 年龄=age | 公民身份证号码=id | 婚姻状况=marital"
        " | 配偶姓名=spouse_name | 子女情况>男孩个数=boys | 子女情况>女孩个数=girls"
        " | 子女情况>末孩出生时间=last_birth | 是否参加两癌筛查=-yesno | 筛查日期=-date"
        " | 筛查结论=-text | 联系号码=phone",
    ),
    Layout(
        "files of women",
        WOMEN,
        "档案编号=-code | 建档日期=-date | 妇女姓名=name | 妇女身份证件号码=id"
        " | 配偶姓名=spouse_name | 现居住地址=address | 初婚时间=marry | 怀孕次数=-int"
        " | 分娩次数=-int | 现存活子女>男=boys | 现存活子女>女=girls | 目前所用避孕方法=method"
        " | 避孕开始时间=method_date",
    ),
    Layout(
        "families that lost a child",
        WOMEN,
        "序号=seq | 特扶对象=name | 性别=sex | 身份证号码=id | 爱人姓名=spouse_name | 婚姻=marital"
        " | 子女死亡时间=-date | 扶助金标准=-money | 联系人与电话=-text | 居住地=address"
        " | 帮扶单位=-text",
    ),
    Layout(
        "women of a household on two halves",
        WOMEN,
        "户主姓名=-name | 户号=-code | 妇女姓名=name | 与户主关系=-relation | 妇女身份证号=id"
        " | 丈夫姓名=spouse_name | 丈夫身份证号=spouse_id | 已有子女数=kids | 避孕方法=method",
        twin="right",
    ),
    Layout(
        "women as people speak",
        WOMEN,
        "No.=seq | 妇女名字=name | 出生=birth | 身份证=id | 老公姓名=spouse_name | 结婚日=marry,-"
        " | 儿子数=boys | 女儿数=girls | 老小生日=last_birth | 用什么避孕=method | 打电话=phone",
    ),
)
