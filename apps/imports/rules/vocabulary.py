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
    " 人名 村民姓名 成员名称 户内成员 户内人员 同户人员 家庭人员 人员名单 全部成员 姓名全称"
    " 中文姓名 真实姓名 户籍姓名 name fullname"
)
ID_NUMBER = words(
    "身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证号 居民身份证号码"
    " 身份证 身份号码 证件号码 证件号 身份证件号 身份证件号码 有效证件号码 身份证编号 居民身份证"
    " 公民身份证 身份证件编号 公民身份证编号 公民身份证件编号 公民身份证件号码 公民身份号 身份号"
    " 公民号码 身份证号码（公民身份号码） 二代身份证 二代身份证号 身份证件 证照号码 证件编号码"
    " 身份证明号码 身份证证号 公安身份证号 户口本身份证号 id idno idcard idcardno idnumber"
)
SEX = words("性别 男女 性别代码 男或女 男性女性 性别男女 男女性别 何性别 sex gender")
BIRTH = (
    *words("生日 出生 出生年份 出生日 诞生日期 出生年 dob birthday birthdate dateofbirth"),
    *joined("出生 诞生 生日 出生公历 公历出生 阳历出生", DATES),
    *words("生辰 何时出生 哪年出生 哪年生 出生于 出身年月 出身日期"),
)
AGE = words(
    "年龄 周岁 实足年龄 岁数 周岁年龄 年纪 年龄（周岁） 岁 周岁数 满周岁 今年多大 实岁 现年 age"
)
ETHNIC = words("民族 民族名称 族别 民族成份 民族成分 民族族别 何民族")
EDUCATION = words(
    "文化程度 学历 受教育程度 教育程度 文化 最高学历 文化水平 学历层次 受教育情况 教育情况"
    " 学历程度 教育水平 最高文化程度 受教育水平 文化层次 学历情况 文凭 学历文化程度 何种学历"
    " 最高受教育程度 教育文化程度"
)
MARITAL = words(
    "婚姻状况 婚姻 婚否 婚姻情况 婚姻状态 婚育状况 婚姻类别 婚况 婚姻现状 是否已婚 是否结婚"
    " 是否婚配 婚配 婚配情况 婚姻类型 未婚已婚 已婚未婚 结婚否 婚姻关系 婚姻登记状况 婚姻登记情况"
)
HUKOU = words(
    "户口性质 户籍性质 户口类别 户口类型 户籍类型 户口 户别 农业非农 户籍类别 户性 农业非农业"
    " 户口种类 户籍种类 户口情况 户口状况 农非 农户非农户 是农业还是非农业 城乡户口 户口属性"
    " 户籍属性 户籍户口性质"
)
GROUP = words(
    "组别 组 村民小组 小组 村组 组名 所在组 生产队 组号 居民小组 所属小组 村小组 队 队别 社"
    " 所在小组 几组 第几组 哪组 哪个组 村民组 小组名称 村民小组名称 所在村民小组 居民组 生产小队"
    " 小队 小组别 所属组 所属组别 所属村组 所在村组 所属村民小组 组队 组别名称 村民小组组别"
    " 组名称 何组 哪一组 哪个小组 生产组 居民小组名称 屯组 组社 村小组名称 group"
)
PHONE = words(
    "联系电话 电话 手机号码 手机 手机号 联系方式 电话号码 联系号码 移动电话 本人电话 联系手机"
    " 固定电话 本人手机 个人电话 个人手机 手机号码电话 联系电话手机 联系手机号 联系手机号码"
    " 家庭电话 家庭联系电话 家庭联系方式 本人联系电话 本人联系方式 移动电话号码 通讯方式 通信方式"
    " 通讯号码 通讯电话 宅电 座机 手机电话 移动手机 联络电话 联络方式 联系电话号码 电话手机"
    " 手机联系 tel phone mobile telephone"
)
REMARK = words(
    "备注 说明 备 注 备考 其他说明 附注 备注说明 备注栏 情况说明 特殊情况说明 其他备注 备注事项"
    " 补充说明 需要说明的情况 有关说明 注明 其他需要说明的情况 remark remarks note"
)
VILLAGE = words(
    "村 村名 村别 村居 村委会 行政村 所在村 村（居） 村居名称 村（居）委会 村级 户籍村 所属村"
    " 村/社区 村民委员会名称 社区名称 社区村 村社区名称 居委会 所属社区 所在社区 所在行政村"
    " 所属行政村 行政村名称 村社 村委名称 所在村居 所属村居 户籍所在村 户籍地村 常住村 所在村委会"
    " 所属村委会 村民委员会（居委会） 村（居）名 村屯 居民委员会 村（社区） 社区 现居住村 居住村"
    " 村委 村民委员会 村（居）名称 户籍地（村） 村名称"
)
TOWN = words(
    "乡镇 乡 镇 乡镇名称 乡（镇） 乡镇（街道） 所在乡镇 街道 乡镇街道 镇街 镇（街） 所属乡镇"
    " 所在乡 所在镇 所属镇 所属乡 街道名称 街道办 街道办事处 乡镇街 镇名 乡名 乡镇名 镇办"
    " 乡（镇、街道） 镇（街道） 所属镇街"
)
_HOMES = (
    "家庭 户籍 户口 户籍所在 户口所在 户籍所在地 户口所在地 户籍地 户口地 户口登记 户籍登记"
    " 户口登记地 户籍登记地 现 现在 常住 现居 现居住 现居住地 现在居住 现住 居住 居住地 实际居住"
    " 实际居住地 常住地 家庭居住 家庭居住地 经常居住 经常居住地 家庭常住 身份证 身份证上 通讯"
    " 通信 联系 本人"
)
ADDRESS = (
    *joined("通讯 通信 联系", "地址 住址"),
    *words(
        "住址 地址 详细地址 门牌号 门牌号码 门牌 户口所在地 住所 户籍地 住址详址 居住地点 现住"
        " 家住何处 住在哪里"
    ),
    *joined(_HOMES, "地址 住址 地 详细地址 详细住址 详址 地点 住所 具体地址"),
    *joined("户籍 户口 常住户口", "所在地"),
)
FIRST_MARRIAGE = (
    *words("初婚 结婚登记日期"),
    *joined(
        "初婚 结婚 登记结婚 结婚登记 婚姻登记 初婚登记 初次结婚 首次结婚 首次登记结婚 领结婚证",
        DATES,
    ),
)

# Headings that offices put together from parts, as regular expressions.
_WHEN = r"(?:年月日|年月|日期|时间|年份|日)"
ID_PATTERN = (
    r"(?:居民|公民|有效|本人|法定|第?二代)*(?:身份证件|身份证明|身份证|身份)(?:的|证件)?"
    r"(?:号码|编号|编码|代码|证号|号)+"
)
PHONE_PATTERN = (
    r"(?=.*(?:电话|手机|联系方式|联系号码))(?:本人|个人|家庭|常用|有效|联系|联络|通讯|手机|移动|固定|座机"
    r"|电话|号码|号|方式|及|或|和|的)+"
)
MARRIAGE_PATTERN = (
    r"(?:夫妻|双方)?(?:初次|首次|第一次|初婚|初)?(?:领取|领|登记|办理)?(?:结婚证|结婚|婚姻|初婚)"
    rf"(?:登记|领取|办理|的)*{_WHEN}"
)
LAST_BIRTH_PATTERN = (
    r"(?=.*(?:孩|胎|子女|生育|分娩))(?:现有|家庭|小孩|孩子|子女|孩|中|的)*"
    r"(?:末次|最后|最小|最末|最近|末)(?:一|个|次|位|的)*(?:小孩|孩子|子女|生育|分娩|孩|胎|的)*"
    rf"(?:何时)?(?:出生|生育|分娩|诞生)?(?:的)?{_WHEN}"
)
METHOD_PATTERN = (
    r"(?:现在|现有|现|目前|当前|所|采取|采用|使用|选用|落实|何种|什么|哪种|用|的|了|已|有效)*"
    r"(?:避孕节育|节育避孕|避孕|节育|计划生育|计生)(?:的)?(?:措施|方法|方式|药具|手段|情况|状况|现状)"
    r"(?:的)?(?:情况|名称|种类|类型|类别)*"
)
METHOD_DATE_PATTERN = (
    r"(?=.*(?:落实|措施|避孕|节育|手术|施术|采取))(?:目前|现|采取|落实|使用|实施|采用|施行|开始|起始|的"
    rf"|避孕节育|避孕|节育|措施|手术|施术|方法|方式|最近|何时)+{_WHEN}"
)

# Traditional characters as headings have them, and the simplified ones.
SIMPLIFIED = str.maketrans(
    "戶號與關係證碼狀況聯繫絡電話備註婦現數時間編組別鄉鎮區縣員歲齡屬結節環術單機構點類種稱謂親兒孫媽爺貫業農學歷職務處黨團遷來轉離還說記錄項順內體長無帶實際題補貼獎勵養險銀賬戸頭個兩計總懷檢測藥齊裝過選擇復喪軍殘貧積畝門樓層網責導達標準開發當舊後從對應適產絕醫衛療動態條圖園國衆眾為據岀曆麼嗎該誰",
    "户号与关系证码状况联系络电话备注妇现数时间编组别乡镇区县员岁龄属结节环术单机构点类种称谓亲儿孙妈爷贯业农学历职务处党团迁来转离还说记录项顺内体长无带实际题补贴奖励养险银账户头个两计总怀检测药齐装过选择复丧军残贫积亩门楼层网责导达标准开发当旧后从对应适产绝医卫疗动态条图园国众众为据出历么吗该谁",
)

# Whose column it is ------------------------------------------------------------------------------

# Columns about these people are told apart from the subject's even where a kind does not keep them.
ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "head": words("户主 户主本人 户长 户代表 家庭代表 承包方代表 当家人 家庭户主 一家之主"),
    "spouse": words("配偶 爱人 husband"),
    "father": words("父亲 爸爸"),
    "mother": words("母亲 妈妈"),
    "child": (
        *words(
            "独生子女 新生儿 胎儿 宝宝 婴儿 孩子 子女 小孩 婴幼儿 末孩 末胎 头孩 头胎 首孩 首胎"
            " 最小孩"
        ),
        *joined("一 二 三 四 第一 第二 第三 第四 第1 第2 第3 1 2 3", "孩 胎 子女"),
    ),
    # What the people on the lines are: 参保人姓名, 学生身份证号, 服务对象.
    "subject": (
        *words(
            "本人 公民 居民 村民 成员 家庭成员 人员 住户 选民 老人 老年人 儿童 学生 青年 军人"
            " 对象 育妇"
        ),
        *words(
            "产妇 孕产妇 孕妇 患者 病人 租客 租户 残疾人 残疾人员 残疾者 户籍人口 常住人口"
            " 户内人口 同住人 应征青年"
        ),
        *words(
            "被调查人 被采集人 被访人 被检查人 被帮扶人 被走访人 被服务人 被随访人"
            " 脱贫人口 监测人口 高龄老人"
        ),
        *joined(
            "参保 参合 缴费 受种 接种 申请 申报 领取 享受 待遇领取 领待 保障 救助 补助 补贴 奖扶"
            " 扶助 优抚 退役 外出 流出 流入 流动 务工 居住 常住 受检 受检查 体检 服务 登记在册"
            " 在册 投票 应征 转移 安置 脱贫 低保 特困 五保 就业 培训 管理服务 家庭 户内",
            "人 人员 者 对象",
        ),
    ),
    "other": (
        *words(
            "公公 婆婆 祖父 祖母 爷爷 奶奶 岳父 岳母 父母 双亲 家长 娘家 婆家 房东 班主任 教师"
            " 老师 医生 医师 护士 民警 干警 片警"
        ),
        *words(
            "专干 组长 村长 楼长 网格长 户籍员 包村干部 帮扶干部 包户干部 包保干部 驻村干部"
            " 挂联干部 结对干部 村干部"
        ),
        *words(
            "网格员 协管员 信息员 调查员 采集员 录入员 操作员 统计员 审核员 登记员 联络员 护林员"
            " 村医 紧急联系人 开户人"
        ),
        *joined(
            "投保 被保险 受益 联系 监护 填报 填表 登记 经办 负责 代理 代办 代领 代缴 承包 介绍"
            " 施术 检查 责任 协管 证明 签名 签字 审核 审批 复核 核查 核实 录入 采集 调查 走访"
            " 入户 随访 访视 包保 包联 包户 包片 结对 结对帮扶 帮扶 帮扶责任 挂钩 转移责任 操作"
            " 发放 签收 委托 受托 被委托 赡养 抚养 扶养 护理 照料 照护 看护 担保 推荐 主治 手术"
            " 主检 质控 业务 主管 保管 制表 上报 验收 监督 见证 确认 宣传 指导 陪同 死亡",
            "人 人员",
        ),
        *words(
            "死者 施术者 护理者 照料者 接种医生 接种护士 责任医生 签约医生 家庭医生 主管医生"
            " 施术医生 检查医生 服务医生"
        ),
        *words("服务人员 管理人员 工作人员 接种人员 医务人员 技术人员 检测人员 体检医生"),
    ),
}
# In brackets these change what is meant: 出生日期（农历）, 年龄（虚岁）.
OTHERWISE = words("农历 阴历 虚岁")
# Parts of headings that say nothing about what the column holds.
NOISE = words(
    "基本情况 基本信息 情况 信息 个人 的 栏 资料 人员 现用 目前 现行 当前 本户 其中 有效 必填"
)
# Words before and behind those of a field that do not change what it is: 现住址, 措施类型.
FRONTS = words(
    "现 现在 目前 当前 现行 现用 现有 所用 所采取 采取 现采取 已采取 使用 现使用 选用 采用 落实"
    " 已落实 现落实 何种 采取何种 主要 家庭 实际 真实 最新 常用 有效 具体 您的 请填写"
)
BACKS = words("名称 类型 种类 类别 情况 状况 状态 代码 内容 选项")
# Headings with these words are about something else unless they are known to the letter.
NOT_KEPT = words(
    "政治面貌 党员 入党 党龄 党费 支部 团员 职业 职务 职称 从业 从事 就业 工作 单位 企业 公司"
    " 行业 岗位 工种 工资 服务处所 兵役 服役 退伍 退役 入伍 部队 优抚 宗教 信仰 血型 身高 体重"
    " 视力 血压 血糖 籍贯 出生地 出生医学 曾用名 别名 乳名 小名 健康 残疾 病 过敏 低保 五保 特困"
    " 贫困 脱贫 返贫 监测 风险 识别 帮扶 医保 社保 参保 参合 保险 险种 险档 缴费 应缴 实缴 到账"
    " 金额 养老 待遇 发放 银行 账号 账户 开户 卡号 卡片 一卡通 存折 面积 亩 地块 承包 确权 经营权"
    " 股 分红 土地 耕地 林地 宅基地 房屋 住房 危房 房产 建房 楼栋 楼号 栋号 楼栋号 单元 房号 房间"
    " 楼层 网格 自然村 片区 派出所 警务 责任区 选区 选民证 选举 投票 迁入 迁出 迁来 迁往 转入"
    " 转出 落户 入户 何时 何地 何因 注销 死亡 变动 变更 外出 在外 流出 流入 流向 返回 返乡 返岗"
    " 务工 打工 去向 离开 留守 在校 学校 院校 班级 年级 学籍 入学 毕业 就读 失学 辍学 技能 培训"
    " 建卡 建档 建册 登记表 填报 填表 录入 采集 上报 更新 审核 审批 发证 领证 领取 光荣证"
    " 独生子女证 结婚证 离婚证 残疾证 残疾人证 准生证 奖励 奖扶 扶助 补助 补贴 救助 慰问 随访"
    " 走访 访视 检查 检测 化验 孕检 环检 环情 孕情 妇检 体检 婚检 B超 b超 宫颈 乳腺 白带 预产期"
    " 孕周 孕产 妊娠 分娩方式 喂养 叶酸 服务日期 服务时间 服务项目 怀孕 末次月经 月经 流产 引产"
    " 死胎 缺陷 政策 间隔 照顾 指标 再婚 复婚 离婚 丧偶 离异 变化 社会抚养费 协会 会员 签名 签字"
    " 按印 手印 确认 盖章 照片 邮编 邮箱 微信 QQ qq 证件类型 证件种类 有效期限 人口数 人数"
    " 家庭人口 人编号 承包方 其他住址 签发 有效期 国籍 语言 特长 爱好 车辆 车牌 宠物 犬 家禽 牲畜"
    " 收入 支出 疫苗 接种 剂次 剂 厂家 批号 核酸 隔离 评定 评估 认定 鉴定 认证 生存 失独 独居"
    " 空巢 赡养 抚养 收养 寄养 安置 转移 危险 避险 防汛 消防 用水 用电 厕所 饮水 道路 意愿 需求"
    " 诉求 困难 问题 意见 建议"
)
# Headings that begin so speak of what was or may be; that begin so ask what no field answers;
# that end so are about amounts, reasons and other things.
FORMER = words("原 曾 前夫 前妻 旧 拟 计划 预计 打算 上次 上一次 历次 下次 以前 之前 建议")
QUESTIONS = words("是否 有无 是不是 可否 能否 有否 享受")
NOT_KEPT_ENDS = words(
    "金额 标准 年限 档次 次数 数量 份额 工资 亩数 型号 字号 结果 意见 原因 理由 等级 级别 用途"
    " 频次 得分 总额 比例 楼层 年度 事项 结论 地点 型号 规格 途径 流水 状态说明 证编号 证书号"
    " 证号码 证字号"
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
ASKS_IF_AWAY = words("外出 流出 在外 离开 务工 打工 不在 人户分离")
ASKS_IF_HERE = words("在家 常住 居住 在村 住本村 住在村")

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
