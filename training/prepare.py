"""Turns articles with gold attributions into arrays for training (training/.cache). It needs the worker's parser.

python -m training.prepare TRAIN.jsonl.gz DEV.jsonl.gz [TEXTS.jsonl.gz]

TEXTS has lines with a "text" and no attributions: what training/distil.py learns from the shipped network alone.
"""

from __future__ import annotations

import gzip
import json
import pickle
import sys
import time
from pathlib import Path

from tokenizers import Tokenizer

from training.encoder import encoder_folder
from worker.extraction.attribution.model.features import features
from worker.extraction.text.parser import load_parser, same_length

CACHE = Path(__file__).parent / ".cache"


def main() -> None:
    files = dict(zip(("train", "dev", "texts"), sys.argv[1:], strict=False))
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    parser = load_parser()
    CACHE.mkdir(exist_ok=True)
    for name, path in files.items():
        begun = time.monotonic()
        rows = []
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                article = json.loads(line)
                text = article["text"]
                pieces = features(parser(same_length(text)), text, tokenizer.encode(text, add_special_tokens=False))
                rows.append(
                    {
                        "id": article.get("id", number),
                        "publisher": article.get("publisher"),
                        "text": text,
                        "pieces": pieces,
                        "gold": [a["attributions"] for a in article.get("annotations", [])],
                    }
                )
                if number % 100 == 0:
                    print(f"{name}: {number} articles, {time.monotonic() - begun:.0f}s", flush=True)
        with (CACHE / f"{name}.pickle").open("wb") as out:
            pickle.dump(rows, out)


if __name__ == "__main__":
    main()
