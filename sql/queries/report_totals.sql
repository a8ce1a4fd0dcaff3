-- What is in the database now.
SELECT
  (SELECT count(*) FROM news.feeds) AS feeds,
  (SELECT count(*) FROM news.polls) AS polls,
  (SELECT count(*) FROM news.entries) AS entries,
  (SELECT count(*) FROM news.articles) AS articles,
  (SELECT count(*) FROM news.revisions) AS revisions,
  (SELECT count(*) FROM news.stories) AS stories,
  (SELECT count(*) FROM news.failures) AS failures;
