"""The HTTP intake as a service of the app; the web port serves its routes."""

from __future__ import annotations

from mode import Service

from worker.contract.forms.own_fields import own_fields
from worker.contract.topics import Topics
from worker.observe.observation import Observation
from worker.observe.web.article_requests import ArticleRequests
from worker.publishers import publisher_of
from worker.settings import Settings
from worker.streaming.observer import Observer
from worker.submit.http_intake import ArticleIntake, IntakeLimits

__all__ = ["ArticlesService", "limits_of"]

_BUDGET_DIVISOR = 4
"""Bodies of requests get this part of the byte budget of the articles in work."""


def limits_of(settings: Settings) -> IntakeLimits:
    """A body may hold the largest article, whatever the budget is."""
    return IntakeLimits(
        article_bytes=settings.article_max_bytes,
        in_flight_bytes=max(settings.in_flight_bytes // _BUDGET_DIVISOR, settings.article_max_bytes),
        answer_s=settings.request_timeout_s,
    )


class ArticlesService(Service):
    """Hands the routes to the web server when it is made, before that starts. Its producer starts at the first use."""

    def __init__(self, settings: Settings, observer: Observer, observation: Observation) -> None:
        super().__init__()
        limits = limits_of(settings)
        self._intake = ArticleIntake(
            publisher_of(settings, "articles", observer),
            Topics.with_prefix(settings.topic_prefix).raw,
            limits,
            ArticleRequests(observation.metrics, limits.in_flight_bytes),
            own_fields(settings.fields),
        )
        observation.web.more_routes += self._intake.routes

    async def on_stop(self) -> None:
        await self._intake.stop()
