"""Trains a student with fewer layers or narrower ones to give what the shipped network gives.

python -m training.distil OUT_FOLDER [--teacher FOLDER] [--layers 0,1,2,3,4,5] [--neurons 768] [--epochs 4]

It needs training.prepare with TRAIN, DEV and TEXTS. The student begins with the teacher's embeddings, heads, the
layers that are named and of each the neurons that training/narrower.py chooses; each of its layers learns to give
what the last of the teacher's layers in its place gave (Jiao et al., TinyBERT, 2020; Sun et al., Patient Knowledge
Distillation, 2019). What the teacher gives is kept on disk (training/.cache/*.f16), read with the worker's own windows:
so the student learns from whole paragraphs what it sees of them through windows that are cut anywhere.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training.encoder import encoder_folder
from training.measure import CACHE, batch_of, evaluate, scores
from training.model import AttributionNet
from training.narrower import narrower
from training.shipped import shipped, with_layers
from training.train import batches, examples, fast_bf16, runner, train, weights_of
from worker.extraction.attribution.model.features import windows

SHIPPED = Path(__file__).parents[1] / "worker" / "extraction" / "models" / "attribution"
HIDDEN, TAGS, LINKS = 1.0, 2.0, 0.3
"""Weights of the losses: the layers' mean squared errors, the divergence of the tags, and the mean squared error of the
links. The gold labels are in what the teacher, who learnt them, gives for the same articles."""
TEXTS = 0.5
"""Share of the texts without labels that each epoch reads."""
RATE = 3e-4
"""Of the encoder: a student has more to learn than a pretrained encoder has."""


def places(teacher: int, student: int) -> list[int]:
    """Which of the teacher's layers each of the student's is to be like, from 0."""
    return [round((at + 1) * teacher / student) - 1 for at in range(student)]


def remember(folder: Path, rows: list[dict], file: Path, given: argparse.Namespace) -> np.memmap:
    """What each layer of the shipped network gives for all pieces of all rows, pieces x layers x width in half
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
    teacher: AttributionNet, encoder: str, layers: list[int], neurons: int | None, rows: list[dict]
) -> AttributionNet:
    """A student of the teacher's embeddings, heads and `layers`; without dropout in the encoder, whose states are to be
    those of a teacher without. `rows`: what decides which `neurons` it has, where it has fewer than the teacher.
    """
    student = AttributionNet(encoder, layers, neurons)
    renamed = {f"encoder.encoder.layer.{old}.": f"encoder.encoder.layer.{new}." for new, old in enumerate(layers)}
    state = {}
    known = narrower(teacher, rows, neurons) if neurons else teacher.state_dict()
    for name, value in known.items():
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
    ask.add_argument("--teacher", type=Path, default=SHIPPED)
    ask.add_argument(
        "--teacher-window", type=int, default=254, help="pieces that the teacher was trained to read at once"
    )
    ask.add_argument("--window", type=int, default=382, help="pieces that the student reads at once")
    ask.add_argument("--layers", type=lambda told: [int(each) for each in told.split(",")], default=[0, 2, 3, 5])
    ask.add_argument("--neurons", type=int, help="of each layer, between its two matrices; the teacher's by default")
    ask.add_argument("--epochs", type=float, default=4)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=1, help="two that wait for each other are slower")
    ask.add_argument("--after", type=Path, help="go on from what another run made, its model.pt")
    ask.add_argument("--rate", type=float, default=RATE, help="the encoder's learning rate")
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
    sets = []
    for name in ("train", "texts"):
        rows = pickle.loads((CACHE / f"{name}.pickle").read_bytes())[: given.limit_articles]
        rows = [row for row in rows if len(row["pieces"])]
        sets.append((rows, remember(given.teacher, rows, CACHE / f"{name}-{len(rows)}.f16", given)))
    student = begun_as(teacher, encoder, given.layers, given.neurons, sets[0][0])
    if given.after:
        student.load_state_dict(torch.load(given.after, weights_only=True)["net"])
    known = {id(row): states for rows, states in sets for row in rows}

    def epoch(random_: random.Random) -> list[list[dict]]:
        labelled, texts = (rows for rows, _ in sets)
        chosen = [labelled, random_.sample(texts, int(TEXTS * len(texts)))]
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
    told = {"seed": given.seed, "epochs": epochs, "layers": given.layers, "neurons": given.neurons}
    told |= {"window": given.window, "dev_fp32": figures}
    (given.out / "figures.json").write_text(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
