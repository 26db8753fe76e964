"""Proofing a book: what is corrected is saved, heard, and taught to the lines around."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from pipeline.app.order import RenderOrder
from pipeline.app.proof.corrections import Correction
from pipeline.app.proof.doubts import queue, turns_of
from pipeline.app.proof.rendering import BackgroundRender
from pipeline.app.proof.session import EditConflictError, ProofSession, ProofSource
from pipeline.app.proof.site import ProofSite
from pipeline.app.proof.sound import LineSounds
from pipeline.audio import wav
from pipeline.casting.voices_file import location
from pipeline.core.errors import CastError, PipelineError, SourceError
from pipeline.core.process_pool import LocalWorkers
from pipeline.export.encoding.formats import FORMATS
from pipeline.ingest import fountain
from pipeline.ingest.reader import read
from pipeline.model.script import Kind, Line, Pause, Script
from pipeline.model.voice import VoiceInfo
from pipeline.pages.server import Request, Response
from pipeline.synthesis.clip_cache import ClipCache
from talk import TALK


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    with LocalWorkers(1) as workers:
        yield workers


@pytest.fixture
def source(folder: Path) -> ProofSource:
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    book = read(folder / "talk.txt")
    return ProofSource(book, folder / "voices.yaml", folder / "talk.fountain", folder / "cache")


@pytest.fixture
def session(source: ProofSource, workers: LocalWorkers) -> ProofSession:
    return ProofSession(source, workers, lambda problem: None)


@pytest.fixture
def site(session: ProofSession, workers: LocalWorkers, folder: Path) -> ProofSite:
    source = session.source
    out = folder / "talk.wav"
    order = RenderOrder(source.script, out, FORMATS["wav"], source.voices, source.cache, 1)
    return ProofSite(session, workers, order)


def index_of(lines: ProofSession | Script, words: str) -> int:
    return next(i for i, line in enumerate(lines.lines) if words in line.text)


def other_than(line: Line) -> str:
    return "Tom" if line.speaker == "Mara" else "Mara"


def saved(session: ProofSession) -> Script:
    script = fountain.read(session.source.script).script
    assert script is not None
    return script


def give(session: ProofSession, words: str, speaker: str, **known: Any) -> int:
    index = index_of(session, words)
    session.correct({index: Correction(speaker, **known)}, session.version)
    return index


# Corrections


def test_the_script_is_there_before_anything_is_corrected(session: ProofSession) -> None:
    assert [line.text for line in saved(session)] == [line.text for line in session.lines]


def test_a_correction_is_in_the_script_at_once(session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    speaker = other_than(session.lines[index])
    give(session, "We could walk", speaker, delivery="whispering")
    line = saved(session).lines[index]
    assert (line.speaker, line.delivery, line.corrected) == (speaker, "whispering", True)


def test_an_accepted_speaker_is_no_doubt_any_more(session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    give(session, "We could walk", session.lines[index].speaker)
    assert index not in {i for doubt in queue(session.lines) for i in doubt.lines}
    assert saved(session).lines[index].corrected


def test_a_correction_that_is_taken_back_leaves_the_line_as_it_was_found(
    session: ProofSession,
) -> None:
    before = session.lines
    index = give(session, "We could walk", other_than(before[index_of(session, "We could walk")]))
    session.wait_until_taught()
    session.correct({index: None}, session.version)
    session.wait_until_taught()
    assert session.lines == before


def test_a_correction_survives_the_end_of_the_session(
    session: ProofSession, workers: LocalWorkers
) -> None:
    speaker = other_than(session.lines[index_of(session, "We could not")])
    index = give(session, "We could not", speaker, pronunciations={"could": "cud"})
    session.wait_until_taught()
    again = ProofSession(session.source, workers, lambda problem: None)
    assert again.lines[index].speaker == speaker
    assert again.lines[index].pronunciations == {"could": "cud"}
    assert [line.speaker for line in again.lines] == [line.speaker for line in session.lines]


def test_a_pronunciation_alone_leaves_the_speaker_open(session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    own = session.lines[index]
    kept = Correction(own.speaker, None, {"walk": "wawk"}, decided=False)
    session.correct({index: kept}, session.version)
    assert not saved(session).lines[index].corrected
    assert saved(session).lines[index].pronunciations == {"walk": "wawk"}


@pytest.mark.parametrize(
    ("correction", "message"),
    [
        (Correction("Zed"), "not in the cast"),
        (Correction("Mara", "loud]] [[pause 9s"), "delivery"),
        (Correction("Mara", "a\n@Tom"), "delivery"),
        (Correction("Mara", None, {"ferry": "fair"}), "not in this line"),
        (Correction("Mara", None, {"walk": "w]]k"}), "bracket"),
        (Correction("Mara", None, {"walk": ""}), "empty"),
        (Correction("Mara", None, {"walk": "/wɔːk"}), "slash"),
    ],
)
def test_what_a_script_cannot_hold_is_refused(
    session: ProofSession, correction: Correction, message: str
) -> None:
    before = session.source.script.read_bytes()
    index = index_of(session, "We could walk")
    with pytest.raises(PipelineError, match=message):
        session.correct({index: correction}, session.version)
    assert session.source.script.read_bytes() == before


def test_narration_has_no_other_speaker(session: ProofSession) -> None:
    with pytest.raises(SourceError, match="only a speech"):
        give(session, "ferry was late", "Tom")


def test_a_script_that_cannot_be_written_changes_nothing(
    session: ProofSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = session.lines

    def fail(*_: object) -> None:
        raise SourceError.of("the disk is full")

    monkeypatch.setattr("pipeline.app.script_file.save", fail)
    with pytest.raises(SourceError):
        give(session, "We could walk", other_than(before[index_of(session, "We could walk")]))
    assert session.lines == before


# Teaching


def test_the_lines_around_a_correction_follow(session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    speaker = other_than(session.lines[index])
    give(session, "We could walk", speaker)
    session.wait_until_taught()
    other = "Tom" if speaker == "Mara" else "Mara"
    speakers = [line.speaker for line in session.lines[index : index + 4]]
    assert speakers == [speaker, other, speaker, other]
    assert [line.speaker for line in saved(session).lines] == [e.speaker for e in session.lines]
    assert session.taught_at[index + 1]
    assert not session.taught_at[index]
    assert "changed with it" in session.messages[-1].text


def test_the_script_command_follows_them_as_well(session: ProofSession, fullcast: Any) -> None:
    """Written again from the book, the script is as the page left it."""
    index = index_of(session, "We could walk")
    give(session, "We could walk", other_than(session.lines[index]))
    session.wait_until_taught()
    before = [line.speaker for line in saved(session)]
    assert fullcast("script", "talk.txt", "-o", "talk.fountain").returncode == 0
    assert [line.speaker for line in saved(session)] == before


# Several pages, and editors


def test_a_page_that_has_not_seen_a_correction_cannot_overwrite_it(session: ProofSession) -> None:
    seen = session.version
    index = give(session, "We could walk", "Tom", delivery="softly")
    with pytest.raises(EditConflictError):
        session.correct({index: Correction("Mara")}, seen)
    assert session.lines[index].delivery == "softly"
    session.correct({index_of(session, "We could not"): Correction("Mara")}, seen)


def test_what_an_editor_changed_in_the_script_is_kept(session: ProofSession) -> None:
    index = give(session, "We could walk", "Tom")
    session.wait_until_taught()
    path = session.source.script
    text = path.read_text(encoding="utf-8")
    monday = "\nYou said that on Monday."
    assert monday in text
    path.write_text(text.replace(monday, f"\n(shouting){monday}"), encoding="utf-8")
    give(session, "only as far", "Mara")
    lines = saved(session).lines
    assert lines[index_of(session, "Monday")].delivery == "shouting"
    assert lines[index].speaker == "Tom"
    assert lines[index_of(session, "only as far")].speaker == "Mara"


def test_corrections_from_several_threads_are_all_kept(session: ProofSession) -> None:
    words = ["We could walk", "We could not", "only as far", "Monday"]
    threads = [
        threading.Thread(target=give, args=(session, own, "Tom"), kwargs={"delivery": "softly"})
        for own in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(saved(session).lines[index_of(session, own)].delivery == "softly" for own in words)


def test_a_script_by_somebody_else_is_left_alone(
    folder: Path, workers: LocalWorkers, source: ProofSource
) -> None:
    source.script.write_text("INT. PIER\n\nMARA\nHello.\n", encoding="utf-8")
    with pytest.raises(SourceError, match="not written by fullcast"):
        ProofSession(source, workers, lambda problem: None)


# The queue


def said(speaker: str, confidence: float, pause: Pause = Pause.PARAGRAPH, **known: Any) -> Line:
    return Line("Yes.", speaker, Kind.SPEECH, 1, confidence=confidence, pause=pause, **known)


def test_a_doubt_that_decides_others_comes_first() -> None:
    alone = [said("A", 0.5), said("B", 1), said("A", 1), said("B", 1), said("A", 1)]
    run = [said("A", 0.5), said("B", 0.5), said("A", 0.5)]
    assert queue([*alone, *run])[0].lines == (len(alone) + 1,)


def test_corrected_and_sure_turns_are_no_doubts() -> None:
    assert queue([said("A", 0.95), said("B", 0.3, corrected=True)]) == []


def test_a_speech_that_is_interrupted_is_one_turn() -> None:
    tag = replace(said("narrator", 1, Pause.SPEAKER), kind=Kind.NARRATION)
    lines = [said("A", 0.5, Pause.SPEAKER), tag, said("A", 0.5), said("A", 0.5)]
    assert [*turns_of(lines)] == [(0, 2), (3,)]


# Sound


def test_a_line_is_heard_in_the_voice_of_its_speaker(
    session: ProofSession, workers: LocalWorkers
) -> None:
    sounds = LineSounds(session.source.book, ClipCache(session.source.cache), workers)
    index = index_of(session, "Monday")
    heard = {
        speaker: sounds.wav([replace(session.lines[index], speaker=speaker)], session.cast)
        for speaker in ("Mara", "Tom")
    }
    assert heard["Mara"] != heard["Tom"]
    assert all((wav.seconds(sound[: wav.HEADER_SIZE]) or 0) > 0.3 for sound in heard.values())


def test_a_voice_is_tried_on_the_lines_of_a_role(
    session: ProofSession, workers: LocalWorkers
) -> None:
    sounds = LineSounds(session.source.book, ClipCache(session.source.cache), workers)
    tried = [
        sounds.audition(session.script, session.cast, "Mara", voice)
        for voice in ("tone:low", "tone:high")
    ]
    assert tried[0] != tried[1]
    with pytest.raises(CastError):
        sounds.audition(session.script, session.cast, "Mara", "tone:none")


# Requests


def asked(site: ProofSite, path: str, **query: str) -> Response:
    return site.get(Request(path, query))


def posted(site: ProofSite, path: str, body: object) -> tuple[HTTPStatus, Any]:
    answer = site.post(Request(path, {}, body))
    return answer.status, json.loads(answer.content) if answer.mime.endswith("json") else None


def test_the_page_has_every_line(site: ProofSite, session: ProofSession) -> None:
    html = asked(site, "").content.decode("utf-8")
    assert all(f'id="l{index}"' in html for index in range(len(session.lines)))


def test_a_correction_is_answered_with_what_changed(site: ProofSite, session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    body = {"seen": 1, "lines": {str(index): Correction("Tom").to_json()}}
    status, changes = posted(site, "correct", body)
    assert status == HTTPStatus.OK
    assert changes["lines"][str(index)]["s"] == "Tom"
    assert changes["version"] > 1


def test_a_conflict_is_told_with_the_line_as_it_is(site: ProofSite, session: ProofSession) -> None:
    index = index_of(session, "We could walk")
    for name, expected in (("Tom", HTTPStatus.OK), ("Mara", HTTPStatus.CONFLICT)):
        body = {"seen": 1, "lines": {str(index): Correction(name).to_json()}}
        status, changes = posted(site, "correct", body)
        assert status == expected
    assert changes["conflict"] == [index]
    assert changes["lines"][str(index)]["s"] == "Tom"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("correct", None),
        ("correct", {"lines": {}}),
        ("correct", {"seen": 1, "lines": {"x": None}}),
        ("correct", {"seen": 1, "lines": {"1": {"speaker": 3}}}),
        ("correct", {"seen": 1, "lines": {"-1": None}}),
        ("rename", {"seen": 1, "name": 3}),
        ("shutdown", {"seen": 1}),
        ("../../etc/passwd", {"seen": 1}),
    ],
)
def test_a_request_that_is_none_is_refused(site: ProofSite, path: str, body: object) -> None:
    assert posted(site, path, body)[0] == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path",
    ["../proof.html", "proof.html", "..%2fproof.css", "line/9999", "line/x", "line/-1",
     "voices.yaml", "/etc/passwd", "line/1/2", "changes"],
)  # fmt: skip
def test_nothing_but_the_page_is_served(site: ProofSite, path: str) -> None:
    assert asked(site, path).status == HTTPStatus.NOT_FOUND


def test_an_unknown_line_is_refused(site: ProofSite) -> None:
    body = {"seen": 1, "lines": {"9999": None}}
    assert posted(site, "correct", body)[0] == HTTPStatus.UNPROCESSABLE_ENTITY


def test_news_wait_until_there_are_some(site: ProofSite, session: ProofSession) -> None:
    seen = str(session.version)
    assert json.loads(asked(site, "changes", seen=seen, wait="0.01").content)["lines"] == {}
    threading.Timer(0.2, give, (session, "We could walk", "Tom")).start()
    changes = json.loads(asked(site, "changes", seen=seen, wait="20").content)
    assert str(index_of(session, "We could walk")) in changes["lines"]


def test_the_render_says_what_was_corrected(site: ProofSite, session: ProofSession) -> None:
    give(session, "We could walk", "Tom")
    session.wait_until_taught()
    assert posted(site, "render", {"seen": session.version})[0] == HTTPStatus.OK
    seen, state = 0, {"running": True}
    while state["running"]:
        changes = json.loads(asked(site, "changes", seen=str(seen), wait="20").content)
        seen, state = changes["version"], changes["render"]
    assert "error" not in state
    assert Path(state["result"]).exists()


def test_a_render_that_is_stopped_leaves_no_working_folder(folder: Path) -> None:
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    out, reached, go_on = folder / "talk.wav", threading.Event(), threading.Event()

    def news() -> None:
        if render.state.get("done"):
            reached.set()
            go_on.wait(20)

    order = RenderOrder(
        folder / "talk.txt", out, FORMATS["wav"], folder / "voices.yaml", folder / "cache", 1
    )
    render = BackgroundRender(lambda: order, news)
    render.start()
    assert reached.wait(60)
    assert (folder / ".talk.wav.rendering").is_dir()
    threading.Timer(0.2, go_on.set).start()
    render.stop()
    assert render.state == {"running": False, "warnings": [], "error": "stopped"}
    assert not [path for path in folder.iterdir() if "talk.wav" in path.name]
    render.start()
    assert not render.state["running"]


# The cast


def test_a_renamed_role_keeps_its_lines_and_its_voice(
    site: ProofSite, session: ProofSession
) -> None:
    give(session, "We could walk", "Tom")
    before = session.cast.role("Tom").voice
    status, _ = posted(site, "rename", {"seen": 1, "name": "Tom", "new": "Thomas Reed"})
    assert status == HTTPStatus.OK
    assert saved(session).lines[index_of(session, "We could walk")].speaker == "Thomas Reed"
    assert session.cast.role("Thomas Reed").voice == before
    assert "Tom" not in {line.speaker for line in saved(session)}


def test_a_role_that_names_no_voice_keeps_the_one_it_got(
    site: ProofSite, session: ProofSession, source: ProofSource
) -> None:
    posted(site, "add", {"seen": 1, "name": "Nils"})
    before = session.cast.role("Nils").voice
    posted(site, "rename", {"seen": 1, "name": "Nils", "new": "Old Nils"})
    assert session.cast.role("Old Nils").voice == before


def test_merged_roles_are_one(site: ProofSite, session: ProofSession) -> None:
    assert posted(site, "merge", {"seen": 1, "name": "Tom", "into": "Mara"})[0] == HTTPStatus.OK
    assert {line.speaker for line in saved(session)} <= {"Mara", "narrator", "unknown"}
    assert [*session.cast.roles] == ["Mara"]


def test_a_role_gets_another_voice(site: ProofSite, session: ProofSession) -> None:
    body = {"seen": 1, "name": "Tom", "voice": "tone:even"}
    assert posted(site, "voice", body)[0] == HTTPStatus.OK
    assert session.cast.role("Tom").voice.id == "even"
    assert "voice: even, pitch: 51" in session.source.voices.read_text(encoding="utf-8")


def test_the_cast_in_the_package_is_copied_before_it_is_changed(
    site: ProofSite, session: ProofSession, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And renders take the copy from then on."""
    monkeypatch.chdir(folder)
    packaged = folder / "package" / "voices.yaml"
    packaged.parent.mkdir()
    (folder / "voices.yaml").rename(packaged)
    before = packaged.read_bytes()
    monkeypatch.setattr(location, "_packaged_path", lambda: packaged)
    session.cast = replace(session.cast, path=packaged)
    body = {"seen": 1, "name": "Tom", "voice": "tone:even"}
    status, answer = posted(site, "voice", body)
    assert status == HTTPStatus.OK
    assert "voices.yaml is new" in answer["messages"][0]
    assert packaged.read_bytes() == before
    assert "voice: even" in Path("voices.yaml").read_text(encoding="utf-8")
    assert session.cast.path == Path("voices.yaml")
    assert session.cast.role("Tom").voice.id == "even"
    posted(site, "undo-cast", {"seen": 1})
    assert Path("voices.yaml").read_bytes() == before


def test_a_change_of_the_cast_is_undone(site: ProofSite, session: ProofSession) -> None:
    before, lines = session.source.voices.read_bytes(), session.lines
    posted(site, "merge", {"seen": 1, "name": "Tom", "into": "Mara"})
    assert posted(site, "undo-cast", {"seen": 1})[0] == HTTPStatus.OK
    assert session.source.voices.read_bytes() == before
    assert session.lines == lines


@pytest.mark.parametrize("new", ["Mara", "narrator", "", "a\x07b"])
def test_a_name_that_is_taken_or_none_is_refused(site: ProofSite, new: str) -> None:
    body = {"seen": 1, "name": "Tom", "new": new}
    assert posted(site, "rename", body)[0] == HTTPStatus.UNPROCESSABLE_ENTITY


def test_ipa_for_a_voice_that_takes_none_is_refused(session: ProofSession) -> None:
    """In a script it would be an error of the next render."""
    voice = replace(session.cast.role("Mara").voice, engine="silent", id="x")
    role = replace(session.cast.role("Mara"), voice=voice)
    session.cast = replace(session.cast, roles={**session.cast.roles, "Mara": role})
    offered = {"silent": (VoiceInfo("x", "x", "en", phonemes=False),)}
    session.voices_of = offered.__getitem__
    with pytest.raises(CastError, match="IPA"):
        give(session, "We could walk", "Mara", pronunciations={"walk": "/wɔːk/"})
