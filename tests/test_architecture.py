"""What import-linter's contracts in `pyproject.toml` cannot say of the package."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1] / "pipeline"
HEAVY = {"PIL", "mutagen", "numpy", "pydub", "pyttsx3", "rich", "ruamel", "soxr"}


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_nothing_but_packages_stands_at_the_top() -> None:
    """A new module goes into one of the packages of the flow."""
    files = {path.name for path in ROOT.iterdir() if path.is_file()}
    assert files == {"__init__.py", "__main__.py", "py.typed"}


def test_only_the_command_prints_or_exits() -> None:
    """Nothing outside `cli` writes to stdout, asks or exits."""
    for path in sources():
        if path.relative_to(ROOT).parts[0] in ("cli", "__main__.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "input", "exit", "quit"), (
                    f"{path}:{node.lineno}"
                )
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.exit"), path


def test_a_class_name_stands_for_one_thing() -> None:
    """No two public classes of the package share a name."""
    places: dict[str, Path] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert node.name not in places, f"{node.name}: {path} and {places[node.name]}"
                places[node.name] = path


def test_no_implementation_stands_in_an_init() -> None:
    """A package's `__init__` describes it and may import from it, but defines nothing."""
    for path in sources():
        if path.name == "__init__.py" and path.parent.name not in ("cli", "pipeline"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                assert not isinstance(node, ast.ClassDef | ast.FunctionDef), path


def test_a_worker_imports_little() -> None:
    """What every worker process imports again, the command's module, brings nothing along."""
    modules = {module.split(".")[0] for module in imported(ROOT / "cli" / "__init__.py")}
    assert not modules & HEAVY
