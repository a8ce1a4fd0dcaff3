-- An article joined stories: the older number stays, the others point to it.
WITH followers AS (
  UPDATE ingest.story_ids
  SET story_id = %(story_id)s
  WHERE story_id = ANY (%(merged)b::bigint[])
)
INSERT INTO ingest.story_ids (old_story_id, story_id)
SELECT merged, %(story_id)s
FROM unnest(%(merged)b::bigint[]) AS merged
ON CONFLICT (old_story_id) DO UPDATE
SET story_id = excluded.story_id;
