"""What a server calls audio, read as a clip; what it is not is said in words.

ffmpeg reads the compressed formats. The demuxer is that of the format asked for, and it may read
from its pipe alone: a "playlist" in place of audio would have it open the addresses in it.
"""

import io
import subprocess
import wave

import numpy as np

from pipeline.core import ffmpeg
from pipeline.core.errors import EngineFaultError
from pipeline.model.clip import Clip
from pipeline.model.server import Server
from pipeline.tts.engines.server.failures import explain_body

MAX_SIZE = 64_000_000
"""Bytes of an answer: a minute and a half of the widest audio."""
_DECODED_RATE = 48_000
_MAX_SECONDS = 600
_TIMEOUT = 120.0  # seconds
_LEAST_SHARE = 0.4  # of the usual length at a rate: a clip below it breaks off
_SHORT_TEXT = 30  # letters
_LETTERS_PER_WORD = 4.5
_DEMUXERS = {"wav": "wav", "flac": "flac", "mp3": "mp3", "opus": "ogg"}
_UNKNOWN_SIZE = 0x7FFF_0000  # what streams write for the size of their samples, or more, or 0


def decode(body: bytes, text: str, server: Server, key: str, rate: float) -> Clip:
    """Return the clip in an answer; raise EngineFaultError if it is no audio of that text.

    `rate` is in words per minute.
    """
    wanted, actual = server.format, sniff(body)
    if actual is None and (wanted != "pcm" or _is_text(body)):
        what = f"the server at {server.url} sent {explain_body(body, key)}"
        remedy = "check url, model and voice of http in voices.yaml, and its log"
        raise EngineFaultError.of(what, remedy=remedy)
    if actual not in (wanted, None):
        what = f"the server at {server.url} sent {actual} where {wanted} was asked for"
        raise EngineFaultError.of(what, remedy=f"write 'format: {actual}' under http")
    clip = _read(body, wanted, server)
    letters = sum(map(str.isalnum, text))
    usual = letters / _LETTERS_PER_WORD * 60 / rate
    if letters > _SHORT_TEXT and clip.seconds < _LEAST_SHARE * usual:
        what = f"{clip.seconds:.1f} s of audio for {len(text):,} characters: it breaks off"
        raise EngineFaultError.of(what, remedy="look at the log of the server, and try again")
    return clip


def sniff(body: bytes) -> str | None:
    """Return the format of audio by its first bytes; None for raw samples and anything else."""
    if body[:4] == b"RIFF" and body[8:12] == b"WAVE":
        return "wav"
    if body[:4] == b"fLaC":
        return "flac"
    if body[:4] == b"OggS":
        return "opus"
    # A frame of MP3: 11 bits set, then a version and a layer (AAC has layer 0).
    is_frame = len(body) > 1 and body[0] == 0xFF and body[1] & 0xE0 == 0xE0 and body[1] & 0x06
    # Raw samples may begin like a frame, but not silence, with which speech begins.
    return "mp3" if body[:3] == b"ID3" or is_frame else None


def _is_text(body: bytes) -> bool:
    """Return whether what should be samples is text: a message, a page."""
    start = body[:400]
    return not start or all(32 <= byte < 127 or byte in b"\t\r\n" for byte in start)


def _read(body: bytes, form: str, server: Server) -> Clip:
    if form == "pcm":
        return Clip(body[: len(body) // 2 * 2], server.sample_rate)
    clip = _plain_wav(body, server) if form == "wav" else None
    return clip or _with_ffmpeg(body, form, server)


def _plain_wav(body: bytes, server: Server) -> Clip | None:
    """Read a WAV of 16 bits; None for one of another kind."""
    try:
        with wave.open(io.BytesIO(body)) as file:
            channels, width, rate, frames = file.getparams()[:4]
            pcm = file.readframes(frames)
    except (wave.Error, EOFError):
        return None
    size = frames * channels * width
    if len(pcm) < size < _UNKNOWN_SIZE:
        raise _broken(server, f"{len(pcm):,} of {size:,} bytes of samples: it breaks off")
    if width != 2 or channels not in (1, 2):
        return None
    if channels == 2:
        pairs = np.frombuffer(pcm[: len(pcm) // 4 * 4], "<i2").reshape(-1, 2)
        pcm = pairs.mean(axis=1).round().astype("<i2").tobytes()
    return Clip(pcm[: len(pcm) // 2 * 2], rate)


def _with_ffmpeg(body: bytes, form: str, server: Server) -> Clip:
    source = ["-protocol_whitelist", "pipe", "-f", _DEMUXERS[form], "-i", "pipe:0"]
    limits = ["-t", str(_MAX_SECONDS), "-vn", "-sn", "-dn"]
    target = ["-ac", "1", "-ar", str(_DECODED_RATE), "-f", "s16le", "pipe:1"]
    command = [ffmpeg.executable(), "-nostdin", "-v", "error", *source, *limits, *target]
    try:
        run = subprocess.run(
            command, input=body, capture_output=True, timeout=_TIMEOUT, check=False,
            start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _broken(server, f"{form} that ffmpeg does not get to the end of") from error
    if run.returncode != 0 or not run.stdout:
        raise _broken(server, f"{form} that cannot be decoded")
    return Clip(run.stdout, _DECODED_RATE)


def _broken(server: Server, what: str) -> EngineFaultError:
    return EngineFaultError.of(
        f"the server at {server.url} sent {what}", remedy="look at its log, or try another format"
    )
