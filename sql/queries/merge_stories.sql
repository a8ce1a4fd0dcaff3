-- An article joined stories: the older number stays, the others point to it.
WITH merged AS (
  SELECT old_story_id, story_id
  FROM unnest(%(merged)b::bigint[], %(story_ids)b::bigint[]) AS t (old_story_id, story_id)
),
followers AS (
  UPDATE ingest.story_ids AS i
  SET story_id = m.story_id
  FROM merged AS m
  WHERE i.story_id = m.old_story_id
)
INSERT INTO ingest.story_ids (old_story_id, story_id)
SELECT old_story_id, story_id
FROM merged
ON CONFLICT (old_story_id) DO UPDATE
SET story_id = excluded.story_id;
