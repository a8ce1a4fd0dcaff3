"""When two addresses name the same article. Pairs in the patterns that sites and feeds use."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.errors import BadUrlError
from pipeline.urls import canonical

STORY = "https://example.org/2026/05/storm-hits-coast"

SAME = [
    # scheme, host, port
    ("scheme", STORY, "http://example.org/2026/05/storm-hits-coast"),
    ("no-scheme", STORY, "example.org/2026/05/storm-hits-coast"),
    ("protocol-relative", STORY, "//example.org/2026/05/storm-hits-coast"),
    ("host-case", STORY, "HTTPS://Example.ORG/2026/05/storm-hits-coast"),
    ("www", STORY, "https://www.example.org/2026/05/storm-hits-coast"),
    ("m", STORY, "https://m.example.org/2026/05/storm-hits-coast"),
    ("mobile", STORY, "https://mobile.example.org/2026/05/storm-hits-coast"),
    ("amp-host", STORY, "https://amp.example.org/2026/05/storm-hits-coast"),
    ("wap", STORY, "https://wap.example.org/2026/05/storm-hits-coast"),
    ("www-over-m", STORY, "https://www.m.example.org/2026/05/storm-hits-coast"),
    ("mobile-edition", "https://en.example.org/wiki/Storm", "https://en.m.example.org/wiki/Storm"),
    ("root-dot", STORY, "https://example.org./2026/05/storm-hits-coast"),
    ("https-port", STORY, "https://example.org:443/2026/05/storm-hits-coast"),
    ("http-port", STORY, "http://example.org:80/2026/05/storm-hits-coast"),
    ("empty-port", STORY, "https://example.org:/2026/05/storm-hits-coast"),
    ("credentials", STORY, "https://reader:secret@example.org/2026/05/storm-hits-coast"),
    ("idna", "https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("idna-upper-case", "https://BÜCHER.example/a", "https://bücher.example/a"),
    ("full-width-host", "https://example。org/a", "https://example.org/a"),
    ("ipv6-spelling", "http://[2001:DB8:0:0::1]/a", "http://[2001:db8::1]/a"),
    ("www-of-two-letter-suffix", "https://www.example.co.uk/a", "https://example.co.uk/a"),
    # space and fragment
    ("surrounding-space", STORY, f"  {STORY}\n"),
    ("line-break-inside", STORY, "https://example.org/2026/05/\nstorm-hits-coast"),
    ("fragment", STORY, f"{STORY}#comments"),
    ("empty-fragment", STORY, f"{STORY}#"),
    ("feed-fragment", STORY, f"{STORY}#xtor=RSS-1"),
    ("text-fragment", STORY, f"{STORY}#:~:text=the%20storm"),
    # path
    ("trailing-slash", STORY, f"{STORY}/"),
    ("root", "https://example.org", "https://example.org/"),
    ("double-slash", STORY, "https://example.org//2026/05//storm-hits-coast"),
    ("dot-segments", STORY, "https://example.org/2026/04/../05/./storm-hits-coast"),
    ("above-the-root", STORY, "https://example.org/../2026/05/storm-hits-coast"),
    ("escape-case", "https://example.org/caf%c3%a9", "https://example.org/caf%C3%A9"),
    ("escaped-letters", "https://example.org/st%6Frm%2Dnow", "https://example.org/storm-now"),
    ("escaped-tilde", "https://example.org/%7Eann/a", "https://example.org/~ann/a"),
    ("raw-umlaut", "https://example.org/grün", "https://example.org/gr%C3%BCn"),
    ("decomposed-umlaut", "https://example.org/gru\u0308n", "https://example.org/gr\u00fcn"),
    ("raw-space", "https://example.org/a b", "https://example.org/a%20b"),
    ("raw-cjk", "https://example.org/新闻/1", "https://example.org/%E6%96%B0%E9%97%BB/1"),
    ("index-html", "https://example.org/a/index.html", "https://example.org/a/"),
    ("index-php", "https://example.org/index.php?id=4", "https://example.org/?id=4"),
    ("default-aspx", "https://example.org/a/Default.aspx", "https://example.org/a"),
    ("java-session", STORY, f"{STORY};jsessionid=0A1B2C3D"),
    (
        "asp-session",
        "https://example.org/(S(abcdefghijkl0123456789xy))/a.aspx",
        "https://example.org/a.aspx",
    ),
    # query
    ("empty-query", STORY, f"{STORY}?"),
    ("stray-ampersands", f"{STORY}?a=1&b=2", f"{STORY}?&a=1&&b=2&"),
    ("order", f"{STORY}?a=1&b=2", f"{STORY}?b=2&a=1"),
    ("repeated", f"{STORY}?a=1&a=1", f"{STORY}?a=1"),
    ("plus-for-space", f"{STORY}?q=a+b", f"{STORY}?q=a%20b"),
    ("escape-case-in-query", f"{STORY}?q=%c3%bc", f"{STORY}?q=ü"),
    ("empty-value", f"{STORY}?gallery=", f"{STORY}?gallery"),
    ("html-ampersand", f"{STORY}?a=1&b=2", f"{STORY}?a=1&amp;b=2"),
    ("html-ampersand-twice", f"{STORY}?a=1&b=2", f"{STORY}?a=1&amp;amp;b=2"),
    # how the reader came
    ("utm", STORY, f"{STORY}?utm_source=rss&utm_medium=feed&utm_campaign=daily"),
    ("utm-upper-case", STORY, f"{STORY}?UTM_Source=rss"),
    ("utm-after-html-ampersand", f"{STORY}?id=5", f"{STORY}?id=5&amp;utm_source=rss"),
    ("utm-beside-id", f"{STORY}?id=5", f"{STORY}?utm_term=x&id=5"),
    ("matomo", STORY, f"{STORY}?mtm_campaign=x&pk_source=y"),
    ("facebook", STORY, f"{STORY}?fbclid=IwAR0x"),
    ("google-ads", STORY, f"{STORY}?gclid=Cj0x&gclsrc=aw.ds"),
    ("microsoft-ads", STORY, f"{STORY}?msclkid=0f1e"),
    ("yandex", STORY, f"{STORY}?yclid=77"),
    ("instagram", STORY, f"{STORY}?igshid=Mz"),
    ("x-ads", STORY, f"{STORY}?twclid=2-4"),
    ("mailchimp", STORY, f"{STORY}?mc_cid=a1&mc_eid=b2"),
    ("hubspot", STORY, f"{STORY}?_hsenc=p2&_hsmi=33&__hstc=1"),
    ("marketo", STORY, f"{STORY}?mkt_tok=NzM"),
    ("analytics-linker", STORY, f"{STORY}?_ga=2.1.2&_gl=1*x"),
    ("french-analytics", STORY, f"{STORY}?at_medium=custom7&xtor=RSS-3"),
    ("webtrends", STORY, f"{STORY}?WT.mc_id=tw"),
    ("campaign-code", STORY, f"{STORY}?CMP=share_btn_tw"),
    ("channel-id", STORY, f"{STORY}?ocid=socialflow_twitter&ns_mchannel=social"),
    ("twitter-impression", STORY, f"{STORY}?__twitter_impression=true"),
    ("consent-detour", STORY, f"{STORY}?guccounter=1&guce_referrer=aHR0"),
    ("piano", STORY, f"{STORY}?cx_testId=3&cx_artPos=2"),
    ("php-session", STORY, f"{STORY}?PHPSESSID=deadbeef"),
    ("ref-of-a-channel", STORY, f"{STORY}?ref=rss"),
    ("source-of-a-channel", STORY, f"{STORY}?source=twitter"),
    ("two-word-channel", STORY, f"{STORY}?ref=rss-feed"),
    ("partner-rss", STORY, f"{STORY}?partner=rss&emc=rss"),
    ("campaign-newsletter", STORY, f"{STORY}?campaign=newsletter"),
    (
        "forum-session",
        "https://example.org/t?f=1&sid=0123456789abcdef0123456789abcdef",
        "https://example.org/t?f=1",
    ),
    ("print-view", STORY, f"{STORY}?print=1"),
    (
        "rule-of-one-site",
        "https://www.nytimes.com/2026/05/01/a.html?searchResultPosition=3",
        "https://www.nytimes.com/2026/05/01/a.html",
    ),
    (
        "rule-of-a-parent-site",
        "https://news.yahoo.com/a.html?.tsrc=rss",
        "https://news.yahoo.com/a.html",
    ),
    # AMP
    ("amp-suffix", STORY, f"{STORY}/amp"),
    ("amp-suffix-slash", STORY, f"{STORY}/amp/"),
    ("amp-suffix-numbered", STORY, f"{STORY}/amp/1"),
    ("amp-prefix", STORY, "https://example.org/amp/2026/05/storm-hits-coast"),
    (
        "amp-inside",
        "https://example.org/news/uk-55512345",
        "https://example.org/news/amp/uk-55512345",
    ),
    ("amp-before-slug", "https://example.org/n/a-b-c", "https://example.org/n/amp/a-b-c"),
    ("amp-parameter", STORY, f"{STORY}?amp"),
    ("amp-parameter-value", STORY, f"{STORY}?amp=1"),
    ("amp-output", STORY, f"{STORY}?outputType=amp"),
    ("amp-extension", "https://example.org/storm.html", "https://example.org/storm.amp.html"),
    ("amp-underscore", "https://example.org/storm.html", "https://example.org/storm_amp.html"),
    ("amp-last-extension", "https://example.org/storm", "https://example.org/storm.amp"),
    ("amp-after-id", "https://example.org/storm-20451", "https://example.org/storm-20451-amp"),
    (
        "amp-articleshow",
        "https://example.org/city/storm/articleshow/9.cms",
        "https://example.org/city/storm/amp_articleshow/9.cms",
    ),
    ("amp-host-and-suffix", STORY, "https://amp.example.org/2026/05/storm-hits-coast/amp/"),
    (
        "amp-cache",
        STORY,
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/2026/05/storm-hits-coast/amp/",
    ),
    (
        "amp-cache-viewer",
        f"{STORY}?id=3",
        "https://example-org.cdn.ampproject.org/v/s/example.org/2026/05/storm-hits-coast?id=3&amp_js_v=0.1",
    ),
    (
        "amp-cache-plain-http",
        STORY,
        "https://example-org.cdn.ampproject.org/c/example.org/2026/05/storm-hits-coast",
    ),
    (
        "amp-viewer-of-the-search",
        STORY,
        "https://www.google.co.uk/amp/s/www.example.org/2026/05/storm-hits-coast",
    ),
    # addresses inside addresses
    ("search-redirect", STORY, f"https://www.google.com/url?q={quote(STORY, '')}&sa=D"),
    ("search-redirect-url", STORY, f"https://www.google.de/url?rct=j&url={quote(STORY, '')}"),
    ("social-redirect", STORY, f"https://l.facebook.com/l.php?u={quote(STORY, '')}&h=AT0"),
    ("video-redirect", STORY, f"https://www.youtube.com/redirect?q={quote(STORY, '')}"),
    (
        "redirect-in-redirect",
        STORY,
        "https://www.google.com/url?q="
        + quote(f"https://lm.facebook.com/l.php?u={quote(STORY + '?fbclid=1', '')}", ""),
    ),
    ("archive-copy", STORY, f"https://web.archive.org/web/20260512083000/{STORY}"),
    (
        "archive-copy-of-redirect",
        STORY,
        f"https://web.archive.org/web/2026/https://www.google.com/url?q={quote(STORY, '')}",
    ),
    ("route-spelling", "https://example.org/#!/story/%7e1", "https://example.org/#!/story/~1"),
]

DIFFERENT = [
    ("path-case", "https://example.org/a/bQx", "https://example.org/a/bqx"),
    ("host", "https://news.example.org/1", "https://blog.example.org/1"),
    ("sub-domain", "https://example.org/1", "https://news.example.org/1"),
    ("port", "https://example.org:8443/1", "https://example.org/1"),
    ("other-port", "http://127.0.1.1:8901/1", "http://127.0.1.1:8902/1"),
    ("user-looks-like-host", "https://example.org@example.net/1", "https://example.org/1"),
    ("device-label-is-the-name", "https://m.com/1", "https://mobile.com/1"),
    ("device-label-below-suffix", "https://amp.com.au/1", "https://m.com.au/1"),
    ("www-is-not-www1", "https://www1.example.org/1", "https://www2.example.org/1"),
    ("letter-m-inside", "https://m.example.org/1", "https://am.example.org/1"),
    ("escaped-slash", "https://example.org/a%2Fb", "https://example.org/a/b"),
    ("escaped-question-mark", "https://example.org/a%3Fb=1", "https://example.org/a?b=1"),
    ("escaped-hash", "https://example.org/a%23b", "https://example.org/a#b"),
    ("escaped-percent", "https://example.org/a%2541", "https://example.org/aA"),
    ("escaped-ampersand", "https://example.org/?q=a%26b=1", "https://example.org/?q=a&b=1"),
    ("escaped-plus", "https://example.org/?q=a%2Bb", "https://example.org/?q=a+b"),
    ("national-bytes", "https://example.org/?q=%D6%D0", "https://example.org/?q=%B9%FA"),
    ("national-bytes-in-path", "https://example.org/%D6%D0", "https://example.org/%B9%FA"),
    ("route", "https://example.org/#!/story/1", "https://example.org/#!/story/2"),
    ("route-and-home", "https://example.org/#!/story/1", "https://example.org/"),
    ("hash-route", "https://example.org/app#/story/1", "https://example.org/app#/story/2"),
    ("page-two-path", STORY, f"{STORY}/2"),
    ("page-two-query", STORY, f"{STORY}?page=2"),
    ("id", "https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("wordpress-id", "https://example.org/?p=1", "https://example.org/?p=2"),
    ("id-and-none", "https://example.org/a?id=1", "https://example.org/a"),
    ("name-only-query", "https://example.org/a?1001", "https://example.org/a?1002"),
    ("ref-number", "https://example.org/a?ref=1001", "https://example.org/a?ref=1002"),
    ("ref-and-none", "https://example.org/a?ref=bridge-17", "https://example.org/a"),
    ("cid", "https://example.org/a?cid=7", "https://example.org/a?cid=8"),
    ("sid-number", "https://example.org/a?sid=1001", "https://example.org/a?sid=1002"),
    (
        "sid-alone",
        "https://example.org/a?sid=0123456789abcdef0123456789abcdef",
        "https://example.org/a?sid=fedcba9876543210fedcba9876543210",
    ),
    ("feed-number", "https://example.org/a?feed=3", "https://example.org/a?feed=4"),
    ("source-desk", "https://example.org/a?source=desk1", "https://example.org/a?source=desk2"),
    ("campaign", "https://example.org/a?campaign=51", "https://example.org/a?campaign=52"),
    ("partner", "https://example.org/a?partner=51", "https://example.org/a?partner=52"),
    (
        "channel-and-more",
        "https://example.org/a?ref=apple-park",
        "https://example.org/a?ref=apple-tv",
    ),
    ("print-number", "https://example.org/a?print=501", "https://example.org/a?print=502"),
    ("language", "https://example.org/a?lang=en", "https://example.org/a?lang=fr"),
    ("value-case", "https://example.org/a?v=aQ", "https://example.org/a?v=aq"),
    ("name-like-a-tracker", "https://example.org/a?utm=1", "https://example.org/a?utm=2"),
    ("prefix-inside", "https://example.org/a?xutm_id=1", "https://example.org/a?xutm_id=2"),
    ("video", "https://www.youtube.com/watch?v=a1", "https://www.youtube.com/watch?v=a2"),
    ("s-elsewhere", "https://example.org/?s=storm", "https://example.org/?s=flood"),
    ("mod-elsewhere", "https://example.org/?mod=1", "https://example.org/?mod=2"),
    ("html-and-none", "https://example.org/a.html", "https://example.org/a"),
    ("amp-in-a-word", "https://example.org/stamp", "https://example.org/st"),
    ("amp-in-a-slug", "https://example.org/guitar-amp", "https://example.org/guitar"),
    ("amp-model", "https://example.org/ac30-amp", "https://example.org/ac30"),
    ("amp-section", "https://example.org/shop/amp/used", "https://example.org/shop/used"),
    ("camp-host", "https://camp.example.org/1", "https://example.org/1"),
    ("index-in-a-slug", "https://example.org/index.html-guide", "https://example.org/-guide"),
    ("index-with-path", "https://example.org/index.php/a", "https://example.org/a"),
    (
        "archive-of-two",
        "https://web.archive.org/web/2026/http://example.org/1",
        "https://example.org/2",
    ),
    ("search-itself", "https://www.google.com/url?q=storm", "https://www.google.com/url?q=flood"),
    ("not-the-search", f"https://google.example.org/url?q={STORY}", STORY),
    ("redirector-elsewhere", f"https://example.org/redirect?q={STORY}", STORY),
    ("semicolon", "https://example.org/a;v=1", "https://example.org/a;v=2"),
]

REFUSED = [
    ("empty", ""),
    ("space", "   "),
    ("no-host", "https:///a"),
    ("script", "javascript:void(0)"),
    ("mail", "mailto:desk@example.org"),
    ("file", "file:///var/a"),
    ("other-scheme", "ftp://example.org/a"),
    ("port-word", "https://example.org:port/a"),
    ("port-too-high", "https://example.org:70000/a"),
    ("broken-brackets", "https://[::1/a"),
    ("space-in-host", "https://exa mple.org/a"),
    ("empty-label", "https://example..org/a"),
    ("label-too-long", f"https://{'a' * 64}.example/"),
    ("host-too-long", f"https://{'é' * 4000}.example/"),
    ("zone", "http://[fe80::1%25eth0]/"),
    ("lone-surrogate", "https://example.org/\ud800"),
    ("too-long", f"https://example.org/{'a' * 8200}"),
    ("wrapped-for-ever", "web.archive.org/web/2026/" * 40 + "example.org/a"),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_addresses_of_one_article_share_a_key(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT]
)
def test_addresses_of_two_articles_have_two_keys(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_no_address_has_no_key(url: str) -> None:
    with pytest.raises(BadUrlError):
        canonical(url)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param(
            "HTTP://WWW.Example.org:8080/A/b%2fc/?utm_id=1&z=2&a=%20#top",
            "example.org:8080/A/b%2Fc?a=%20&z=2",
            id="everything-at-once",
        ),
        pytest.param("https://example.org", "example.org/", id="home"),
        pytest.param(
            "https://www.google.com/url?q=storm", "google.com/url?q=storm", id="redirect-to-a-word"
        ),
        pytest.param("http://[::1]:8901/a", "[::1]:8901/a", id="ipv6"),
        pytest.param("http://localhost/a", "localhost/a", id="one-label"),
        pytest.param("https://example.org:80/a", "example.org:80/a", id="port-of-the-other-scheme"),
    ],
)
def test_key_is_the_bare_address(url: str, key: str) -> None:
    assert canonical(url) == key


@pytest.mark.parametrize("url", [url for row in SAME + DIFFERENT for url in row[1:]])
def test_a_key_is_its_own_key(url: str) -> None:
    key = canonical(url)
    assert canonical(key) == key


def test_message_hides_credentials() -> None:
    with pytest.raises(BadUrlError) as caught:
        canonical("https://reader:secret@example.org:port/a")
    assert "secret" not in str(caught.value)


HOSTS = st.sampled_from(
    [
        "example.org",
        "www.example.org",
        "m.www.example.co.uk",
        "en.m.example.org",
        "www.google.com",
        "web.archive.org",
        "a-b.cdn.ampproject.org",
        "l.facebook.com",
        "edition.cnn.com",
        "r.search.yahoo.com",
        "us.rd.yahoo.com",
        "archive.ph",
        "urldefense.com",
        "yandex.ru",
        "a.turbopages.org",
        "webcache.googleusercontent.com",
        "ad.doubleclick.net",
        "consent.google.de",
        "Bücher.example",
        "example.org:80",
        "example.org:8080",
        "[::1]:443",
        "http",
    ]
)
PIECES = st.sampled_from(
    [
        *"abA/%?#&=+;:@.-_~! \\é中\u0308\udc80",
        *("..", "//", "amp", "/amp", "/amp/", ".amp", "-amp", "1234", "index.html", "/index.php"),
        *("%2F", "%25", "%2e", "%41", "%C3%A9", "%ff", "%2", "#!", "#/x", "amp;", "utm_source=rss"),
        *("ref=rss", "id=5", "sid=0123456789abcdef0123456789abcdef", ";jsessionid=1", "/url", "q="),
        *("/web/2026/", "/c/s/", "/amp/s/", "http://example.org", "https%3A%2F%2Fexample.org%2F"),
        *(
            "/l.php?u=",
            "url=",
            "google.com/url?q=",
            "_amp.html",
            ".amp.html",
            "/articleshow/",
            "amp_",
        ),
        *("/print", "/page/1", "page=1", "/2026/05/01/a", "?utm_x=1", "&utm_x=1", "%3f", "*"),
        *("/v3/__", "__;", "/turbo/", "/s/", "/RU=", "/search?q=cache:", "text=", "/2026/https://"),
    ]
)


@given(st.sampled_from(["https://", "http://", "", "//"]), HOSTS, st.lists(PIECES, max_size=14))
@example("https://", "example.org", ["/a", "%2541"])
def test_any_key_is_its_own_key(scheme: str, host: str, pieces: list[str]) -> None:
    try:
        key = canonical(scheme + host + "".join(pieces))
    except BadUrlError:
        return
    assert canonical(key) == key


@given(st.text(max_size=200))
def test_any_text_has_a_key_or_is_refused(text: str) -> None:
    try:
        key = canonical(text)
    except BadUrlError:
        return
    assert canonical(key) == key


@given(st.dictionaries(st.sampled_from("abcd"), st.text("xy&=%", max_size=3)))
def test_order_of_parameters_never_matters(named: dict[str, str]) -> None:
    pairs = list(named.items())
    parts = [f"{name}={quote(value)}" for name, value in pairs]
    assert canonical(f"{STORY}?{'&'.join(parts)}") == canonical(f"{STORY}?{'&'.join(parts[::-1])}")
