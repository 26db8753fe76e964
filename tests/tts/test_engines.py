"""The registry of engines, and the tone engine."""

import importlib
import os
import subprocess
import sys
from array import array

import pytest

from pipeline.core.errors import EngineError
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from pipeline.tts.engines.tone import RATE, Tone, frequency

TEXT = "The ferry leaves at nine, and nobody waits for it."


def test_listing_engines_imports_none_of_them():
    code = (
        "import sys; from pipeline.tts.engines import registry as engines;"
        "assert {'pyttsx3', 'tone'} <= set(engines.names());"
        "assert not [m for m in sys.modules if m.endswith(('pyttsx3', '.tone', 'numpy'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_engine_suggests_the_nearest():
    with pytest.raises(EngineError, match="no engine 'pytts3'; did you mean 'pyttsx3'"):
        registry.load("pytts3")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return a function that installs a distribution with an engine, as pip would."""

    def install(name, source):
        info = tmp_path / "other-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
        (info / "entry_points.txt").write_text(
            f"[{registry.GROUP}]\n{name} = other_{name}:Engine\n"
        )
        (tmp_path / f"other_{name}.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()

    return install


def test_engine_of_another_package_is_found(installed):
    installed("echo", "from pipeline.tts.engines.tone import Tone as Engine\n")
    assert "echo" in registry.names()
    assert registry.speak("echo", "hello", Voice("echo")).rate == RATE


def test_missing_package_is_reported_with_install_command(installed):
    installed("lacking", "import no_such_package\n")
    with pytest.raises(EngineError, match=r"no_such_package.*pip install .* other"):
        registry.load("lacking")


def test_any_error_in_an_engine_becomes_an_engine_error(installed):
    source = "class Engine:\n    def speak(self, text, voice):\n        raise KeyError(text)\n"
    installed("failing", source)
    with pytest.raises(EngineError, match="'failing' failed: KeyError: 'hello'"):
        registry.speak("failing", "hello", Voice("failing"))


def test_tone_separates_words_by_silence():
    """Three words have three onsets."""
    samples = array("h", Tone().speak("one two three", Voice("tone")).pcm)
    loud = [max(map(abs, samples[n : n + 120])) > 0 for n in range(0, len(samples), 120)]
    onsets = sum(now and not before for before, now in zip([False, *loud], loud, strict=False))
    assert onsets == 3


def test_tone_is_deterministic():
    first, second = (Tone().speak(TEXT, Voice("tone", "f1", pitch=70)) for _ in range(2))
    assert first == second


def test_voices_of_tone_have_distinct_frequencies():
    hertz = [frequency(info.id, 50) for info in Tone().voices()]
    gaps = [b - a for a, b in zip(sorted(hertz), sorted(hertz)[1:], strict=False)]
    assert min(gaps) >= 1


def test_engines_keep_nothing_in_the_home_folder_and_send_nothing(tmp_path):
    """ONNX Runtime 1.32 else keeps an id of the machine there, and reports what is loaded."""
    code = (
        "from pipeline.tts.engines import registry;"
        "print([registry.is_installed(name) for name in registry.names()])"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
