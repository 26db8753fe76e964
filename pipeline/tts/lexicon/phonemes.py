"""Grapheme-to-phoneme conversion by eSpeak NG, through its library and without pyttsx3.

Call it in a worker process that runs no engine: the library can be initialised only once.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.core.errors import EngineError

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: no audio device is opened
_UTF8, _IPA = 1, 2
_OK = 0
_REMEDY = "run `fullcast doctor`"


def to_ipa(texts: Sequence[str], voices: Sequence[str]) -> list[str]:
    """Return each text in IPA, as the first of `voices` that eSpeak NG has pronounces it.

    A voice is an id (`gmw/en-us+m3`) or a language (`en`). A text that is IPA between double
    brackets is returned without them. Raises EngineError if the library cannot be started or has
    none of the voices.
    """
    library = _library()
    if not any(library.espeak_SetVoiceByName(v.encode()) == _OK for v in (*voices, "en")):
        raise EngineError.of("eSpeak NG finds none of its voices", remedy=_REMEDY)
    return [" ".join(_clauses(library, text)) for text in texts]


@cache
def _library() -> ctypes.CDLL:
    import espeakng_loader  # noqa: PLC0415 - only one command needs it

    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        sample_rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
    except (OSError, RuntimeError, AttributeError) as error:
        raise EngineError.of(f"eSpeak NG cannot start: {error}", remedy=_REMEDY) from error
    if sample_rate < 0:
        raise EngineError.of("eSpeak NG cannot start", remedy=_REMEDY)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = (
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    )
    return library


def _clauses(library: ctypes.CDLL, text: str) -> Iterator[str]:
    """Yield the IPA clause by clause: each call reads one and advances the pointer."""
    if text.startswith("[[") and text.endswith("]]"):
        yield text[2:-2]
        return
    rest = ctypes.c_char_p(text.encode())
    while rest.value:
        ipa = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
        yield ipa.decode("utf-8", "replace").strip()
