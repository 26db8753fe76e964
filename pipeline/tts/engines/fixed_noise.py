"""A network that draws noise, made to draw the same noise for the same text.

Piper's models hold nodes `RandomNormalLike`. onnxruntime seeds them once, when a model is loaded,
and from then on they run on: a text's length and sound depend on how much was said before it, and
so on which worker says it. Noise of 0 would cure that and sound flat; loading the model anew for
each text costs half as much again as speaking. Here each node becomes a read from a table of
noise that is part of the model, from its beginning for each text.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

_LENGTH = 1_048_573  # a prime: where a text needs more, its rows do not repeat side by side
_TABLE = "fullcast_noise"
_RANDOM = "RandomNormalLike"


def steady(file: Path) -> bytes:
    """Give the model as bytes, without nodes that draw normal noise of their own.

    Whatever `onnx.load` raises is let through.
    """
    model = onnx.load(str(file))
    nodes = list(model.graph.node)
    if not any(node.op_type == _RANDOM for node in nodes):
        return file.read_bytes()
    noise = np.random.default_rng(0).standard_normal(_LENGTH, dtype=np.float32)
    constants: dict[str, npt.NDArray[Any]] = {
        _TABLE: noise,
        f"{_TABLE}_zero": np.array(0, np.int64),
        f"{_TABLE}_one": np.array(1, np.int64),
        f"{_TABLE}_length": np.array(_LENGTH, np.int64),
    }
    model.graph.initializer.extend(numpy_helper.from_array(a, n) for n, a in constants.items())
    del model.graph.node[:]
    for number, node in enumerate(nodes):
        made = _read(node, number) if node.op_type == _RANDOM else [node]
        model.graph.node.extend(made)
    return bytes(model.SerializeToString())


def _read(node: onnx.NodeProto, number: int) -> list[onnx.NodeProto]:
    """Give the nodes that put noise of the same shape where `node` would draw it."""
    settings = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    if settings.keys() - {"dtype"} or settings.get("dtype", 1) != TensorProto.FLOAT:
        raise ValueError(f"noise of a kind that is not known: {settings}")
    shape, size, places, wrapped, drawn = (
        f"{_TABLE}_{number}_{part}" for part in ("shape", "size", "places", "wrapped", "drawn")
    )
    return [
        helper.make_node("Shape", list(node.input), [shape]),
        helper.make_node("ReduceProd", [shape], [size], keepdims=0),
        helper.make_node("Range", [f"{_TABLE}_zero", size, f"{_TABLE}_one"], [places]),
        helper.make_node("Mod", [places, f"{_TABLE}_length"], [wrapped]),
        helper.make_node("Gather", [_TABLE, wrapped], [drawn]),
        helper.make_node("Reshape", [drawn, shape], list(node.output)),
    ]
