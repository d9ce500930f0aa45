"""Connections with the password as it is on disk now: aiokafka keeps the one that a client was made with."""

from __future__ import annotations

from typing import Any

from aiokafka import client
from aiokafka.conn import AIOKafkaConnection
from aiokafka.conn import create_conn as _aiokafkas_own

from worker.brokers import secret_now

__all__ = ["create_conn", "install"]


async def create_conn(host: str, port: int, **options: Any) -> AIOKafkaConnection:
    """As aiokafka's."""
    if password := options.get("sasl_plain_password"):
        options["sasl_plain_password"] = secret_now(password)
    return await _aiokafkas_own(host, port, **options)


def install() -> None:
    """Once for the process; again, it changes nothing."""
    client.create_conn = create_conn
