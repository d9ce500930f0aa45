"""What Stanford CoreNLP's quote annotator finds in the articles of a gold file, as textacy_quotes.py writes it.

Needs Java and CoreNLP's jars with its English models (edu.stanford.nlp:stanford-corenlp, 480 MB, under the GPL; nothing
of it is part of Claimwire):

    python -m bench.peers.corenlp_quotes GOLD --jars FOLDER > corenlp.jsonl

The source is the mention that it names, or no one; it names no cue.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_ANNOTATORS = "tokenize,pos,lemma,ner,depparse,coref,quote"


def attributions(document: dict[str, Any]) -> list[dict[str, list[list[int]]]]:
    tokens = [token for sentence in document["sentences"] for token in sentence["tokens"]]
    found = []
    for quote in document["quotes"]:
        source = []
        if "mentionBegin" in quote:
            begin, end = tokens[quote["mentionBegin"]], tokens[quote["mentionEnd"]]
            source = [[begin["characterOffsetBegin"], end["characterOffsetEnd"]]]
        found.append({"source": source, "cue": [], "content": [[quote["beginIndex"], quote["endIndex"]]]})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--jars", type=Path, required=True)
    given = parser.parse_args()
    opener = gzip.open if given.gold.suffix == ".gz" else open
    with opener(given.gold, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, article in enumerate(articles):
            (folder / f"{number}.txt").write_text(article["text"], encoding="utf-8")
        (folder / "files").write_text("\n".join(str(folder / f"{n}.txt") for n in range(len(articles))))
        command = ["java", "-Xmx5g", "-cp", f"{given.jars}/*", "edu.stanford.nlp.pipeline.StanfordCoreNLP"]
        command += ["-annotators", _ANNOTATORS, "-coref.algorithm", "statistical", "-outputFormat", "json"]
        command += ["-encoding", "utf-8", "-filelist", str(folder / "files"), "-outputDirectory", str(folder)]
        subprocess.run(command, check=True)
        for number, article in enumerate(articles):
            document = json.loads((folder / f"{number}.txt.json").read_text(encoding="utf-8"))
            print(json.dumps({"id": article["id"], "attributions": attributions(document)}))


if __name__ == "__main__":
    main()
