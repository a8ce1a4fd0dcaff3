-- What operators ordered, by whom and when: a row each, for good.
CREATE TABLE ingest.orders (
  order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ordered_at timestamptz NOT NULL,
  ordered_by text NOT NULL DEFAULT session_user,
  command text NOT NULL,
  detail text NOT NULL
);
