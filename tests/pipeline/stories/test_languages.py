"""Copies and template twins in scripts without capitals or without spaces. All texts are invented."""

# ruff: noqa: RUF001 - Cyrillic letters are meant

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.model import StoryText
from pipeline.stories import group


@dataclass(frozen=True, slots=True)
class Wire:
    """A report with holes, two fillings of them, and what a reprint puts in front and behind."""

    template: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    agency: str
    footer: str

    @property
    def story(self) -> str:
        """The report of one event."""
        return self.template.format(*self.one)

    @property
    def beginning(self) -> str:
        """Six tenths of the report, in whole words."""
        cut = self.story[: len(self.story) * 6 // 10]
        return cut.rpartition(" ")[0] if self.story.count(" ") > 20 else cut

    @property
    def twin(self) -> str:
        """The same report of another event."""
        return self.template.format(*self.other)


WIRES = {
    "chinese": Wire(
        "本报讯 记者昨日从市委获悉,{0}同志任{1}市委委员、常委、书记,{2}同志不再担任{1}市委书记职务。"
        "会议强调,全市干部要统一思想、提高认识,自觉把行动统一到决定上来,全力支持新班子的工作,为推动"
        "{1}高质量发展作出新的更大贡献。",
        ("王建国", "安阳", "李明华"),
        ("赵志远", "宜宾", "陈晓东"),
        "河口通讯社电 ",
        "欢迎关注本报,转载请注明出处。",
    ),
    "chinese-with-figures": Wire(
        "地震台网测定:{0}在{1}发生{2}级地震,震源深度{3}千米,震中位于北纬{4}度,东经{5}度。截至目前,"
        "当地尚未接到人员伤亡和财产损失报告,救援力量已前往震中地区核查情况,请群众不信谣不传谣。",
        ("11月22日10时23分", "石渠县", "4.5", "10", "32.15", "98.20"),
        ("3月5日2时47分", "叶城县", "5.1", "15", "36.88", "77.40"),
        "河口通讯社电 ",
        "欢迎关注本报,转载请注明出处。",
    ),
    "japanese": Wire(
        "{0}地方気象台によると、{1}の{0}県内は{2}の影響で、{3}を中心に雨が降りやすく、雷を伴って激しく降る"
        "ところがある見込みです。気象台は土砂災害や低い土地の浸水、河川の増水に注意するよう呼びかけています。"
        "海上では波が高くなるため、{4}航路のフェリーは始発から欠航となる可能性があります。",
        ("高知", "二十二日", "前線", "山沿い", "宿毛"),
        ("秋田", "十五日", "低気圧", "沿岸部", "男鹿"),
        "【河口通信】",
        "続きは会員の方のみご覧いただけます。",
    ),
    "korean": Wire(
        "프로야구 {0}가 {1} {2}에서 열린 {3}와의 경기에서 {4} 승리를 거뒀다. 선발 투수 {5}은 안정적인 투구로 "
        "승리를 챙겼고 타선에서는 {6}이 결승타를 때려내며 승리를 이끌었다. 경기 후 감독은 선수들이 끝까지 "
        "집중력을 잃지 않고 좋은 경기를 해 줬다며 팬들의 응원에 감사드린다고 말했다. 두 팀은 내일 같은 "
        "장소에서 다시 맞붙는다.",
        ("가람", "토요일", "강변구장", "미리내", "역전", "곽서준", "양도현"),
        ("너울", "화요일", "솔밭구장", "한빛", "짜릿한", "박하람", "전이안"),
        "(하구=강통신) ",
        "무단 전재와 재배포를 금지합니다.",
    ),
    "thai": Wire(
        "กระทรวงพาณิชย์เปิดเผยว่าราคา{0}ในตลาด{1}ปรับตัว{2}เมื่อวัน{3}เนื่องจากปริมาณผลผลิตที่ออกสู่ตลาด{4} "
        "ขณะที่ผู้ประกอบการคาดว่าราคาจะทรงตัวต่อไปจนถึงสิ้นเดือนนี้ และขอให้เกษตรกรติดตามข่าวสารอย่างใกล้ชิด",
        ("ยางพารา", "สงขลา", "ลดลง", "จันทร์", "เพิ่มขึ้น"),
        ("ข้าวเปลือก", "อยุธยา", "สูงขึ้น", "ศุกร์", "น้อยลง"),
        "สำนักข่าวปากน้ำ ",
        "ติดตามข่าวได้ทุกวัน",
    ),
    "arabic": Wire(
        "قضت محكمة جنايات {0} يوم {1} بسجن {2} لمدة {3} سنوات بعد إدانته بتهمة {4} وتغريمه مبلغا ماليا، وقالت "
        "المحكمة في حيثيات حكمها إن الأدلة المقدمة من النيابة العامة كافية لإدانة المتهم، بينما طالب محامي "
        "الدفاع بالبراءة وأكد أنه سيطعن على الحكم أمام محكمة النقض خلال المدة القانونية المحددة.",
        ("الوادي", "الأحد", "محمود السيد", "خمس", "الرشوة"),
        ("الساحل", "الثلاثاء", "كريم عبد الله", "سبع", "الاختلاس"),
        "وكالة المصب: ",
        "تابعوا آخر الأخبار على موقعنا.",
    ),
    "russian": Wire(
        "ДТП произошло {0} на трассе в районе города {1}. По предварительным данным, водитель автомобиля {2} "
        "не справился с управлением и выехал на полосу встречного движения, где столкнулся с автомобилем {3}. "
        "В результате аварии пострадали {4} человека, они доставлены в больницу города {1}. На месте работают "
        "сотрудники полиции, обстоятельства устанавливаются, сообщили в пресс-службе управления.",
        ("утром в понедельник", "Речинск", "Ока", "Волна", "три"),
        ("вечером в субботу", "Лугань", "Кама", "Газон", "два"),
        "УСТЬЕ, Пресса. ",
        "Подписывайтесь на наш канал.",
    ),
    "capitals": Wire(
        "{0} POLICE ARRESTED A MAN ON {1} AFTER A ROBBERY AT A {2} ON {3} STREET. OFFICERS SAID THE SUSPECT, "
        "{4}, ENTERED THE STORE WITH A KNIFE, DEMANDED CASH FROM THE CLERK AND FLED ON FOOT BEFORE BEING "
        "CAUGHT BY A PATROL NEARBY. NO ONE WAS HURT. HE IS BEING HELD AT THE COUNTY JAIL AND IS DUE IN COURT "
        "NEXT WEEK. ANYONE WITH INFORMATION IS ASKED TO CALL DETECTIVES.",
        ("MARLOW", "MONDAY", "PHARMACY", "CASTLE", "TOM BRANDT"),
        ("KELBY", "FRIDAY", "BAKERY", "HARBOUR", "PIET LUND"),
        "ALDER PRESS - ",
        "ALL RIGHTS RESERVED.",
    ),
    "capitals-with-figures": Wire(
        "RESULTS FROM {0}: IN THE FIRST RACE OVER {1} METRES {2} WON IN {3} SECONDS BEFORE A CROWD OF {4}. THE "
        "SECOND RACE WENT TO THE FAVOURITE AT {5} TO ONE, AND THE THIRD WAS STOPPED FOR RAIN AFTER A FALL AT "
        "THE LAST FENCE. STEWARDS OPENED AN INQUIRY INTO THE START AND WILL REPORT ON {6}. THE TRACK IS OPEN "
        "AGAIN AFTER NEW YEAR, THE CLUB SAID IN A NOTICE TO ITS MEMBERS.",
        ("MARLOW", "1200", "SALLY GREY", "71", "4100", "7", "MONDAY"),
        ("KELBY", "1600", "OLD TOM", "98", "3900", "9", "FRIDAY"),
        "ALDER PRESS - ",
        "ALL RIGHTS RESERVED.",
    ),
}


def stories(*texts: str) -> list[int]:
    return group(
        [
            StoryText(id=n, url=f"https://s{n}.example/", title=None, text=text)
            for n, text in enumerate(texts)
        ]
    )


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_a_copy_is_found_however_it_is_dressed(wire: Wire) -> None:
    story = wire.story
    beginning = wire.beginning
    assert stories(story, story) == [1, 1]
    assert stories(story, f"{wire.agency}{story}") == [1, 1]
    assert stories(f"{story}\n{wire.footer}", story) == [1, 1]
    assert stories(story, beginning) == [1, 1]
    assert stories(f"{wire.agency}{beginning}", story) == [1, 1]


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_another_event_in_the_same_words_is_another_story(wire: Wire) -> None:
    assert stories(wire.story, wire.twin) == [1, 2]
    dressed = [f"{wire.agency}{text}\n{wire.footer}" for text in (wire.story, wire.twin)]
    assert stories(*dressed) == [1, 2]
    assert stories(wire.story, wire.twin, dressed[0], dressed[1]) == [1, 2, 1, 2]


def test_a_character_corrected_here_and_there_makes_no_other_story() -> None:
    chinese = WIRES["chinese"].story
    assert stories(chinese, chinese.replace("昨日", "昨天").replace("获悉", "得知")) == [1, 1]


def test_figures_that_a_template_keeps_do_not_make_one_story() -> None:
    """Three of four numbers are the template's own: the words must tell the rest."""
    report = (
        "气象台发布:{0}今天白天{1},最高气温{2}度,夜间{3},有{4}风。预警热线12121,市民服务12345,全天24小时"
        "开通。请各单位做好准备,市民出行注意安全,远离广告牌和大树,{5}一带道路可能积水,驾车请减速慢行。"
    )
    one = report.format("河口", "多云转晴", "31", "小雨", "东南", "长堤路")
    other = report.format("石桥", "雷阵雨", "26", "阴天", "偏北", "古城门")
    assert stories(one, other) == [1, 2]
    assert stories(one, f"{one}本报综合。") == [1, 1]
