-- Headline, dek and text as the page words them now, where no further revision is shown; or an earlier revision is the present one again.
UPDATE ingest.revisions
SET is_current = true, digest = %(digest)s, title = %(title)s, description = %(description)s,
  text = %(text)s
WHERE article_id = %(article_id)s
  AND (is_current OR digest = %(digest)s)
  AND (is_current, digest, description) IS DISTINCT FROM (true, %(digest)s, %(description)s);
