-- Every word that a column of news may hold has its meaning in news.values.
CREATE TABLE ingest.ruling_kinds (value text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO ingest.ruling_kinds VALUES
  ('apart', 'never in one story'),
  ('together', 'always in one story');
ALTER TABLE ingest.story_rulings
  DROP CONSTRAINT story_rulings_ruling_check,
  ADD FOREIGN KEY (ruling) REFERENCES ingest.ruling_kinds;

-- No foreign key from the hot row: 'broadsheet check' looks that no other word is used.
CREATE TABLE ingest.poll_reasons (
  value text PRIMARY KEY,
  meaning text NOT NULL,
  is_input boolean NOT NULL
);
COMMENT ON COLUMN ingest.poll_reasons.is_input IS 'whether it is an input of the schedule, and stands in the plan of a feed';
INSERT INTO ingest.poll_reasons (is_input, value, meaning) VALUES
  (true, 'rate', 'how many new entries are expected; it shapes the policy and never decides alone'),
  (true, 'policy', 'the expected waiting of undiscovered entries reaches the price of a poll'),
  (true, 'window guard', 'a quarter of the document turns over until then: no entry may come and go unseen'),
  (true, 'ceiling', 'the longest interval of the policy'),
  (true, 'floor', 'the shortest interval of the policy'),
  (true, 'operator', 'the interval that an operator set for this feed'),
  (true, 'max-age', 'Cache-Control says how long the answer stays fresh'),
  (true, 'expires', 'Expires says how long the answer stays fresh'),
  (true, 'ttl', 'the document says how long it stays fresh: ttl, or the update period of syndication'),
  (true, 'skip hours', 'the document names hours or days in which it has nothing new'),
  (true, 'retry-after', 'the server asks to be left alone for so long'),
  (true, 'back-off', 'the last polls failed: each failure makes the wait longer'),
  (true, 'weekly', 'it has failed for two weeks'),
  (true, 'monthly', 'it has failed for three months'),
  (true, 'is it gone?', 'the server said 410; asked again after a day, to be sure'),
  (true, 'gone', 'the server said 410 for days: not polled any more'),
  (true, 'network_down', 'our own network was away: asked again soon'),
  (true, 'host_busy', 'its host was being asked by others all the time: asked again soon'),
  (false, 'new', 'just added'),
  (false, 'asked for', 'somebody asked for a poll now'),
  (false, 'recorded', 'the replayed recording has an answer of this moment'),
  (false, 'retry', 'somebody asked to try failed ones again'),
  (false, 'resumed', 'an operator resumed it'),
  (false, 'added again', 'it had been removed or gone, and its address was added again'),
  (false, 'settings changed', 'an operator changed what it is asked with'),
  (false, 'paused', 'an operator paused it: not polled'),
  (false, 'removed', 'an operator removed it: not polled'),
  (false, 'merged', 'it turned out to be another feed, which is polled in its place');
