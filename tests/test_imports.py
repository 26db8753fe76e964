"""The package is layered, and imports point one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "pipeline"
LAYERS = (
    ["errors"],
    ["nearest"],
    ["wording"],
    ["identity"],
    ["memory"],
    ["patience"],
    ["specs"],
    ["book"],
    ["authors"],
    ["readers"],
    ["quotes"],
    ["characters"],
    ["script"],
    ["attribution"],
    ["finder"],
    ["marks"],
    ["engines"],
    ["workers"],
    ["cluster"],
    ["fetch"],
    ["spoken"],
    ["lexicon"],
    ["likeness"],
    ["cast"],
    ["casts"],
    ["delivery"],
    ["fountain"],
    ["discovery"],
    ["utterances"],
    ["store"],
    ["scripts"],
    ["render"],
    ["audio"],
    ["voiceprint"],
    ["doubles"],
    ["blocks"],
    ["rests"],
    ["room"],
    ["meter"],
    ["loudness"],
    ["mended"],
    ["studio"],
    ["assemble"],
    ["ffmpeg"],
    ["encode"],
    ["limiting"],
    ["mastering"],
    ["cover"],
    ["tags"],
    ["recording"],
    ["split"],
    ["taping"],
    ["publish"],
    ["space"],
    ["captions"],
    ["retag"],
    ["folder"],
    ["production"],
    ["survey"],
    ["glossary"],
    ["audition"],
    ["check"],
    ["words"],
    ["cli"],
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
HEAVY = {"PIL", "mutagen", "numpy", "pydub", "pyttsx3", "rich", "ruamel", "soxr"}


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Give the modules that a file imports, with lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "pipeline":
                yield from ((f"pipeline.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def test_every_module_has_a_layer() -> None:
    """A new module is put into its place in the list above, or this fails."""
    found = {layer(path) for path in sources()} - {"__init__", "__main__"}
    assert found == set(RANK)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    """A module imports only from its own layer and from those before it."""
    if path.name in ("__main__.py",):
        return
    rank = RANK.get(layer(path), len(LAYERS))
    for module, line in imported(path):
        if module.startswith("pipeline.") and (target := module.split(".")[1]) in RANK:
            assert RANK[target] <= rank, f"{path}:{line} imports {module}"


def test_only_the_command_prints_or_exits() -> None:
    """Nothing outside `cli` writes to stdout, asks or exits."""
    for path in sources():
        if layer(path) in ("cli", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "input", "exit", "quit"), (
                    f"{path}:{node.lineno}"
                )
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.exit"), path


def test_a_worker_imports_little() -> None:
    """What every worker process imports again, the command's module, brings nothing along."""
    assert (
        not {module.split(".")[0] for module, _ in imported(ROOT / "cli" / "__init__.py")} & HEAVY
    )
