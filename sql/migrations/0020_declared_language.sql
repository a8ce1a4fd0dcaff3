-- What a page or its feed declares is kept beside the language that the text is plainly in.
ALTER TABLE ingest.articles ADD COLUMN declared_language text;
COMMENT ON COLUMN ingest.articles.declared_language IS 'language that the page, or else a feed, declares; NULL where none does, or where the article was read before this was kept';
