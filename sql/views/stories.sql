CREATE OR REPLACE VIEW news.stories AS
SELECT
  s.story_id,
  r.title,
  s.lead_article_id,
  m.article_count,
  m.site_count,
  m.first_published_at,
  m.last_published_at,
  s.first_seen_at
FROM ingest.stories AS s
JOIN ingest.revisions AS r ON r.article_id = s.lead_article_id AND r.is_current
CROSS JOIN LATERAL (
  SELECT
    count(*)::int AS article_count,
    count(DISTINCT a.site)::int AS site_count,
    min(a.published_at) AS first_published_at,
    max(a.published_at) AS last_published_at
  FROM ingest.publications AS p
  JOIN ingest.articles AS a USING (article_id)
  WHERE p.story_id = s.story_id
) AS m
WHERE m.article_count > 0;

COMMENT ON VIEW news.stories IS 'Stories: groups of articles that tell the same text. An article that nobody else carries is a story of one.';
COMMENT ON COLUMN news.stories.story_id IS 'number of the story; a number that was merged into another stands in news.story_ids';
COMMENT ON COLUMN news.stories.title IS 'headline of the lead article';
COMMENT ON COLUMN news.stories.lead_article_id IS 'the first published among the fullest of its articles';
COMMENT ON COLUMN news.stories.article_count IS 'articles in the story';
COMMENT ON COLUMN news.stories.site_count IS 'registrable domains that carry it';
COMMENT ON COLUMN news.stories.first_published_at IS 'earliest published_at of its articles';
COMMENT ON COLUMN news.stories.last_published_at IS 'latest published_at of its articles';
COMMENT ON COLUMN news.stories.first_seen_at IS 'when its first article was first seen';

CREATE OR REPLACE VIEW news.story_links AS
SELECT l.article_id, l.other_article_id, l.kind, l.score, l.reason, p.story_id = o.story_id AS holds
FROM ingest.story_links AS l
JOIN ingest.publications AS p USING (article_id)
JOIN ingest.publications AS o ON o.article_id = l.other_article_id;

COMMENT ON VIEW news.story_links IS 'Why two articles stand in one story: each pair that was compared and found to tell the same text.';
COMMENT ON COLUMN news.story_links.article_id IS 'the later of the two articles';
COMMENT ON COLUMN news.story_links.other_article_id IS 'the article it was compared with';
COMMENT ON COLUMN news.story_links.kind IS 'how the later text relates to the other; see news.values';
COMMENT ON COLUMN news.story_links.score IS 'share of the shorter text''s word triples found in the longer, 0 to 1';
COMMENT ON COLUMN news.story_links.reason IS 'in words: the rule that joined them, with its figures, or the operator who did';
COMMENT ON COLUMN news.story_links.holds IS 'whether the two stand in one story; false once an operator has parted them';

CREATE OR REPLACE VIEW news.story_rulings AS
SELECT article_id, other_article_id, ruling, ruled_at, ruled_by, reason, lifted_at
FROM ingest.story_rulings;

COMMENT ON VIEW news.story_rulings IS 'What operators said of two articles: later runs never go against a word that was not lifted.';
COMMENT ON COLUMN news.story_rulings.article_id IS 'the later of the two articles';
COMMENT ON COLUMN news.story_rulings.other_article_id IS 'the other article';
COMMENT ON COLUMN news.story_rulings.ruling IS 'apart or together; see news.values';
COMMENT ON COLUMN news.story_rulings.ruled_at IS 'when it was said';
COMMENT ON COLUMN news.story_rulings.ruled_by IS 'who said it';
COMMENT ON COLUMN news.story_rulings.reason IS 'why, in the operator''s words; NULL when none was given';
COMMENT ON COLUMN news.story_rulings.lifted_at IS 'when a later word took its place; NULL while it counts';

CREATE OR REPLACE VIEW news.story_ids AS
SELECT old_story_id, story_id
FROM ingest.story_ids;

COMMENT ON VIEW news.story_ids IS 'Numbers of stories that were merged into another, and the number to use now.';
COMMENT ON COLUMN news.story_ids.old_story_id IS 'number that is no longer used';
COMMENT ON COLUMN news.story_ids.story_id IS 'number of the story that holds its articles now';
