-- The claims that stand, from the table that the sink of claims_sink.properties fills. A deleted claim has no text there.
-- PostgreSQL cannot hold the character NUL: its escape is taken out, where no backslash before it makes it plain letters.
CREATE OR REPLACE VIEW standing_claims AS
SELECT
    claim_id,
    claim #>> '{article,uri}' AS article_uri,
    claim #>> '{article,publisher}' AS publisher,
    (claim #>> '{article,published_at}')::timestamptz AS published_at,
    claim #>> '{attribution,-1,source,name}' AS source,
    claim ->> 'act' AS act,
    claim #>> '{content,text}' AS content,
    claim
FROM (
    SELECT claim_id, regexp_replace(claim, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::jsonb AS claim FROM claims_as_text
) AS claims
WHERE claim ->> 'status' = 'asserted';
