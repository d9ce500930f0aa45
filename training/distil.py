"""Trains a student with fewer layers or narrower ones to give what an exported network gives.

python -m training.distil OUT_FOLDER [--teacher FOLDER] [--layers 0,1,2,3,4,5] [--neurons 1024] [--heads 8] [--epochs 3]

It needs training.prepare with TRAIN, DEV and TEXTS. The student begins with the teacher's embeddings, heads, the
layers that are named and of each the neurons and heads that training/narrower.py chooses; each of its layers learns to
give what the last of the teacher's layers in its place gave (Jiao et al., TinyBERT, 2020; Sun et al., Patient Knowledge
Distillation, 2019). What the teacher gives is kept on disk (training/.cache/*.f16), read with the worker's own windows:
so the student learns from whole paragraphs what it sees of them through windows that are cut anywhere. Short texts, one
to three paragraphs alone, are read apart: without them a student is as good on the corpus and worse on short articles.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pickle
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training.as_int8 import rounding
from training.encoder import encoder_folder
from training.measure import CACHE, batch_of, evaluate, scores
from training.model import AttributionNet, restored
from training.narrower import narrower
from training.shipped import shipped, with_layers
from training.train import batches, examples, fast_bf16, runner, train, weights_of
from worker.extraction.attribution.model.features import WINDOW, Pieces, windows

SHIPPED = Path(__file__).parents[1] / "worker" / "extraction" / "models" / "attribution"
HIDDEN, TAGS, LINKS = 1.0, 2.0, 0.3
"""Weights of the losses: the layers' mean squared errors, the divergence of the tags, and the mean squared error of the
links. The gold labels are in what the teacher, who learnt them, gives for the same articles."""
EACH_EPOCH = {"train": 0.75, "texts": 0.25, "short": 0.5}
"""Share of each set that an epoch reads: articles with labels, texts without, and short texts out of both."""
_SHORT_OF = {"train": 1, "texts": 2}
"""Of how many articles and texts one is cut into short ones."""
_SENTENCES_ALONE = 0.3
"""Share of the short texts that are only one or two sentences of a paragraph."""
_SHORTEST, _LONGEST = 6, WINDOW
"""Pieces of a short text."""
RATE = 1.5e-4
"""Of the encoder, as for a pretrained one. A student of fewer layers has more to learn and needs twice as much."""


def places(teacher: int, student: int) -> list[int]:
    """Which of the teacher's layers each of the student's is to be like, from 0."""
    return [round((at + 1) * teacher / student) - 1 for at in range(student)]


def short_texts(rows: list[dict], random_: random.Random) -> list[dict]:
    """One to three paragraphs each, or one or two sentences, in pieces alone: as if nothing stood around them."""
    made = []
    for row in rows:
        pieces = row["pieces"]
        edges = _edges(pieces.paragraph)
        while len(edges) > 1:
            count = min(random_.choice((1, 1, 1, 2, 3)), len(edges) - 1)
            start, end = edges[0], edges[count]
            edges = edges[count:]
            if random_.random() < _SENTENCES_ALONE:
                inside = _edges(pieces.sentence[start:end])
                first = random_.randrange(len(inside) - 1)
                start, end = start + inside[first], start + inside[min(first + random_.choice((1, 2)), len(inside) - 1)]
            if _SHORTEST <= end - start <= _LONGEST:
                parts = {field.name: getattr(pieces, field.name)[start:end] for field in dataclasses.fields(pieces)}
                made.append({"pieces": Pieces(**parts), "gold": []})
    return made


def _edges(values: np.ndarray) -> list[int]:
    """Where runs of equal values begin, and the end of the last."""
    return [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]


def remember(folder: Path, rows: list[dict], file: Path, given: argparse.Namespace) -> np.memmap:
    """What each layer of the network in `folder` gives for all pieces of all rows, pieces x layers x width in half
    precision; writes to each row the number of its first piece.
    """
    run, layers, width = with_layers(folder, given.threads)
    total = 0
    for row in rows:
        row["first"] = total
        total += len(row["pieces"])
    shape = (total, layers, width)
    if file.exists() and file.stat().st_size == 2 * int(np.prod(shape)):
        return np.memmap(file, np.float16, "r", shape=shape)
    made = np.memmap(file.with_suffix(".part"), np.float16, "w+", shape=shape)
    begun = time.monotonic()
    for number, row in enumerate(rows):
        for start, end, low, high in windows(row["pieces"], given.teacher_window):
            item = {"pieces": row["pieces"], "start": start, "end": end}
            for at, state in enumerate(run(*(each.numpy() for each in batch_of([item])))):
                made[row["first"] + low : row["first"] + high, at] = state[0, 1 + low - start : 1 + high - start]
        if number % 100 == 0:
            print(f"teacher: {number}/{len(rows)} articles, {time.monotonic() - begun:.0f}s", flush=True)
    made.flush()
    file.with_suffix(".part").rename(file)
    return made


def loss_of(
    items: list[dict],
    student: AttributionNet,
    teacher: AttributionNet,
    known: np.memmap,
    *,
    bf16: bool,
) -> torch.Tensor:
    """One batch's loss. `known`: the teacher's states of the rows that the items are of."""
    ids, mask, features = batch_of(items)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        states = student.hidden(ids, mask, features)[1:]
        emissions, links = student.heads(states[-1])
    inner = torch.zeros(ids.shape, dtype=torch.bool)
    for row, item in enumerate(items):
        inner[row, 1 : 1 + item["end"] - item["start"]] = True
    spans = [(item["row"]["first"] + item["start"], item["row"]["first"] + item["end"]) for item in items]
    wanted = torch.from_numpy(np.concatenate([known[a:b] for a, b in spans]).astype(np.float32))
    with torch.no_grad():
        tags, vectors = teacher.heads(wanted[:, -1])
    like = places(wanted.shape[1], len(states))
    near = sum(functional.mse_loss(state[inner].float(), wanted[:, at]) for state, at in zip(states, like, strict=True))
    told = functional.kl_div(
        functional.log_softmax(emissions[inner].float(), -1), tags.softmax(-1), reduction="batchmean"
    )
    return HIDDEN * near + TAGS * told + LINKS * functional.mse_loss(links[inner].float(), vectors)


def begun_as(
    wide: AttributionNet, encoder: str, layers: list[int], neurons: int, heads: int, rows: list[dict]
) -> AttributionNet:
    """A student with the embeddings, heads and `layers` of a network; without dropout in the encoder, whose states are
    to be those of a teacher without. `rows`: what decides which of its neurons and heads of attention are kept.
    """
    student = AttributionNet(encoder, layers, neurons, heads)
    renamed = {f"encoder.encoder.layer.{old}.": f"encoder.encoder.layer.{new}." for new, old in enumerate(layers)}
    state = {}
    for name, value in narrower(wide, rows, neurons, heads).items():
        layer = next((old for old in renamed if name.startswith(old)), None)
        if layer:
            state[renamed[layer] + name.removeprefix(layer)] = value
        elif ".layer." not in name:
            state[name] = value
    student.load_state_dict(state)
    for module in student.encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return student


def _arguments() -> argparse.Namespace:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--teacher", type=Path, default=SHIPPED, help="an exported network")
    ask.add_argument(
        "--teacher-window", type=int, default=WINDOW, help="pieces that the teacher was trained to read at once"
    )
    ask.add_argument("--window", type=int, default=WINDOW, help="pieces that the student reads at once")
    ask.add_argument("--layers", type=lambda told: [int(each) for each in told.split(",")], default=list(range(6)))
    ask.add_argument("--neurons", type=int, default=1024, help="of each layer, between its two matrices")
    ask.add_argument("--heads", type=int, default=8, help="of each layer's attention")
    ask.add_argument("--epochs", type=float, default=3)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=1, help="two that wait for each other are slower")
    ask.add_argument("--after", type=Path, help="begin as what another run made, its model.pt, not as the teacher")
    ask.add_argument("--rate", type=float, default=RATE, help="the encoder's learning rate")
    ask.add_argument("--as-int8", action="store_true", help="round as the exported network will; for a last epoch")
    ask.add_argument("--limit-articles", type=int)
    ask.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=fast_bf16())
    return ask.parse_args()


def main() -> None:
    given = _arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    encoder = str(encoder_folder())
    teacher, decoder = shipped(given.teacher, encoder)
    for each in teacher.parameters():
        each.requires_grad_(False)
    sets = {}
    for name in ("train", "texts"):
        rows = pickle.loads((CACHE / f"{name}.pickle").read_bytes())[: given.limit_articles]
        sets[name] = [row for row in rows if len(row["pieces"])]
    always_the_same = random.Random(1)
    sets["short"] = [text for name, of in _SHORT_OF.items() for text in short_texts(sets[name][::of], always_the_same)]
    known = {}
    version = json.loads((given.teacher / "decoder.json").read_text(encoding="utf-8"))["version"]
    for name, rows in sets.items():
        states = remember(given.teacher, rows, CACHE / f"{name}-{len(rows)}-{version}.f16", given)
        known |= {id(row): states for row in rows}
    wide = restored(torch.load(given.after, weights_only=True), encoder)[0] if given.after else teacher
    student = begun_as(wide, encoder, given.layers, given.neurons, given.heads, sets["train"])
    if given.as_int8:
        rounding(student.encoder.encoder)

    def epoch(random_: random.Random) -> list[list[dict]]:
        chosen = [random_.sample(rows, int(EACH_EPOCH[name] * len(rows))) for name, rows in sets.items()]
        made = [batch for rows in chosen for batch in batches(examples(rows, random_, given.window), random_)]
        random_.shuffle(made)
        return made

    def loss(items: list[dict]) -> torch.Tensor:
        return loss_of(items, student, teacher, known[id(items[0]["row"])], bf16=given.bf16)

    train(given, student, decoder, epoch, loss, rate=given.rate)
    student.eval()
    torch.save({"net": student.state_dict(), "decoder": decoder.state_dict()}, given.out / "model.pt")
    dev = pickle.loads((CACHE / "dev.pickle").read_bytes())
    figures = evaluate(scores(runner(student), dev, given.window), dev, weights_of(decoder))
    print("fp32 dev", json.dumps(figures), flush=True)
    epochs = given.epochs
    if given.after:
        epochs += json.loads((given.after.parent / "figures.json").read_text())["epochs"]
    told = {name: getattr(given, name) for name in ("seed", "layers", "neurons", "heads", "window")}
    told |= {"epochs": epochs, "dev_fp32": figures}
    (given.out / "figures.json").write_text(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
