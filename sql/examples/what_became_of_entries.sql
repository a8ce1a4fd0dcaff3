-- What became of what each feed showed: a feed whose entries all fail needs a look.
SELECT e.feed_id, e.article_outcome, e.article_reason, count(*) AS entries, min(e.url) AS example
FROM news.entries AS e
GROUP BY e.feed_id, e.article_outcome, e.article_reason
ORDER BY e.feed_id, entries DESC, e.article_outcome, e.article_reason;
