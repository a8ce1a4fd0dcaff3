-- Each running service has a row that its own work keeps fresh: a stuck one stops doing so.
CREATE TABLE ingest.service_states (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.service_states VALUES
  ('running', 'it works, as long as beat_at is fresh'),
  ('stopping', 'it was asked to stop, and finishes what is under way'),
  ('stopped', 'it ended in order');

CREATE TABLE ingest.services (
  service_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  host text NOT NULL,
  pid int NOT NULL,
  version text NOT NULL,
  started_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL,
  state text NOT NULL REFERENCES ingest.service_states,
  doing text NOT NULL,
  jobs jsonb NOT NULL
) WITH (fillfactor = 50);

-- The writer may not delete; it may forget services that ended or fell silent long ago.
CREATE FUNCTION ingest.forget_services(before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
  DELETE FROM ingest.services WHERE beat_at < before;
$$;
REVOKE EXECUTE ON FUNCTION ingest.forget_services FROM PUBLIC;
