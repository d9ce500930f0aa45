"""Trains the attribution model and writes its weights and its figures on the dev split.

python -m training.train OUT_FOLDER [--seed 1] [--epochs 4] [--masked 0] [--after RUN/after-2.pt]
                         [--limit-articles N] [--threads 2] [--no-bf16]

Every seed begins with the same heads. Only order, cuts, masks and dropout differ, so that the weights of several seeds
can be averaged.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import pickle
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from training.encoder import encoder_folder
from training.measure import CACHE, batch_of, evaluate, scores
from training.model import AttributionNet, Decoder
from worker.extraction.attribution.model.decode import LINK, TAGS, Weights, distance_bucket
from worker.extraction.attribution.model.features import WINDOW

TOKENS = 1560
MASK = 103
"""The word piece [MASK]."""
HEADS_SEED = 1
LINK_SHARE = 0.15
LABELS = ("tags", "to_cue", "to_source")


def labels(row: dict, which: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The labels of one annotator's attributions.

    Three arrays over the pieces: the tag; for each content piece its cue's first piece, else -1; for each cue's first
    piece its source's first piece, -1 without a source, and -2 for all other pieces.
    """
    pieces = row["pieces"]
    n = len(pieces)
    tags, to_cue, to_source = np.zeros(n, np.int64), np.full(n, -1), np.full(n, -2)
    gold = row["gold"][which]
    parts = {}
    for role in ("cue", "source", "content"):
        for index, attribution in enumerate(gold):
            parts[index, role] = _mark(tags, pieces, attribution[role], role)
    for index in range(len(gold)):
        cue, source = parts[index, "cue"], parts[index, "source"]
        if cue:
            to_source[cue[0][0]] = source[0][0] if source else -1
            for first, last in parts[index, "content"]:
                to_cue[first:last] = cue[0][0]
    _begin_cut_spans(tags)
    return tags, to_cue, to_source


def _mark(tags: np.ndarray, pieces, spans: list, role: str) -> list[tuple[int, int]]:
    """Writes the tags of the spans where none are yet. Returns the spans in pieces."""
    marked = []
    for start, end in spans:
        first = int(np.searchsorted(pieces.ends, start, side="right"))
        last = int(np.searchsorted(pieces.starts, end, side="left"))
        if first >= last:
            continue
        marked.append((first, last))
        free = tags[first:last] == 0
        if not free.any() or (role == "content" and not free[0]):
            continue
        span = np.arange(first, last)[free]
        tags[span] = TAGS.index("I-" + role)
        tags[span[0]] = TAGS.index("B-" + role)
    return marked


def _begin_cut_spans(tags: np.ndarray) -> None:
    """Where another span has taken the beginning of a span, the rest gets a new beginning."""
    for at in range(len(tags)):
        name = TAGS[tags[at]]
        if name.startswith("I-") and (at == 0 or TAGS[tags[at - 1]][2:] != name[2:]):
            tags[at] = TAGS.index("B-" + name[2:])


def examples(rows: list[dict], random_: random.Random, window: int = WINDOW) -> list[dict]:
    """Windows of all rows, each a row's with its place, and with the labels of one annotator where it has some."""
    made = []
    for row in rows:
        labelled: dict = {}
        if row["gold"]:
            labelled = dict(zip(LABELS, labels(row, random_.randrange(len(row["gold"]))), strict=True))
        pieces = row["pieces"]
        n = len(pieces)
        count = math.ceil(n / window) + (random_.random() < 0.5)  # other cuts in each epoch, none twice
        edges = np.linspace(0, n, count + 1).astype(int).tolist()
        for start, end in itertools.pairwise(edges):
            if start == end:
                continue
            made.append({"row": row, "pieces": pieces, "start": start, "end": end} | labelled)
    return made


def batches(items: list[dict], random_: random.Random) -> list[list[dict]]:
    """Batches of about TOKENS pieces and of similar lengths, in random order."""
    random_.shuffle(items)
    items.sort(key=lambda i: (i["end"] - i["start"]) // 8)
    made, batch = [], []
    for item in items:
        if batch and (len(batch) + 1) * (item["end"] - item["start"] + 2) > TOKENS:
            made.append(batch)
            batch = []
        batch.append(item)
    made.append(batch)
    random_.shuffle(made)
    return made


def hide_words(ids: torch.Tensor, items: list[dict], share: float) -> None:
    """Replaces all pieces of a random `share` of the words by [MASK], in place."""
    for row, item in enumerate(items):
        word = np.cumsum(~item["pieces"].inside[item["start"] : item["end"]])  # a number for each word
        at = np.flatnonzero((torch.rand(int(word[-1]) + 1) < share).numpy()[word])
        ids[row, 1 + torch.from_numpy(at)] = MASK


def fast_bf16() -> bool:
    try:
        return "amx_bf16" in Path("/proc/cpuinfo").read_text() or "avx512_bf16" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def link_loss(links: torch.Tensor, items: list[dict], decoder: Decoder) -> torch.Tensor:
    losses = []
    for row, item in enumerate(items):
        s, e, pieces = item["start"], item["end"], item["pieces"]
        vectors = links[row, 1 : e - s + 1]
        tags = item["tags"][s:e]
        cues = np.flatnonzero(tags == TAGS.index("B-cue"))
        sources = np.flatnonzero(tags == TAGS.index("B-source"))
        if not len(cues):
            continue

        def bias(rows: np.ndarray, keys: np.ndarray, link: int, pieces=pieces, s=s) -> torch.Tensor:
            apart = torch.from_numpy(distance_bucket(keys[None] - rows[:, None]))
            same_s = torch.from_numpy(
                (pieces.sentence[keys + s][None] == pieces.sentence[rows + s][:, None]).astype(np.int64)
            )
            same_p = torch.from_numpy(
                (pieces.paragraph[keys + s][None] == pieces.paragraph[rows + s][:, None]).astype(np.int64)
            )
            return decoder.distance[link][apart] + decoder.sentence[link][same_s] + decoder.paragraph[link][same_p]

        place = {int(c): i for i, c in enumerate(cues)}
        wanted = item["to_cue"][s:e] - s
        rows = np.asarray([i for i in range(e - s) if item["to_cue"][s + i] >= 0 and int(wanted[i]) in place], np.int64)
        if len(rows):
            score = vectors[rows, :LINK] @ vectors[cues, LINK : 2 * LINK].T / math.sqrt(LINK) + bias(rows, cues, 0)
            losses.append(functional.cross_entropy(score, torch.tensor([place[int(wanted[i])] for i in rows])))
        at = {int(x): i for i, x in enumerate(sources)}
        targets = [(c, int(item["to_source"][s + c])) for c in cues]
        targets = [(c, t) for c, t in targets if t == -1 or t - s in at]
        if targets:
            rows = np.asarray([c for c, _ in targets], np.int64)
            none = vectors[rows, 4 * LINK :]
            if len(sources):
                score = vectors[rows, 2 * LINK : 3 * LINK] @ vectors[sources, 3 * LINK : 4 * LINK].T / math.sqrt(LINK)
                none = torch.cat([score + bias(rows, sources, 1), none], 1)
            target = torch.tensor([len(sources) if t == -1 else at[t - s] for _, t in targets])
            losses.append(functional.cross_entropy(none, target))
    return torch.stack(losses).mean() if losses else links.sum() * 0


def weights_of(decoder: Decoder) -> Weights:
    return Weights(**{name: value.detach().numpy().copy() for name, value in decoder.named_parameters()})


def runner(net: AttributionNet) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """The network as a function over numpy: ids, mask, features to emissions, links."""

    def run(ids, mask, features):
        with torch.no_grad():
            e, k = net(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(features))
        return e.numpy(), k.numpy()

    return run


class Average:
    """The running average of all weights that are trained, those of the decoder with the prefix `D.`"""

    def __init__(self, net: AttributionNet, decoder: Decoder) -> None:
        self._net, self._decoder = net, decoder
        self._mean = {name: value.detach().clone() for name, value in self._weights() if value.requires_grad}

    def _weights(self) -> list[tuple[str, torch.Tensor]]:
        return [*self._net.named_parameters(), *self._decoder.named_parameters(prefix="D")]

    def add(self, step: int) -> None:
        """Adds the weights after `step` steps."""
        keep = min(0.998, 1 - 1 / (step + 1))
        with torch.no_grad():
            for name, value in self._weights():
                if name in self._mean:
                    self._mean[name].lerp_(value, 1 - keep)

    def save(self, path: Path) -> None:
        """Writes a state from which --after can go on."""
        of_net = {name: value for name, value in self._mean.items() if not name.startswith("D.")}
        of_decoder = {name[2:]: value for name, value in self._mean.items() if name.startswith("D.")}
        torch.save({"net": {**self._net.state_dict(), **of_net}, "decoder": of_decoder}, path)

    def apply(self) -> None:
        """Puts the average in place of the weights."""
        with torch.no_grad():
            for name, value in self._weights():
                if name in self._mean:
                    value.copy_(self._mean[name])


def _arguments() -> argparse.Namespace:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--epochs", type=float, default=4)
    ask.add_argument(
        "--masked",
        type=float,
        default=0.0,
        help="share of the words hidden from the encoder at each step (their features stay), against learning by heart",
    )
    ask.add_argument(
        "--after",
        type=Path,
        help="go on where a run was broken off: its after-N.pt, the averaged weights after N epochs",
    )
    ask.add_argument("--limit-articles", type=int)
    ask.add_argument("--window", type=int, default=WINDOW, help="word pieces that are read at once")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        default=fast_bf16(),
        help="half precision; on by default where the processor has instructions for it, five times slower elsewhere",
    )
    return ask.parse_args()


def _groups(net: AttributionNet, decoder: Decoder, rate: float) -> list[dict]:
    """The weights in groups with their learning rates."""
    named = list(net.named_parameters())
    return [
        {"params": [p for n, p in named if n.startswith("encoder") and p.requires_grad], "lr": rate},
        {"params": [p for n, p in named if not n.startswith("encoder")], "lr": 5e-4},
        {"params": list(decoder.parameters()), "lr": 1e-2},
    ]


def gold_loss(items: list[dict], emissions: torch.Tensor, links: torch.Tensor, decoder: Decoder) -> torch.Tensor:
    """The loss of the labels, from what the network gives for a batch with its special pieces."""
    inner = torch.zeros(len(items), emissions.shape[1] - 2)
    gold = torch.zeros_like(inner, dtype=torch.long)
    for row, item in enumerate(items):
        n = item["end"] - item["start"]
        inner[row, :n] = 1
        gold[row, :n] = torch.from_numpy(item["tags"][item["start"] : item["end"]])
    return decoder.tag_loss(emissions[:, 1:-1], gold, inner) + LINK_SHARE * link_loss(links, items, decoder)


def loss_of(items: list[dict], net: AttributionNet, decoder: Decoder, *, masked: float, bf16: bool) -> torch.Tensor:
    """The loss of one batch."""
    ids, mask, features = batch_of(items)
    hide_words(ids, items, masked)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        emissions, links = net(ids, mask, features)
    return gold_loss(items, emissions.float(), links.float(), decoder)


def train(
    given: argparse.Namespace,
    net: AttributionNet,
    decoder: Decoder,
    epoch: Callable[[random.Random], list[list[dict]]],
    loss: Callable[[list[dict]], torch.Tensor],
    *,
    rate: float = 1.5e-4,
    done: int = 0,
) -> None:
    """Trains in place, from epoch `done` to `given.epochs`; the result is the average of the weights.

    `epoch`: the batches of one epoch; `loss`: that of one batch; `rate`: the encoder's learning rate.
    """
    random_ = random.Random(given.seed)
    groups = _groups(net, decoder, rate)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    per_epoch = len(epoch(random.Random(0)))
    begin, steps = done * per_epoch, int(per_epoch * given.epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda s: min((begin + s + 1) / (0.08 * steps), max(0.02, (steps - begin - s) / (0.92 * steps))),
    )
    average = Average(net, decoder)
    begun, step = time.monotonic(), begin
    while step < steps:
        for items in epoch(random_):
            if step >= steps:
                break
            net.train()
            worth = loss(items)
            optimizer.zero_grad()
            worth.backward()
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            average.add(step)
            if step % per_epoch == 0 and step < steps:
                average.save(given.out / f"after-{step // per_epoch}.pt")
            if step % 25 == 0:
                spent = time.monotonic() - begun
                print(
                    f"step {step}/{steps} loss {worth.item():.4f} {spent:.0f}s, "
                    f"{spent / (step - begin) * (steps - step):.0f}s to go",
                    flush=True,
                )
    average.apply()


def main() -> None:
    given = _arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(HEADS_SEED)
    rows = pickle.loads((CACHE / "train.pickle").read_bytes())[: given.limit_articles]
    dev = pickle.loads((CACHE / "dev.pickle").read_bytes())
    net, decoder = AttributionNet(str(encoder_folder())), Decoder()
    torch.manual_seed(given.seed)
    done = 0
    if given.after:
        state = torch.load(given.after, weights_only=True)
        net.load_state_dict(state["net"])
        decoder.load_state_dict(state["decoder"])
        done = int(given.after.stem.removeprefix("after-"))
    given.out.mkdir(parents=True, exist_ok=True)
    train(
        given,
        net,
        decoder,
        lambda random_: batches(examples(rows, random_, given.window), random_),
        lambda items: loss_of(items, net, decoder, masked=given.masked, bf16=given.bf16),
        done=done,
    )
    net.eval()
    torch.save({"net": net.state_dict(), "decoder": decoder.state_dict()}, given.out / "model.pt")
    figures = evaluate(scores(runner(net), dev, given.window), dev, weights_of(decoder))
    print("fp32 dev", json.dumps(figures), flush=True)
    told = {name: getattr(given, name) for name in ("seed", "epochs", "masked", "window")}
    (given.out / "figures.json").write_text(json.dumps(told | {"dev_fp32": figures}) + "\n")


if __name__ == "__main__":
    main()
