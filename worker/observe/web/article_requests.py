"""Counts the requests of `POST /articles`."""

from __future__ import annotations

from worker.observe.metrics import Metrics

__all__ = ["ArticleRequests"]


class ArticleRequests:
    """The listener of the HTTP intake (worker/submit/http_intake.py)."""

    def __init__(self, metrics: Metrics, in_flight_limit_bytes: int) -> None:
        self._metrics = metrics
        metrics.expect_article_requests()
        metrics.article_requests_limit_bytes.set(in_flight_limit_bytes)

    def answered(self, status: int) -> None:
        self._metrics.article_requests.labels(str(status)).inc()

    def taken(self, articles: int) -> None:
        self._metrics.articles_taken.inc(articles)

    def in_flight(self, size: int) -> None:
        self._metrics.article_requests_bytes.set(size)
