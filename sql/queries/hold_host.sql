-- The server asked to be left alone: nobody asks this host before the hold is over.
UPDATE ingest.hosts
SET next_request_at = greatest(next_request_at, %(until)s), hold_reason = %(reason)s
WHERE host = %(host)s;
