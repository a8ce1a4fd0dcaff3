"""More patterns of real sites' addresses, rule by rule, each with what must stay apart beside it.

The address that is compared with is STORY where a row gives only one.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest

from pipeline.urls import canonical, tracking

STORY = "https://example.org/2026/05/storm-hits-coast"
Q = quote(STORY, "")

# fmt: off
SAME = [
    # host
    ("mobil is the device in German and the Nordic languages", "https://mobil.example.org/2026/05/storm-hits-coast"),
    ("pda is the device on Russian sites", "https://pda.example.org/2026/05/storm-hits-coast"),
    ("bbc shows the same under two domains", "https://www.bbc.co.uk/news/articles/c4g1x2kz7ejo", "https://www.bbc.com/news/articles/c4g1x2kz7ejo"),
    ("cnn shows an article in each edition", "https://edition.cnn.com/2026/05/01/us/storm/index.html", "https://www.cnn.com/2026/05/01/us/storm"),
    ("twitter was renamed", "https://twitter.com/coastguard/status/1788001122334455667?s=20&t=Ab", "https://x.com/coastguard/status/1788001122334455667"),
    ("old design of reddit", "https://old.reddit.com/r/news/comments/1abc2d/storm_hits_the_coast/", "https://www.reddit.com/r/news/comments/1abc2d/storm_hits_the_coast/?share_id=x"),
    # views of one article
    ("print view behind a slug", f"{STORY}/print/"),
    ("print view behind an id", "https://example.org/news/5512345/print", "https://example.org/news/5512345"),
    ("print without a value", f"{STORY}?print"),
    ("first page, path", f"{STORY}/page/1"),
    ("first page, query", f"{STORY}?page=1"),
    ("all on one page", f"{STORY}?page=all"),
    ("all on one page, German", "https://www.example.org/sport/2026-05/liga-tabelle-heute/komplettansicht", "https://www.example.org/sport/2026-05/liga-tabelle-heute"),
    ("all on one page, nytimes", "https://www.nytimes.com/2012/05/06/magazine/storm.html?pagewanted=all", "https://www.nytimes.com/2012/05/06/magazine/storm.html"),
    ("single page view behind an id", "https://example.org/a/5512345?singlePage=true", "https://example.org/a/5512345"),
    ("mobile by parameter", f"{STORY}?mobile=1"),
    ("wordpress mobile pack", f"{STORY}?wpmp_switcher=mobile"),
    ("amp plugin: no amp", f"{STORY}?noamp=mobile"),
    ("amp plugin: not amp", f"{STORY}?nonamp=1"),
    ("amp without a value", f"{STORY}?amp="),
    ("amp by platform", f"{STORY}?platform=amp"),
    ("amp doubled", f"{STORY}/amp/amp"),
    ("amp and print", f"{STORY}/print/amp"),
    ("index page under amp", f"{STORY}/amp/index.html"),
    ("amp host in the viewer", "https://www.google.com/amp/s/amp.example.org/2026/05/storm-hits-coast%3fusqp=mq331AQ"),
    ("amp viewer with a scheme", "https://www.google.com/amp/https://example.org/2026/05/storm-hits-coast"),
    ("amp cache of bing", "https://www-example-org.bing-amp.com/c/s/www.example.org/2026/05/storm-hits-coast"),
    ("amp cache of cloudflare", "https://example-org.amp.cloudflare.com/c/s/example.org/2026/05/storm-hits-coast"),
    ("amp cache without a label", "https://cdn.ampproject.org/v/s/example.org/2026/05/storm-hits-coast?usqp=mq3&amp_js_v=0.1#referrer=https://www.google.com"),
    ("turbo page, own host", "https://example-org.turbopages.org/example.org/s/2026/05/storm-hits-coast"),
    ("turbo page of the search", "https://yandex.ru/turbo/example.org/s/2026/05/storm-hits-coast?lite=1", f"{STORY}?lite=1"),
    ("turbo page by parameter", f"https://yandex.ru/turbo?text={Q}"),
    # addresses inside addresses
    ("yahoo search", f"https://r.search.yahoo.com/_ylt=AwrE/RV=2/RE=17/RO=10/RU={Q}/RK=2/RS=x"),
    ("yahoo feeds", f"http://us.rd.yahoo.com/dailynews/rss/world/*{STORY}"),
    ("messenger", f"https://l.messenger.com/l.php?u={Q}&h=AT1"),
    ("threads", f"https://l.threads.net/?u={Q}&e=AT2"),
    ("telegram instant view", f"https://t.me/iv?url={Q}&rhash=f1"),
    ("linkedin", f"https://www.linkedin.com/safety/go?url={Q}"),
    ("zhihu", f"https://link.zhihu.com/?target={Q}"),
    ("advertisement click", f"https://adclick.g.doubleclick.net/pcs/click?xai=AK&adurl={Q}"),
    ("advertisement click, whole query", f"https://ad.doubleclick.net/ddm/trackclk/N1/B2;dc_trk_aid=3?{STORY}"),
    ("consent page of the video site", f"https://consent.youtube.com/m?continue={Q}&gl=DE"),
    ("consent page of the search", f"https://consent.google.de/ml?continue={Q}"),
    ("mail scanner, in the path", "https://urldefense.com/v3/__https://example.org/2026/05/storm-hits-coast__;!!AbC!x$"),
    ("mail scanner, with a query", "https://urldefense.com/v3/__https://example.org/2026/05/storm-hits-coast?id=5__;!!AbC!x$", f"{STORY}?id=5"),
    ("copy of the search", "https://webcache.googleusercontent.com/search?q=cache:AbCdEf012_-x:https://example.org/2026/05/storm-hits-coast+&cd=1"),
    ("newest archive copy", f"https://web.archive.org/web/{STORY}"),
    ("archive copy, other archive", f"https://archive.ph/2026.05.01-101010/{STORY}"),
    ("archive copy by its original", f"https://archive.is/o/aBc1D/{STORY}"),
    ("redirector over an amp cache", "https://www.google.com/url?url=" + quote("https://example-org.cdn.ampproject.org/c/s/example.org/2026/05/storm-hits-coast/amp", "")),
    # malformed by those who add to addresses
    ("question mark twice", f"{STORY}?id=5?utm_source=rss", f"{STORY}?id=5"),
    ("question mark forgotten", f"{STORY}&utm_source=rss&utm_medium=feed"),
    ("question mark forgotten, html", f"{STORY}&amp;utm_source=rss"),
    ("names are encoded", f"{STORY}?%75tm_source=rss"),
    ("empty campaign", f"{STORY}?utm_source=&utm_medium="),
    # how the reader came
    ("ghost names the linking site", f"{STORY}?ref=newsletter.example.com"),
    ("ref of a search engine", f"{STORY}?ref=google"),
    ("wordpress share button", f"{STORY}?share=twitter&nb=1"),
    ("wordpress share button, jetpack", f"{STORY}?share=jetpack-whatsapp"),
    ("wordpress related posts", f"{STORY}?relatedposts_hit=1&relatedposts_origin=4&relatedposts_position=0"),
    ("wordpress timer", f"{STORY}?doing_wp_cron=1777000000.12"),
    ("wechat timeline", f"{STORY}?from=timeline&isappinstalled=0"),
    ("wechat chat", f"{STORY}?from=singlemessage"),
    ("hubspot social", f"{STORY}?hss_channel=tw-12345"),
    ("true anthem", f"{STORY}?taid=60f1e2d3c4b5a60001aabbcc"),
    ("coremetrics", f"{STORY}?cm_mmc=Twitter-_-Post-_-Brand&cm_ven=tw"),
    ("etracker", f"{STORY}?etcc_med=Social&etcc_cmp=x"),
    ("google ads on ios", f"{STORY}?gbraid=0AA&wbraid=1BB"),
    ("snapchat", f"{STORY}?ScCid=ab-cd"),
    ("klaviyo", f"{STORY}?_kx=abc.DEF"),
    ("single sign-on ticket", "https://www.example.org/politik/wahl/100012345.html?ticket=ST-123-abc-cas", "https://www.example.org/politik/wahl/100012345.html"),
    ("bbc: pinned post of a live page", "https://www.bbc.com/news/live/world-61234567?ns_mchannel=social&ns_source=twitter&pinned_post_locator=urn:asset:1a&pinned_post_type=share", "https://www.bbc.com/news/live/world-61234567"),
    ("guardian: block of a live page", "https://www.theguardian.com/world/live/2026/may/01/storm-latest?page=with:block-6632#block-6632", "https://www.theguardian.com/world/live/2026/may/01/storm-latest"),
    ("nbc: campaign", "https://www.nbcnews.com/news/storm-rcna12345?cid=sm_npd_nn_tw_ma", "https://www.nbcnews.com/news/storm-rcna12345"),
    ("cbs: campaign", "https://www.cbsnews.com/news/storm-hits/?ftag=CNM-00-10aab7e&intcid=CNI-00", "https://www.cbsnews.com/news/storm-hits/"),
    ("time: campaign", "https://time.com/5512345/storm/?xid=homepage&iid=sr", "https://time.com/5512345/storm/"),
    ("politico: newsletter", "https://www.politico.com/news/2026/05/01/storm-00012345?nname=playbook&nid=1&nlid=2", "https://www.politico.com/news/2026/05/01/storm-00012345"),
    ("wired: newsletter", "https://www.wired.com/story/storm/?bxid=5b&cndid=4&esrc=x&hasha=1&hashb=2&hashc=3", "https://www.wired.com/story/storm/"),
    ("sueddeutsche: teaser of a paid text", "https://www.sueddeutsche.de/politik/sturm-1.5512345?reduced=true", "https://www.sueddeutsche.de/politik/sturm-1.5512345"),
    ("facebook: reader's path", "https://www.facebook.com/desk/posts/1234567?__xts__[0]=68.A&__tn__=-R&_rdr", "https://m.facebook.com/desk/posts/1234567"),
    ("linkedin: tracking", "https://www.linkedin.com/pulse/storm-ann-lee?trk=public_post&lipi=urn", "https://www.linkedin.com/pulse/storm-ann-lee"),
    ("naver: section the reader came from", "https://n.news.naver.com/article/001/0012345678?sid=104&cds=news_edit", "https://n.news.naver.com/article/001/0012345678"),
    ("named session id", f"{STORY}?id=5&sessionid=4fb1c0d2e3a45b6c", f"{STORY}?id=5"),
    ("session of a classic asp page", f"{STORY}?ASPSESSIONIDQQABCDEF=KJHGF"),
    ("challenge of a gate", f"{STORY}?__cf_chl_tk=abc-17"),
    ("print view of joomla", f"{STORY}?tmpl=component&print=1"),
    ("print view by action", "https://example.org/news.php?id=5&action=print", "https://example.org/news.php?id=5"),
    ("amp of a publisher's platform", "https://www.example.org/platform/amp/2026/5/1/2104512/storm-hits", "https://www.example.org/2026/5/1/2104512/storm-hits"),
    ("amp of a query page", "https://abcnews.go.com/amp/US/story?id=5512345", "https://abcnews.go.com/US/story?id=5512345"),
    ("atlantic: gift link", "https://www.theatlantic.com/ideas/archive/2026/05/storm/5512/?gift=abc-DEF", "https://www.theatlantic.com/ideas/archive/2026/05/storm/5512/"),
    ("aggregator's opaque link", "https://news.google.com/rss/articles/CBMiAAA?oc=5", "https://news.google.com/rss/articles/CBMiAAA?hl=en-US&gl=US&ceid=US:en"),
    ("comment anchor", f"{STORY}#comment-4711"),
    ("live anchor", f"{STORY}#post-update-66a1"),
]

DIFFERENT = [
    # host
    ("country of a label that is no device", "https://mobilitaet.example.org/1", "https://example.org/1"),
    ("home pages of two editions", "https://edition.cnn.com/", "https://www.cnn.com/"),
    ("sections of two editions", "https://edition.cnn.com/world", "https://www.cnn.com/world"),
    ("bbc elsewhere", "https://feeds.bbci.co.uk/news/5512345", "https://www.bbc.co.uk/news/5512345"),
    ("country editions, path", "https://example.org/uk/storm-hits-coast", "https://example.org/us/storm-hits-coast"),
    ("country editions, host", "https://uk.example.org/storm-hits-coast", "https://us.example.org/storm-hits-coast"),
    ("language editions, host", "https://de.example.org/a/5512345", "https://en.example.org/a/5512345"),
    ("language before the device", "https://de.m.example.org/a/5512345", "https://m.example.org/a/5512345"),
    ("national domains", "https://example.de/a/5512345", "https://example.at/a/5512345"),
    ("sharp s and ss are two names", "https://straße.example/1", "https://strasse.example/1"),
    ("old and new host of two sites", "https://old.example.org/5512345", "https://example.org/5512345"),
    ("user name before the host", "https://example.net@example.org/1", "https://example.net/1"),
    # views that are something else
    ("second page, path", f"{STORY}/page/2", STORY),
    ("second page, query", f"{STORY}?page=2", f"{STORY}?page=1"),
    ("second page, nytimes", "https://www.nytimes.com/a.html?pagewanted=2", "https://www.nytimes.com/a.html"),
    ("second page, German", "https://example.org/a/seite-2", "https://example.org/a"),
    ("page as the content's number", "https://example.org/index.php?page=1", "https://example.org/"),
    ("page as the content's name", "https://example.org/?page=all", "https://example.org/?page=about"),
    ("zero is not one", f"{STORY}?page=0", f"{STORY}?page=1"),
    ("print department", "https://example.org/jobs/print", "https://example.org/jobs"),
    ("printing as a parameter", "https://example.org/shop?print=poster", "https://example.org/shop?print=card"),
    ("a chapter called page one", "https://example.org/manual/page/1", "https://example.org/manual"),
    ("gallery of an article", f"{STORY}/photos", STORY),
    ("comments of an article", f"{STORY}/comments", STORY),
    ("feed of an article's comments", f"{STORY}/feed", STORY),
    ("feed by parameter", f"{STORY}?feed=rss2", STORY),
    ("feed of the whole site", "https://example.org/?feed=atom", "https://example.org/"),
    ("attachment of a post", f"{STORY}?attachment_id=7", STORY),
    ("preview", f"{STORY}?preview=true&p=7", f"{STORY}?p=8"),
    ("revision of a wiki page", "https://example.org/wiki/Storm?oldid=1", "https://example.org/wiki/Storm?oldid=2"),
    ("post of a live page by path", "https://example.org/live/storm/post-1", "https://example.org/live/storm/post-2"),
    ("text and video", "https://example.org/video/5512345", "https://example.org/news/5512345"),
    # amp that is none
    ("articles tagged amp", "https://example.org/tag/amp", "https://example.org/tag"),
    ("topic amp", "https://example.org/topics/amp/", "https://example.org/topics/"),
    ("category amp", "https://example.org/category/amp", "https://example.org/category"),
    ("an amplifier by parameter", "https://example.org/shop?amp=ac30", "https://example.org/shop?amp=jcm800"),
    ("an ampersand written out", "https://example.org/a?b=1&amplitude=2", "https://example.org/a?b=1&amplitude=3"),
    ("amp caches of two sites", "https://x.cdn.ampproject.org/c/s/one.example/1", "https://x.cdn.ampproject.org/c/s/two.example/1"),
    ("image of an amp cache", "https://x.cdn.ampproject.org/i/s/one.example/1.jpg", "https://x.cdn.ampproject.org/i/s/one.example/2.jpg"),
    # addresses inside addresses
    ("opaque short links", "https://t.co/AbCdEf", "https://t.co/aBcDeF"),
    ("opaque links of an aggregator", "https://news.google.com/rss/articles/CBMiAAA?oc=5", "https://news.google.com/rss/articles/CBMiBBB?oc=5"),
    ("feed proxy", "https://feedproxy.google.com/~r/desk/~3/AAA/", "https://feedproxy.google.com/~r/desk/~3/BBB/"),
    ("search for words", "https://www.google.com/search?q=storm", "https://www.google.com/search?q=flood"),
    ("two targets of one redirector", "https://l.threads.net/?u=https%3A%2F%2Fexample.org%2F1", "https://l.threads.net/?u=https%3A%2F%2Fexample.org%2F2"),
    ("two targets, yahoo", "https://r.search.yahoo.com/x/RU=https%3a%2f%2fexample.org%2f1/RK=2", "https://r.search.yahoo.com/x/RU=https%3a%2f%2fexample.org%2f2/RK=2"),
    ("redirect by a site of its own", f"https://example.org/out?url={Q}", STORY),
    ("share form, not the article", f"https://www.facebook.com/sharer/sharer.php?u={Q}", STORY),
    ("a mail scanner that hides characters", "https://urldefense.com/v3/__https://example.org/a*b__;Iw!!x", "https://example.org/a*b"),
    ("screenshot in the archive", "https://archive.ph/aBc1D", "https://archive.ph/aBc1E"),
    ("discussion about a text", f"https://www.reddit.com/submit?url={Q}", STORY),
    # parameters that name the article
    ("article_id", "https://example.org/read?article_id=1", "https://example.org/read?article_id=2"),
    ("idxno", "https://example.org/news/articleView.html?idxno=1001", "https://example.org/news/articleView.html?idxno=1002"),
    ("story", "https://example.org/read?story=1", "https://example.org/read?story=2"),
    ("newsid with a campaign", "https://example.org/read?newsid=1&utm_source=rss", "https://example.org/read?newsid=2&utm_source=rss"),
    ("date", "https://example.org/paper?date=2026-05-01", "https://example.org/paper?date=2026-05-02"),
    ("values of one name in another order", "https://example.org/a?id=1&id=2", "https://example.org/a?id=2&id=1"),
    ("case of a name", "https://example.org/a?ID=1", "https://example.org/a?id=1"),
    ("query without a name", "https://example.org/a?5512345", "https://example.org/a?5512346"),
    ("tag", "https://example.org/?tag=storm", "https://example.org/?tag=flood"),
    ("sort of a list", "https://example.org/list?offset=10", "https://example.org/list?offset=20"),
    ("utm inside a value", "https://example.org/a?q=utm_source", "https://example.org/a?q=utm_medium"),
    # names that only seem to say how the reader came
    ("from a country", "https://example.org/flights?from=nl", "https://example.org/flights?from=tw"),
    ("origin of two letters", "https://example.org/list?origin=sm", "https://example.org/list?origin=tg"),
    ("source that is a site", "https://example.org/list?source=one.example.com", "https://example.org/list?source=two.example.com"),
    ("ref that is a file", "https://example.org/a?ref=story-1.html", "https://example.org/a?ref=story-2.html"),
    ("ref with an id", "https://example.org/a?ref=rss-5512345", "https://example.org/a?ref=rss-5512346"),
    ("scid", "https://example.org/a?scid=1001", "https://example.org/a?scid=1002"),
    ("share of a company", "https://example.org/quote?share=ABC", "https://example.org/quote?share=XYZ"),
    ("naver's section elsewhere", "https://example.org/a?sid=104", "https://example.org/a?sid=105"),
    ("a session of a conference", "https://example.org/talks?day=1&sessionid=5512", "https://example.org/talks?day=1&sessionid=5513"),
    ("an action that is not printing", "https://example.org/news.php?id=5&action=history", "https://example.org/news.php?id=5"),
    ("a gift elsewhere", "https://example.org/shop?gift=red", "https://example.org/shop?gift=blue"),
    ("a platform", "https://example.org/platform/storm", "https://example.org/storm"),
    ("ticket", "https://example.org/a?ticket=551", "https://example.org/a?ticket=552"),
    ("feature", "https://example.org/a?feature=si-1", "https://example.org/a?feature=si-2"),
    ("page of a guardian list", "https://www.theguardian.com/world/storm?page=2", "https://www.theguardian.com/world/storm?page=3"),
    ("campaign_id elsewhere", "https://example.org/a?campaign_id=1", "https://example.org/a?campaign_id=2"),
    ("bytes of another charset", "https://example.org/caf%E9", "https://example.org/caf%C3%A8"),
    ("dot at the end of the path", "https://example.org/a.", "https://example.org/a"),
    ("port", "https://example.org:8080/1", "https://example.org/1"),
    ("ampersand in a name", "https://example.org/salt&utmost=1", "https://example.org/salt"),
]
# fmt: on


@pytest.mark.parametrize("row", SAME, ids=[row[0] for row in SAME])
def test_forms_of_one_address_share_a_key(row: tuple[str, ...]) -> None:
    one, other = (*row[1:], STORY)[:2]
    assert canonical(one) == canonical(other)
    assert canonical(canonical(one)) == canonical(one)


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT]
)
def test_what_may_be_another_page_has_a_key_of_its_own(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    for address in (one, other):
        assert canonical(canonical(address)) == canonical(address)


def test_first_page_is_the_article_only_behind_its_name() -> None:
    assert tracking.without([("page", "1")], "example.org") == [("page", "1")]
    assert tracking.without([("page", "1")], "example.org", named=True) == []
    assert tracking.without([("page", "2")], "example.org", named=True) == [("page", "2")]
