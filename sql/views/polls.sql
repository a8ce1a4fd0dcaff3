CREATE OR REPLACE VIEW news.polls AS
SELECT
  poll_id, feed_id, polled_at, outcome, status, duration_seconds, bytes,
  seen, new, known, updated, skipped, rejected, reason, message, gap,
  CASE WHEN skipped > 0 THEN 'over_cap' END AS skip_reason,
  merged
FROM ingest.polls;

COMMENT ON VIEW news.polls IS 'Every poll of every feed. The counts balance: seen = new + known + updated + skipped + rejected.';
COMMENT ON COLUMN news.polls.poll_id IS 'number of the poll';
COMMENT ON COLUMN news.polls.feed_id IS 'feed that was polled; one that was removed or merged is in news.feeds no more';
COMMENT ON COLUMN news.polls.polled_at IS 'when';
COMMENT ON COLUMN news.polls.outcome IS 'changed, unchanged, not_modified or failed; see news.values';
COMMENT ON COLUMN news.polls.status IS 'HTTP status of the answer; NULL when none came';
COMMENT ON COLUMN news.polls.duration_seconds IS 'seconds from request to the end of the answer';
COMMENT ON COLUMN news.polls.bytes IS 'size of the document, unpacked';
COMMENT ON COLUMN news.polls.seen IS 'entries in the document';
COMMENT ON COLUMN news.polls.new IS 'entries not seen before';
COMMENT ON COLUMN news.polls.known IS 'entries known and unchanged';
COMMENT ON COLUMN news.polls.updated IS 'entries known and changed';
COMMENT ON COLUMN news.polls.skipped IS 'entries beyond the caps: 5,000 of a document and 2,000 new ones of a feed in 24 hours, newest first';
COMMENT ON COLUMN news.polls.rejected IS 'entries that could not be stored; see news.rejections';
COMMENT ON COLUMN news.polls.reason IS 'why it failed; see news.values, reason';
COMMENT ON COLUMN news.polls.message IS 'what was seen when it failed';
COMMENT ON COLUMN news.polls.gap IS 'the document shared no entry with what was known: some may have come and gone unseen';
COMMENT ON COLUMN news.polls.skip_reason IS 'why entries were skipped; see news.values, reason';
COMMENT ON COLUMN news.polls.merged IS 'entries of the document that were the same as another one in it; they are counted as known';

CREATE OR REPLACE VIEW news.fetches AS
SELECT fetch_id, url, feed_id, article_id, fetched_at, status, bytes, encode(body_sha256, 'hex') AS body_sha256, reason
FROM ingest.fetches;

COMMENT ON VIEW news.fetches IS 'Every answer from the web, or the reason why there was none.';
COMMENT ON COLUMN news.fetches.fetch_id IS 'number of the fetch';
COMMENT ON COLUMN news.fetches.url IS 'address that was asked for, before redirects';
COMMENT ON COLUMN news.fetches.feed_id IS 'feed it was for; one that was removed or merged is in news.feeds no more; NULL for pages';
COMMENT ON COLUMN news.fetches.article_id IS 'article it was for; NULL for feeds and robots.txt';
COMMENT ON COLUMN news.fetches.fetched_at IS 'when the answer came';
COMMENT ON COLUMN news.fetches.status IS 'HTTP status; NULL when no answer came';
COMMENT ON COLUMN news.fetches.bytes IS 'size of the body, unpacked';
COMMENT ON COLUMN news.fetches.body_sha256 IS 'SHA-256 of the unpacked body, in hexadecimal';
COMMENT ON COLUMN news.fetches.reason IS 'why it failed; NULL when it did not; see news.values, reason';
