-- One story.
SELECT * FROM news.stories WHERE story_id = %(story_id)s;
