"""The network of a shipped int8 file in torch again: a teacher, and a student's first weights.

The weights are what int8 left of them: whole numbers times a scale for each column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

from training.model import HEAD, AttributionNet, Decoder

_FROZEN = "encoder.embeddings.word_embeddings.weight"
"""Never trained, so the pretrained encoder's own are exact."""
_LAYER = re.compile(r"layer\.\d+/output/LayerNorm/")
"""The end of a layer, by the name of its node."""


def shipped(folder: Path, encoder: str) -> tuple[AttributionNet, Decoder]:
    """The network, in evaluation mode, and the decoder that lie in `folder` as model.int8.onnx and decoder.json.

    `encoder`: the folder of the pretrained encoder. Raises KeyError: the file holds another network.
    """
    weights = _weights(onnx.load(str(folder / "model.int8.onnx")).graph)
    net = AttributionNet(encoder, *_shape(weights))
    own = {name: torch.from_numpy(weights[name]) for name in net.state_dict() if name != _FROZEN}
    net.load_state_dict(net.state_dict() | own)
    learnt = json.loads((folder / "decoder.json").read_text(encoding="utf-8"))["weights"]
    decoder = Decoder()
    decoder.load_state_dict({name: torch.tensor(learnt[name]) for name in decoder.state_dict()})
    return net.eval(), decoder


def with_layers(folder: Path, threads: int) -> tuple[Callable[..., list[np.ndarray]], int, int]:
    """The shipped file as a function from ids, mask and features to what each layer gives, batch x pieces x width, the
    last one last; and how many layers there are, and their width. Several times as fast as torch.
    """
    model = onnx.load(str(folder / "model.int8.onnx"))
    ends = [node for node in model.graph.node if node.op_type == "LayerNormalization" and _LAYER.search(node.name)]
    names = [node.output[0] for node in ends]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def run(ids: np.ndarray, mask: np.ndarray, features: np.ndarray) -> list[np.ndarray]:
        given = {"ids": ids, "mask": mask, "features": features}
        return list(session.run(names, {each.name: given[each.name] for each in session.get_inputs()}))

    width = next(len(numpy_helper.to_array(each)) for each in model.graph.initializer if each.name == ends[0].input[1])
    return run, len(names), width


def _weights(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """Each weight by its name in torch."""
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    named = {}
    for name, value in stored.items():
        if name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            whole = value.astype(np.float32) - stored[plain + "_zero_point"].astype(np.float32)
            named[plain] = whole * stored[plain + "_scale"]
        elif not name.endswith(("_scale", "_zero_point")):
            named[name] = value.copy()
    for node in graph.node:
        for read in node.input:
            plain = read.removesuffix("_quantized")
            if plain.startswith("onnx::MatMul") and plain in named and node.op_type.startswith("MatMul"):
                named[_module(node.name) + ".weight"] = np.ascontiguousarray(named[plain].T)
    return named


def _shape(weights: dict[str, np.ndarray]) -> tuple[range, int, int]:
    """The layers, from 0, and the neurons and heads of each."""
    neurons = [len(value) for name, value in weights.items() if name.endswith("intermediate.dense.bias")]
    queries = [len(value) for name, value in weights.items() if name.endswith("attention.self.query.bias")]
    return range(len(neurons)), neurons[0], queries[0] // HEAD


def _module(node: str) -> str:
    """The module of a node: a matrix has a number for its name, but the node that reads it is called after the module,
    as in /encoder/encoder/layer.0/output/dense/MatMul_quant or /tags/tags.0/MatMul.
    """
    parts = node.strip("/").split("/")[:-1]
    if len(parts) > 1 and parts[1].startswith(parts[0] + "."):
        parts = parts[1:]
    if parts[0].startswith("layer."):
        parts = ["encoder", "encoder", *parts]
    return ".".join(parts)
