-- Every closed list is a table with a meaning per value: columns refer to it, news.values shows it.
CREATE SCHEMA ingest;
CREATE SCHEMA news;

CREATE TABLE ingest.feed_states (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.feed_states VALUES
  ('active', 'polled on its schedule'),
  ('paused', 'not polled until an operator resumes it'),
  ('gone', 'the server said 410 for days; not polled any more');

CREATE TABLE ingest.poll_outcomes (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.poll_outcomes VALUES
  ('changed', 'a document that differs from the last one was read'),
  ('unchanged', 'the server sent the same bytes again'),
  ('not_modified', 'the server answered 304'),
  ('failed', 'no document could be had or read; the reason says why');

CREATE TABLE ingest.article_outcomes (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.article_outcomes VALUES
  ('pending', 'found in a feed, not fetched yet'),
  ('stored', 'has a text and is, or is about to be, published'),
  ('alias', 'turned out to be another article under a second address'),
  ('failed', 'has no text yet; the reason says why'),
  ('quarantined', 'its page killed or outlasted the worker three times; it is not tried again by itself'),
  ('capped', 'left out because its feed brought more new entries in a day than allowed');

CREATE TABLE ingest.article_stages (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.article_stages VALUES
  ('fetch', 'waits for its page'),
  ('recheck', 'has its text; waits for a look whether the page changed'),
  ('done', 'nothing is planned');

CREATE TABLE ingest.reasons (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.reasons VALUES
  ('dns', 'the host name could not be resolved'),
  ('connect', 'no connection to the host'),
  ('tls', 'the secure connection failed'),
  ('timeout', 'no complete answer before the deadline'),
  ('too_slow', 'the answer came slower than the least rate'),
  ('too_large', 'the answer exceeds the size limits'),
  ('truncated_transfer', 'the answer ended before its declared end'),
  ('bad_encoding', 'the content-encoding could not be undone'),
  ('blocked_address', 'the host resolves to an address that may not be reached'),
  ('bad_url', 'not an http or https address that could be asked for'),
  ('redirect_loop', 'redirects that go round or never end'),
  ('http_4xx', 'the server refused with a status of 400 to 499'),
  ('http_5xx', 'the server failed with a status of 500 to 599'),
  ('gone', 'the server said 410: gone for good'),
  ('rate_limited', 'the server asked to be left alone for a while'),
  ('robots', 'robots.txt does not allow this page'),
  ('network_down', 'our own network was away'),
  ('not_a_feed', 'a readable answer that is no feed'),
  ('unreadable', 'a feed of which nothing could be read'),
  ('no_link', 'the entry names no usable address'),
  ('no_identity', 'the entry has nothing it could be known by'),
  ('not_html', 'the page is no HTML document'),
  ('no_text', 'no article text was found on the page'),
  ('soft_404', 'a page that says not found, under a success status'),
  ('paywall', 'only a teaser is shown to readers without a subscription'),
  ('consent_wall', 'a consent form stands in place of the article'),
  ('bot_wall', 'a challenge for robots stands in place of the article'),
  ('listing', 'a page of links, not an article'),
  ('worker_killed', 'the page killed the process that read it'),
  ('worker_timeout', 'reading the page took longer than allowed'),
  ('over_cap', 'beyond the number of entries taken from one document or day'),
  ('not_recorded', 'the recorded web holds no answer for this address'),
  ('tombstoned', 'was removed on request and stays away'),
  ('database', 'Postgres refused the row'),
  ('internal', 'a fault in Broadsheet itself; the message helps to report it');

CREATE TABLE ingest.page_kinds (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.page_kinds VALUES
  ('article', 'a written piece'),
  ('live_blog', 'a running account of an event'),
  ('teaser', 'the beginning of a piece that is not free'),
  ('video', 'a video with some text'),
  ('gallery', 'a series of pictures with captions'),
  ('listing', 'a page of links');

CREATE TABLE ingest.page_states (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.page_states VALUES
  ('live', 'the page answered at the last look'),
  ('gone', 'the page was gone at the last look; the text is kept'),
  ('unreachable', 'the page could not be reached at the last look; the text is kept');

CREATE TABLE ingest.published_sources (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.published_sources VALUES
  ('feed', 'the publication date in the feed'),
  ('feed_updated', 'the date of the last change in the feed, for want of a publication date'),
  ('json_ld', 'the page''s structured data'),
  ('meta', 'the page''s meta elements'),
  ('page_text', 'a date written on the page'),
  ('url', 'a date in the address');

CREATE TABLE ingest.text_sources (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.text_sources VALUES
  ('page', 'extracted from the fetched page'),
  ('feed', 'carried by the feed itself');

CREATE TABLE ingest.duplicate_kinds (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.duplicate_kinds VALUES
  ('original', 'leads its story, or stands alone'),
  ('same_text', 'the same words as the lead article'),
  ('reprint', 'nearly the lead article''s text at about its length'),
  ('excerpt', 'a shortened form of the lead article'),
  ('extended', 'the lead article''s text with more added'),
  ('update', 'a later version from the lead article''s own site');

CREATE TABLE ingest.change_kinds (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.change_kinds VALUES
  ('first', 'the first text'),
  ('typo', 'a few words differ'),
  ('headline', 'only the headline differs'),
  ('substantive', 'the text differs'),
  ('retraction', 'the text was withdrawn or nearly emptied');
