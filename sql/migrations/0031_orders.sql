-- What operators ordered, by whom and when: a row each, for good.
CREATE TABLE ingest.orders (
  order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ordered_at timestamptz NOT NULL,
  ordered_by text NOT NULL DEFAULT session_user,
  command text NOT NULL,
  detail text NOT NULL
);
COMMENT ON TABLE ingest.orders IS 'What operators ordered: a row for each command that was carried out.';
COMMENT ON COLUMN ingest.orders.order_id IS 'number of the order';
COMMENT ON COLUMN ingest.orders.ordered_at IS 'when it was carried out, by the database''s clock';
COMMENT ON COLUMN ingest.orders.ordered_by IS 'the database role that did';
COMMENT ON COLUMN ingest.orders.command IS 'the command, such as feeds pause';
COMMENT ON COLUMN ingest.orders.detail IS 'what it was carried out on; never a password or header';
