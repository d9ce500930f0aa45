"""Keeps the claims that stand in a table of PostgreSQL, and the times that they name in another.

Each batch of records is one transaction, and only then are its offsets committed. A batch that is written twice changes
nothing: a row is replaced by the same row. `psql` does the writing, so that no driver is needed; its usual variables
(PGPASSFILE and so on) hold.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import subprocess

from aiokafka import AIOKafkaConsumer

TABLES = """
CREATE TABLE IF NOT EXISTS claims (
    claim_id text PRIMARY KEY, article_uri text NOT NULL, publisher text, published_at timestamptz, source text,
    act text NOT NULL, content text NOT NULL, polarity text NOT NULL, certainty text NOT NULL,
    check_worthiness double precision, claim jsonb NOT NULL);
CREATE INDEX IF NOT EXISTS claims_of_article ON claims (article_uri);
CREATE TABLE IF NOT EXISTS claim_times (
    claim_id text NOT NULL REFERENCES claims ON DELETE CASCADE, timex text, from_ text, to_ text);
CREATE INDEX IF NOT EXISTS times_of_claim ON claim_times (claim_id);
"""
BEFORE = "CREATE TEMPORARY TABLE batch (claim_id text, claim jsonb);\n\\copy batch FROM STDIN WITH (FORMAT csv)\n"
AFTER = """
DELETE FROM claims USING batch WHERE claims.claim_id = batch.claim_id;
INSERT INTO claims SELECT
    claim_id, claim #>> '{article,uri}', claim #>> '{article,publisher}',
    (claim #>> '{article,published_at}')::timestamptz, claim #>> '{attribution,-1,source,name}',
    claim ->> 'act', claim #>> '{content,text}', claim ->> 'polarity', claim #>> '{modality,certainty}',
    (claim ->> 'check_worthiness')::double precision, claim
FROM batch WHERE claim ->> 'status' = 'asserted';
INSERT INTO claim_times SELECT claim_id, time ->> 'timex', time ->> 'start', time ->> 'end'
FROM batch, jsonb_array_elements(claim -> 'times') AS time WHERE claim ->> 'status' = 'asserted';
"""


def write(database: str, script: str) -> None:
    command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1", database]
    subprocess.run(command, input=script, encoding="utf-8", check=True)


def without_nul(value: object) -> object:
    """PostgreSQL's text cannot hold the character NUL."""
    if isinstance(value, dict):
        return {name: without_nul(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    return value.replace("\0", "") if isinstance(value, str) else value


def batch(last: dict[str, bytes | None]) -> str:
    """The script for the last record of each claim."""
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    for claim_id, value in last.items():
        claim = json.loads(value) if value is not None else {"status": "deleted"}
        table.writerow([claim_id, json.dumps(without_nul(claim))])
    return f"{BEFORE}{rows.getvalue()}\\.\n{AFTER}"


async def keep(brokers: str, topic: str, group: str, database: str, count: int | None) -> None:
    write(database, TABLES)
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=brokers,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    await consumer.start()
    read = 0
    try:
        while count is None or read < count:
            records = [r for rows in (await consumer.getmany(timeout_ms=1000, max_records=500)).values() for r in rows]
            if records:
                last = {record.key.decode(): record.value for record in records}  # of one claim they come in order
                await asyncio.to_thread(write, database, batch(last))
                await consumer.commit()
                read += len(records)
    finally:
        await consumer.stop()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--brokers", default="localhost:9092")
    options.add_argument("--topic", default="claims")
    options.add_argument("--group", default="claims-to-postgresql")
    options.add_argument("--database", required=True, help="postgresql://host/name")
    options.add_argument("--count", type=int, help="end after so many records")
    given = options.parse_args()
    asyncio.run(keep(given.brokers, given.topic, given.group, given.database, given.count))
