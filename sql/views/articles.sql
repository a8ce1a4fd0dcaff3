CREATE OR REPLACE VIEW news.articles AS
SELECT
  a.article_id,
  p.ingest_seq,
  p.change_seq,
  a.url,
  a.canonical_url,
  a.site,
  r.title,
  r.description,
  a.authors,
  a.published_at,
  a.published_source,
  a.first_seen_at,
  a.fetched_at,
  a.changed_at,
  a.last_checked_at,
  a.language,
  r.text,
  a.word_count,
  a.image_url,
  a.tags,
  a.section,
  a.page_kind,
  a.page_state,
  p.story_id,
  p.is_lead,
  p.duplicate_kind,
  a.revision_count,
  a.text_source,
  a.extractor,
  a.truncated,
  a.access,
  a.declared_language
FROM ingest.publications AS p
JOIN ingest.articles AS a USING (article_id)
JOIN ingest.revisions AS r ON r.article_id = a.article_id AND r.is_current;

COMMENT ON VIEW news.articles IS 'Published articles, one row each, with the newest text. Duplicates are here too: is_lead picks one of each story.';
COMMENT ON COLUMN news.articles.article_id IS 'number of the article; never changes, never reused';
COMMENT ON COLUMN news.articles.ingest_seq IS 'given once, in publishing order: ask for ingest_seq > the last one seen to read each article once';
COMMENT ON COLUMN news.articles.change_seq IS 'new on every visible change, in publishing order: ask for change_seq > the last one seen and upsert to stay in step';
COMMENT ON COLUMN news.articles.url IS 'address of the page after redirects; can be fetched';
COMMENT ON COLUMN news.articles.canonical_url IS 'address the page itself names as its own; NULL when it names none';
COMMENT ON COLUMN news.articles.site IS 'registrable domain of the page, such as example.co.uk';
COMMENT ON COLUMN news.articles.title IS 'headline, without the site''s name';
COMMENT ON COLUMN news.articles.description IS 'dek or summary as the page gives it';
COMMENT ON COLUMN news.articles.authors IS 'people named as authors, in the page''s order; empty when none is named';
COMMENT ON COLUMN news.articles.published_at IS 'when the publisher says it was published; NULL when nobody says so believably';
COMMENT ON COLUMN news.articles.published_source IS 'where published_at was found; see news.values';
COMMENT ON COLUMN news.articles.first_seen_at IS 'when a feed first showed it to us; never changes';
COMMENT ON COLUMN news.articles.fetched_at IS 'when the answer that gave the present text was fetched';
COMMENT ON COLUMN news.articles.changed_at IS 'when the present headline and text were first seen';
COMMENT ON COLUMN news.articles.last_checked_at IS 'when the page was last asked for';
COMMENT ON COLUMN news.articles.language IS 'language of the text, lower-case BCP 47: as declared, unless a long text is plainly in another one; recognised where none is declared';
COMMENT ON COLUMN news.articles.declared_language IS 'language that the page, or else a feed, declares; NULL where none does';
COMMENT ON COLUMN news.articles.text IS 'body of the article, a paragraph a line, without headline, dek and byline';
COMMENT ON COLUMN news.articles.word_count IS 'words in text; a character of Chinese, Japanese or Thai counts as one';
COMMENT ON COLUMN news.articles.image_url IS 'address of the picture the page puts first';
COMMENT ON COLUMN news.articles.tags IS 'keywords given by the publisher';
COMMENT ON COLUMN news.articles.section IS 'section of the publication, as it calls it';
COMMENT ON COLUMN news.articles.page_kind IS 'what sort of page it is; NULL when unknown; see news.values';
COMMENT ON COLUMN news.articles.page_state IS 'whether the page still answered at the last look; see news.values';
COMMENT ON COLUMN news.articles.story_id IS 'number of the story: articles that tell the same text share it; see news.story_ids for numbers that were merged';
COMMENT ON COLUMN news.articles.is_lead IS 'true for one article of each story: the first published among the fullest; a teaser (access metered) leads teasers only';
COMMENT ON COLUMN news.articles.duplicate_kind IS 'how the text relates to the lead article''s; see news.values';
COMMENT ON COLUMN news.articles.revision_count IS 'how many distinct headlines and texts were seen; they stand in news.revisions';
COMMENT ON COLUMN news.articles.text_source IS 'whether the text is from the page or from the feed; see news.values';
COMMENT ON COLUMN news.articles.extractor IS 'how the text was found: path/package-version';
COMMENT ON COLUMN news.articles.truncated IS 'true when the text was cut at our limit';
COMMENT ON COLUMN news.articles.access IS 'metered when the text is a teaser of an article that is not free (leave them out with access IS DISTINCT FROM ''metered''), free when the page says that everybody may read it, NULL when unknown; see news.values';

CREATE OR REPLACE VIEW news.article_dates AS
SELECT
  a.article_id,
  said.source,
  said.stated::timestamptz AS published_at,
  said.source = a.published_source AS is_chosen
FROM ingest.publications AS p
JOIN ingest.articles AS a USING (article_id)
CROSS JOIN jsonb_each_text(a.dates) AS said (source, stated);

COMMENT ON VIEW news.article_dates IS 'Every date of publication that page and feeds state of an article, one row a source; where they differ, see which one was believed.';
COMMENT ON COLUMN news.article_dates.article_id IS 'article it is of';
COMMENT ON COLUMN news.article_dates.source IS 'who states it; the values are those of articles.published_source in news.values, believed in the order json_ld, feed, meta, feed_updated, page_text, url';
COMMENT ON COLUMN news.article_dates.published_at IS 'the time stated; midnight UTC where only a day is';
COMMENT ON COLUMN news.article_dates.is_chosen IS 'true for the one in articles.published_at';
