-- The visible row of this article changed.
INSERT INTO ingest.unpublished (article_id, since)
VALUES (%(article_id)s, %(now)s)
ON CONFLICT (article_id) DO UPDATE
SET since = excluded.since;
