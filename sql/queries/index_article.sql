-- The words of the article, its headline's first; a tsvector ends at 1 MB, 250,000 characters never do.
INSERT INTO ingest.search (article_id, document)
VALUES (
  %(article_id)s,
  setweight(to_tsvector('simple', coalesce(%(title)s, '')), 'A')
    || to_tsvector('simple', left(%(text)s, 240000))
)
ON CONFLICT (article_id) DO UPDATE
SET document = excluded.document;
