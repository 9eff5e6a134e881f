"""Words of company names in scripts that write no spaces, or whose letters do not spell the name
that the company bears in Latin: put into Latin words before folding.
"""

from __future__ import annotations

import re
import unicodedata

from portal.deals.rules.matching.word_lists import meanings

# Legal forms get a Latin word of their own, known to the module of legal forms.
LEGAL_WORDS = {
    "kabushiki": "JP",
    "yugen": "JP",
    "godo": "JP",
    "youxian": "CN",
    "jusik": "KR",
    "yuhan": "KR",
    "sharika": "",
    "wll": "",
    "beam": "IL",
    "borisat": "TH",
    "chamkat": "TH",
    "tnhh": "VN",
    "obshchestvo": "RU",
}

_WRITTEN = meanings(
    unicodedata.normalize(
        "NFKC",
        """
    kabushiki: 株式会社 (株) 株式會社
    yugen: 有限会社 (有)
    godo: 合同会社 合資会社 合名会社
    youxian: 股份有限公司 有限責任公司 有限责任公司 控股有限公司 有限公司 股份公司
    youxian: 總公司 总公司 公司
    jusik: 주식회사 (주)
    yuhan: 유한회사 유한책임회사
    sharika: شركة شركه مؤسسة
    wll: ذ.م.م ش.م.م ش.م.ك ش.م.ع ش.م.ب ذمم المحدودة محدودة مساهمة
    beam: בע"מ בע״מ בעמ
    borisat: บริษัท
    chamkat: จำกัด(มหาชน) จำกัด มหาชน
    tnhh: tnhh
    group: 集团 集團 グループ 그룹 مجموعة
    holding: 控股 ホールディングス ホールディング 홀딩스 القابضة
    international: 国际 國際 インターナショナル 인터내셔널 الدولية العالمية
    technology: 科技 技术 技術 テクノロジー テクノロジーズ 테크 تكنولوجيا 테크놀로지
    electronics: 电子 電子 エレクトロニクス 전자 الالكترونيات
    electric: 电气 電気 電機 电器 電器 전기 الكهرباء
    power: 电力 電力 전력
    motor: 汽车 汽車 自動車 モーター モータース 자동차 موتورز
    bank: 银行 銀行 은행 بنك مصرف البنك
    insurance: 保险 保險 保険 보험 التأمين للتأمين
    securities: 证券 證券 証券 증권
    finance: 金融 财务 금융 المالية
    industry: 工业 工業 実業 实业 實業 산업 الصناعية للصناعات الصناعات 공업
    trading: 商社 贸易 貿易 商事 商贸 무역 تجارة التجارية للتجارة 物产 物産 物產
    construction: 建设 建設 建筑 建築 건설 للمقاولات مقاولات 建工
    machinery: 机械 機械 기계 重工 重工業 중공업
    steel: 钢铁 鋼鐵 製鉄 製鐵 鉄鋼 철강 제철 للحديد
    chemical: 化工 化学 化學 화학 للكيماويات 케미칼
    oil: 石油 石化 油气 석유 للبترول النفط
    gas: 燃气 瓦斯 ガス 가스 الغاز
    pharmaceutical: 制药 製薬 製藥 医药 醫藥 薬品 제약 약품 للادوية 药业
    food: 食品 フーズ 식품 الأغذية للأغذية
    logistics: 物流 物流業 ロジスティクス 물류 로지스틱스 اللوجستية
    transport: 运输 運輸 運送 للنقل النقل 운수
    airline: 航空 エアライン 항공 طيران الطيران للطيران
    railway: 铁路 鐵路 鉄道 铁道 철도
    telecom: 电信 電信 通信 通訊 通讯 통신 الاتصالات للاتصالات
    mobile: 移动
    network: 网络 網路 ネットワーク 네트워크
    software: 软件 軟體 ソフトウェア ソフトウエア 소프트웨어
    system: 系统 系統 システム システムズ 시스템
    service: サービス 服务 服務 서비스 للخدمات الخدمات خدمات
    solution: ソリューション ソリューションズ 솔루션 حلول
    manufacturing: 制造 製造 製作所 제조 작소
    works: 工場 工厂
    estate: 房地产 房地產 不動産 地产 地產 부동산 العقارية للعقارات
    investment: 投资 投資 투자 للاستثمار الاستثمار
    energy: 能源 エネルギー 에너지 الطاقة للطاقة
    semiconductor: 半导体 半導體 半導体 반도체
    university: 大学 大學 대학교 대학 جامعة
    hospital: 医院 醫院 病院 병원 مستشفى
    hotel: 酒店 飯店 ホテル 호텔 فندق
    marine: 海运 海運 海上 해운
    communication: コミュニケーションズ
    department store: 百貨店 백화점 百货
    design: デザイン 디자인
    consulting: コンサルティング 컨설팅 咨询 للاستشارات
    industrial commercial: 工商
    construction bank: 建设银行
    agriculture: 农业 農業 농업 الزراعية
    life: 人寿 人壽 生命 생명
    china: 中国 中國 중국
    japan: 日本 일본
    korea: 韩国 韓國 한국 대한
    taiwan: 台湾 台灣 臺灣
    beijing: 北京
    shanghai: 上海
    shenzhen: 深圳
    guangzhou: 广州 廣州
    tianjin: 天津
    wuhan: 武汉 武漢
    hangzhou: 杭州
    nanjing: 南京
    hongkong: 香港
    tokyo: 東京 东京
    osaka: 大阪
    kyoto: 京都
    nagoya: 名古屋
    yokohama: 横浜
    kobe: 神戸
    fukuoka: 福岡
    seoul: 서울
    busan: 부산
    saudi: السعودية
    egypt: مصر المصرية
    emirates: الإمارات الامارات
    kuwait: الكويت الكويتية
    qatar: قطر القطرية
    bahrain: البحرين
    arab: العربية العربي
    middle: الأوسط
    east: الشرق
    national: الوطنية الوطني الأهلي
    toshiba: 東芝
    hitachi: 日立
    mitsubishi: 三菱
    mitsui: 三井
    sumitomo: 住友
    fujitsu: 富士通
    fuji: 富士
    nissan: 日産
    honda: 本田
    toyota: 豊田 丰田
    matsushita: 松下
    nintendo: 任天堂
    shiseido: 資生堂
    kajima: 鹿島
    obayashi: 大林組
    shimizu: 清水
    taisei: 大成
    daiwa: 大和
    nomura: 野村
    marubeni: 丸紅
    itochu: 伊藤忠
    kawasaki: 川崎
    murata: 村田
    kyocera: 京セラ
    takeda: 武田
    ajinomoto: 味の素
    kikkoman: 亀甲萬
    tencent: 腾讯 騰訊
    lenovo: 联想 聯想
    jd: 京东
    byd: 比亚迪
    zte: 中兴
    hisense: 海信
    midea: 美的
    gree: 格力
    foxconn: 富士康
    hon hai: 鴻海
    acer: 宏碁
    asus: 華碩
    evergrande: 恒大
    ping an: 平安
    vanke: 万科
    sinopec: 中国石化
    samsung: 삼성 三星
    hyundai: 현대 现代
    kia: 기아
    lotte: 롯데
    posco: 포스코
    naver: 네이버
    doosan: 두산
    hanwha: 한화
    shinhan: 신한
    daewoo: 대우
    hankook: 한국타이어
    kumho: 금호
    aramco: أرامكو ارامكو
    emaar: إعمار
    etisalat: اتصالات
    rajhi: الراجحي
    """,
    )
)

_FORMS = re.compile("|".join(re.escape(word) for word in sorted(_WRITTEN, key=len, reverse=True)))


# At the start of a Greek word these letters write the sounds of Latin b, d and g.
_GREEK_STARTS = (
    (re.compile(r"\bμπ", re.IGNORECASE), "b"),
    (re.compile(r"\bντ", re.IGNORECASE), "d"),
    (re.compile(r"\bγκ", re.IGNORECASE), "g"),
)


def to_latin_words(name: str) -> str:
    """`name` with the known words of other scripts replaced; plain Latin comes back as it is."""
    if name.isascii():
        return name
    text = unicodedata.normalize("NFKC", name)
    for written, letter in _GREEK_STARTS:
        text = written.sub(letter, text)
    return _FORMS.sub(lambda word: f" {_WRITTEN[word[0]]} ", text)
