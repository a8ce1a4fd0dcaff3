-- Merged stories are empty now; their numbers stand in story_ids.
DELETE FROM ingest.stories
WHERE story_id = ANY (%(merged)b::bigint[]);
