CREATE OR REPLACE VIEW news.orders AS
SELECT order_id, ordered_at, ordered_by, command, detail
FROM ingest.orders;

COMMENT ON VIEW news.orders IS 'What operators ordered: feeds that were paused, resumed, set or removed, failures that were tried again, stories that were split or joined, articles that were removed.';
COMMENT ON COLUMN news.orders.order_id IS 'number of the order';
COMMENT ON COLUMN news.orders.ordered_at IS 'when it was carried out';
COMMENT ON COLUMN news.orders.ordered_by IS 'the database role that did';
COMMENT ON COLUMN news.orders.command IS 'the command, such as feeds pause';
COMMENT ON COLUMN news.orders.detail IS 'what it was carried out on; never a password or header';
