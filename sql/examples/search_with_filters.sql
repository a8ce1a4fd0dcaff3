-- Search in web syntax, narrowed by time and language; en takes en-us too.
SELECT rank, published_at, title, headline, url
FROM news.search(
  'ukraine weapons -football', lim => 10, since => '2026-03-01Z', until => '2026-04-01Z', language => 'en');
