-- Keep the bytes of an answer once, however often they come.
INSERT INTO ingest.bodies (body_sha256, body, bytes, stored_at)
VALUES (%(sha256)s, %(body)b, %(bytes)s, %(now)s)
ON CONFLICT (body_sha256) DO NOTHING;
