-- The services that did not end in order, save those that a later one on the same host replaced.
SELECT
  s.service_id, s.host, s.pid, s.version, s.started_at, s.beat_at, s.state, s.doing,
  extract(epoch FROM %(now)s::timestamptz - s.beat_at)::double precision AS beat_age_seconds
FROM ingest.services AS s
WHERE s.state <> 'stopped'
  AND NOT EXISTS (
    SELECT FROM ingest.services AS n
    WHERE n.host = s.host AND n.service_id > s.service_id AND n.started_at > s.beat_at
  )
ORDER BY s.service_id;
