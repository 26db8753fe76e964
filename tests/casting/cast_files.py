"""A voices.yaml in a folder, the voices that its engines offer, and names for its characters."""

from pathlib import Path

from hypothesis import strategies as st

from pipeline.model.voice import VoiceInfo

ENGINES = ("pyttsx3", "tone")
VARIANTS = (*(f"+m{n}" for n in range(1, 9)), *(f"+f{n}" for n in range(1, 6)))
ODD_VARIANTS = ("+whisper", "+croak", "+klatt2")
LANGUAGES = {
    "gmw/de": "de",
    "gmw/en": "en-gb",
    "gmw/en-gb-scotland": "en-gb-scotland",
    "gmw/en-shaw": "en-shaw",
    "gmw/en-us": "en-us",
}
INFOS = [
    VoiceInfo(voice, voice, language, "male", None, VARIANTS + ODD_VARIANTS, formant=True)
    for voice, language in LANGUAGES.items()
]

words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1)
names = words.filter(lambda w: w != "~" and w.casefold() not in ("narrator", "unknown"))


def voices_of(engine: str) -> list[VoiceInfo]:
    return INFOS if engine == "pyttsx3" else [VoiceInfo("sine", "Sine", "en")]


def write_cast(folder: Path, text: str | bytes) -> Path:
    path = folder / "voices.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def without_case(name: str) -> str:
    """Names with different results are different names."""
    # Upper and lower case both: folding joins more letters than either does alone.
    return name.casefold().upper().casefold()
