-- Claims that `claimwire dump claims claims.parquet` wrote, asked with DuckDB: duckdb < examples/claims.sql
-- A row of the file is a record: topic, partition, offset, timestamp, key, value, headers.

-- the last record of each claim, where it still stands
CREATE VIEW standing AS
SELECT decode(key) AS claim_id, decode(value)::JSON AS claim
FROM (
    SELECT *, row_number() OVER (PARTITION BY key ORDER BY "partition", "offset" DESC) AS newest
    FROM 'claims.parquet'
)
WHERE newest = 1 AND value IS NOT NULL AND decode(value)::JSON ->> '$.status' = 'asserted';

-- whose claims are there most of, and how sure are they
SELECT
    coalesce(claim ->> '$.attribution[#-1].source.name', '(the article itself)') AS source,
    count(*) AS claims,
    count(*) FILTER (claim ->> '$.modality.certainty' = 'certain') AS certain
FROM standing
GROUP BY source
ORDER BY claims DESC, source
LIMIT 20;
