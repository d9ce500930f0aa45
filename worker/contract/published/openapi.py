"""The HTTP intake for those who send articles to it, as an OpenAPI 3.1 document beside the schemas."""

from __future__ import annotations

from worker import __version__

__all__ = ["openapi"]

_ERROR: dict[str, object] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "One sentence that says what to do."},
        "count": {"type": "integer", "description": "Articles of the body that are refused."},
        "refused": {
            "type": "array",
            "description": "The first hundred of them.",
            "items": {
                "type": "object",
                "required": ["place", "reason", "error"],
                "properties": {
                    "place": {"type": "string", "description": ":3, the third line; [2], the third of an array."},
                    "reason": {"type": "string", "description": "As on a dead letter: not_json, bad_schema, ..."},
                    "error": {"type": "string"},
                },
            },
        },
    },
}
_TAKEN: dict[str, object] = {
    "type": "object",
    "required": ["accepted", "uris"],
    "properties": {
        "accepted": {"type": "integer", "description": "Articles that the broker has acknowledged."},
        "uris": {"type": "array", "items": {"type": "string"}, "description": "Theirs, in the order of the body."},
    },
}
_AGAIN: dict[str, object] = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds after which to send it again."}
}


def openapi(version: str) -> dict[str, object]:
    """The document. `version`: of the messages, as in the names of the schemas."""
    article = {"$ref": f"./raw-article.{version}.json"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Claimwire's HTTP intake",
            "version": __version__,
            "description": "Where the setting web_articles is on, the web port takes raw articles. What is sent twice "
            "makes the same claims, so a request without an answer can be repeated.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}, {}],
        "paths": {
            "/articles": {
                "post": {
                    "operationId": "sendArticles",
                    "summary": "Publishes all articles of the body to articles.raw, or none of them.",
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {
                                "schema": {
                                    "description": "An article or an array of articles, in this form or any other that "
                                    "the worker reads.",
                                    "anyOf": [article, {"type": "array", "items": article}, {"type": "object"}],
                                }
                            },
                            "application/x-ndjson": {"schema": {"type": "string", "description": "An article a line."}},
                            "application/xml": {
                                "schema": {"type": "string", "description": "NITF, NewsML-G2, a feed."}
                            },
                        },
                    },
                    "responses": {
                        "202": _answer("All replicas in sync have the articles.", _TAKEN),
                        "400": _answer("An article is refused, nothing of the body was taken.", _ERROR),
                        "401": _answer("The token is missing or wrong.", _ERROR),
                        "403": _answer("The Host is not the worker's, or another site's page asks.", _ERROR),
                        "408": _answer("The body did not come in time.", _ERROR),
                        "413": _answer("The body or an article is too large.", _ERROR),
                        "415": _answer("The body is of a type that is not read.", _ERROR),
                        "429": _answer("Too much waits for the broker: send more slowly.", _ERROR, _AGAIN),
                        "503": _answer("The broker does not acknowledge, or the worker stops.", _ERROR, _AGAIN),
                    },
                }
            }
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "web_articles_token, else web_token."}
            }
        },
    }


def _text(meaning: str) -> dict[str, object]:
    return {"schema": {"type": "string", "description": meaning}}


def _answer(meaning: str, schema: dict[str, object], headers: dict[str, object] | None = None) -> dict[str, object]:
    return {
        "description": meaning,
        "content": {"application/json": {"schema": schema}},
        **({"headers": headers} if headers else {}),
    }
