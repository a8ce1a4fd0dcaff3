-- What a service does now; a stuck one says so and keeps the time of its last beat.
UPDATE ingest.services
SET beat_at = CASE WHEN %(is_stuck)s THEN beat_at ELSE %(now)s END,
  state = %(state)s,
  doing = %(doing)s,
  jobs = %(jobs)s
WHERE service_id = %(service_id)s;
