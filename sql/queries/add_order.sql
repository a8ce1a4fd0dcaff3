-- Note what an operator ordered; the role is the session's.
INSERT INTO ingest.orders (ordered_at, command, detail)
VALUES (%(now)s, %(command)s, %(detail)s);
