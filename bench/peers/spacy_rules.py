"""What one would write in an afternoon: a list of verbs of saying over spaCy's parse. As textacy_quotes.py writes it.

    python -m bench.peers.spacy_rules GOLD > spacy_rules.jsonl

A verb of the list; its subject is the source; its clausal complement, or the rest of the sentence where the verb is a
parenthesis behind or between it, is the content.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import spacy

from worker.extraction.text.parser import MODEL

_VERBS = frozenset(
    "say tell announce claim argue add report state explain insist note warn deny confirm believe think suggest accuse "
    "describe declare admit predict stress urge write tweet".split()
)


def subtree(token: Any) -> list[int]:
    return [token.left_edge.idx, token.right_edge.idx + len(token.right_edge)]


def attributions(doc: Any) -> list[dict[str, list[list[int]]]]:
    found = []
    for verb in doc:
        if verb.pos_ != "VERB" or verb.lemma_ not in _VERBS:
            continue
        subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")]
        contents = [child for child in verb.children if child.dep_ == "ccomp"]
        if subjects and contents:
            content = [subtree(child) for child in contents]
        elif subjects and verb.dep_ == "parataxis":
            own, sentence = subtree(verb), verb.sent
            content = [p for p in ([sentence.start_char, own[0]], [own[1], sentence.end_char]) if p[0] < p[1]]
        else:
            continue
        cue = [[verb.idx, verb.idx + len(verb)]]
        found.append({"source": [subtree(subjects[0])], "cue": cue, "content": content})
    return found


def main() -> None:
    nlp = spacy.load(MODEL)
    path = Path(sys.argv[1])
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            print(json.dumps({"id": article["id"], "attributions": attributions(nlp(article["text"]))}))


if __name__ == "__main__":
    main()
