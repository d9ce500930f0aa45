"""The topics for those who read and write them, as an AsyncAPI 3 document beside the schemas."""

from __future__ import annotations

from worker import __version__
from worker.contract.topics import Topics, TopicSpec

__all__ = ["asyncapi"]

_TEXT = {"type": "string"}
_EVENT_HEADERS: dict[str, object] = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_subject"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "description": "The same for a repeat of the event."},
        "ce_source": {"type": "string", "description": "The record that the event comes from."},
        "ce_type": {"type": "string", "description": "io.claimwire.claim.v1 and so on."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was made; a repeat has another."},
        "ce_subject": {"type": "string", "description": "The uri of the article."},
        "ce_dataschema": {"type": "string", "description": "The id of the value's schema; not on a deletion."},
        "content-type": _TEXT,
        "traceparent": {
            "type": "string",
            "description": "W3C trace context of the article's record, where it had one.",
        },
    },
}
"""CloudEvents 1.0 in Kafka's binary mode: attributes of the event are headers of the record, UTF-8."""


def asyncapi(version: str) -> dict[str, object]:
    """The document. `version`: of the messages, as in the names of the schemas."""
    topics = Topics()
    specs = {spec.name: spec for spec in topics.specs(link=True)}
    parts = (
        ("articles", topics.raw, "rawArticle", "send", "Articles are sent here, a version of an article a record."),
        (
            "extractions",
            topics.extracted,
            "extraction",
            "receive",
            "An article with all of its claims, when it changes.",
        ),
        ("claims", topics.claims, "claim", "receive", "Each claim when it is asserted, superseded or retracted."),
        (
            "groups",
            topics.groups,
            "articleGroup",
            "receive",
            "Articles that are copies of one text, when that changes.",
        ),
        ("relations", topics.relations, "relation", "receive", "How two claims are related, when that changes."),
        ("standing", topics.standing, "standing", "receive", "Where a claim stands, when that changes."),
        ("watches", topics.watches, "watch", "send", "Of which claims somebody wants to be told; null: no more."),
        ("reviews", topics.reviews, "review", "send", "What a fact-checker found about a claim; null: withdrawn."),
        ("alerts", topics.alerts, "alert", "receive", "A claim or relation that a watch asks for, when it comes."),
        ("deadLetters", topics.dead, "deadLetter", "receive", "Records that could not be processed, and why."),
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Claimwire",
            "version": __version__,
            "description": "Topics of an installation without topic_prefix, as its producers and readers see them. "
            "A null value is a deletion; what it means for each topic is in docs/consuming.md.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(specs[topic], message) for name, topic, message, _, _ in parts},
        "operations": {
            f"{action}{name[0].upper()}{name[1:]}": {
                "action": action,
                "summary": summary,
                "channel": {"$ref": f"#/channels/{name}"},
                "messages": [{"$ref": f"#/channels/{name}/messages/{message}"}],
            }
            for name, _, message, action, summary in parts
        },
        "components": {
            "messages": {
                "rawArticle": _message("RawArticle", "raw-article", version, "The article's uri."),
                "extraction": _message("Extraction", "extraction", version, "The article's uri.", _EVENT_HEADERS),
                "claim": _message("Claim", "claim", version, "claim_id.", _EVENT_HEADERS),
                "articleGroup": _message("ArticleGroup", "article-group", version, "group.", _EVENT_HEADERS),
                "relation": _message("ClaimRelation", "relation", version, "relation_id.", _EVENT_HEADERS),
                "standing": _message("ClaimStanding", "standing", version, "cluster_id.", _EVENT_HEADERS),
                "watch": _message("Watch", "watch", version, "The watch's name."),
                "review": _message("Review", "review", version, "review_id."),
                "alert": _message("Alert", "alert", version, "alert_id.", _EVENT_HEADERS),
                "deadLetter": {
                    "name": "DeadLetter",
                    "title": "DeadLetter",
                    "summary": "Key and value are the original's bytes; what is known of it is in the headers.",
                    "contentType": "application/octet-stream",
                    "headers": {
                        "type": "object",
                        "description": f"claimwire_ and each field of dead-letter.{version}.json, as UTF-8 text.",
                        "required": ["claimwire_reason", "claimwire_topic", "claimwire_partition", "claimwire_offset"],
                        "properties": {
                            f"claimwire_{name}": _TEXT for name in ("reason", "error", "topic", "partition", "offset")
                        },
                    },
                    "bindings": {"kafka": {"bindingVersion": "0.5.0"}},
                },
            }
        },
    }


def _channel(spec: TopicSpec, message: str) -> dict[str, object]:
    numbers = ("retention.ms", "max.message.bytes")
    config: dict[str, object] = {name: int(value) for name, value in spec.config.items() if name in numbers}
    if "cleanup.policy" in spec.config:
        config["cleanup.policy"] = spec.config["cleanup.policy"].split(",")
    return {
        "address": spec.name,
        "description": spec.purpose,
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {"kafka": {"topic": spec.name, "topicConfiguration": config, "bindingVersion": "0.5.0"}},
    }


def _message(
    title: str, schema: str, version: str, key: str, headers: dict[str, object] | None = None
) -> dict[str, object]:
    return {
        "name": title,
        "title": title,
        "contentType": "application/json",
        "payload": {"$ref": f"./{schema}.{version}.json"},
        **({"headers": headers} if headers else {}),
        "bindings": {"kafka": {"key": {"type": "string", "description": key}, "bindingVersion": "0.5.0"}},
    }
