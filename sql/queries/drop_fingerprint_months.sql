-- Months of fingerprints that nothing is compared with any more.
SELECT ingest.drop_fingerprint_months(%(before)s);
