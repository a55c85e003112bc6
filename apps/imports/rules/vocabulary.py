"""Words that rosters share: headings of common columns and ways of writing listed values.

The names of the code lists themselves need not stand here.
"""

from collections.abc import Mapping

from apps.core.text import words

# Headings ----------------------------------------------------------------------------------------


def joined(first: str, second: str) -> tuple[str, ...]:
    """Return every word of one list followed by every word of another."""
    return tuple(one + other for one in first.split() for other in second.split())


DATES = "时间 日期 年月 年月日"
SERIAL = words("序号 编号 顺序号 行号 序列 序 号 No NO 序次 流水号 顺号 项次")
KEY = words("系统人员编号（勿改） 系统人员编号")
NAME = words(
    "姓名 名字 成员姓名 人员姓名 家庭成员 家庭成员姓名 人口姓名 居民姓名 本人姓名 公民姓名 成员"
    " 人名 村民姓名 成员名称 户内成员 name"
)
ID_NUMBER = words(
    "身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证号 居民身份证号码"
    " 身份证"
    " 身份号码 证件号码 证件号 身份证件号 身份证件号码 有效证件号码 身份证编号"
    " 居民身份证 公民身份证 身份证件编号 公民身份证编号 公民身份证件编号 公民身份证件号码"
    " 公民身份号 身份号 id idno idcard idcardno idnumber"
)
SEX = words("性别 男女 性别代码 sex gender")
BIRTH = (
    *words("生日 出生 出生年份 出生日 诞生日期 出生年 dob birthday birthdate dateofbirth"),
    *joined("出生", DATES),
)
AGE = words("年龄 周岁 实足年龄 岁数 周岁年龄 年纪 年龄（周岁） 岁 age")
ETHNIC = words("民族 民族名称 族别")
EDUCATION = words(
    "文化程度 学历 受教育程度 教育程度 文化 最高学历 文化水平 学历层次 受教育情况 教育情况"
)
MARITAL = words(
    "婚姻状况 婚姻 婚否 婚姻情况 婚姻状态 婚育状况 婚姻类别 婚况 婚姻现状 是否已婚 是否结婚"
)
HUKOU = words(
    "户口性质 户籍性质 户口类别 户口类型 户籍类型 户口 户别 农业非农 户籍类别 户性 农业非农业"
)
GROUP = words(
    "组别 组 村民小组 小组 村组 组名 所在组 生产队 组号 居民小组 所属小组 村小组 队 队别"
    " 社 所在小组 几组 第几组 哪组 哪个组 村民组 小组名称 村民小组名称 所在村民小组 居民组"
    " 生产小队 小队 小组别 group"
)
PHONE = words(
    "联系电话 电话 手机号码 手机 手机号 联系方式 电话号码 联系号码 移动电话 本人电话 联系手机"
    " 固定电话 本人手机 手机电话 移动手机 联络电话 联络方式 联系电话号码 电话手机 手机联系"
    " tel phone mobile telephone"
)
REMARK = words("备注 说明 备 注 备考 其他说明 附注 备注说明 备注栏 remark remarks note")
VILLAGE = words(
    "村 村名 村别 村居 村委会 行政村 所在村 村（居） 村居名称 村（居）委会 村级 户籍村 所属村"
    " 村/社区"
    " 村（社区） 社区 现居住村 居住村 村委 村民委员会 村（居）名称 户籍地（村） 村名称"
)
TOWN = words(
    "乡镇 乡 镇 乡镇名称 乡（镇） 乡镇（街道） 所在乡镇 街道 乡镇街道 镇街 镇（街） 所属乡镇"
)
ADDRESS = (
    *words("家庭住址 住址 地址 详细地址 户口所在地 住所 门牌号 户籍地 住址详址 通讯地址 通信地址"),
    *joined("家庭 户籍 户口 户籍所在 户口登记 户籍登记 现 现在 常住", "地址 住址 地 详细地址"),
    *joined("现居住 现在居住 居住 实际居住 家庭居住 常住", "地址 地 地点 详细地址"),
    *joined("户籍 户口 常住户口", "所在地"),
)
FIRST_MARRIAGE = (
    *words("初婚 结婚登记日期"),
    *joined("初婚 结婚 登记结婚 结婚登记 婚姻登记", DATES),
)

# Traditional characters as headings have them, and the simplified ones.
SIMPLIFIED = str.maketrans(
    "戶號與關係證碼狀況聯繫絡電話備註婦現數時間編組別鄉鎮區縣員歲齡屬結節環術單機構點類種稱謂親兒孫媽爺貫業農學歷職務處黨團遷來轉離還說記錄項順內"
    "體長無帶實際題補貼獎勵養險銀賬戸頭個兩計總懷檢測藥齊裝過選擇復喪軍殘貧積畝門樓層網責導達標準開發當舊後從對應適產絕醫衛療動態條圖園國衆眾為據"
    "岀曆麼嗎該誰",
    "户号与关系证码状况联系络电话备注妇现数时间编组别乡镇区县员岁龄属结节环术单机构点类种称谓亲儿孙妈爷贯业农学历职务处党团迁来转离还说记录项顺内"
    "体长无带实际题补贴奖励养险银账户头个两计总怀检测药齐装过选择复丧军残贫积亩门楼层网责导达标准开发当旧后从对应适产绝医卫疗动态条图园国众众为据"
    "出历么吗该谁",
)

# Whose column it is ------------------------------------------------------------------------------

# Columns about these people are told apart from the subject's even where a kind does not keep them.
ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "head": words("户主 户长"),
    "spouse": words("配偶 爱人 husband"),
    "father": words("父亲 爸爸"),
    "mother": words("母亲 妈妈"),
    "child": (
        *words("独生子女 新生儿 婴儿 孩子 子女 小孩 婴幼儿 末孩 末胎 头孩 头胎 首孩 首胎 最小孩"),
        *joined("一 二 三 四 第一 第二 第三 第四 第1 第2 第3 1 2 3", "孩 胎 子女"),
    ),
    "other": words(
        "投保人 被保险人 受益人 开户人 联系人 监护人 填报人 填表人 登记人 经办人 负责人 代理人 专干"
        " 承包人 介绍人 施术者 检查人 死者 户籍员 包村干部 责任人 村干部 帮扶人 协管员 网格员"
        " 紧急联系人 证明人 签名人 公公 婆婆"
    ),
}
# Parts of headings that say nothing about what the column holds.
NOISE = words(
    "基本情况 基本信息 情况 信息 个人 的 栏 资料 人员 现用 目前 现行 当前 本户 其中 有效 必填"
)
# Headings with these words are about something else unless they are known to the letter.
NOT_KEPT = words(
    "政治面貌 党员 入党 职业 职务 从业 就业 工作 单位 服务处所 兵役 服役 退伍 宗教 信仰 血型 身高"
    " 籍贯 出生地 出生医学 曾用名 别名 乳名 健康 残疾 病 低保 五保 特困 贫困 脱贫 监测户 医保 社保"
    " 参保 参合 保险 缴费 金额 养老 银行 账号 账户 开户 卡号 一卡通 面积 承包 股 土地 房屋 住房"
    " 楼栋 楼号 单元 房号 网格 自然村 片区 迁入 迁出 迁来 迁往 转入 转出 落户 注销 死亡 外出 流出"
    " 流入 流向 返回 返乡 务工 打工 去向 离开 在校 学校 就读 技能 建卡 建档 建册 登记表 填报 填表"
    " 发证 领证 领取 光荣证 奖励 扶助 补助 随访 检查 孕检 环检 环情 孕情 妇检 体检 预产期 孕周"
    " 服务日期 服务时间 怀孕 末次月经 流产 引产 死胎 缺陷 政策 间隔 照顾 指标 社会抚养费 协会 会员"
    " 签名 签字 确认 盖章 照片 邮编 邮箱 微信 证件类型 证件种类 人口数 人数 家庭人口 人编号"
    " 承包方 其他住址 签发 有效期 国籍 语言 特长 车辆 家禽 收入"
)

# Listed values -----------------------------------------------------------------------------------

SEXES: Mapping[str, str] = {
    **dict.fromkeys(words("男 男性 1 1男 1.男 1-男 M m 男。 ♂ 男生 男孩 01"), "1"),
    **dict.fromkeys(words("女 女性 2 2女 2.女 2-女 F f 女。 ♀ 女生 女孩 02"), "2"),
}

EDUCATIONS: Mapping[str, str | None] = {
    **dict.fromkeys(words("研究生 研究生及以上 研究生以上 博硕"), "10"),
    **dict.fromkeys(words("博士 博士研究生"), "11"),
    **dict.fromkeys(words("硕士 硕士研究生"), "14"),
    **dict.fromkeys(
        words("本科 大学 大学本科 全日制本科 本科及以上 大学以上 大本 本科毕业 本科以上 大学毕业"),
        "20",
    ),
    **dict.fromkeys(words("大专 专科 大学专科 高职 大专毕业 大专以上 大专及以上 高等专科"), "30"),
    **dict.fromkeys(
        words(
            "中专 中等专科 中技 技校 职高 职业高中 中职 技工学校 中专中技 中专技校 中等职业 职中"
        ),
        "40",
    ),
    "中专毕业": "41",
    "职高毕业": "44",
    "技校毕业": "47",
    **dict.fromkeys(words("高中 普通高中 高级中学 普高 高中以上 高中及以上 高中中专"), "60"),
    **dict.fromkeys(words("高中毕业"), "61"),
    "高中肄业": "63",
    **dict.fromkeys(words("初中 初级中学 初中及以下 初中以下 普通初中 初级中学教育"), "70"),
    "初中肄业": "73",
    **dict.fromkeys(words("小学 小学及以下 小学以下"), "80"),
    **dict.fromkeys(
        words("文盲 半文盲 文盲半文盲 文盲或半文盲 不识字 未上学 未上过学 文盲及半文盲 扫盲班"),
        "90",
    ),
    # A child below school age has no education to state.
    **dict.fromkeys(
        words("学龄前 学龄前儿童 幼儿 幼儿园 婴幼儿 未入学 未到学龄 学前 学前教育"), None
    ),
}

MARITALS: Mapping[str, str] = {
    **dict.fromkeys(words("未婚 未 单身 否 从未结婚 没结婚"), "10"),
    **dict.fromkeys(words("已婚 有配偶 是 已 已结婚 结婚 婚"), "20"),
    **dict.fromkeys(words("初婚 初 初婚有配偶 已婚初婚"), "21"),
    **dict.fromkeys(words("再婚 再 再婚有配偶 已婚再婚"), "22"),
    **dict.fromkeys(words("复婚 复 复婚有配偶"), "23"),
    **dict.fromkeys(words("丧偶 丧 寡 丧偶未再婚"), "30"),
    **dict.fromkeys(words("离婚 离异 离 离婚未再婚 离婚未婚"), "40"),
}

HUKOUS: Mapping[str, str] = {
    **dict.fromkeys(
        words("农业 农 农村 农业户口 农村户口 农户 农业户 农民 农业家庭户 农业家庭户口"), "1"
    ),
    **dict.fromkeys(
        words(
            "非农业 非农 城镇 非农业户口 城镇户口 居民户口非农 城市 非 非农户 非农业家庭户 城镇居民"
        ),
        "2",
    ),
    **dict.fromkeys(
        words("居民 统一居民 居民户 居民户口 家庭户 居民家庭户 家庭户口 居民家庭户口"), "3"
    ),
}

ETHNIC_GROUPS: Mapping[str, str] = {
    **dict.fromkeys(words("维族 维吾尔"), "05"),
    **dict.fromkeys(words("哈萨克"), "17"),
    **dict.fromkeys(words("柯尔克孜"), "29"),
    **dict.fromkeys(words("达斡尔"), "31"),
    **dict.fromkeys(words("其他 其它 未识别 其他民族"), "97"),
    **dict.fromkeys(words("外国血统 入籍 外国血统中国籍"), "98"),
}

RESIDENCES: Mapping[str, str] = {
    **dict.fromkeys(
        words(
            "在家 在村 常住 在 人在 在户 户在人在 在本村 村内 在籍在家 本村 在册在家 居住 常住人口"
        ),
        "1",
    ),
    **dict.fromkeys(
        words(
            "外出 流出 不在家 外出务工 务工 在外 人不在 人户分离 外出经商 空挂 空挂户 外地"
            " 打工 外出打工"
            " 户在人不在 外住 长期外出 县外 省外 省内 外出就读 在外居住 在外务工 不在"
        ),
        "2",
    ),
    **dict.fromkeys(words("流入 人在户不在 外来 寄住 挂靠 借住 户不在"), "3"),
    **dict.fromkeys(words("待定 口袋户口 未落户 未上户"), "4"),
    **dict.fromkeys(words("不详 不明"), "9"),
}
# Under a heading that asks a question the answer depends on what was asked.
YES = frozenset(words("是 有 √ Y y 对 1 ✓ ✔"))
NO = frozenset(words("否 无 × N n 不 没 没有 0 X x 不是 未"))
ASKS_IF_AWAY = words("是否外出 外出 流出 是否流出 是否在外 是否离开 外出否 是否务工")
ASKS_IF_HERE = words("是否在家 是否常住 在家否 是否居住 常住否 是否在村 在家")

METHODS: Mapping[str, str] = {
    **dict.fromkeys(words("男性绝育 男扎 男结扎 男性结扎 输精管结扎 男绝育 男绝"), "01"),
    **dict.fromkeys(
        words("女性绝育 女扎 结扎 女结扎 女性结扎 输卵管结扎 女绝育 绝育 女绝 扎 已扎 已结扎"), "02"
    ),
    **dict.fromkeys(
        words(
            "宫内节育器 上环 放环 环 IUD iud 宫环 节育环 宫内节育环 带环 有环 T环 上了环"
            " 已上环 放置宫内节育器"
            " 宫内环 节育器 O型环 母体乐"
        ),
        "03",
    ),
    **dict.fromkeys(words("皮下埋植 皮埋 埋植 皮下埋植剂 皮下埋置 皮下埋"), "04"),
    **dict.fromkeys(
        words(
            "口服避孕药 口服药 药 避孕药 口服 服药 短效药 长效药 避孕针 注射 打针"
            " 口服及注射避孕药 针剂"
            " 避孕药物 口服避孕药物 注射避孕针 药物"
        ),
        "05",
    ),
    **dict.fromkeys(
        words("避孕套 套 用套 安全套 男用避孕套 避孕套具 工具 用工具 女用避孕套 药具套"), "06"
    ),
    **dict.fromkeys(words("外用药 外用避孕药 栓剂 凝胶 避孕膜 药膜 外用"), "07"),
    **dict.fromkeys(words("其他措施 其他 其它 安全期 体外排精 其他方法 自然避孕 综合避孕"), "08"),
    **dict.fromkeys(
        words(
            "未避孕 无 未落实 未采取措施 没有 未采取 无措施 未用 没避孕 未 未落实措施 待落实"
            " 暂无 取环 待孕"
            " 未采取避孕措施 未措施"
        ),
        "00",
    ),
    **dict.fromkeys(words("未说明 不详"), "99"),
}

RELATIONS: Mapping[str, str] = {
    **dict.fromkeys(words("户主 本人 本人（户主） 户主本人 户主（本人） 户长 家主"), "02"),
    **dict.fromkeys(words("小集体户户主"), "03"),
    **dict.fromkeys(words("配偶 爱人 夫妻 夫妇"), "10"),
    **dict.fromkeys(words("夫 丈夫 老公"), "11"),
    **dict.fromkeys(words("妻 妻子 老婆 之妻 媳妇（妻） 妻室"), "12"),
    **dict.fromkeys(words("子 儿子 之子 儿 小儿子 幼子"), "20"),
    "独生子": "21",
    **dict.fromkeys(words("长子 大儿子 大儿 大子"), "22"),
    **dict.fromkeys(words("次子 二子 二儿子 二儿"), "23"),
    **dict.fromkeys(words("三子 三儿子 三儿"), "24"),
    **dict.fromkeys(words("四子 四儿子"), "25"),
    **dict.fromkeys(words("五子 五儿子"), "26"),
    **dict.fromkeys(words("养子 继子 养子或继子 过继子"), "27"),
    **dict.fromkeys(words("女婿 婿 上门女婿"), "28"),
    "其他儿子": "29",
    **dict.fromkeys(words("女 女儿 之女 闺女 小女儿 幼女"), "30"),
    "独生女": "31",
    **dict.fromkeys(words("长女 大女儿 大女"), "32"),
    **dict.fromkeys(words("次女 二女 二女儿"), "33"),
    **dict.fromkeys(words("三女 三女儿"), "34"),
    **dict.fromkeys(words("四女 四女儿"), "35"),
    **dict.fromkeys(words("五女 五女儿"), "36"),
    **dict.fromkeys(words("养女 继女 养女或继女 过继女"), "37"),
    **dict.fromkeys(words("儿媳 儿媳妇 媳 长媳 次媳 大儿媳 二儿媳 子媳"), "38"),
    **dict.fromkeys(words("孙 孙辈 孙子女 孙子孙女"), "40"),
    **dict.fromkeys(words("孙子 孙儿 长孙 次孙 男孙"), "41"),
    **dict.fromkeys(words("孙女 孙女儿 长孙女 次孙女"), "42"),
    **dict.fromkeys(words("外孙子 外孙 外孙儿"), "43"),
    **dict.fromkeys(words("外孙女 外孙女儿"), "44"),
    **dict.fromkeys(words("孙媳妇 孙媳 外孙媳 外孙媳妇"), "45"),
    **dict.fromkeys(words("孙女婿 孙婿 外孙女婿"), "46"),
    **dict.fromkeys(words("曾孙子 曾孙 重孙 重孙子 外曾孙"), "47"),
    **dict.fromkeys(words("曾孙女 重孙女 外曾孙女"), "48"),
    **dict.fromkeys(words("父母 父母亲"), "50"),
    **dict.fromkeys(words("父亲 父 爸 爸爸 之父"), "51"),
    **dict.fromkeys(words("母亲 母 妈 妈妈 之母"), "52"),
    **dict.fromkeys(words("公公 夫之父 家公"), "53"),
    **dict.fromkeys(words("婆婆 夫之母 家婆"), "54"),
    **dict.fromkeys(words("岳父 丈人 妻之父"), "55"),
    **dict.fromkeys(words("岳母 丈母娘 丈母 妻之母"), "56"),
    **dict.fromkeys(words("继父 养父"), "57"),
    **dict.fromkeys(words("继母 养母"), "58"),
    **dict.fromkeys(words("祖父母 祖辈"), "60"),
    **dict.fromkeys(words("祖父 爷爷"), "61"),
    **dict.fromkeys(words("祖母 奶奶"), "62"),
    **dict.fromkeys(words("外祖父 外公 姥爷"), "63"),
    **dict.fromkeys(words("外祖母 外婆 姥姥"), "64"),
    **dict.fromkeys(words("曾祖父 太爷"), "66"),
    **dict.fromkeys(words("曾祖母 太奶"), "67"),
    **dict.fromkeys(words("兄弟姐妹 兄弟姊妹 姐弟 兄妹 姊妹 兄弟"), "70"),
    **dict.fromkeys(words("兄 哥 哥哥 兄长"), "71"),
    **dict.fromkeys(words("嫂 嫂子 嫂嫂"), "72"),
    **dict.fromkeys(words("弟 弟弟 胞弟"), "73"),
    **dict.fromkeys(words("弟媳 弟妇 弟媳妇"), "74"),
    **dict.fromkeys(words("姐姐 姐 姊"), "75"),
    "姐夫": "76",
    **dict.fromkeys(words("妹妹 妹 胞妹"), "77"),
    "妹夫": "78",
    **dict.fromkeys(words("其他 其它"), "80"),
    **dict.fromkeys(words("伯父 伯伯 大伯 伯"), "81"),
    **dict.fromkeys(words("伯母 伯娘"), "82"),
    **dict.fromkeys(words("叔父 叔叔 叔"), "83"),
    **dict.fromkeys(words("婶母 婶婶 婶 婶子"), "84"),
    **dict.fromkeys(words("舅父 舅舅 舅"), "85"),
    **dict.fromkeys(words("舅母 舅妈"), "86"),
    **dict.fromkeys(words("姨父 姨夫"), "87"),
    **dict.fromkeys(words("姨母 姨妈 姨"), "88"),
    **dict.fromkeys(words("姑父 姑丈 姑夫"), "89"),
    **dict.fromkeys(words("姑母 姑姑 姑妈 姑"), "90"),
    **dict.fromkeys(words("堂兄弟 堂姐妹 堂兄 堂弟 堂姐 堂妹"), "91"),
    **dict.fromkeys(words("表兄弟 表姐妹 表兄 表弟 表姐 表妹"), "92"),
    **dict.fromkeys(words("侄子 侄 侄儿"), "93"),
    **dict.fromkeys(words("侄女 侄女儿"), "94"),
    **dict.fromkeys(words("外甥 外甥儿"), "95"),
    **dict.fromkeys(words("外甥女 外甥女儿"), "96"),
    **dict.fromkeys(words("其他亲属 其它亲属"), "97"),
    **dict.fromkeys(words("保姆"), "98"),
    **dict.fromkeys(words("非亲属 其他非亲属 无亲属关系 租客"), "99"),
}
