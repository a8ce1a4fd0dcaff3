-- What these words mean since the feed may stand in for a page, and since a typo is spelling only.
UPDATE ingest.text_sources SET meaning = 'carried by the feed itself; its page was not asked for, or gave no text'
WHERE value = 'feed';
UPDATE ingest.change_kinds SET meaning = 'spelling only: no figure, no name and no short word is another'
WHERE value = 'typo';
