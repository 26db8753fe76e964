"""Exact speaking rates for ONNX models that predict the duration of each phoneme.

Such models divide the durations by the speed and round each of them to whole frames. Durations are
small numbers that cluster at whole frames, so most of them change at the same speeds: hibari asked
for 230 words a minute gave 203, and for 260 gave 280. Piper rounds all of them up, and so hardly
gets faster. Here the sums of the durations are rounded instead of the durations: each phoneme ends
within half a frame of where it should, and the length of a text is in proportion to the speed.
"""

import onnx
from onnx import TensorProto, helper

_PREFIX = "fullcast_durations"
_ROUND, _CEIL = "Round", "Ceil"


def even_durations(model: onnx.ModelProto) -> None:
    """Replace the rounding of durations in a model; one that has no such node is left alone."""
    for index, node in enumerate(model.graph.node):
        if node.op_type in (_ROUND, _CEIL):
            del model.graph.node[index]
            for number, replacement in enumerate(_rounded_sums(model.graph, node)):
                model.graph.node.insert(index + number, replacement)
            return


def _rounded_sums(graph: onnx.GraphProto, node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Return nodes with the output of `node`, the differences between rounded sums."""
    scaled, rate = node.input[0], _length_scale(graph, node)
    graph.initializer.append(helper.make_tensor(_named("axis"), TensorProto.INT64, [], [-1]))
    nodes = []
    if rate:  # what rounding up adds on average, at any speed in proportion
        graph.initializer.append(helper.make_tensor(_named("half"), TensorProto.FLOAT, [], [0.5]))
        nodes.append(helper.make_node("Mul", [rate, _named("half")], [_named("added")]))
        nodes.append(helper.make_node("Add", [scaled, _named("added")], [_named("scaled")]))
        scaled = _named("scaled")
    for name, exclusive in (("end", 0), ("start", 1)):
        inputs, sums = [scaled, _named("axis")], _named(f"{name}_sum")
        nodes.append(helper.make_node("CumSum", inputs, [sums], exclusive=exclusive))
        nodes.append(helper.make_node(_ROUND, [sums], [_named(name)]))
    nodes.append(helper.make_node("Sub", [_named("end"), _named("start")], node.output))
    return nodes


def _length_scale(graph: onnx.GraphProto, node: onnx.NodeProto) -> str | None:
    """Return the factor of durations that are rounded up, the second of a product."""
    if node.op_type != _CEIL:
        return None
    product = next(other for other in graph.node if node.input[0] in other.output)
    return str(product.input[1])


def _named(part: str) -> str:
    return f"{_PREFIX}_{part}"
