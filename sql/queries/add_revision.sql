-- One more distinct headline or text; a text that comes back is marked current again.
INSERT INTO ingest.revisions (
  article_id, digest, is_current, seen_at, title, description, text, change_kind
)
VALUES (
  %(article_id)s, %(digest)s, %(is_current)s, %(seen_at)s, %(title)s, %(description)s, %(text)s,
  %(change_kind)s
)
ON CONFLICT (article_id, digest) DO UPDATE
SET is_current = revisions.is_current OR excluded.is_current,
  seen_at = least(revisions.seen_at, excluded.seen_at);
