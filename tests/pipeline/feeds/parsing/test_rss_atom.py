from __future__ import annotations

import pytest

from pipeline.feeds.parsing import rss_atom, xml
from pipeline.feeds.parsing.raw import RawDocument, RawEnclosure, RawEntry

SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def document(text: str) -> RawDocument:
    root = xml.strict(text)
    assert root is not None
    return rss_atom.document(root)


def item(inside: str) -> RawEntry:
    (entry,) = document(f"<rss {SPACES}><channel><item>{inside}</item></channel></rss>").entries
    return entry


def entry(inside: str, attributes: str = "") -> RawEntry:
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><entry>{inside}</entry></feed>'
    (found,) = document(feed).entries
    return found


def channel(inside: str) -> RawDocument:
    return document(f"<rss {SPACES}><channel>{inside}</channel></rss>")


GUIDS = [
    ("plain", "<guid>g</guid>", ("g", True)),
    ("no_permalink", '<guid isPermaLink="false">g</guid>', ("g", False)),
    ("permalink", '<guid isPermaLink="TRUE">g</guid>', ("g", True)),
    ("lower_case_attribute", '<guid ispermalink="false">g</guid>', ("g", False)),
    ("white_space", "<guid>\n g </guid>", ("g", True)),
    ("empty", "<guid/>", (None, True)),
    ("none", "", (None, True)),
]


@pytest.mark.parametrize(("inside", "expected"), [c[1:] for c in GUIDS], ids=[c[0] for c in GUIDS])
def test_guid(inside: str, expected: tuple[str | None, bool]) -> None:
    found = item(inside)
    assert (found.guid, found.guid_is_link) == expected


def test_rdf_about_is_the_guid_of_rss_1() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><item rdf:about="a-1"><title>x</title></item></rdf:RDF>'
    )
    assert document(text).entries[0].guid == "a-1"


LINKS = [
    ("rss", "<link>/a</link>", ("/a",)),
    (
        "own_address_before_the_counter",
        "<link>/a</link><feedburner:origLink>/o</feedburner:origLink>",
        ("/o", "/a"),
    ),
    ("rss_before_atom", '<atom:link href="/b"/><link>/a</link>', ("/a", "/b")),
    ("atom_self_is_no_link", '<atom:link rel="self" href="/feed"/>', ()),
    ("href_in_rss", '<link href="/a"/>', ("/a",)),
    ("empty", "<link/>", ()),
]


@pytest.mark.parametrize(("inside", "expected"), [c[1:] for c in LINKS], ids=[c[0] for c in LINKS])
def test_links_of_an_item(inside: str, expected: tuple[str, ...]) -> None:
    assert item(inside).links == expected


ATOM_LINKS = [
    ("no_relation_is_alternate", '<link href="/a"/>', ("/a",)),
    (
        "relation_as_address",
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/>',
        ("/a",),
    ),
    (
        "html_first",
        '<link type="application/pdf" href="/p"/><link type="text/html" href="/a"/>',
        ("/a", "/p"),
    ),
    ("order_of_equals", '<link href="/a"/><link href="/b"/>', ("/a", "/b")),
    ("others_are_no_links", '<link rel="related" href="/r"/><link rel="edit" href="/e"/>', ()),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in ATOM_LINKS], ids=[c[0] for c in ATOM_LINKS]
)
def test_links_of_an_entry(inside: str, expected: tuple[str, ...]) -> None:
    assert entry(inside).links == expected


def test_link_is_joined_with_its_xml_base() -> None:
    found = entry('<link xml:base="b/" href="a"/>', 'xml:base="https://paper.example/x/"')
    assert found.links == ("https://paper.example/x/b/a",)


TITLES = [
    ("own", "<title>A</title>", "A"),
    ("not_the_pictures", "<media:title>P</media:title><title>A</title>", "A"),
    ("not_the_podcasts", "<itunes:title>P</itunes:title>", None),
    ("not_inside_another", "<image><title>P</title></image>", None),
    ("dublin_core_last", "<dc:title>D</dc:title><title>A</title>", "A"),
    ("dublin_core_alone", "<dc:title>D</dc:title>", "D"),
    ("empty_one_is_passed_over", "<title/><dc:title>D</dc:title>", "D"),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in TITLES], ids=[c[0] for c in TITLES]
)
def test_title_is_a_direct_child(inside: str, expected: str | None) -> None:
    assert item(inside).title == expected


KINDS = [
    ("none", "<title>A &lt;b></title>", ("A <b>", None)),
    ("text", '<title type="text">A &lt;b></title>', ("A <b>", "text")),
    ("plain", '<title type="text/plain">A</title>', ("A", "text")),
    ("html", '<title type="html">A &lt;b></title>', ("A <b>", "html")),
    ("media_type", '<title type="text/html">A</title>', ("A", "html")),
    ("in_place", "<title>A <b>c</b></title>", ("A <b>c</b>", "html")),
    (
        "xhtml",
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A &lt;b></div></title>',
        ("A &lt;b&gt;", "html"),
    ),
    ("base64", '<title mode="base64" type="text/html">QQ==</title>', ("A", "html")),
]


@pytest.mark.parametrize(("inside", "expected"), [c[1:] for c in KINDS], ids=[c[0] for c in KINDS])
def test_kind_of_a_title_is_what_it_is_declared_to_be(
    inside: str, expected: tuple[str, str | None]
) -> None:
    found = entry(inside)
    assert (found.title, found.title_kind) == expected


AUTHORS = [
    ("rss", "<author>a@paper.example (Ana)</author>", ("a@paper.example (Ana)",)),
    ("dublin_core_before_rss", "<author>x</author><dc:creator>Ana</dc:creator>", ("Ana",)),
    ("several", "<dc:creator>Ana</dc:creator><dc:creator>Ben</dc:creator>", ("Ana", "Ben")),
    ("itunes_last", "<itunes:author>Pod</itunes:author><author>Ana</author>", ("Ana",)),
    ("itunes_alone", "<itunes:author>Pod</itunes:author>", ("Pod",)),
    ("atom_in_rss", "<atom:author><atom:name>Ana</atom:name></atom:author>", ("Ana",)),
    ("none", "", ()),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in AUTHORS], ids=[c[0] for c in AUTHORS]
)
def test_authors_of_an_item(inside: str, expected: tuple[str, ...]) -> None:
    assert item(inside).authors == expected


def test_authors_of_an_entry_are_names_only() -> None:
    people = "<author><name>Ana</name><email>a@x.example</email></author><author><name>Ben</name></author>"
    assert entry(people).authors == ("Ana", "Ben")


def test_authors_of_the_feed_are_kept_apart() -> None:
    found = channel("<dc:creator>Desk</dc:creator><item><title>A</title></item>")
    assert (found.authors, found.entries[0].authors) == (("Desk",), ())


DATES = [
    ("rss", "<pubDate>1</pubDate><dc:date>2</dc:date>", ("1", "2"), ()),
    ("lower_case", "<pubdate>1</pubdate>", ("1",), ()),
    ("updated", "<atom:updated>3</atom:updated>", (), ("3",)),
    ("both", "<atom:updated>3</atom:updated><atom:published>1</atom:published>", ("1",), ("3",)),
]


@pytest.mark.parametrize(
    ("inside", "published", "updated"), [c[1:] for c in DATES], ids=[c[0] for c in DATES]
)
def test_dates(inside: str, published: tuple[str, ...], updated: tuple[str, ...]) -> None:
    found = item(inside)
    assert (found.published, found.updated) == (published, updated)


def test_channel_date_is_not_the_entry_date() -> None:
    found = channel("<pubDate>9</pubDate><item><title>A</title></item>")
    assert found.entries[0].published == ()


BODIES = [
    ("rss", "<description>d</description>", ("d", None)),
    ("both", "<description>d</description><content:encoded>c</content:encoded>", ("d", "c")),
    ("content_only", "<content:encoded>c</content:encoded>", (None, "c")),
    (
        "caption_is_no_summary",
        "<media:description>m</media:description><description>d</description>",
        ("d", None),
    ),
    (
        "caption_stands_beside_no_content",
        "<media:description>m</media:description><content:encoded>c</content:encoded>",
        (None, "c"),
    ),
    ("caption_alone", "<media:description>m</media:description>", ("m", None)),
    (
        "caption_of_a_group",
        "<media:group><media:description>m</media:description></media:group>",
        ("m", None),
    ),
    (
        "caption_of_a_file",
        (
            '<media:content url="a.mp4"><media:description/><media:title>t</media:title></media:content>'
            '<media:content url="b.mp4"><media:description>m</media:description></media:content>'
        ),
        ("m", None),
    ),
    (
        "rss_before_dublin_core",
        "<dc:description>x</dc:description><description>d</description>",
        ("d", None),
    ),
    ("podcast", "<itunes:summary>i</itunes:summary>", ("i", None)),
    (
        "podcast_with_more",
        "<itunes:summary>i</itunes:summary><description>d</description>",
        ("d", None),
    ),
    ("in_place", "<description>a<b>c</b></description>", ("a<b>c</b>", None)),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in BODIES], ids=[c[0] for c in BODIES]
)
def test_summary_and_content(inside: str, expected: tuple[str | None, str | None]) -> None:
    found = item(inside)
    assert (found.summary, found.content) == expected


CONTENTS = [
    ("html", '<content type="html">&lt;p&gt;a&lt;/p&gt;</content>', "<p>a</p>"),
    ("text_is_escaped", '<content type="text">a &lt; b</content>', "a &lt; b"),
    ("no_type_is_as_given", "<content>&lt;p&gt;a&lt;/p&gt;</content>", "<p>a</p>"),
    ("media_type", '<content type="text/html">&lt;p&gt;a&lt;/p&gt;</content>', "<p>a</p>"),
    ("plain_media_type", '<content type="text/plain">a &lt; b</content>', "a &lt; b"),
    (
        "xhtml",
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div></content>',
        "<p>a</p>",
    ),
    ("picture", '<content type="image/png">iVBORw0K</content>', None),
    ("elsewhere", '<content type="text/html" src="/a"/>', None),
    ("base64", '<content type="application/octet-stream">PGI+YTwvYj4=</content>', "<b>a</b>"),
    ("base64_mode", '<content type="text/html" mode="base64">PGI+YTwvYj4=</content>', "<b>a</b>"),
    ("broken_base64", '<content mode="base64">x</content>', None),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in CONTENTS], ids=[c[0] for c in CONTENTS]
)
def test_content_of_an_entry_is_html(inside: str, expected: str | None) -> None:
    assert entry(inside).content == expected


def test_enclosures_of_both_formats() -> None:
    inside = (
        '<enclosure url="/a.mp3" type="audio/mpeg" length="9"/>'
        '<atom:link rel="enclosure" href="/b.mp3"/><enclosure type="audio/mpeg"/>'
    )
    assert item(inside).enclosures == (
        RawEnclosure(url="/a.mp3", media_type="audio/mpeg", length="9"),
        RawEnclosure(url="/b.mp3"),
    )


def test_categories_of_all_kinds() -> None:
    inside = (
        '<category>Sea</category><atom:category term="t" label="Ports"/>'
        '<atom:category term="boats"/><dc:subject>Fish</dc:subject><category/>'
    )
    assert item(inside).categories == ("Sea", "Ports", "boats", "Fish")


LANGUAGES = [
    ("own", '<item xml:lang="pt-BR"><title>A</title></item>', "pt-BR"),
    ("dublin_core", "<item><dc:language>fi</dc:language></item>", "fi"),
    ("inherited", "<item/>", "sv"),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in LANGUAGES], ids=[c[0] for c in LANGUAGES]
)
def test_language_is_the_nearest(inside: str, expected: str) -> None:
    found = document(f'<rss {SPACES} xml:lang="sv"><channel>{inside}</channel></rss>')
    assert found.entries[0].language == expected


WISHES = [
    ("none", "", None),
    ("ttl_minutes", "<ttl>90</ttl>", 5400),
    ("period", "<sy:updatePeriod>daily</sy:updatePeriod>", 86400),
    (
        "frequency",
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        900,
    ),
    ("longest", "<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 5400),
    ("zero", "<ttl>0</ttl>", None),
    ("words", "<ttl>soon</ttl><sy:updatePeriod>often</sy:updatePeriod>", None),
    ("absurd", "<ttl>99999999999</ttl>", None),
    (
        "frequency_zero",
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
        86400,
    ),
]


@pytest.mark.parametrize(
    ("inside", "expected"), [c[1:] for c in WISHES], ids=[c[0] for c in WISHES]
)
def test_wish_for_the_next_poll_in_seconds(inside: str, expected: float | None) -> None:
    assert channel(inside).ttl_seconds == expected


def test_skip_hours_are_hours_of_a_day() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in ("3", "24", "07", "3", "25", "x", ""))
    assert channel(f"<skipHours>{hours}</skipHours>").skip_hours == (0, 3, 7)


DAYS = [
    ("none", "", ()),
    ("monday_is_0", "<skipDays><day>Monday</day></skipDays>", (0,)),
    ("in_any_order", "<skipDays><day>Sunday</day><day>Saturday</day></skipDays>", (5, 6)),
    ("in_any_case", "<skipdays><day> FRIDAY </day><day>friday</day></skipdays>", (4,)),
    ("no_day", "<skipDays><day>Someday</day><day>6</day><day/></skipDays>", ()),
    ("two_lists", "<skipDays><day>Tuesday</day></skipDays>" * 2, (1,)),
]


@pytest.mark.parametrize(("inside", "expected"), [c[1:] for c in DAYS], ids=[c[0] for c in DAYS])
def test_skip_days_are_days_of_a_week(inside: str, expected: tuple[int, ...]) -> None:
    assert channel(inside).skip_days == expected


def test_channel_tells_of_itself() -> None:
    found = channel(
        '<atom:link rel="self" href="/feed"/><title>Post</title><link>/</link><language>en</language>'
        "<image><title>Logo</title><link>/logo</link></image>"
    )
    assert (found.format, found.title, found.links, found.language) == ("rss", "Post", ("/",), "en")


def test_items_beside_the_channel_are_entries() -> None:
    assert len(document("<rss><channel/><item/><item/></rss>").entries) == 2


def test_entry_quoted_in_an_entry_is_no_entry() -> None:
    found = document(
        "<rss><channel><item><title>A</title><x><item><title>B</title></item></x></item></channel></rss>"
    )
    assert [one.title for one in found.entries] == ["A"]


def test_single_entry_document_is_a_feed_of_one() -> None:
    text = '<entry xmlns="http://www.w3.org/2005/Atom"><id>e-1</id><title>A</title></entry>'
    assert [one.guid for one in document(text).entries] == ["e-1"]


def test_atom_without_name_space_is_read() -> None:
    found = document('<feed><title>Post</title><entry><id>e-1</id><link href="/a"/></entry></feed>')
    assert (found.title, found.entries[0].guid, found.entries[0].links) == ("Post", "e-1", ("/a",))


TWO_TEXTS = [
    pytest.param(
        "<description>D</description><summary>S</summary>", ("D", "S"), id="summary-second"
    ),
    pytest.param(
        "<summary>S</summary><description>D</description>", ("S", "D"), id="summary-first"
    ),
    pytest.param("<summary/><description>D</description>", ("D", None), id="one-is-empty"),
    pytest.param(
        "<summary>S</summary><description>D</description><content:encoded>C</content:encoded>",
        ("D", "C"),
        id="content-of-its-own",
    ),
    pytest.param(
        "<description>D</description><itunes:summary>S</itunes:summary>", ("D", None), id="podcast"
    ),
]


@pytest.mark.parametrize(("inside", "expected"), TWO_TEXTS)
def test_second_short_text_of_an_item_is_its_content(
    inside: str, expected: tuple[str, str | None]
) -> None:
    found = item(inside)
    assert (found.summary, found.content) == expected


def test_both_ends_of_a_very_long_document_are_looked_at() -> None:
    found = channel("".join(f"<item><guid>{n}</guid></item>" for n in range(20_002)))
    assert found.total == 20_002
    assert [found.entries[at].guid for at in (0, 9_999, 10_000, -1)] == [
        "0",
        "9999",
        "10002",
        "20001",
    ]
