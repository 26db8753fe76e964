"""How eSpeak NG says words, in IPA: by its own library, without pyttsx3.

To be called in a worker process that has no engine: the library can be started only once.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.core.errors import EngineError

_SILENT = 2  # AUDIO_OUTPUT_SYNCHRONOUS: no loudspeaker is opened
_UTF8, _IPA = 1, 2
_OK = 0


def phonemes(texts: Sequence[str], voices: Sequence[str]) -> list[str]:
    """Give each text in IPA, by the first of `voices` that eSpeak NG has.

    A voice is an id (`gmw/en-us+m3`) or a language (`en`). IPA within double brackets stays as it
    is. Raises EngineError when the library cannot be started or has none of the voices.
    """
    library = _library()
    if not any(library.espeak_SetVoiceByName(v.encode()) == _OK for v in (*voices, "en")):
        raise EngineError.of("eSpeak NG has none of its voices", remedy="run `fullcast doctor`")
    return [" ".join(_spoken(library, text)) for text in texts]


@cache
def _library() -> ctypes.CDLL:
    import espeakng_loader  # noqa: PLC0415 - needed by one command

    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        started = library.espeak_Initialize(_SILENT, 0, data, 0)
    except (OSError, RuntimeError, AttributeError) as error:
        remedy = "run `fullcast doctor`"
        raise EngineError.of(f"eSpeak NG cannot start: {error}", remedy=remedy) from error
    if started < 0:
        raise EngineError.of("eSpeak NG cannot start", remedy="run `fullcast doctor`")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = (
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    )
    return library


def _spoken(library: ctypes.CDLL, text: str) -> Iterator[str]:
    """Give the text clause by clause: the library reads one and moves the pointer on."""
    if text.startswith("[[") and text.endswith("]]"):
        yield text[2:-2]
        return
    rest = ctypes.c_char_p(text.encode())
    while rest.value:
        said = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA)
        yield said.decode("utf-8", "replace").strip()
