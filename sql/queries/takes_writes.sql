-- Whether this server takes writes: a standby and a failed-over primary do not.
SELECT current_setting('transaction_read_only') = 'off';
