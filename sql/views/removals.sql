CREATE OR REPLACE VIEW news.removals AS
SELECT article_id, change_seq, removed_at
FROM ingest.removals;

COMMENT ON VIEW news.removals IS 'Articles that were taken down and are in news.articles no more. Who keeps a copy asks for change_seq > the last one seen here too, and deletes them.';
COMMENT ON COLUMN news.removals.article_id IS 'number of the article; it is never given to another';
COMMENT ON COLUMN news.removals.change_seq IS 'its place in the one sequence of changes that news.articles has too';
COMMENT ON COLUMN news.removals.removed_at IS 'when it was taken down';
