"""A trained model -> what the worker ships: int8 ONNX, tokenizer, decoder, card.

python -m training.export RUN_FOLDER OUT_FOLDER
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pickle
import shutil
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import encoder_folder
from training.measure import CACHE, evaluate, scores
from training.model import restored
from training.train import weights_of
from training.tune import choose
from worker.extraction.attribution.model.features import FEATURES, WINDOW

LARGEST = 30 * 1024 * 1024
_WHOLE = ("/tags", "/links", "/features", "/embeddings")
"""What stays in full precision: the heads, and small tables that are only looked up."""


def main() -> None:
    encoder, run, out = str(encoder_folder()), Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    saved = torch.load(run / "model.pt", weights_only=True)
    net, decoder = restored(saved, encoder)
    net.encoder.config._attn_implementation = "eager"
    full = run / "model.fp32.onnx"
    ids = torch.ones(1, 16, dtype=torch.long)
    torch.onnx.export(
        net,
        (ids, None, torch.zeros(1, 16, len(FEATURES), dtype=torch.long)),
        str(full),
        input_names=["ids", "features"],
        output_names=["emissions", "links"],
        dynamic_axes={n: {1: "length"} for n in ("ids", "features", "emissions", "links")},
        opset_version=17,
        dynamo=False,
    )
    small = out / "model.int8.onnx"
    import onnx

    whole = [node.name for node in onnx.load(str(full)).graph.node if node.name.startswith(_WHOLE)]
    quantize_dynamic(
        str(full),
        str(small),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits: 8 overflow on processors without VNNI, and the figures would depend on the machine
        nodes_to_exclude=whole,
    )
    session = onnxruntime.InferenceSession(str(small), providers=["CPUExecutionProvider"])
    dev = pickle.loads((CACHE / "dev.pickle").read_bytes())
    trained = json.loads((run / "figures.json").read_text())
    window = trained.get("window", WINDOW)
    made = scores(lambda ids, _, feats: session.run(None, {"ids": ids, "features": feats}), dev, window)
    weights = choose(made, dev, weights_of(decoder))
    figures = evaluate(made, dev, weights)
    print("int8 dev", json.dumps(figures))
    size, version = small.stat().st_size, hashlib.sha256(small.read_bytes()).hexdigest()
    if size > LARGEST:
        sys.exit(f"{size} bytes are more than the {LARGEST} that may be shipped")
    told = {
        spec.name: np.asarray(getattr(weights, spec.name)).round(5).tolist() for spec in dataclasses.fields(weights)
    }
    (out / "decoder.json").write_text(json.dumps({"version": version[:12], "weights": told}) + "\n")
    shutil.copy(Path(encoder) / "tokenizer.json", out / "tokenizer.json")
    (out / "figures.json").write_text(
        json.dumps(trained | {"dev_int8": figures, "sha256": version, "bytes": size}, indent=1) + "\n"
    )
    (out / "CARD.md").write_text(_card(trained, figures, size, version))


def _card(trained: dict, figures: dict, size: int, version: str) -> str:
    layers = trained.get("layers")
    what, texts = "all-MiniLM-L6-v2 (6 layers, 384 wide, Apache-2.0, sentence-transformers) fine-tuned", ""
    if layers:
        what = (
            f"a student of a teacher that is {what};\n  it has {len(layers)} layers 384 wide, each with "
            f"{trained['neurons']} neurons and {trained['heads']} heads of attention instead of 1,536 and 12, begins\n"
            "  with the teacher's own weights and learnt to give what each layer of the teacher gives,\n "
        )
        texts = (
            " The student also\n  read 4,500 invented wire stories (925,000 words, from the NGEC project, without a "
            "licence file): no publisher's text, and\n  none of it is in the project."
        )
    return f"""# The attribution model

- **What**: {what} to tag sources, cues and contents and to link them; windows of {trained.get("window", WINDOW)} word
  pieces; int8, {size / 1e6:.1f} MB, sha256 `{version}`.
- **Data**: the train split of PolNeAR 1.0 (Newell, Margolin and Ruths, LREC 2018; 840 articles of seven US publishers).
  The corpus carries no licence file and its texts are news: none of its text is in the project; the weights were made
  from it, and whoever distributes them should judge that for themselves.{texts}
- **Figures** (dev split, 84 articles, this int8 file, the model alone):
  attribution F1 {figures["attribution"]["f1"]}, content F1 {figures["content"]["f1"]},
  exact {figures["content-exact"]["f1"]}, source accuracy {figures["source-acc"]},
  characters of contents {figures["chars-content"]["f1"]}.
- **Limits**: English political news of 2016; attributions inside a content are mostly not found by the model.
- **Made by** {_made_by(trained)}.
"""


def _made_by(trained: dict) -> str:
    """`trained`: the figures of one run, or of several that were averaged."""
    runs = trained.get("averaged", [trained])
    told = "; ".join(f"seed {run['seed']}, {run['epochs']} epochs" for run in runs)
    command = "make student" if trained.get("layers") else "make train"
    return f"`{command}` ({told}){', averaged' if len(runs) > 1 else ''}"


if __name__ == "__main__":
    main()
