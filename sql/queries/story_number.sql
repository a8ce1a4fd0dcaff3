-- The number that a story has now: its own, or that of the one it was merged into.
SELECT story_id FROM ingest.stories WHERE story_id = %(story_id)s
UNION ALL
SELECT story_id FROM ingest.story_ids WHERE old_story_id = %(story_id)s;
