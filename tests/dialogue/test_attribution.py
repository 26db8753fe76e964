"""Attribution: hand-annotated scenes, single pieces of evidence, and properties of any book."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dialogue.attribution.addressees import addressed_gender
from pipeline.dialogue.attribution.aliases import CastNames
from pipeline.dialogue.attribution.analysed_book import AnalysedBook
from pipeline.dialogue.attribution.attribute import attribute
from pipeline.dialogue.attribution.decisions import SpeakerDecision
from pipeline.dialogue.attribution.evidence import NOBODY, Evidence
from pipeline.dialogue.attribution.speaker_style import SpeakerStyle, StyleCounts
from pipeline.dialogue.attribution.turns import Turn
from pipeline.dialogue.quotations.splitting import split
from pipeline.ingest.reader import read
from pipeline.model.book import Block, Book, Chapter, Metadata, Paragraph
from pipeline.model.characters import NARRATOR, UNKNOWN, Character, Gender
from pipeline.model.script import Kind, Line, Pause

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
MANUSCRIPTS = ROOT.parent / "shared" / "manuscripts"

M, F, N = Gender.MALE, Gender.FEMALE, Gender.NEUTRAL
TOM_AND_ANN = (Character("Tom", (), M), Character("Ann", (), F))


def book(text: str) -> Book:
    """Return a book of one chapter, with blank lines between paragraphs and `***` as a break."""
    paragraphs = tuple(
        Paragraph(m.start(), m.end(), Block.BREAK if m.group() == "***" else Block.PROSE)
        for m in re.finditer(r"\S(?:.*?\S)??(?=\s*?\r?\n[^\S\n]*\r?\n|\s*\Z)", text, re.S)
    )
    return Book(Path("book.txt"), text, (Chapter(1, "One", paragraphs),), Metadata("Book"))


def speeches(text: str, cast: Sequence[Character], first_person: str | None = None) -> list[str]:
    """Return `Speaker: words` for each speech of a text."""
    script = attribute(book(text), cast, first_person)
    return [f"{line.speaker}: {line.text}" for line in script if line.kind is Kind.SPEECH]


def speakers(text: str, cast: Sequence[Character], first_person: str | None = None) -> list[str]:
    return [line.split(":")[0] for line in speeches(text, cast, first_person)]


# --- annotated scenes ----------------------------------------------------------------------------


@dataclass(frozen=True)
class GoldenScene:
    """The annotation of a scene, `tests/golden/NAME.speakers` beside `NAME.txt`."""

    cast: tuple[Character, ...]
    first_person: str | None
    lines: list[str]

    @classmethod
    def load(cls, path: Path) -> "GoldenScene":
        cast, first_person, lines = [], None, []
        for line in path.read_text(encoding="utf-8").splitlines():
            role = re.fullmatch(r"cast ([^(:]+?)(?: \((\w+)\))?(?:: (.*))?", line)
            if role:
                name, gender, aliases = role.groups()
                names = tuple(aliases.split(", ")) if aliases else ()
                cast.append(Character(name, names, Gender(gender) if gender else None))
            elif line.startswith("first person "):
                first_person = line.removeprefix("first person ")
            elif line:
                lines.append(line)
        return cls(tuple(cast), first_person, lines)


def attributed(path: Path) -> tuple[list[str], list[str]]:
    """Return the attributed and the annotated `Speaker: words` of a golden scene."""
    golden = GoldenScene.load(path)
    text = path.with_suffix(".txt")
    source = text if text.exists() else ROOT / "examples" / text.name
    script = attribute(read(source), golden.cast, golden.first_person)
    return [f"{s.speaker}: {s.text}" for s in script if s.kind is Kind.SPEECH], golden.lines


@pytest.mark.parametrize("name", ["two-hander", "three-chapters"])
def test_the_examples_have_their_annotated_speakers(name: str) -> None:
    script, golden = attributed(GOLDEN / f"{name}.speakers")
    assert script == golden


def test_scenes_have_nearly_all_their_annotated_speakers() -> None:
    """In every scene each speech is found; of all scenes, 96% go to the right speaker."""
    right = total = 0
    for path in sorted(GOLDEN.glob("*.speakers")):
        script, golden = attributed(path)
        assert [line.split(": ", 1)[1] for line in script] == [
            line.split(": ", 1)[1] for line in golden
        ]
        right += sum(map(str.__eq__, script, golden))
        total += len(golden)
    assert right >= 0.96 * total


# --- single pieces of evidence -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('"Yes," said Tom to Ann.', "Tom"),
        ('"Yes," Ann told Tom.', "Ann"),
        ('"Yes," hooted Ann.', "Ann"),
        ('Tom looked at Ann, and then said: "Yes."', "Tom"),
        ('Ann, who had watched Tom all day, said, "Yes."', "Ann"),
        ('Tom stood by Ann.\n\n"Yes," she said.', "Ann"),
        ('Ann stood by Tom.\n\n"Yes," whispered he.', "Tom"),
        ('Tom and Ann came in.\n\n"Yes, Tom."', "Ann"),
        ('Tom and Ann came in.\n\n"Save it Ann."', "Tom"),
        ('Tom and Ann came in.\n\nAnn put down the lamp. "Yes."', "Ann"),
        ('Tom and Ann came in.\n\n"Yes." Tom put down the lamp.', "Tom"),
        ('"Yes," came Ann\'s voice.', "Ann"),
        ('"Yes," was Tom\'s only answer.', "Tom"),
        ('Tom and Ann came in.\n\n"Yes," put in Ann.', "Ann"),
        ('Tom and Ann came in.\n\n"Yes," was Ann\'s lame conclusion.', "Ann"),
        ('Ann waited. Tom gave no answer.\n\n"Well?" she said.', "Ann"),
        ('Tom and Ann came in.\n\n"You are late, sir."', "Ann"),
        ('Ann turned to Tom, smiled at him, and at last she began to speak.\n\n"Yes."', "Ann"),
    ],
)
def test_a_single_piece_of_evidence_decides(text: str, speaker: str) -> None:
    assert speakers(text, TOM_AND_ANN) == [speaker]


@pytest.mark.parametrize(
    ("lead", "speaker"),
    [
        ("Tom stood where Ann lay, and cried:", "Tom"),
        ("Tom knew that he was late, but Ann only yawned, and said:", "Ann"),
        ("Tom looked on while Ann, at a loss for the rope, shouted:", "Ann"),
        ("When Ann had gone, Tom gravely said:", "Tom"),
        ("To this, Ann very slowly answered:", "Ann"),
        ("Tom was met by Ann, who, on seeing the lamp, exclaimed:", "Ann"),
        ("Tom heard Ann mutter:", "Ann"),
        ("Tom walked behind him and Ann, and murmured:", "Tom"),
        ("Tom told her what a storm she might expect, adding:", "Tom"),
        ("Ann raised her eyes from the rope to ask:", "Ann"),
        ("Tom cut her short with:", "Tom"),
        ("Tom waved across the quay:", "Tom"),
        ("Tom waited for Ann's reply:", "Ann"),
        ("Tom waited, and then Ann said in a strained voice", "Ann"),
        ("Tom shook his head. Ann began again.", "Ann"),
        ("Tom came; and soon afterwards Ann, going to and fro, said:", "Ann"),
        ("Tom was asleep, when thus greeted by Ann:", "Ann"),
        ("Tom put down the lamp at this remark from Ann:", "Ann"),
        ("Tom left no time for Ann to come near him and say:", "Ann"),
        ("Tom never left without Ann's giving a sigh, and saying:", "Ann"),
    ],
)
def test_the_paragraph_before_names_the_speaker(lead: str, speaker: str) -> None:
    assert speakers(f'{lead}\n\n"Yes."', TOM_AND_ANN) == [speaker]


def own_tags(text: str) -> list[str]:
    """Return the tags of the first speech of a text with Tom and Ann, as they are quoted."""
    scene = book(text)
    analysed = AnalysedBook.of(scene, split(scene), CastNames(TOM_AND_ANN))
    return [tag.quote(analysed.text) for tag in analysed.turns(0)[0].tags]


@pytest.mark.parametrize(
    ("lead", "tag"),
    [
        ("Tom sat down next to Ann, and sighed before he finally spoke.", "he finally spoke"),
        ("Ann gave a sigh of her own, before finally responding.", "Ann ... responding"),
        ("The lamp went out. Then Tom whispered softly.", "Tom whispered"),
        ("Tom swallowed, and began to speak.", "Tom swallowed, and began to speak"),
        ("Ann shook her head. Tom began again.", "Tom began"),
    ],
)
def test_the_paragraph_before_may_announce_that_somebody_speaks(lead: str, tag: str) -> None:
    assert own_tags(f'Tom and Ann were there.\n\n{lead}\n\n"Yes."') == [tag]


@pytest.mark.parametrize(
    "lead",
    [
        "Tom looked up. Nobody spoke.",
        "Tom did not answer.",
        "Ann thought of what Tom had said.",
        "Tom waited until Ann asked him not to.",
        "It was not Tom she spoke to.",
        "Tom moved as though Ann spoke.",
        "Tom looked at the boy whose mother called.",
        "Ann came past. Somebody went by humming.",
        "Tom lay awake. Somewhere a dog began.",
        "Ann wanted to speak.",
    ],
)
def test_a_verb_of_speech_at_the_end_of_a_paragraph_may_announce_nothing(lead: str) -> None:
    assert own_tags(f'Tom and Ann were there.\n\n{lead}\n\n"Yes."') == []


def test_somebody_who_is_announced_speaks_whoever_else_is_named() -> None:
    """`He` is not the man beside whom he sits."""
    two_men = (Character("Tom", (), M), Character("Max", (), M))
    text = (
        "Tom was too stunned to say anything. He was not sure of anything any more.\n\n"
        'He sat down next to Max, and heaved a sigh before he finally spoke.\n\n"You are right."'
    )
    assert speakers(text, two_men) == ["Tom"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"One," said Tom.\n\n"Two!" Ann cried.\n\n"No, three," said Tom.', ["Tom", "Ann", "Tom"]),
        ('Tom was there.\n\n"Two!" came from Ann.', ["Ann"]),
        ('Tom was there.\n\n"Two!" was uttered twice by Ann.', ["Ann"]),
        ('Tom was there.\n\n"Two!" burst from Ann\'s lips.', ["Ann"]),
        ('"One," said Tom. "Two--" Ann interrupted him.\n\n"Three."', ["Tom", "Tom", "Ann"]),
    ],
)
def test_narration_after_a_speech_names_the_speaker(text: str, expected: list[str]) -> None:
    assert speakers(text, TOM_AND_ANN) == expected


def test_two_people_take_turns() -> None:
    text = '"One," said Tom.\n\n"Two," said Ann.\n\n"Three."\n\n"Four."\n\n"Five."\n\n"Six."'
    assert speakers(text, TOM_AND_ANN) == ["Tom", "Ann"] * 3


def test_a_tag_inside_a_speech_holds_for_both_parts() -> None:
    assert speakers('"One," said Ann, "two."', TOM_AND_ANN) == ["Ann", "Ann"]


def test_a_paragraph_may_have_two_speakers() -> None:
    assert speakers('"One," said Tom, and "Two," said Ann.', TOM_AND_ANN) == ["Tom", "Ann"]


PARAGRAPH_MARKS = ['""', "“”", "''", "‘’", "«»", "„“"]


@pytest.mark.parametrize("marks", PARAGRAPH_MARKS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{One,} said Tom. {Two,} said Ann. {Three,} said Tom.", ["Tom", "Ann", "Tom"]),
        ("{One!} cried Ann. {Two?} Tom asked, yawning. {Three?} Ann said.", ["Ann", "Tom", "Ann"]),
        (
            "{One,} said Tom. {Two,} said Ann, {or three.} {Four,} said Tom.",
            ["Tom", "Ann", "Ann", "Tom"],
        ),
        ("Tom said, {One.} Ann said, {Two.} Then Tom said, {Three.}", ["Tom", "Ann", "Tom"]),
        ("Tom met Ann. {One,} he said. {Two,} she said. {Three,} he said.", ["Tom", "Ann", "Tom"]),
        ("{One.} Tom yawned. {Two.} Ann looked away.", ["Tom", "Ann"]),
        ("{One?} Ann frowned. {Two.} Tom shrugged. {Three.} Ann laughed.", ["Ann", "Tom", "Ann"]),
    ],
)
def test_a_tag_of_somebody_else_begins_a_turn(marks: str, text: str, expected: list[str]) -> None:
    text = text.replace("{", marks[0]).replace("}", marks[1])
    initials = [speaker[0] for speaker in speakers(text, TOM_AND_ANN)]
    assert initials == [name[0] for name in expected]


@pytest.mark.parametrize("marks", PARAGRAPH_MARKS)
@pytest.mark.parametrize(
    "text",
    [
        "{One,} said Tom, {two.} He shut the door. {Three.}",
        "{One,} said Tom. Ann stared. {Two.}",
        "{One,} said Tom. {Two.} Ann frowned.",
        "{One,} said Tom, and smiled at Ann. {Two.} Ann smiled. {Three.}",
        "{One,} Tom said to Ann: {two.} Ann went at once.",
        "{One.} Tom got up. {Two.} He sighed. {Three.} Ann left.",
    ],
)
def test_a_beat_about_the_listener_begins_no_turn(marks: str, text: str) -> None:
    text = text.replace("{", marks[0]).replace("}", marks[1])
    assert set(speakers(f"Tom and Ann came in.\n\n{text}", TOM_AND_ANN)) == {"Tom"}


@pytest.mark.parametrize("dash", ["—", "--", "–", " -", "…"])
@pytest.mark.parametrize(
    "beat", ["Ann began.", "began Ann.", "Ann stopped.", "Ann broke off.", "Ann shook her head."]
)
def test_an_interrupted_speech_keeps_its_tag(dash: str, beat: str) -> None:
    text = f'Tom and Ann came in.\n\n"I only{dash}" {beat}\n\n"Never," said Tom.'
    assert speeches(text, TOM_AND_ANN) == [f"Ann: I only{dash}", "Tom: Never,"]


@pytest.mark.parametrize(
    "narration",
    [
        "Tom heard Ann mutter.",
        "Tom could hear Ann calling from the yard.",
        "Tom heard her tell the boy.",
        "Tom saw Ann whisper.",
        "Tom felt her sigh.",
    ],
)
def test_whoever_is_heard_speaks(narration: str) -> None:
    text = f'Tom and Ann sat in the dark.\n\n"Not tonight," {narration}'
    assert speakers(text, TOM_AND_ANN) == ["Ann"]


@pytest.mark.parametrize("narration", ["Tom said when he heard Ann.", "Tom heard, and muttered."])
def test_whoever_hears_and_speaks_speaks(narration: str) -> None:
    text = f'Tom and Ann sat in the dark.\n\n"Not tonight," {narration}'
    assert speakers(text, TOM_AND_ANN) == ["Tom"]


def test_whoever_answers_a_question_for_a_name_bears_it() -> None:
    cast = (*TOM_AND_ANN, Character("Beth", (), F))
    text = 'Tom, Ann and Beth sat down.\n\n"{}" asked Tom.\n\n"Beth."'
    (_, asked), (_, called) = (
        [line for line in attribute(book(text.format(question)), cast) if line.kind is Kind.SPEECH]
        for question in ("What is your name?", "What was that noise?")
    )
    assert asked.speaker == "Beth"
    vocative = text.format("Who are you?").replace("Beth.", "Tom, it is me.")
    assert speakers(vocative, cast)[1] != "Tom"
    assert asked.candidates["Beth"] > 2 * called.candidates.get("Beth", 0)


def test_a_speech_that_the_next_one_interrupts_belongs_to_who_is_answered() -> None:
    text = '"One," said Tom.\n\n"Two," said Ann.\n\n"If you think—"\n\n"I do," said Ann.'
    assert speakers(text, TOM_AND_ANN) == ["Tom", "Ann", "Tom", "Ann"]


def test_a_pronoun_does_not_mean_whoever_is_named_after_it() -> None:
    cast = (Character("Tom", (), M), Character("Jim", (), M))
    text = 'Jim nodded.\n\n"One," he said, and sat. But Tom said, "Two."'
    assert speakers(text, cast) == ["Jim", "Tom"]


def test_narration_between_two_speeches_may_have_tags_of_both() -> None:
    text = '"What is it?" he asked, smiling, and Ann answered: "Nothing."'
    assert speakers("Tom came in.\n\n" + text, TOM_AND_ANN) == ["Tom", "Ann"]
    trailing = '"No," said Tom. Then Ann lifted her head and said:\n\n"Yes."'
    assert speakers(trailing, TOM_AND_ANN) == ["Tom", "Ann"]


def test_a_common_noun_may_mean_somebody_other_than_the_character_of_that_name() -> None:
    """Where the cast has The Lad, `the lad` may still be Tom, and the confidence is lower."""
    cast = (Character("Tom", (), M), Character("Ann", (), F), Character("The Lad", (), M))
    text = "Tom and Ann sat down.\n\n" + '"One," said {}.\n\n"Two," said Ann.'
    (lad, _), (tom, _) = (
        [line for line in attribute(book(text.format(name)), cast) if line.kind is Kind.SPEECH]
        for name in ("the lad", "Tom")
    )
    assert lad.candidates["Tom"] > 2 * tom.candidates["The Lad"]


def test_the_particles_of_a_name_match_in_any_case() -> None:
    cast = (Character("Mr. Van Der Lin", (), M), Character("Ann", (), F))
    assert speakers('"One," said Mr. van der Lin.', cast) == ["Mr. Van Der Lin"]


def test_i_means_the_first_person_narrator_or_nobody() -> None:
    text = '"One," I said.\n\n"Two," said Ann.'
    assert speakers(text, TOM_AND_ANN, "Tom") == ["Tom", "Ann"]
    assert speakers(text, TOM_AND_ANN[1:]) == [UNKNOWN, "Ann"]


@pytest.mark.parametrize("gender", [M, F, N, None])
def test_aliases_match_whole_words_with_or_without_the_article(gender: Gender | None) -> None:
    cast = (Character("Rose", ("the old clown", "Rosie"), gender), Character("Ann", (), F))
    text = '"One," said the old clown.\n\n"Two," said Ann.\n\n"Three," said Rosie.'
    assert speakers(text, cast) == ["Rose", "Ann", "Rose"]
    assert speakers('"One," said Annabel.', cast) != ["Ann"]
    assert "Rose" not in speakers('The roses rose. "One," said Ann.', cast)


def test_an_unidentified_speaker_is_unknown_never_the_narrator() -> None:
    assert speakers('"One," said somebody.', ()) == [UNKNOWN]


def test_a_speech_has_reasons_and_candidates() -> None:
    line = next(
        line
        for line in attribute(book('"Yes," said Ann.'), TOM_AND_ANN)
        if line.kind is Kind.SPEECH
    )
    assert "tag: said Ann" in line.why
    assert next(iter(line.candidates)) == "Ann"
    assert line.confidence == pytest.approx(line.candidates["Ann"])
    assert 0.5 < line.confidence <= 1


# --- lines and pauses ----------------------------------------------------------------------------


def test_lines_come_in_reading_order_with_their_pauses() -> None:
    text = 'ONE\n\n"A," said Tom. "B." He\n left.\n\n"C."\n\n***\n\nD.'
    paragraphs = book(text).chapters[0].paragraphs
    heading = (replace(paragraphs[0], block=Block.HEADING), *paragraphs[1:])
    script = attribute(replace(book(text), chapters=(Chapter(1, "One", heading),)), TOM_AND_ANN)
    assert [(s.kind, s.text, s.pause) for s in script] == [
        (Kind.HEADING, "ONE", Pause.PARAGRAPH),
        (Kind.SPEECH, "A,", Pause.SPEAKER),
        (Kind.NARRATION, "said Tom.", Pause.SPEAKER),
        (Kind.SPEECH, "B.", Pause.SPEAKER),
        (Kind.NARRATION, "He left.", Pause.PARAGRAPH),
        (Kind.SPEECH, "C.", Pause.SCENE),
        (Kind.NARRATION, "D.", Pause.CHAPTER),
    ]
    assert script.chapters == {1: "One"}


PIECES = ["Tom ", "Ann", "said ", " she ", ", ", ". ", '"', "“", "”", "I ", "\n", "’s", "?", "'"]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), max_size=6).map(
        "\n\n".join
    )
)
def test_every_word_is_in_one_line_and_every_line_has_a_speaker(text: str) -> None:
    script = attribute(book(text), TOM_AND_ANN)
    covered = [at for s in script for at in range(s.start or 0, s.end or 0)]
    assert len(covered) == len(set(covered))
    assert {at for at, char in enumerate(text) if char.isalnum()} <= set(covered)
    for line in script:
        assert (line.speaker == NARRATOR) == (line.kind is not Kind.SPEECH)
        assert line.text == " ".join(text[line.start : line.end].split())
        assert 0 <= line.confidence <= 1
        assert sum(line.candidates.values()) <= 1 + 1e-9


def test_chapters_of_one_paragraph_are_not_joined(tmp_path: Path) -> None:
    source = tmp_path / "book.txt"
    source.write_text("Chapter 1\n\nHe ran down to the water.\n\nChapter 2\n\nShe saw it.\n")
    lines = attribute(read(source), TOM_AND_ANN)
    assert [line.text for line in lines] == [
        "Chapter 1", "He ran down to the water.", "Chapter 2", "She saw it."
    ]  # fmt: skip


# --- parts of the analysis -----------------------------------------------------------------------


def turns_of(scene: Book) -> list[Turn]:
    return AnalysedBook.of(scene, split(scene), CastNames(TOM_AND_ANN)).turns(0)


def test_a_decision_against_a_tag_is_doubtful_and_gives_the_tag() -> None:
    """Tags are sometimes misread, so the tag need not win, but the producer sees the conflict."""
    (turn,) = turns_of(book('Tom looked up. "Well?" said Ann.'))
    evidence = [
        Evidence(1, "tag name", 1.0, "tag: said Ann"),
        Evidence(0, "acts before", 1.0, "actor"),
    ]
    for_tom = SpeakerDecision(turn, {0: 0.9, 1: 0.1}, evidence)
    assert for_tom.confidence == 0.5
    assert for_tom.why() == ("actor", "against its tag: said Ann")
    for_ann = SpeakerDecision(turn, {1: 0.9, 0: 0.1}, evidence)
    assert for_ann.confidence == 0.9
    assert for_ann.why() == ("tag: said Ann",)


def test_an_improbable_speaker_is_not_named() -> None:
    (turn,) = turns_of(book('"Well?"'))
    assert SpeakerDecision(turn, {0: 0.19, 1: 0.18}, []).speaker == NOBODY
    assert SpeakerDecision(turn, {0: 0.6, 1: 0.4}, []).speaker == 0


@pytest.mark.parametrize(
    ("speech", "gender"),
    [
        ("Yes, sir.", M), ("Oh, my dear madam, I see.", F), ("Well, mother, what now?", F),
        ("No, my boy!", M), ("Mother said so.", None), ("I saw him, sir, with Miss Low.", M),
        ("Sir! Madam!", None),
    ],
)  # fmt: skip
def test_a_title_shows_the_gender_of_the_addressee(speech: str, gender: Gender | None) -> None:
    assert addressed_gender(speech) is gender


def test_words_fit_the_character_who_uses_them_elsewhere() -> None:
    """A turn's own words are left out of its speaker's model."""
    text = '"Zounds, zounds!"\n\n"A cup of tea."\n\n"Zounds again."\n\n"More tea."\n\n"Plum."'
    turns = turns_of(book(text))
    style = SpeakerStyle(
        StyleCounts(text, turns), [{0: 1.0}, {1: 1.0}, {0: 0.5, 1: 0.5}, {1: 1.0}, {0: 1.0}]
    )
    assert style.log_ratio(turns[2], 0) > style.log_ratio(turns[2], 1)
    assert style.log_ratio(turns[3], 1) > style.log_ratio(turns[3], 0)
    assert style.log_ratio(turns[4], 0) < 0.2
    assert style.log_ratio(turns[4], 7) == 0


# --- the manuscript ------------------------------------------------------------------------------

Gold = list[dict[str, object]]
Edit = tuple[int, int, str]


def manuscript() -> tuple[str, Gold]:
    paths = sorted(MANUSCRIPTS.glob("*.gold.jsonl"))
    if not paths:
        pytest.skip("no manuscripts beside the project")
    text = paths[0].with_name(paths[0].name.replace(".gold.jsonl", ".txt"))
    gold = [json.loads(line) for line in paths[0].read_text(encoding="utf-8").splitlines()]
    with text.open(encoding="utf-8", newline="") as file:
        return file.read(), gold


def edited(text: str, gold: Gold, edits: Sequence[Edit]) -> tuple[str, Gold]:
    """Return the text with sorted edits made, and the annotation moved with it."""
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    parts.append(text[at:])

    def moved(offset: int) -> int:
        return offset + sum(len(new) - (end - start) for start, end, new in edits if end <= offset)

    return "".join(parts), [
        {**g, "start": moved(int(str(g["start"]))), "end": moved(int(str(g["end"])))} for g in gold
    ]


def wrong(text: str, gold: Gold, cast: Sequence[Character]) -> list[str]:
    """Return the lines with any letter or digit that another speaker has in the annotation."""
    expected = [NARRATOR] * len(text)
    for g in gold:
        start, end = int(str(g["start"])), int(str(g["end"]))
        expected[start:end] = [str(g["speaker"])] * (end - start)

    def right(line: Line) -> bool:
        places = range(line.start or 0, line.end or 0)
        return all(expected[at] == line.speaker for at in places if text[at].isalnum())

    return [f"{s.speaker}: {s.text}" for s in attribute(book(text), cast) if not right(s)]


BRUCE = Character("Bruce", ("Bats", "Batsy", "Batman"), M)
JOKER = Character("Joker", ("the clown",), M)


def with_case_of(old: str, new: str) -> str:
    """Return `new`, capitalised if `old` is."""
    return new.capitalize() if old[0].isupper() else new


def requoted(opening: str, closing: str, apostrophe: str = "'") -> list[Edit]:
    """Return the edits that give the manuscript other quote marks."""
    text, gold = manuscript()
    opens = {int(str(g["start"])) - 1 for g in gold}
    closes = {int(str(g["end"])) for g in gold}
    return [
        (at, at + 1, opening if at in opens else closing if at in closes else apostrophe)
        for at, char in enumerate(text)
        if at in opens | closes or char == "'"
    ]


QUOTE_MARKS = [
    ('"', '"', "'"), ("“", "”", "'"), ("“", "”", "’"), ("‘", "’", "’"), ("‘", "’", "'"),
    ("'", "'", "'"), ("'", "'", "’"), ("«", "»", "’"), ("„", "“", "’"),
]  # fmt: skip


@pytest.mark.parametrize("marks", QUOTE_MARKS, ids="".join)
def test_the_manuscript_is_all_right_with_any_quote_marks(marks: tuple[str, str, str]) -> None:
    text, gold = edited(*manuscript(), requoted(*marks))
    assert wrong(text, gold, (BRUCE, JOKER)) == []


def test_the_manuscript_is_all_right_with_windows_line_ends() -> None:
    text, gold = manuscript()
    ends = [(m.start(), m.end(), "\r\n") for m in re.finditer(r"\r?\n", text)]
    assert wrong(*edited(text, gold, ends), (BRUCE, JOKER)) == []


@pytest.mark.parametrize("gender", [M, F, N, None])
@pytest.mark.parametrize(
    "names",
    [
        ("Harold", "Hal", "Harry", "Stormcrow", "Vincent", "madman"),
        ("Maria", "Mimi", "Mia", "Nightingale", "Ruth", "witch"),
        ("Ed", "Eddie", "Edwin", "Owl", "Captain Crabbe", "sailor"),
    ],
    ids=lambda names: names[0],
)
def test_the_manuscript_is_all_right_with_other_names(
    names: tuple[str, ...], gender: Gender | None
) -> None:
    old = ("Bruce", "Bats", "Batsy", "Batman", "Joker", "clown")
    new = dict(zip(old, names, strict=True))
    text, gold = manuscript()
    matches = re.finditer(r"\b(?:Bruce|Batsy|Bats|Batman|Joker|clown)\b", text)
    text, gold = edited(text, gold, [(m.start(), m.end(), new[m.group()]) for m in matches])
    cast = (
        Character(names[0], names[1:4], gender),
        Character(names[4], (f"the {names[5]}",), gender),
    )
    assert wrong(text, [{**g, "speaker": new[str(g["speaker"])]} for g in gold], cast) == []


@pytest.mark.parametrize(
    ("genders", "pronouns"),
    [
        ((F, F), {"he": "she", "him": "her", "his": "her", "himself": "herself"}),
        ((N, N), {"he": "they", "him": "them", "his": "their", "himself": "themself"}),
    ],
    ids=["women", "they"],
)
def test_the_manuscript_is_all_right_with_other_pronouns(
    genders: tuple[Gender, Gender], pronouns: dict[str, str]
) -> None:
    text, gold = manuscript()
    edits = [
        (m.start(), m.end(), with_case_of(m.group(), pronouns[m.group().lower()]))
        for m in re.finditer(r"\b(?:he|him|his|himself)\b", text, re.I)
    ]
    cast = (replace(BRUCE, gender=genders[0]), replace(JOKER, gender=genders[1]))
    assert wrong(*edited(text, gold, edits), cast) == []
