-- Make the present text of an article findable; its facts are written before.
SELECT ingest.index_article(%(article_id)s);
