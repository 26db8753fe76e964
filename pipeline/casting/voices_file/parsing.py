"""Parse voices.yaml to a tree of nodes.

Nodes, not the values made of them, keep the text as it is written: a character may be called `1984`
or `NO`, a key that appears twice is seen twice, and every mistake has its line.
"""

import warnings
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from pipeline.casting.voices_file.syntax_errors import explain, explain_character
from pipeline.core import paths
from pipeline.core.errors import CastError

MAX_BYTES = 10_000_000
"""A role takes some two hundred bytes."""


def parse(path: Path) -> Node | None:
    """Return the root node of a file, None when it is empty; raise CastError if it is not YAML."""
    text = _read(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor may be defined again
            root: Node | None = YAML().compose(text)
    except ReaderError as error:
        raise CastError(explain_character(error, text, path)) from error
    except MarkedYAMLError as error:
        raise CastError(explain(error, text, path)) from error
    except RecursionError as error:
        remedy = "look for brackets that are opened many times"
        raise CastError.of("nested too deeply", file=path, remedy=remedy) from error
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # Some malformed input makes ruamel.yaml itself fail.
        raise CastError.of(f"not YAML ({type(error).__name__}: {error})", file=path) from error
    return root


def _read(path: Path) -> str:
    """Return the text of a file without its byte-order mark."""
    try:
        raw = paths.read_bytes(path, MAX_BYTES, CastError)
    except FileNotFoundError as error:
        remedy = "create one, or name another with --voices"
        raise CastError.of("no such cast file", file=path, remedy=remedy) from error
    except IsADirectoryError as error:
        remedy = f"name a file in it, such as {path / 'voices.yaml'}"
        raise CastError.of("this is a folder, not a cast file", file=path, remedy=remedy) from error
    except OSError as error:
        raise CastError.of(f"cannot read the cast: {error.strerror or error}", file=path) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + raw.count(b"\n", 0, error.start)
        remedy = "save it as UTF-8 in your editor"
        raise CastError.of("not UTF-8 text", file=path, line=line, remedy=remedy) from error
