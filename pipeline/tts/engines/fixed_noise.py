"""Deterministic noise for ONNX models that draw random numbers.

Piper's models contain `RandomNormalLike` nodes. onnxruntime seeds them once, when a model is
loaded; from then on the length and sound of a text depend on how much was synthesised before it,
and so on which worker does it. Noise of 0 would be deterministic but sound flat; loading the model
for each text costs half as much again as synthesis. Instead, each node is replaced by a read from a
table of noise within the model, from its beginning for each text.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

_LENGTH = 1_048_573  # a prime: when the table wraps round, rows do not repeat side by side
_TABLE = "fullcast_noise"
_RANDOM = "RandomNormalLike"


def fix_noise(model: onnx.ModelProto) -> None:
    """Replace the random nodes of a model; raise ValueError for an unsupported kind of noise."""
    nodes = list(model.graph.node)
    if not any(node.op_type == _RANDOM for node in nodes):
        return
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
        replacement = _table_read(node, number) if node.op_type == _RANDOM else [node]
        model.graph.node.extend(replacement)


def _table_read(node: onnx.NodeProto, number: int) -> list[onnx.NodeProto]:
    """Return nodes that read noise of the shape that `node` would draw."""
    attributes = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    if attributes.keys() - {"dtype"} or attributes.get("dtype", 1) != TensorProto.FLOAT:
        raise ValueError(f"unsupported attributes of {_RANDOM}: {attributes}")
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
