"""A fuzzer: the real commands, in this process, on mutated files and odd options.

usage: python -m benchmarks.fuzz [--minutes 60] [--seed 1] [--only TARGET ...] [--keep FOLDER]
       python -m benchmarks.fuzz --replay TARGET:SEED:NUMBER

Mutated are sources of every format, casts, scripts, lists of files in output folders, cached clips,
covers and tagged audio files; options are drawn for every command that click knows. A finding is an
exit status of 3 (a bug), a command that takes over 60 s of CPU time, ten minutes, or 4 GB, a
changed input, or anything written outside the output, the cache and the folder for temporary files.
Each case follows from its name, and is run again by `--replay`.
"""

import argparse
import contextlib
import faulthandler
import hashlib
import io
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from types import FrameType
from typing import Any

import click

from benchmarks.mutations import ODD_TEXTS, mutated
from pipeline.cli.run import BUG, fullcast, run

ROOT = Path(__file__).parents[1]
LIMIT_SECONDS, LIMIT_BYTES = 60, 4_000_000_000
_LIMIT_OF_CLOCK = 600
"""Seconds, on a machine that has other work."""
_CAST = (
    "engine: tone\nnarrator: {voice: even, rate: 160}\ncharacters:\n"
    "  Mara: {aliases: [Captain], gender: female, voice: high, pitch: 52, lexicon: {quay: key}}\n"
    "  Tom: {gender: male, voice: low, pitch: 51, volume: 0.8}\n"
    "pauses: {sentence: 0.25, paragraph: 0.6, speaker: 0.4, scene: 1.5, chapter: 2.5}\n"
    "lexicon: {Arkham: AR-kum}\nunknown: narrator\n"
)
_BOOK = (
    "---\ntitle: The Lamp\nauthor: A. Person\nlanguage: en\n---\nChapter 1. The Quay\n\n"
    'Mara put down the lamp in 1890. "Who is there?" asked Mara. "Only me," said Tom.\n\n* * *\n\n'
    'They waited; it was 9:30.\n\nChapter 2. The Boat\n\n"Row," said Mara.\n\n"I am," said Tom.\n'
)
_FORMATS = ("m4b", "mp3", "opus", "flac", "wav")
_FIELDS = ("--title", "--author", "--year", "--series", "--part", "--description", "--language")


class HangError(BaseException):
    """A command takes too long; no command catches it."""


@dataclass(frozen=True)
class Seeds:
    """The files to mutate, by kind: `sources`, `casts`, `scripts`, `audio`, `covers`."""

    files: Mapping[str, Sequence[Path]]
    rendered: Path
    """A folder with a book that was rendered, its output and its cache."""

    def pick(self, kind: str, chance: random.Random) -> tuple[str, bytes]:
        """Return the name and the mutated content of one."""
        paths = self.files[kind]
        path = chance.choice(paths)
        others = [chance.choice(paths).read_bytes() for _ in range(2)]
        return path.name, mutated(path.read_bytes(), others, chance)


Case = tuple[list[str], set[str]]
"""A command line, and the names in the folder that the command may change."""


def main() -> None:
    """Run cases in turn until the time is over, and print the findings."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(TARGETS))
    parser.add_argument("--replay", metavar="CASE")
    parser.add_argument("--keep", type=Path, help="copy the folders of findings here")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, resource.RLIM_INFINITY))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        root = Path(folder).resolve()
        seeds = make_seeds(root / "seeds")
        sys.addaudithook(_audit)
        if arguments.replay:
            print(_run_case(arguments.replay, seeds, root, arguments.keep) or "as it should be")
            return
        _run_cases(arguments, seeds, root)


def _run_cases(arguments: argparse.Namespace, seeds: Seeds, root: Path) -> None:
    end = time.monotonic() + 60 * arguments.minutes
    ran: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for number, target in zip(count(), cycle(arguments.only or TARGETS), strict=False):
        if time.monotonic() > end:
            break
        finding = _run_case(f"{target}:{arguments.seed}:{number}", seeds, root, arguments.keep)
        ran[target] += 1
        found[target] += finding is not None
        if finding:
            print(f"{target}:{arguments.seed}:{number}: {finding}", flush=True)
    print("\n| target | cases | findings |\n|---|---|---|")
    for target in ran:
        print(f"| {target} | {ran[target]:,} | {found[target]} |")


def _run_case(name: str, seeds: Seeds, root: Path, keep: Path | None) -> str | None:
    """Make a case in a new folder, run its command, and return what is wrong, if anything is."""
    chance = random.Random(name)
    place = root / "case"
    shutil.rmtree(place, ignore_errors=True)
    project = place / "project"
    for folder in (project, place / "outside", place / "home", place / "temporary"):
        folder.mkdir(parents=True)
    (place / "outside" / "precious.txt").write_text("precious")
    (project / "book.txt").write_text(_BOOK)
    (project / "voices.yaml").write_text(_CAST)
    words, writable = TARGETS[name.partition(":")[0]](project, seeds, chance)
    before = dict(_contents(place))
    problem = _outcome(words, project)
    after = dict(_contents(place))
    allowed = {"output", "cache", *writable}
    for path in before.keys() | after.keys():
        top, _, inner = path.partition("/")
        free = top == "temporary" or (top == "project" and inner.split("/")[0] in allowed)
        if not free and before.get(path) != after.get(path):
            problem = problem or f"{path} was changed"
    problem = problem or next(iter(_outside), None)
    _outside.clear()
    if problem is None:
        return None
    if keep:
        shutil.copytree(place, keep / name.replace(":", "-"), symlinks=True, dirs_exist_ok=True)
    return f"{problem}: {' '.join(word[:60] for word in words)!r}"


def _outcome(words: Sequence[str], project: Path) -> str | None:
    """Run a command, and return what is wrong with its outcome, if anything is."""
    output, place = io.StringIO(), project.parent
    environment = {
        "FULLCAST_CACHE": str(project / "cache"),
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "temporary"),
    }
    signal.signal(signal.SIGALRM, _expire)
    signal.signal(signal.SIGPROF, _expire)
    faulthandler.dump_traceback_later(2 * _LIMIT_OF_CLOCK, exit=True)
    former = dict(os.environ)
    os.environ.update(environment)
    tempfile.tempdir = None
    _watched.append(place)
    try:
        signal.alarm(_LIMIT_OF_CLOCK)
        signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
        with (
            contextlib.chdir(project),
            contextlib.redirect_stderr(output),
            contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")),
        ):
            status = run(list(words))
    except HangError:
        return "hangs"
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _watched.clear()
        faulthandler.cancel_dump_traceback_later()
        os.environ.clear()
        os.environ.update(former)
        tempfile.tempdir = None
    text = output.getvalue()
    if status == BUG or "Traceback" in text:
        return f"exit {status}, {_bug(project) or text.strip()[-300:]}"
    if "not enough memory" in text:
        return "takes too much memory"
    return None if status in (0, 1, 2) else f"exit {status}"


def _bug(project: Path) -> str:
    """Return the last lines of the log: the error, and where it arose."""
    logs = [*(project / "cache" / "log").glob("*.log")]
    rows = logs[0].read_text(errors="replace").splitlines() if logs else []
    places = [row.strip() for row in rows if row.lstrip().startswith("File ")]
    kinds = [row for row in rows if "; exit 3" in row]
    return f"{kinds[-1].rpartition('; ')[2] if kinds else '?'} at {places[-1] if places else '?'}"


def _expire(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


_watched: list[Path] = []
_outside: list[str] = []
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.symlink", "os.link"}


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what this process writes, moves or removes outside the folder of the case."""
    if not _watched or (event != "open" and event not in _CHANGES):
        return
    if event == "open":
        path, _, flags = arguments
        names = [path] if isinstance(flags, int) and flags & _WRITING else []
    else:
        names = [argument for argument in arguments if isinstance(argument, (str, bytes, Path))]
    for name in names:
        if isinstance(name, (str, bytes, Path)):
            path = os.path.abspath(os.fsdecode(name))
            if not path.startswith((f"{_watched[0]}/", "/dev/")) and "__pycache__" not in path:
                _outside.append(f"{event} of {path}")


def _contents(place: Path) -> Iterator[tuple[str, str]]:
    for path in place.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(place)), hashlib.sha256(path.read_bytes()).hexdigest()


# What is fuzzed.


def _put(project: Path, name: str, data: bytes) -> str:
    (project / name).write_bytes(data)
    return name


def _source(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    name = _put(project, *seeds.pick("sources", chance))
    tails = (
        *(["chapters"], ["chapters", "--json"], ["script", "--json"], ["script", "--doubtful"]),
        *(["text"], ["render", "--dry-run"], ["cast"], ["script", "-o", "new.fountain"]),
    )
    return [*chance.choice(tails), name], {"voices.yaml", "new.fountain"}


def _render(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    name = _put(project, *seeds.pick(chance.choice(("sources", "scripts")), chance))
    form = chance.choice(_FORMATS)
    more = chance.choice(([], ["--split"], ["--captions=vtt"], ["--keep-going"]))
    return ["render", name, "--jobs=1", "--quiet", f"--format={form}", *more], set()


def _cast(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    _, data = seeds.pick("casts", chance)
    _put(project, "voices.yaml", data)
    tails = (
        *(["render", "--dry-run"], ["cast"], ["script", "--json"], ["chapters"]),
        *(["lexicon"], ["audition", "--book"]),
    )
    return [*chance.choice(tails), "book.txt"], {"voices.yaml"}


def _script(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    _, data = seeds.pick("scripts", chance)
    name = _put(project, "book.fountain", data)
    tails = (
        *(["render", "--dry-run", name], ["script", name, "--json"], ["chapters", name]),
        *(["script", "book.txt", "-o", name], ["cast", name], ["text", name]),
    )
    return list(chance.choice(tails)), {name, f"{name}.bak", "voices.yaml"}


def _rendered(project: Path, seeds: Seeds) -> None:
    shutil.copytree(seeds.rendered, project, symlinks=True, dirs_exist_ok=True)


def _manifest(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    _rendered(project, seeds)
    path = project / "output" / "book" / ".fullcast.json"
    path.write_bytes(mutated(path.read_bytes(), [b'["../../outside/precious.txt", {}]'], chance))
    words = ["render", "book.txt", "--split", "--jobs=1", "--quiet", "--format=mp3"]
    return chance.choice((words, ["tag", "output/book", "--genre=X"])), set()


def _cached(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    _rendered(project, seeds)
    paths = sorted(path for path in (project / "cache").rglob("*") if path.is_file())
    for path in chance.sample(paths, min(len(paths), chance.choice((1, 5, 40)))):
        path.chmod(0o600)
        path.write_bytes(mutated(path.read_bytes(), [chance.choice(paths).read_bytes()], chance))
    form = chance.choice(("--format=m4b", "--format=mp3", "--split"))
    words = ["render", "book.txt", "--jobs=1", "--quiet", form]
    return chance.choice((words, words, ["script", "book.txt", "--json"], ["cache"])), set()


def _cover(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    name = _put(project, *seeds.pick("covers", chance))
    audio = chance.choice(seeds.files["audio"])
    shutil.copy(audio, project / audio.name)
    return ["tag", audio.name, "--cover", name], {audio.name}


def _audio(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    name = _put(project, *seeds.pick("audio", chance))
    change = [chance.choice(_FIELDS), chance.choice(("1890", *ODD_TEXTS))]
    tails = (
        *(["tag", name], ["tag", name, "--json"], ["check", name], ["check", name, "--json"]),
        *(["tag", name, *change], ["tag", name, "--chapter=1=New"], ["tag", name, "--no-cover"]),
        *(["tag", name, "--id3=2.3"], ["tag", ".", *change], ["check", name, "--spec=acx"]),
    )
    return list(chance.choice(tails)), {name}


_BOUNDS = {
    "voices-install": ("--from=.",),
    "audition": ("--most=1", "--lines=1"),
    "proof": ("--output=new.html",),
}
"""Options that keep commands short, from the web, and from serving a page without end."""
_WORDS = (
    *("book.txt", "voices.yaml", "lamp.mp3", "new.mp3", "new.fountain", "output", ".", "-"),
    *("1", "2-1", "1=x", "\udcff", "tone", "tone:even", "Mara", "^Chapter"),
    *(
        "(a+)+$",
        "2.4",
        "m4b",
        "acx",
        "vtt",
        "/",
        "a/b/c.mp3",
        "x" * 300 + ".mp3",
        "*",
        "1,2-",
        "1-",
    ),
)


def _options(project: Path, seeds: Seeds, chance: random.Random) -> Case:
    """Draw options for any command. What it is to write goes into the folder of the case."""
    shutil.copy(chance.choice(seeds.files["audio"]), project / "lamp.mp3")
    names, command = chance.choice(list(_commands(fullcast)))
    words = [*names, *_BOUNDS.get("-".join(names), ())]
    for parameter in chance.sample(command.params, min(len(command.params), chance.randrange(6))):
        words += _given(parameter, chance)
    words += [
        word
        for parameter in command.params
        if isinstance(parameter, click.Argument) and parameter.required
        for word in [chance.choice(("book.txt", "lamp.mp3", *_WORDS))]
    ]
    return words, {path.name for path in project.iterdir() if path.name != "book.txt"} | {
        *("new.mp3", "new.fountain", "a", "lamp.vtt", "lamp.srt", "lamp.lrc", "new.vtt"),
        *("new.srt", "new.lrc", "new.html", *_WORDS, *ODD_TEXTS),
    }


def _given(parameter: click.Parameter, chance: random.Random) -> list[str]:
    if isinstance(parameter, click.Argument) or parameter.name == "cache":
        return []  # a cache elsewhere may be written to, and is no finding
    name = chance.choice(parameter.opts)
    if getattr(parameter, "is_flag", False):
        return [name]
    pool = _WORDS if isinstance(parameter.type, click.Path) else (*_WORDS, *ODD_TEXTS)
    choices = getattr(parameter.type, "choices", None)
    if choices and chance.random() < 0.8:
        pool = tuple(map(str, choices))
    return [name, chance.choice(pool)]


def _commands(
    command: click.Command, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield names, command
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        if found is not None:
            yield from _commands(found, (*names, child))


TARGETS: Mapping[str, Callable[[Path, Seeds, random.Random], Case]] = {
    "source": _source,
    "cast": _cast,
    "script": _script,
    "audio": _audio,
    "cover": _cover,
    "options": _options,
    "render": _render,
    "cached": _cached,
    "manifest": _manifest,
}


def make_seeds(folder: Path) -> Seeds:
    """Make the files to mutate: with the commands themselves, and those of the tests."""
    folder.mkdir()
    project = folder / "rendered"
    project.mkdir()
    (project / "book.txt").write_text(_BOOK)
    (project / "voices.yaml").write_text(_CAST)
    os.environ["FULLCAST_CACHE"] = str(project / "cache")
    tags = ["--series=Quays", "--part=3", "--year=1999", "--description=A lamp.\nA boat."]
    with contextlib.chdir(project):
        for form in _FORMATS:
            _require(["render", "book.txt", "--quiet", f"--format={form}", "--jobs=1", *tags])
        _require(["render", "book.txt", "--quiet", "--split", "--jobs=1", "--format=mp3"])
        _require(["script", "book.txt", "-o", str(folder / "book.fountain")])
    sources = [p for p in (ROOT / "tests" / "ingest" / "files").rglob("lamp*") if p.is_file()]
    sources += [*(ROOT / "examples").glob("*.txt"), *_other_sources(folder), project / "book.txt"]
    covers = [*(ROOT / "tests").rglob("*.png"), *(ROOT / "tests").rglob("*.jpg")]
    files = {
        "sources": sorted(sources),
        "casts": [project / "voices.yaml", ROOT / "voices.yaml"],
        "scripts": [folder / "book.fountain"],
        "audio": sorted((project / "output").glob("book.*")),
        "covers": covers or _drawn_covers(folder),
    }
    return Seeds(files, project)


def _require(words: Sequence[str]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        status = run(list(words))
    assert status == 0, words


def _other_sources(folder: Path) -> Iterator[Path]:
    """Yield a PDF and a Kindle book, which the tests make."""
    sys.path.insert(0, str(ROOT / "tests" / "ingest"))
    from kindle_books import Mobi  # type: ignore[import-not-found]
    from pdfs import Pdf, typeset  # type: ignore[import-not-found]

    paragraphs = ["Chapter 1", *_BOOK.split("\n\n")[1:]]
    yield Pdf(typeset(paragraphs)).write(folder / "book.pdf")
    html = "".join(f"<p>{text}</p>" for text in paragraphs)
    yield Mobi(f"<html><body>{html}</body></html>").write(folder / "book.mobi")


def _drawn_covers(folder: Path) -> list[Path]:
    from PIL import Image

    picture = Image.effect_noise((64, 80), 50).convert("RGB")
    paths = [folder / f"cover.{suffix}" for suffix in ("png", "jpg", "gif", "webp")]
    for path in paths:
        picture.save(path)
    return paths


if __name__ == "__main__":
    main()
