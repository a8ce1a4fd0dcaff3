"""Addresses as real sites, apps, feeds and newsletters hand them out: which name one article.

Each row says in a few words why.
"""

from __future__ import annotations

import pytest

from pipeline.urls import canonical

# fmt: off
SAME = [
    ("guardian: share button", "https://www.theguardian.com/world/2026/may/01/a-b-c?CMP=Share_iOSApp_Other", "https://www.theguardian.com/world/2026/may/01/a-b-c"),
    ("bbc: feed campaign", "https://www.bbc.co.uk/news/uk-1?at_medium=RSS&at_campaign=KARANGA", "https://www.bbc.co.uk/news/uk-1"),
    ("bbc: amp before an id", "https://www.bbc.co.uk/news/amp/uk-55512345", "https://www.bbc.co.uk/news/uk-55512345"),
    ("amp host and index page", "https://amp.cnn.com/cnn/2026/05/01/us/storm/index.html", "https://cnn.com/cnn/2026/05/01/us/storm/index.html"),
    ("index page", "https://www.example.org/a/index.html", "https://www.example.org/a"),
    ("nytimes: share button", "https://www.nytimes.com/2026/05/01/us/storm.html?smid=tw-share", "https://www.nytimes.com/2026/05/01/us/storm.html"),
    ("nytimes: gift link", "https://www.nytimes.com/2026/05/01/us/storm.html?unlocked_article_code=1.AAA.bbb", "https://www.nytimes.com/2026/05/01/us/storm.html"),
    ("amp by parameter", "https://www.washingtonpost.com/nation/2026/05/01/storm/?outputType=amp", "https://www.washingtonpost.com/nation/2026/05/01/storm/"),
    ("wordpress id kept, campaign dropped", "https://blog.example.org/?p=12&utm_source=rss", "https://blog.example.org/?p=12"),
    ("reuters: social scheduler", "https://www.reuters.com/world/storm-2026-05-01/?taid=60f&utm_campaign=trueAnthem:+Trending+Content", "https://www.reuters.com/world/storm-2026-05-01/"),
    ("campaign in the fragment", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast#xtor=AL-32280270-[default]-[android]"),
    ("m host", "https://m.spiegel.de/a-123.html", "https://www.spiegel.de/a-123.html"),
    ("touch host", "https://touch.example.org/a", "https://example.org/a"),
    ("3g host", "https://3g.example.org/a", "https://example.org/a"),
    ("m and www", "https://m.www.example.org/a", "https://example.org/a"),
    ("redirector: news search", "https://example.org/2026/05/storm-hits-coast", "https://news.google.com/news/url?sa=t&url=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast"),
    ("redirector: bing news", "https://example.org/2026/05/storm-hits-coast", "https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast&c=123"),
    ("redirector: mail scanner", "https://example.org/2026/05/storm-hits-coast", "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast&data=05"),
    ("redirector: warning page", "https://example.org/2026/05/storm-hits-coast", "https://www.facebook.com/flx/warn/?u=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast"),
    ("redirector: reddit", "https://example.org/2026/05/storm-hits-coast", "https://out.reddit.com/t3_x?url=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast"),
    ("translated copy", "https://example.org/2026/05/storm-hits-coast", "https://translate.google.com/translate?sl=de&tl=en&u=https%3A%2F%2Fexample.org%2F2026%2F05%2Fstorm-hits-coast"),
    ("amp by parameter, true", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?amp=true"),
    ("amp by parameter, _amp", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?_amp=true"),
    ("blogger: mobile view", "https://foo.blogspot.com/2026/05/storm.html?m=1", "https://foo.blogspot.com/2026/05/storm.html"),
    ("wordpress: amp", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast/?amp=1"),
    ("wordpress: reply form", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?replytocom=4711"),
    ("slash and empty query", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast/?"),
    ("index.htm", "https://example.org/a/", "https://example.org/a/index.htm"),
    ("case of an escape", "https://example.org/a%2fb", "https://example.org/a%2Fb"),
    ("plus is plus in a path", "https://example.org/a+b", "https://example.org/a%2Bb"),
    ("root dot and port", "https://example.org.:443/a", "https://example.org/a"),
    ("facebook: action ids", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?fb_action_ids=1&fb_action_types=og.likes"),
    ("dw: feed name", "https://www.dw.com/en/storm/a-123?maca=en-rss-en-all-1573-rdf", "https://www.dw.com/en/storm/a-123"),
    ("ft: campaign", "https://www.ft.com/content/abc?ftcamp=traffic/rss", "https://www.ft.com/content/abc"),
    ("traffic source", "https://www.aljazeera.com/a/b?traffic_source=rss", "https://www.aljazeera.com/a/b"),
    ("cmp in any case", "https://www.cbc.ca/news/a-1.2?cmp=rss", "https://www.cbc.ca/news/a-1.2"),
    ("ref of a channel", "https://www.nzherald.co.nz/a/ABC/?ref=rss", "https://www.nzherald.co.nz/a/ABC/"),
    ("bare rss", "https://www.ansa.it/a.html?rss", "https://www.ansa.it/a.html"),
    ("faz: campaign", "https://www.faz.net/a-1.html?GEPC=s3", "https://www.faz.net/a-1.html"),
    ("source of a channel", "https://www.sueddeutsche.de/a-1.1?source=rss", "https://www.sueddeutsche.de/a-1.1"),
    ("webtrekk campaign", "https://www.heise.de/news/a-1.html?wt_mc=rss.red.ho.ho.atom.beitrag.beitrag", "https://www.heise.de/news/a-1.html"),
    ("anchor", "https://www.tagesschau.de/a-101.html#anchor", "https://www.tagesschau.de/a-101.html"),
    ("fragment that looks like a query", "https://elpais.com/a.html#?ref=rss&format=simple&link=link", "https://elpais.com/a.html"),
    ("corriere: reload mark", "https://www.corriere.it/a.shtml?refresh_ce", "https://www.corriere.it/a.shtml"),
    ("nikkei: campaign", "https://www.nikkei.com/article/DGX/?n_cid=DSREA001", "https://www.nikkei.com/article/DGX/"),
    ("ref of a channel in japan", "https://www.asahi.com/articles/A.html?ref=rss", "https://www.asahi.com/articles/A.html"),
    ("times of india: from", "https://timesofindia.indiatimes.com/a/articleshow/1.cms?from=mdr", "https://timesofindia.indiatimes.com/a/articleshow/1.cms"),
    ("sina: from the mobile site", "https://news.sina.com.cn/c/a.shtml?from=wap", "https://news.sina.com.cn/c/a.shtml"),
    ("netease: adaptive page", "https://www.163.com/a.html?spss=adap_pc", "https://www.163.com/a.html"),
    ("wechat: signature of the sharer", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a&chksm=b&scene=21#wechat_redirect", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a"),
    ("medium: feed id", "https://medium.com/@a/b-1?source=rss-abc------2", "https://medium.com/@a/b-1"),
    ("substack: who recommended it", "https://a.substack.com/p/b?r=1x&utm_medium=ios", "https://a.substack.com/p/b"),
    ("lenta: widget", "https://lenta.ru/news/a/?utm_x=1&yrwinfo=1", "https://lenta.ru/news/a/"),
    ("share plugin", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?sr_share=facebook"),
    ("facebook: app", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?sfnsn=mo"),
    ("facebook: app extension", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?mibextid=xyz"),
    ("instagram share", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?igsh=abc"),
    ("search listing", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?srsltid=AfmB"),
    ("ads campaign", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?gad_source=1&gad_campaignid=2"),
    ("outbrain click", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?dicbo=v2-x"),
    ("outbrain widget", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?obOrigUrl=true"),
    ("newsletter reader", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?vgo_ee=x"),
    ("ads click", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?rb_clickid=1"),
    ("cmpid", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?cmpid=rss"),
    ("mod of a channel", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?mod=rss"),
    ("ncid", "https://example.org/2026/05/storm-hits-coast", "https://example.org/2026/05/storm-hits-coast?ncid=rss"),
]
DIFFERENT = [
    ("print is a folder", "https://example.org/print/5", "https://example.org/print/6"),
    ("year names the page", "https://example.org/live/2026", "https://example.org/live/2025"),
    ("an amplifier", "https://example.org/best-guitar-amp", "https://example.org/best-guitar"),
    ("a section called amp", "https://example.org/amp", "https://example.org/"),
    ("a headline about amplifiers", "https://example.org/top-2026-amp", "https://example.org/top-2026"),
    ("an id of the site's own, wt", "https://example.org/a?wt_id=1", "https://example.org/a?wt_id=2"),
    ("an id of the site's own, int", "https://example.org/a?int_id=1", "https://example.org/a?int_id=2"),
    ("other path", "https://example.org/a?sc_cid=1", "https://example.org/b?sc_cid=1"),
    ("search", "https://example.org/?s=1", "https://example.org/?s=2"),
    ("type of another value", "https://example.org/a?type=news", "https://example.org/a?type=sport"),
    ("view by number", "https://example.org/a?view=1", "https://example.org/a?view=2"),
    ("forum topic", "https://example.org/viewtopic.php?t=1", "https://example.org/viewtopic.php?t=2"),
    ("other path, same slide", "https://example.org/a#slide-2", "https://example.org/b#slide-2"),
    ("id of a script", "https://example.org/index.php?id=5", "https://example.org/index.php?id=6"),
    ("second article of one message", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=1&sn=a", "https://mp.weixin.qq.com/s?__biz=M&mid=1&idx=2&sn=b"),
    ("m below a public suffix", "https://m.uk.com/1", "https://uk.com/1"),
    ("language edition", "https://de.m.wikipedia.org/wiki/A", "https://en.m.wikipedia.org/wiki/A"),
    ("language folder", "https://example.org/en/a", "https://example.org/fr/a"),
    ("default without extension", "https://example.org/default/", "https://example.org/"),
    ("an id of the site's own, soc", "https://example.org/a?soc_id=4", "https://example.org/a?soc_id=5"),
    ("numbered source", "https://example.org/a?source=1", "https://example.org/a?source=2"),
    ("from a date", "https://example.org/a?from=2026-01-01", "https://example.org/a?from=2026-02-01"),
    ("archive of two pages", "https://web.archive.org/web/2026/https://a.example/1", "https://web.archive.org/web/2026/https://a.example/2"),
    ("a word beside a place", "https://example.org/a?ref=home-fire", "https://example.org/a?ref=home-sale"),
    ("article by name", "https://example.org/a?article=web", "https://example.org/a?article=app"),
    ("a file to view", "https://example.org/view?src=home.pdf", "https://example.org/view?src=web.pdf"),
    ("cid is a section", "https://example.org/list?cid=politics", "https://example.org/list?cid=sport"),
    ("an id of the site's own, at", "https://example.org/a?at_id=1", "https://example.org/a?at_id=2"),
    ("an id of the site's own, ns", "https://example.org/a?ns_id=1", "https://example.org/a?ns_id=2"),
    ("an id of the site's own, pk", "https://example.org/a?pk_id=1", "https://example.org/a?pk_id=2"),
    ("an id of the site's own, mc", "https://example.org/a?mc_id=1", "https://example.org/a?mc_id=2"),
    ("mbid elsewhere", "https://example.org/a?mbid=1", "https://example.org/a?mbid=2"),
    ("an id of the site's own, trk", "https://example.org/a?trk_id=1", "https://example.org/a?trk_id=2"),
    ("a place on the way", "https://example.org/route?via=home", "https://example.org/route?via=web"),
    ("a medium as topic", "https://example.org/art?medium=web", "https://example.org/art?medium=mobile"),
    ("a channel to watch", "https://example.org/tv?channel=news", "https://example.org/tv?channel=home"),
    ("a feed to read", "https://example.org/reader?feed=google", "https://example.org/reader?feed=yahoo"),
    ("year and address of the archive", "https://web.archive.org/web/2026/http://example.org/1", "https://web.archive.org/web/2026/http://example.org/2"),
    ("short link is opaque", "https://youtu.be/abc", "https://youtu.be/abd"),
    ("comment page of a blog", "https://example.org/a/comment-page-1", "https://example.org/a/comment-page-2"),
    ("print folder of two", "https://example.org/a/print", "https://example.org/b/print"),
    ("semicolons may be part of a value", "https://example.org/?a=1;b=2", "https://example.org/?a=1;b=3"),
    ("touch below a public suffix", "https://touch.co.uk/1", "https://m.co.uk/1"),
    ("mail scanner of two", "https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F1", "https://eu.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F2"),
]
# fmt: on


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_what_sites_and_apps_add_is_left_out(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)
    assert canonical(canonical(one)) == canonical(one)


@pytest.mark.parametrize(
    ("one", "other"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT]
)
def test_what_may_name_another_article_is_kept(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    for address in (one, other):
        assert canonical(canonical(address)) == canonical(address)


def test_the_tables_are_large_enough_to_tell_something() -> None:
    assert len({row[0] for row in SAME + DIFFERENT}) == len(SAME + DIFFERENT) >= 100
