"""Durations that are rounded by their sums: how long a text takes follows the speed exactly."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from pipeline.tts.engines.even_durations import even_durations
from pipeline.tts.engines.speeds import adapted, setting_for, speeds_of

DURATIONS = [2.0, 2.1, 1.9, 4.0, 2.0, 0.4, 7.2, 2.0, 3.0, 2.0, 2.0, 4.1]


def rounded(rounding: str, factor: float, shape: list[int]) -> list[float]:
    """Return the durations in frames that a model makes of `DURATIONS` times a factor."""
    nodes = [
        helper.make_node("Mul", ["durations", "factor"], ["scaled"]),
        helper.make_node(rounding, ["scaled"], ["frames"]),
        helper.make_node("Identity", ["frames"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("durations", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("factor", TensorProto.FLOAT, []),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "durations", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    even_durations(model)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    values = np.array(DURATIONS, np.float32).reshape(shape)
    given = session.run(None, {"durations": values, "factor": np.array(factor, np.float32)})[0]
    return [float(value) for value in np.ravel(given)]


@pytest.mark.parametrize("shape", [[12], [1, 12], [1, 1, 12]])
@pytest.mark.parametrize("factor", [0.5, 0.72, 0.8, 1.0, 1.37, 2.0])
def test_sums_of_rounded_durations_are_exact(shape: list[int], factor: float) -> None:
    """Where each by itself would jump: 2.0 becomes 1 below 0.75, and 2 above."""
    frames = rounded("Round", factor, shape)
    wanted = factor * np.cumsum(DURATIONS)
    assert np.abs(np.cumsum(frames) - wanted).max() <= 0.51
    assert all(value == round(value) >= 0 for value in frames)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.6])
def test_durations_that_were_rounded_up_are_as_long_on_average(factor: float) -> None:
    frames = rounded("Ceil", factor, [1, 12])
    assert sum(frames) == pytest.approx(factor * (sum(DURATIONS) + 6), abs=0.51)


def test_model_without_durations_is_left_alone() -> None:
    node = helper.make_node("Abs", ["x"], ["y"])
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    model = helper.make_model(helper.make_graph([node], "plain", values[:1], values[1:]))
    before = model.SerializeToString()
    even_durations(model)
    assert model.SerializeToString() == before


def test_setting_for_a_rate_follows_the_curve() -> None:
    curve = ((0.5, 0.6), (1.0, 1.0), (2.0, 1.6))
    assert speeds_of(curve) == (0.6, 1.6)
    assert setting_for(150, 150, curve) == pytest.approx(1.0)
    assert setting_for(195, 150, curve) == pytest.approx(1.5)
    assert setting_for(10, 150, curve) == 0.5
    assert setting_for(900, 150, curve) == 2.0


CURVE = ((0.5, 0.5), (1.0, 1.0), (1.5, 1.4), (2.0, 1.7))


def test_a_voice_of_the_measured_pace_has_its_curve() -> None:
    assert np.allclose(adapted(CURVE, 1.0), CURVE)


@pytest.mark.parametrize("slower", [0.7, 0.9, 1.3, 2.0])
def test_a_slow_voice_loses_less_of_its_speed(slower: float) -> None:
    """At its own pace nothing is lost, whatever that is; no setting is beyond the model's."""
    curve = adapted(CURVE, slower)
    settings, given = np.array(curve).T
    assert (np.diff(settings) > 0).all()
    assert (np.diff(given) > 0).all()
    assert settings[-1] <= 2.0
    assert setting_for(100, 100, curve) == pytest.approx(1.0)
    lost, usual = 1.5 - np.interp(1.5, settings, given), 0.1
    assert lost < usual if slower > 1 else settings[-1] < 1.5 or lost > usual
