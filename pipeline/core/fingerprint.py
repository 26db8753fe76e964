"""Cache keys, and fingerprints of the code that computes what is cached under them.

A cached result is reused while its inputs and the code that computed it are the same. A version
number that somebody has to remember to raise would one day let an old sound pass for a new one, so
the code itself is hashed: only what can change the result, without comments and docstrings.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class ResultSources:
    """What a kind of result is computed with: globs of files in the package, and libraries."""

    files: Sequence[str]
    libraries: Sequence[str]


ResultKind = Literal["attribution", "voice", "audio"]

_SHARED_FILES = (
    "core/data.py",
    "core/numerals.py",
    "core/suggestions.py",
    "core/text.py",
    "core/typography.py",
    "data/*/*.txt",
    "model/**/*.py",
)
"""Files that count for every result. The rest of core moves content and does not make any."""

_SPEECH_FILES = (*_SHARED_FILES, "audio/**/*.py", "synthesis/**/*.py", "tts/**/*.py")
_SPEECH_LIBRARIES = (
    "audioop-lts",  # used by pydub
    "emoji",
    "espeakng-loader",
    "imageio-ffmpeg",
    "num2words",
    "numpy",
    "pedalboard",
    "pydub",
    "pyelftools",
    "pyttsx3",
    "sentencex",
    "soxr",
)

RESULT_SOURCES: dict[ResultKind, ResultSources] = {
    # The speaker, the delivery and the pause of each line.
    "attribution": ResultSources(
        (
            *_SHARED_FILES,
            "data/speakers.json",
            "dialogue/**/*.py",
            "ingest/**/*.py",
            "ingest/office/page.html",
        ),
        (
            "charset-normalizer",
            "ftfy",
            "fountain-py",
            "gender-guesser",
            "lxml",
            "markdown-it-py",
            "mdit-py-plugins",
            "num2words",
            "numpy",
            "rapidfuzz",
            "ruamel.yaml",
        ),
    ),
    # The loudness and the voiceprint of a voice, measured on clips.
    "voice": ResultSources(
        (*_SPEECH_FILES, "casting/similarity.py", "casting/voiceprint.py"), _SPEECH_LIBRARIES
    ),
    # Encoded parts and files, and the gain that brings a file to its loudness. The encoders add
    # ffmpeg's version; texts, voices, gains and pauses are in the keys by their values.
    "audio": ResultSources(
        (*_SPEECH_FILES, "export/*.py", "export/encoding/**/*.py", "mix/**/*.py"),
        _SPEECH_LIBRARIES,
    ),
}
"""Which results depend on what; `tests/core/test_fingerprint.py` compares it with the imports.

What `app` and `cli` do must therefore not change a cached result but through values in its key.
"""


def cache_key(value: object) -> str:
    """Return the SHA-256, 64 hexadecimal digits, of anything that JSON can represent."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


@cache
def code_fingerprint(kind: ResultKind) -> str:
    """Return the SHA-256 of the files and library versions that can change a kind of result.

    Measured: 27 ms for all three kinds, once per process.
    """
    sources = RESULT_SOURCES[kind]
    files = {path for pattern in sources.files for path in _PACKAGE.glob(pattern)}
    names = sorted((path.relative_to(_PACKAGE).as_posix(), path) for path in files)
    return cache_key(
        [
            [(name, _file_digest(path)) for name, path in names],
            [(library, _version(library)) for library in sources.libraries],
        ]
    )


@cache
def _file_digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".py":
        content = without_comments(content.decode("utf-8")).encode("utf-8")
    return hashlib.sha256(content).hexdigest()


_BLANK_OR_COMMENT = re.compile(r"\n[ \t]*(?:#[^\n]*)?(?=\n)")


def without_comments(source: str) -> str:
    """Return Python source without docstrings, comments on lines of their own, and blank lines.

    Goes by triple quotes alone, as our formatter writes them, since the tokenizer would take twenty
    times as long. Where in doubt, text stays.
    """
    code, *rest = source.split('"""')
    if len(rest) % 2:
        return source  # a triple quote that opens or closes no string
    pieces = []
    for string, following in zip(rest[::2], rest[1::2], strict=True):
        if _is_docstring(code, following):
            code += following
        else:
            pieces += [_BLANK_OR_COMMENT.sub("", code), string]
            code = following
    return '"""'.join([*pieces, _BLANK_OR_COMMENT.sub("", code)])


def _is_docstring(before: str, after: str) -> bool:
    """Return whether a string is a statement of its own, by the code around it."""
    code = before.rstrip()
    starts_line = not code or "\n" in before[len(code) :]
    continues_expression = code.endswith(("(", "[", "{", ",", "=", "+", "%", "|"))
    return starts_line and not continues_expression and (not after or after.startswith("\n"))


@cache
def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None  # not needed on this system or by this Python
