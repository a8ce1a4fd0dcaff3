-- Who keeps a copy is told by a number of the sequence that they follow.
INSERT INTO ingest.removals (article_id, change_seq, removed_at, removed_by, why)
VALUES (%(article_id)s, %(change_seq)s, %(now)s, %(removed_by)s, %(why)s);
