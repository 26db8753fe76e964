"""What every engine keeps, run over each that is installed; and how engines are found."""

import contextlib
import importlib
import pickle
import subprocess
import sys
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engines
from pipeline.engines.base import Voice
from pipeline.engines.tone import RATE, Tone, frequency
from pipeline.errors import EngineError

TEXT = "The ferry leaves at nine, and nobody waits for it."

every_engine = pytest.mark.parametrize("name", engines.names())


def voice(name, **settings):
    return Voice(engine=name, **settings)


def peak(clip):
    samples = array("h", clip.pcm)
    return max(map(abs, samples), default=0)


@every_engine
def test_an_engine_has_voices_with_ids_of_their_own(name):
    ids = [info.id for info in engines.voices(name)]
    assert ids
    assert len(set(ids)) == len(ids)


@every_engine
def test_a_clip_is_mono_16_bit_and_survives_the_way_between_processes(name):
    clip = engines.speak(name, TEXT, voice(name))
    assert 1.5 < clip.seconds < 6
    assert len(clip.pcm) % 2 == 0
    assert clip.rate >= 16_000
    assert peak(clip) > 1000
    assert pickle.loads(pickle.dumps(clip)) == clip


@every_engine
def test_each_voice_that_is_offered_speaks(name):
    for info in engines.voices(name):
        assert engines.speak(name, "a 1", voice(name, id=info.id)).seconds > 0.05


@every_engine
def test_each_variant_that_is_offered_speaks(name):
    info = engines.voices(name)[0]
    for variant in info.variants:
        assert engines.speak(name, "yes", voice(name, id=info.id + variant)).seconds > 0.05


@every_engine
def test_a_higher_rate_is_shorter_and_more_text_is_longer(name):
    slow, fast = (engines.speak(name, TEXT, voice(name, rate=rate)) for rate in (110, 220))
    assert slow.seconds > 1.6 * fast.seconds
    assert engines.speak(name, TEXT + " " + TEXT, voice(name)).seconds > 1.8 * slow.seconds / 1.5


@every_engine
def test_volume_scales_the_samples_down_to_silence(name):
    full, half, none = (peak(engines.speak(name, TEXT, voice(name, volume=v))) for v in (1, 0.5, 0))
    assert none <= 1
    assert 0.35 * full < half < 0.65 * full


@every_engine
def test_no_setting_stays_for_the_next_line(name):
    """After a line that sets everything, a plain line sounds as it did before."""
    before = engines.speak(name, TEXT, voice(name))
    last = engines.voices(name)[-1].id
    engines.speak(name, TEXT, voice(name, id=last, rate=300, pitch=90, volume=0.2))
    after = engines.speak(name, TEXT, voice(name))
    assert after == before


@every_engine
@pytest.mark.parametrize("text", ["", " ", "\n\t\n", "\x00", "\u200b", "\ud800", "\ue000"])
def test_a_blank_text_is_a_short_silence(name, text):
    """And not the text before it once more, which is what pyttsx3 would write."""
    engines.speak(name, TEXT, voice(name))
    clip = engines.speak(name, text, voice(name))
    assert clip.seconds < (0.2 if text.strip() == "" or name != "tone" else 1)
    assert name == "tone" or peak(clip) == 0


@every_engine
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_at_all_gives_a_clip_or_an_engine_error(name, text):
    with contextlib.suppress(EngineError):
        assert engines.speak(name, text, voice(name)).seconds < 200


@every_engine
@pytest.mark.parametrize(
    "wrong", [{"rate": 0}, {"rate": 10**6}, {"pitch": 101}, {"pitch": -1}, {"volume": 1.5}]
)
def test_a_number_out_of_range_is_told_with_the_range(name, wrong):
    with pytest.raises(EngineError, match=r"out of range.*use "):
        engines.speak(name, TEXT, voice(name, **wrong))


@every_engine
def test_an_unknown_voice_names_the_nearest_and_harms_nothing(name):
    known = engines.voices(name)[0].id
    with pytest.raises(EngineError, match=f"did you mean .*{known}"):
        engines.speak(name, TEXT, voice(name, id=known + "x"))
    assert engines.speak(name, TEXT, voice(name)).seconds > 1


@every_engine
def test_a_fingerprint_names_the_engine_and_is_the_same_in_every_process(name):
    code = f"from pipeline import engines; print(engines.fingerprint({name!r}), end='')"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == engines.fingerprint(name)
    assert said.stdout.startswith(name + " ")


@every_engine
def test_nothing_reaches_stdout(name, capfd):
    engines.voices(name)
    engines.speak(name, TEXT, voice(name))
    assert capfd.readouterr().out == ""


def test_listing_the_engines_imports_none_of_them():
    code = (
        "import sys; from pipeline import engines;"
        "assert {'pyttsx3', 'tone'} <= set(engines.names());"
        "assert not [m for m in sys.modules if m.endswith(('pyttsx3', '.tone', 'numpy'))]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_engine_names_the_nearest():
    with pytest.raises(EngineError, match="no engine 'pytts3'; did you mean 'pyttsx3'"):
        engines.load("pytts3")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install another distribution with engines of the given source, as pip would."""

    def install(name, source):
        info = tmp_path / "other-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{engines.GROUP}]\n{name} = other_{name}:Engine\n")
        (tmp_path / f"other_{name}.py").write_text(source)
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()

    return install


def test_an_engine_of_another_package_is_found(installed):
    installed("echo", "from pipeline.engines.tone import Tone as Engine\n")
    assert "echo" in engines.names()
    assert engines.speak("echo", "hello", Voice("echo")).rate == RATE


def test_an_engine_whose_package_is_missing_says_how_to_get_it(installed):
    installed("lacking", "import no_such_package\n")
    with pytest.raises(EngineError, match=r"no_such_package.*pip install 'fullcast\[lacking\]'"):
        engines.load("lacking")


def test_an_engine_that_fails_does_so_as_an_engine_error(installed):
    source = "class Engine:\n    def speak(self, text, voice):\n        raise KeyError(text)\n"
    installed("failing", source)
    with pytest.raises(EngineError, match="'failing' failed: KeyError: 'hello'"):
        engines.speak("failing", "hello", Voice("failing"))


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
