-- Which server this is.
SELECT current_setting('server_version') AS version;
