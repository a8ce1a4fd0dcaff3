-- Forget services that were last heard of before this time.
SELECT ingest.forget_services(%(before)s);
