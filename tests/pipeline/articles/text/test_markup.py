from __future__ import annotations

import lxml.html
import pytest

from pipeline.articles.text import markup
from pipeline.errors import NoArticleError
from pipeline.model import Response

URL = "https://post.example/pier"
HTML = "<html><head><meta charset='{}'></head><body><p>{}</p></body></html>"


def response(body: bytes, content_type: str | None = None) -> Response:
    return Response(URL, headers={"content-type": content_type} if content_type else {}, body=body)


CHINESE = "本市昨日决定重建旧码头工程将于春季开始费用由地区承担一半渔民希望更长的码头" * 4
TAIWANESE = "市議會昨日決定重建舊碼頭工程將於春季開始費用由地區承擔一半" * 4
KOREAN = "시의회는 화요일에 오래된 부두를 다시 짓기로 결정했다고 시장이 말했다" * 4
JAPANESE = "市議会は火曜日に古い桟橋を再建することを決めたと市長がニュースで語った" * 4
POLISH = (
    "Rada miasta postanowiła odbudować stary most; prace zaczną się wiosną, mówi burmistrz Żak. "
)
FRENCH = "Le conseil a décidé à l'unanimité de reconstruire la jetée détruite l'été passé. " * 4


@pytest.mark.parametrize(
    ("text", "codec", "content_type", "declared"),
    [
        pytest.param(FRENCH, "utf-8", None, "", id="valid UTF-8 needs no label"),
        pytest.param(
            FRENCH, "utf-8", "text/html; charset=latin-1", "gbk", id="UTF-8 against labels"
        ),
        pytest.param(FRENCH, "latin-1", "text/html; charset=iso-8859-1", "", id="header"),
        pytest.param(CHINESE, "gb18030", "text/html", "gb2312", id="meta"),
        pytest.param(
            TAIWANESE, "big5", "text/html; charset=big5", "utf-8", id="header before meta"
        ),
        pytest.param(JAPANESE, "shift_jis", None, "Shift_JIS", id="shift_jis"),
        pytest.param(CHINESE, "gb18030", None, "", id="undeclared GBK"),
        pytest.param(KOREAN, "euc-kr", None, "", id="undeclared EUC-KR"),
        pytest.param(JAPANESE, "euc-jp", None, "", id="undeclared EUC-JP"),
        pytest.param(FRENCH, "cp1252", None, "", id="undeclared windows-1252"),
        pytest.param(FRENCH, "utf-16", None, "", id="byte order mark"),
        pytest.param(CHINESE, "gb18030", None, "utf-8", id="GBK that says UTF-8"),
        pytest.param(
            POLISH,
            "cp1250",
            "text/html; charset=utf-8",
            "cp1250",
            id="meta after an untrue header",
        ),
    ],
)
def test_text_is_decoded(text: str, codec: str, content_type: str | None, declared: str) -> None:
    body = HTML.format(declared, text).encode(codec)
    assert text in markup.source(response(body, content_type))


def test_charset_of_an_xml_declaration_is_used() -> None:
    body = f"<?xml version='1.0' encoding='GBK'?><html><p>{CHINESE}</p></html>".encode("gbk")
    assert CHINESE in markup.source(response(body))


@pytest.mark.parametrize(
    "comment", ["<!-- <meta charset=koi8-r> -->", "<!--\n<meta charset='big5'>-->"]
)
def test_charset_in_a_comment_is_none(comment: str) -> None:
    body = (comment + HTML.format("cp1250", "źródła wody")).encode("cp1250")
    assert "źródła wody" in markup.source(response(body))


def test_charset_is_looked_for_in_the_first_four_kilobytes_only() -> None:
    late = b" " * markup.HEAD_BYTES + HTML.format("koi8-r", "\u043f\u0438\u0440\u0441").encode(
        "koi8-r"
    )
    assert "\u043f\u0438\u0440\u0441" not in markup.source(response(b"<html>" + late))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"%PDF-1.7\n...", "text/html", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n...", None, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0...", "text/html", id="jpeg"),
        pytest.param(b"PK\x03\x04...", None, id="zip"),
        pytest.param(b'{"title": "Pier"}', "application/json", id="json"),
        pytest.param(b'  [{"title": "Pier"}]', "text/html", id="json as html"),
        pytest.param(b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", None, id="rss"),
        pytest.param(b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "text/html", id="atom"),
        pytest.param(b"<!-- x --><urlset></urlset>", None, id="sitemap"),
        pytest.param(b"some bytes", "image/webp", id="picture by header"),
        pytest.param(b"a,b\n1,2", "text/csv", id="csv by header"),
        pytest.param(bytes(range(32)) * 50, None, id="control characters"),
        pytest.param(b"\x00" * 500, None, id="zeros"),
    ],
)
def test_other_formats_are_not_html(body: bytes, content_type: str | None) -> None:
    with pytest.raises(NoArticleError) as caught:
        markup.source(response(body, content_type))
    assert caught.value.reason == "not_html"


def test_html_with_the_header_of_another_format_is_html() -> None:
    body = b"<!doctype html><html><body><p>Pier</p></body></html>"
    assert "Pier" in markup.source(response(body, "application/pdf"))


def test_text_that_is_mostly_undecodable_has_a_bad_encoding() -> None:
    with pytest.raises(NoArticleError) as caught:
        markup.source(response(b"<p>" + b"\x81 a" * 400, "text/html; charset=utf-8"))
    assert caught.value.reason == "bad_encoding"


def test_few_undecodable_bytes_are_replaced() -> None:
    body = ("<p>" + FRENCH).encode() + b"\xe9" + FRENCH.encode()
    assert "\ufffd" in markup.source(response(body, "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<img src='data:image/png;base64,{'A' * 2000}'>", "<img src='data:,'>"),
        ("<img src='data:image/gif;base64,AAAA'>", "<img src='data:image/gif;base64,AAAA'>"),
        (f"url(data:font/woff2;base64,{'B' * 5000})", "url(data:,)"),
        (f"<p>data: {'word ' * 1000}", f"<p>data: {'word ' * 1000}"),
        ("a\x00b\x08c\x0bd\ufffe" + "x" * 200, "abcd" + "x" * 200),
    ],
)
def test_what_no_parser_can_take_is_cut(html: str, expected: str) -> None:
    assert markup.source(response(html.encode("utf-8"))) == expected


@pytest.mark.parametrize(
    ("content_type", "body", "plain"),
    [
        ("text/plain; charset=utf-8", "Pier\nto be rebuilt", True),
        ("text/plain", "<html><p>Pier</p></html>", False),
        ("text/plain", "\n<!-- a -->\n<!DOCTYPE html><p>Pier</p>", False),
        ("text/plain", "<?xml version='1.0'?><html><p>Pier</p></html>", False),
        ("text/plain", "Use the <p> tag, and <b> for bold.", True),
        ("text/plain", "What <html> and <body> are for", True),
        ("text/plain", "It is a < b > c", True),
        ("text/html", "Pier", False),
        (None, "Pier\nto be rebuilt", True),
        (None, "Pier <b>to</b> be rebuilt", False),
    ],
)
def test_plain_text_is_what_the_header_says_or_has_no_tags(
    content_type: str | None, body: str, *, plain: bool
) -> None:
    assert markup.is_plain(response(body.encode(), content_type), body) is plain


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>One</p><p>Two</p>", ["One", "Two"], id="paragraphs"),
        pytest.param("One<br>two<br/>three", ["One", "two", "three"], id="line breaks"),
        pytest.param("<p>A <b>bold</b> <a href=x>link</a>.</p>", ["A bold link."], id="inline"),
        pytest.param("<ul><li>a<li>b</ul>", ["a", "b"], id="items without an end tag"),
        pytest.param("<table><tr><td>a<td>b</table>", ["a", "b"], id="cells"),
        pytest.param("<p>a</p><script>x()</script><style>p{}</style>b", ["a", "b"], id="scripts"),
        pytest.param("<!-- no --><p>a &amp; b&nbsp;c</p>", ["a & b c"], id="comments, entities"),
        pytest.param("<title>T</title><p>a</p>", ["a"], id="head"),
        pytest.param("", [], id="empty"),
        pytest.param("<p> \n </p>", [], id="white space"),
        pytest.param("<div>" * 6000 + "deep", ["deep"], id="depth"),
    ],
)
def test_blocks_become_lines(html: str, expected: list[str]) -> None:
    assert markup.lines(html) == expected


def test_lines_without_chrome_leave_navigation_out() -> None:
    html = "<nav>Home</nav><p>Body</p><aside>More</aside><figure>Pic</figure><footer>End</footer>"
    assert markup.lines(html, chrome=False) == ["Body"]
    assert markup.lines(html) == ["Home", "Body", "More", "Pic", "End"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p><a href=x>Home</a> | <a href=y>News</a></p>", [], id="mostly links"),
        pytest.param("<p>Built by <a href=x>a firm</a>.</p>", ["Built by a firm."], id="a link"),
        pytest.param("<a href=x>Home<p>Body", ["Body"], id="a link that is never closed"),
    ],
)
def test_lines_without_chrome_leave_lines_of_links_out(html: str, expected: list[str]) -> None:
    assert markup.lines(html, chrome=False) == expected


@pytest.mark.parametrize(
    ("content", "tagged"),
    [
        ("<p>a", True),
        ("a<br/>b", True),
        ("a </div>", True),
        ("1 < 2 > 0", False),
        ("a <at> b", False),
    ],
)
def test_tags_are_told_from_angle_brackets(content: str, *, tagged: bool) -> None:
    assert markup.has_tags(content) is tagged


WRAPPED = (
    "The council of Harbour Town voted on Tuesday to rebuild the",
    "old pier, which a storm broke two winters ago. Work begins in",
    "the spring and will cost nine million crowns.",
)
VERSES = ("The pier is gone, the sea is grey,", "and nobody has come to say", "who pays.")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            ["Pier", "", *WRAPPED, "", *WRAPPED],
            ["Pier", " ".join(WRAPPED), " ".join(WRAPPED)],
            id="wrapped at one width",
        ),
        pytest.param([*WRAPPED], [*WRAPPED], id="no blank line"),
        pytest.param(
            [*WRAPPED, "", *VERSES], [" ".join(WRAPPED), *VERSES], id="verses beside a wrapped text"
        ),
        pytest.param(
            [WRAPPED[0] * 4, "", *WRAPPED], [WRAPPED[0] * 4, *WRAPPED], id="not one width"
        ),
        pytest.param(["a b", "c d", "", "e f"], ["a b", "c d", "e f"], id="short lines"),
    ],
)
def test_wrapped_paragraph_of_plain_text_is_one_line(
    content: list[str], expected: list[str]
) -> None:
    assert markup.plain_lines("\n".join(content)) == expected


def test_text_for_browsers_without_frames_is_parsed() -> None:
    html = "<html><frameset><frame src=a><NOFRAMES><body><h1>Pier</h1></body></NoFrames></frameset>"
    tree = markup.tree(html)
    assert tree is not None
    assert [heading.text for heading in tree.iter("h1")] == ["Pier"]
    assert markup.lines(html) == []


def test_plain_lines_are_those_with_words() -> None:
    assert markup.plain_lines(" a  b \r\n\n\tc\u2028d") == ["a b", "c", "d"]


def test_tree_reads_two_thousand_nested_elements() -> None:
    tree = markup.tree("<body>" + "<div>" * 1500 + "deep")
    assert tree is not None
    assert "deep" in tree.text_content()


@pytest.mark.parametrize("source", ["", "  ", "<!-- only -->"])
def test_tree_of_nothing_holds_no_text(source: str) -> None:
    tree = markup.tree(source)
    assert tree is None or tree.text_content().strip() == ""


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        pytest.param("a\x00b\x1fc", "abc", id="controls"),
        pytest.param("a\ufffeb\uffffc", "abc", id="noncharacters"),
        pytest.param("a\tb\nc\r", "a\tb\nc\r", id="white space stays"),
    ],
)
def test_what_no_parser_takes_is_left_out(damaged: str, expected: str) -> None:
    filler = "<p>Work begins in spring and costs nine million crowns, half of it the region's.</p>"
    assert markup.source(response((filler + damaged).encode())) == filler + expected


def test_every_element_of_the_tree_is_of_one_class() -> None:
    tree = markup.tree("<html><body><form><input><label>a</label></form></body></html>")
    assert tree is not None
    assert {type(element) for element in tree.iter()} == {lxml.html.HtmlElement}
