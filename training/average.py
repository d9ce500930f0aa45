"""Averages the weights of runs that began with the same heads (training/train.py) into one model.

python -m training.average RUN_FOLDER RUN_FOLDER ... OUT_FOLDER
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

import torch

from training.encoder import encoder_folder
from training.measure import CACHE, evaluate, scores
from training.model import restored
from training.train import runner, weights_of


def main() -> None:
    *runs, out = map(Path, sys.argv[1:])
    saved = [torch.load(run / "model.pt", weights_only=True) for run in runs]
    mean = {
        part: {name: torch.stack([each[part][name].float() for each in saved]).mean(0) for name in saved[0][part]}
        for part in ("net", "decoder")
    }
    net, decoder = restored(mean, str(encoder_folder()))
    out.mkdir(parents=True, exist_ok=True)
    torch.save(mean, out / "model.pt")
    dev = pickle.loads((CACHE / "dev.pickle").read_bytes())
    figures = evaluate(scores(runner(net), dev), dev, weights_of(decoder))
    print("fp32 dev", json.dumps(figures), flush=True)
    trained = [json.loads((run / "figures.json").read_text()) for run in runs]
    (out / "figures.json").write_text(json.dumps({"averaged": trained, "dev_fp32": figures}) + "\n")


if __name__ == "__main__":
    main()
