"""The attribution model in torch: an encoder, tags with a CRF, and two links.

Inputs: ids and mask, batch x pieces, None where all pieces are to be read; features, batch x pieces x len(FEATURES).
Outputs: emissions, batch x pieces x 7; links, batch x pieces x (4 * LINK + 1): the query of a content piece for its
cue, the key of a cue for contents, the query of a cue for its source, the key of a source for cues, and the score of a
cue for having no source.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from transformers import BertModel

from worker.extraction.attribution.model.decode import LINK, TAGS
from worker.extraction.attribution.model.features import FEATURES

HEAD = 32
"""Numbers of each head of the encoder's attention."""


class AttributionNet(nn.Module):
    """`layers`: those of the pretrained encoder that are kept, from 0; all by default. `neurons` and `heads`: how many
    each layer has between its two dense matrices, and in its attention; another number than the encoder's begins at
    random.
    """

    def __init__(
        self, folder: str, layers: Sequence[int] | None = None, neurons: int | None = None, heads: int | None = None
    ) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation="sdpa",
            attention_probs_dropout_prob=0.0,  # a third of a step on a CPU; the hidden dropout stays
        )
        if layers is not None:
            self.encoder.encoder.layer = nn.ModuleList([self.encoder.encoder.layer[at] for at in layers])
            self.encoder.config.num_hidden_layers = len(layers)
        width = self.encoder.config.hidden_size
        for layer in self.encoder.encoder.layer:
            _narrow(layer, width, neurons, heads)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.features = nn.ModuleList([nn.Embedding(size, width) for size in FEATURES.values()])
        for table in self.features:
            nn.init.zeros_(table.weight)  # the pretrained encoder starts undisturbed
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, len(TAGS)))
        self.links = nn.Linear(width, 4 * LINK + 1)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor | None, features: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return self.heads(self.hidden(ids, mask, features)[-1])

    def hidden(self, ids: torch.Tensor, mask: torch.Tensor | None, features: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """What the embeddings and each layer give, the last one last: batch x pieces x width each."""
        words = self.encoder.embeddings.word_embeddings(ids)
        for number, table in enumerate(self.features):
            words = words + table(features[:, :, number])
        if mask is None:  # the encoder would make one, and add it to all products
            states = [self.encoder.embeddings(inputs_embeds=words)]
            for layer in self.encoder.encoder.layer:
                states.append(layer(states[-1]))
            return tuple(states)
        made: tuple[torch.Tensor, ...] = self.encoder(
            inputs_embeds=words, attention_mask=mask, output_hidden_states=True
        ).hidden_states
        return made

    def heads(self, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Emissions and links from what the last layer gives."""
        hidden = self.dropout(hidden)
        return self.tags(hidden), self.links(hidden)


def _narrow(layer: nn.Module, width: int, neurons: int | None, heads: int | None) -> None:
    """Gives a layer of the encoder new matrices where it is to have another number of neurons or heads."""
    if neurons is not None and neurons != layer.output.dense.in_features:
        layer.intermediate.dense = nn.Linear(width, neurons)
        layer.output.dense = nn.Linear(neurons, width)
    attention = layer.attention.self
    if heads is not None and heads != attention.num_attention_heads:
        attention.num_attention_heads, attention.all_head_size = heads, heads * HEAD
        for name in ("query", "key", "value"):
            setattr(attention, name, nn.Linear(width, heads * HEAD))
        layer.attention.output.dense = nn.Linear(heads * HEAD, width)


def restored(saved: dict, folder: str) -> tuple[AttributionNet, Decoder]:
    """The network, in evaluation mode, and the decoder from a saved state. `folder` is the encoder's."""
    kept = {name.split(".")[3] for name in saved["net"] if name.startswith("encoder.encoder.layer.")}
    first = "encoder.encoder.layer.0."
    neurons = len(saved["net"][first + "intermediate.dense.bias"])
    heads = len(saved["net"][first + "attention.self.query.bias"]) // HEAD
    net, decoder = AttributionNet(folder, range(len(kept)), neurons, heads), Decoder()
    net.load_state_dict(saved["net"])
    decoder.load_state_dict(saved["decoder"])
    return net.eval(), decoder


class Decoder(nn.Module):
    """The learnt part of decoding, see worker.extraction.attribution.model.decode.Weights."""

    def __init__(self) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.start = nn.Parameter(torch.zeros(len(TAGS)))
        self.distance = nn.Parameter(torch.zeros(2, 16))
        self.sentence = nn.Parameter(torch.zeros(2, 2))
        self.paragraph = nn.Parameter(torch.zeros(2, 2))

    def tag_loss(self, emissions: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Negative log likelihood per piece. Every row of `mask` begins with its pieces."""
        batch, length, _ = emissions.shape
        rows = torch.arange(batch)
        score = self.start[gold[:, 0]] + emissions[rows, 0, gold[:, 0]]
        total = self.start + emissions[:, 0]
        for at in range(1, length):
            here = mask[:, at]
            step = self.transitions[gold[:, at - 1], gold[:, at]] + emissions[rows, at, gold[:, at]]
            score = score + step * here
            moved = torch.logsumexp(total[:, :, None] + self.transitions[None], 1) + emissions[:, at]
            total = torch.where(here[:, None] > 0, moved, total)
        return (torch.logsumexp(total, 1) - score).sum() / mask.sum()
