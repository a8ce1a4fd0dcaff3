-- Where a story number that was noted earlier leads now; merged stories keep their old numbers.
SELECT noted AS noted_story_id, coalesce(i.story_id, noted) AS story_id, s.title
FROM unnest(ARRAY[1, 7, 12]::bigint[]) AS noted
LEFT JOIN news.story_ids AS i ON i.old_story_id = noted
LEFT JOIN news.stories AS s ON s.story_id = coalesce(i.story_id, noted)
ORDER BY noted;
