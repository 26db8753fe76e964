"""How engines are found, and the engine for tests."""

import importlib
import subprocess
import sys
from array import array

import pytest

from pipeline.core.errors import EngineError
from pipeline.model.voice import Voice
from pipeline.tts.engines import registry
from pipeline.tts.engines.tone import RATE, Tone, frequency

TEXT = "The ferry leaves at nine, and nobody waits for it."


def test_listing_the_engines_imports_none_of_them():
    code = (
        "import sys; from pipeline.tts.engines import registry as engines;"
        "assert {'pyttsx3', 'tone'} <= set(engines.names());"
        "assert not [m for m in sys.modules if m.endswith(('pyttsx3', '.tone', 'numpy'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_engine_names_the_nearest():
    with pytest.raises(EngineError, match="no engine 'pytts3'; did you mean 'pyttsx3'"):
        registry.load("pytts3")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install another distribution with engines of the given source, as pip would."""

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


def test_an_engine_of_another_package_is_found(installed):
    installed("echo", "from pipeline.tts.engines.tone import Tone as Engine\n")
    assert "echo" in registry.names()
    assert registry.speak("echo", "hello", Voice("echo")).rate == RATE


def test_an_engine_whose_package_is_missing_says_how_to_get_it(installed):
    installed("lacking", "import no_such_package\n")
    with pytest.raises(EngineError, match=r"no_such_package.*pip install .* other"):
        registry.load("lacking")


def test_an_engine_that_fails_does_so_as_an_engine_error(installed):
    source = "class Engine:\n    def speak(self, text, voice):\n        raise KeyError(text)\n"
    installed("failing", source)
    with pytest.raises(EngineError, match="'failing' failed: KeyError: 'hello'"):
        registry.speak("failing", "hello", Voice("failing"))


def test_each_word_of_tone_begins_where_its_silence_ends():
    """Onsets can be counted: three words are three runs of sound."""
    samples = array("h", Tone().speak("one two three", Voice("tone")).pcm)
    loud = [max(map(abs, samples[n : n + 120])) > 0 for n in range(0, len(samples), 120)]
    onsets = sum(now and not before for before, now in zip([False, *loud], loud, strict=False))
    assert onsets == 3


def test_tone_is_the_same_every_time():
    first, second = (Tone().speak(TEXT, Voice("tone", "f1", pitch=70)) for _ in range(2))
    assert first == second


def test_the_voices_of_tone_can_be_told_apart():
    hertz = [frequency(info.id, 50) for info in Tone().voices()]
    gaps = [b - a for a, b in zip(sorted(hertz), sorted(hertz)[1:], strict=False)]
    assert min(gaps) >= 1
