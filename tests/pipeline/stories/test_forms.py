"""Forms that are filled in anew every day are other events; a text told in two stages is one.

All texts are invented.
"""

from __future__ import annotations

import pytest

from pipeline.stories.dedupe import decide
from pipeline.stories.shingles import gaps, unpacked
from pipeline.stories.shingles import of as features

DRAW = """The winning numbers in the National Lottery draw on {}, {} {}, were {}, {}, {}, {}, {} and {}.
The bonus ball was {}. No ticket matched all six numbers, so the jackpot rolls over to an estimated
{} million crowns for the next draw. Tickets are on sale until 7.30pm at all licensed retailers and
on the National Lottery website. Players must be 18 or over. Winners have 180 days to claim a prize.
Prizes over 500 crowns must be claimed by post or at a claim centre. The operator, Brightwater
Gaming, gives a share of every ticket to good causes chosen by the Heritage Fund and the Arts
Council. Players who think they have a problem can call the helpline free of charge at any hour. Draws
are held on Wednesdays and Saturdays at the Brightwater studio in Port Alder and are watched by an
independent adjudicator, and the numbers are published on the website within the hour."""

APPEAL = """Appeal after {} in {}. Alder Valley Police are appealing for witnesses following the
incident on {} Road on {} {}. Anyone with information that could assist the investigation, or who has
doorbell footage, is asked to contact Alder Valley Police by calling 101 or by making a report
online, quoting reference number {}. If you do not wish to speak to police you can contact the
charity Crimestoppers anonymously by calling 0800 555 111. No personal details are taken,
information cannot be traced or recorded and you will not go to court. Stay informed and sign up for
Alder Alert, the free message service of Alder Valley Police, which tells you what is happening in
your neighbourhood, and follow the force on the usual channels for news of its work."""

PETROL = """Petrol prices in Northland averaged {} crowns a litre on {}, the Automobile Club said. That
is {} cents {} than a week ago and {} cents {} than a month ago. Diesel cost {} crowns. The Automobile
Club compares the prices at more than 14,000 filling stations in Northland and publishes them every
week. Drivers can save money by filling up in the evening, when prices are lowest according to the
Automobile Club, and should avoid stations on the motorway. A free app of the Automobile Club shows the
cheapest station nearby. The Automobile Club has 3 million members and runs 170 service centres."""

BULLETIN = """Kelby weather: here is the forecast of the Met Office for Kelby and the Alder valley for
{}. It will be {} in Kelby with a high of {}C and a low of {}C. For Marlow Heath and Inch Sound the Met
Office expects {}. Drivers on the Tarn road and the Vale bridge should allow more time, and ferry
passengers should check with Alder Lines before they travel. The tide times for Skerry Point and the
flood warnings in force can be found on the website of the Met Office."""

MENU = """School lunches for the week of {} {} at the schools of Marlow Heath. Monday: {}, with fruit and
milk. Tuesday: {}, with fruit and milk. Wednesday: {}, with fruit and milk. Menus may change. Lunch
costs 3 crowns for pupils and 5 crowns for adults. Pupils with allergies should bring a form signed
by a parent."""

STOCK = """{} Capital bought a new position in shares of {} during the {} quarter, according to its most
recent filing with the Securities and Exchange Commission. The fund purchased {} shares of the
company, valued at about {} crowns. Several other hedge funds also changed their positions.
Institutional investors own {} percent of the company. The stock opened at {} crowns on {}."""

ADVISORY = """{} County is under a {} advisory issued by the National Weather Service on {} at {} p.m.
The advisory is in effect until {} a.m. This weather report was automatically generated with data
from the National Weather Service. Read more at the website of the service and sign up for alerts of your county. Take care near rivers and do not drive through water."""

THAI = "กรมอุตุนิยมวิทยารายงานว่าวันที่ {} อุณหภูมิสูงสุด {} องศา อุณหภูมิต่ำสุด {} องศา มีฝนฟ้าคะนองร้อยละ {} ของพื้นที่ ประชาชนควรระวังอันตรายจากฝนตกหนักและควรดูแลสุขภาพ"

FORMS = [
    (
        "draw",
        DRAW,
        ("Saturday", "May", 2, 3, 11, 19, 27, 33, 48, 6, "4.1"),
        ("Wednesday", "July", 8, 5, 12, 19, 22, 40, 41, 9, "7.3"),
    ),
    (
        "appeal",
        APPEAL,
        ("burglary", "Kelby", "Vale", "Monday", "May 4", 51234),
        ("robbery", "Tarn", "Mill", "Friday", "June 9", 60177),
    ),
    (
        "petrol-on-the-same-day-of-the-week",
        PETROL,
        ("1.712", "Tuesday", 3, "more", 12, "more", "1.655"),
        ("1.698", "Tuesday", 2, "less", 9, "more", "1.640"),
    ),
    (
        "forecast-of-one-town",
        BULLETIN,
        ("Monday", "mostly sunny", 21, 9, "similar weather"),
        ("Thursday", "rainy at first", 17, 11, "a little more cloud"),
    ),
    (
        "menu",
        MENU,
        ("May", 4, "fish pie", "lentil stew", "roast chicken"),
        ("May", 11, "pasta bake", "cheese salad", "beef curry"),
    ),
    (
        "filing",
        STOCK,
        ("Osgood", "Tarn Mills", "first", "12,400", "310,000", "61.2", "25.10", "Monday"),
        ("Brandt", "Vale Energy", "third", "70,150", "905,000", "48.7", "12.95", "Friday"),
    ),
    (
        "advisory",
        ADVISORY,
        ("Marlow", "flood", "Monday", "4:15", 6),
        ("Skerry", "wind", "Friday", "2:40", 9),
    ),
    ("thai-forecast", THAI, (3, 36, 25, 40), (9, 36, 24, 70)),
]


@pytest.mark.parametrize(
    ("form", "one", "other"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS]
)
def test_form_filled_in_anew_is_another_story(
    form: str, one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    line = " ".join(form.split())
    filled = line.format(*one)
    assert decide(features(filled), features(line.format(*other))) is None
    copied = f"(Alder Press) {filled}\n"
    assert decide(features(filled), features(copied))


CRASH = """Port Alder: {} people died when a ferry hit the pier at Skerry Point on Tuesday, the coast
guard said. {} were taken to the hospital in Kelby. Captain Ruth Osgood said the fog had come in
quickly. The pier stays closed until the harbour master, Piet Lund, has seen the damage."""

STATEMENT = """Statement by the Minister for Harbours, Ilse Brandt: "We mourn the nine sailors of the
Alder Star. I have asked the Maritime Board to report by 30 June, and I have ordered all 14 ferries of
that class to stay in port. The captain had 22 years of service. We owe him and his crew the truth."
The minister flew to Skerry on Friday with the head of the coast guard, Tom Lind."""

STAGES = [
    ("toll-rises", CRASH.format("Three", 12), CRASH.format("Five", 19)),
    (
        "toll-rises-and-more-is-known",
        CRASH.format("Three", 12),
        CRASH.format("Five", 19) + " The mayor, Odile Karr, called for an inquiry.",
    ),
    (
        "correction-on-top",
        CRASH.format(3, 12),
        "Correction: an earlier version said 14 people were taken to hospital.\n"
        + CRASH.format(3, 12),
    ),
    (
        "statement-under-two-introductions",
        f"Mara Quint reports from the harbour. Grief gave way to questions on Friday. {STATEMENT}",
        f"By Sven Toman. After two days of silence the government spoke at last. {STATEMENT}",
    ),
    (
        "live-page-later-in-the-day",
        f"15:40 The mayor has left the hall. {CRASH.format(3, 12)}",
        f"16:05 Trains run again. 15:40 The mayor has left the hall. {CRASH.format(3, 12)}",
    ),
]


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in STAGES], ids=[row[0] for row in STAGES]
)
def test_text_told_in_two_stages_is_one_story(one: str, other: str) -> None:
    assert decide(features(one), features(other))


def test_another_event_in_the_same_words_is_another_story() -> None:
    other = """Port Alder: Three people died when a bus hit the wall at Kelby Bridge on Friday, the
    fire brigade said. 4 were taken to the hospital in Kelby. Driver Tom Vale said the road had been
    icy. The bridge stays closed until the engineer, Ann Mora, has seen the damage."""
    assert decide(features(CRASH.format("Three", 12)), features(other)) is None


def test_translation_is_another_text() -> None:
    other = """Port Alder: Drei Menschen starben, als am Dienstag eine Fähre gegen die Mole von Skerry
    Point fuhr, teilte die Küstenwache mit. 12 kamen in das Krankenhaus in Kelby. Kapitänin Ruth
    Osgood sagte, der Nebel sei schnell gekommen. Die Mole bleibt gesperrt, bis Hafenmeister Piet
    Lund den Schaden gesehen hat."""
    assert decide(features(CRASH.format("Three", 12)), features(other)) is None


FURNITURE = [
    "more by this writer who can be reached at Dunmore 5511 or Elba 6622 ext 77 or box 88",
    "read next how they lost the cup in Kent by 44 to 9123 before Ivo of row 66 left at 1915",
]


def test_furniture_of_two_pages_is_no_form() -> None:
    """Each page adds a line full of names and numbers of its own to one text."""
    text = " ".join(f"{DRAW.format(*FORMS[0][2])} {STATEMENT}".split())
    one, other = (features(f"{text} {line}") for line in FURNITURE)
    assert decide(one, other)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("a b c d e f g h", [], id="the-same"),
        pytest.param("a b c x e f g h", [3], id="one-word-in-the-middle"),
        pytest.param("a b c x y f g h", [4], id="two-words-side-by-side"),
        pytest.param("x b c d e f g h", [1], id="the-first-word"),
        pytest.param("a b c d e f g h u v w x", [4], id="a-line-at-the-end"),
        pytest.param("x b c d e f g y", [1, 1], id="two-places"),
        pytest.param("s t u v w", [3], id="another-text"),
    ],
)
def test_gaps_are_what_the_other_text_lacks_in_a_row(text: str, wanted: list[int]) -> None:
    whole = unpacked(features("a b c d e f g h"))
    assert gaps(unpacked(features(text)), whole) == wanted
