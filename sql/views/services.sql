CREATE OR REPLACE VIEW news.services AS
SELECT service_id, host, pid, version, started_at, beat_at, state, doing, jobs
FROM ingest.services;

COMMENT ON VIEW news.services IS 'The services that run or ran in the last week. One that is running and whose beat_at is older than 45 seconds is dead or stuck.';
COMMENT ON COLUMN news.services.service_id IS 'number of this run of a service';
COMMENT ON COLUMN news.services.host IS 'name of its machine or container';
COMMENT ON COLUMN news.services.pid IS 'number of its process there';
COMMENT ON COLUMN news.services.version IS 'version of Broadsheet';
COMMENT ON COLUMN news.services.started_at IS 'when it started';
COMMENT ON COLUMN news.services.beat_at IS 'when it last wrote that its jobs make progress; every 5 seconds';
COMMENT ON COLUMN news.services.state IS 'what it last said of itself; see news.values';
COMMENT ON COLUMN news.services.doing IS 'jobs under way, or the job that is stuck';
COMMENT ON COLUMN news.services.jobs IS 'for each job: runs, last_seconds and longest_seconds of one run';
