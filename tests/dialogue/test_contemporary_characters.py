"""Characters of contemporary fiction: few mentions, beats instead of tags, names of the world."""

from pathlib import Path

import pytest

from pipeline.dialogue.characters.first_names import gender_of_first_name, may_be_shortened
from pipeline.dialogue.characters.identification import Identification, identify_characters
from pipeline.dialogue.verbs import finite_forms
from pipeline.ingest.reader import read
from pipeline.model.characters import Character, Gender


def identify(tmp_path: Path, text: str) -> Identification:
    path = tmp_path / "scene.txt"
    path.write_text(text, encoding="utf-8")
    return identify_characters(read(path))


def characters(tmp_path: Path, text: str) -> dict[str, Character]:
    """Return the identified characters by each of their names."""
    return {
        name: identified.character
        for identified in identify(tmp_path, text).characters
        for name in (identified.character.name, *identified.character.aliases)
    }


@pytest.mark.parametrize(
    ("beat", "name"),
    [
        ('"Not again." Priyanka knelt by the pump.', "Priyanka"),
        ('"Not again." Oddvar spat into the harbour.', "Oddvar"),
        ('Xiomara straightened the blanket. "Not again."', "Xiomara"),
        ('"Not again." Tekle has his coat on already.', "Tekle"),
        ('"Not ag—" Ludmila began.', "Ludmila"),
        ('"Not again," hissed Ludmila.', "Ludmila"),
        ('"Not again." Wanjiru’s jaw was tight.', "Wanjiru"),
        ('"Not again." Wanjiru’s pencil hovered.', "Wanjiru"),
        ('"Not again." Bolaji, who hated ladders, climbed down.', "Bolaji"),
    ],
)
def test_a_single_beat_or_tag_suffices_in_a_short_text(
    tmp_path: Path, beat: str, name: str
) -> None:
    text = f'The rain came from Stavanger.\n\n{beat}\n\n"It was dry this morning," he said.\n'
    people = characters(tmp_path, text)
    assert name in people
    assert "Stavanger" not in people


def test_any_verb_shows_a_person(tmp_path: Path) -> None:
    """It need not be one of speech or in a list of what people do."""
    assert {"spat", "knelt", "dropped", "shifts", "hurries", "travelled"} <= finite_forms()
    assert finite_forms().isdisjoint({"kneeled down", "hand", "quickly", "was"})


def test_places_and_openers_are_no_people(tmp_path: Path) -> None:
    text = (
        '"We could go to Trondheim." Ingunn folded the map.\n\n'
        '"In Trondheim it snows." Yusuf laughed. "Yeah. Trondheim."\n\n'
        '"Breakfast?" Ingunn asked. "Yeah, breakfast."\n'
    )
    assert set(characters(tmp_path, text)) == {"Ingunn", "Yusuf"}


def test_names_cut_short_join_the_full_name(tmp_path: Path) -> None:
    text = (
        'Sulochana put the kettle on. "Who took the good cups?"\n\n'
        '"Not me, Sulo." Bartholdi leaned in the door.\n\n'
        'Sulochana sniffed. "Barth, you are a liar."\n\n'
        '"Sulo, on my life," said Bartholdi.\n'
    )
    people = characters(tmp_path, text)
    assert people["Sulo"] is people["Sulochana"]
    assert people["Barth"] is people["Bartholdi"]
    assert people["Barth"] is not people["Sulo"]


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("raff", "rafferty", True),
        ("tibi", "tibor", True),
        ("babs", "babette", True),
        ("al", "alberta", False),
        ("marit", "marisol", False),
        ("ida", "ida", False),
    ],
)
def test_short_forms_begin_the_full_name(short: str, full: str, expected: bool) -> None:
    assert may_be_shortened(short, full) is expected


def test_names_alike_stay_apart_when_the_narration_uses_both(tmp_path: Path) -> None:
    turns = '"Yes," said Mari.\n\n"No," said Marit.\n\nMari shrugged. Marit frowned.\n\n' * 3
    people = characters(tmp_path, turns)
    assert people["Mari"] is not people["Marit"]


@pytest.mark.parametrize(
    ("titled", "full"),
    [("Aunt Wiebke", "Wiebke Ketels"), ("Doña Inés", "Inés Mora"), ("Señor Teo", "Teo Ruiz")],
)
def test_a_courtesy_title_before_a_given_name_makes_no_second_person(
    tmp_path: Path, titled: str, full: str
) -> None:
    text = (
        f'{full} crossed the yard with the lamp. "Who is there?"\n\n'
        f'"Only me, {titled}," said Pilar.\n\n{titled} held the lamp up. "You are late."\n'
    )
    people = characters(tmp_path, text)
    assert people[titled] is people[full]
    assert people["Pilar"] is not people[full]


@pytest.mark.parametrize(
    ("titled", "full"),
    [("Mr. Morgan", "Morgan Ellis"), ("Don Taylor", "Taylor Brooks"), ("Uncle Grant", "Grant Lee")],
)
def test_a_title_before_a_surname_makes_no_namesake(tmp_path: Path, titled: str, full: str) -> None:
    """Somebody else of the family has the surname."""
    surname = titled.rsplit(maxsplit=1)[-1]
    text = (
        f'When it rang, Claire {surname} let {full} in. "You are late."\n\n'
        f'"I know," said {full}.\n\n'
        f'{titled} grunted from his chair. "You always are."\n\nClaire shut the door.\n'
    )
    people = characters(tmp_path, text)
    assert people[titled] is not people[full]


def test_two_people_of_one_surname_stay_apart(tmp_path: Path) -> None:
    text = (
        'Tariq Oyelaran dropped the bag. "Where is he?"\n\n'
        'Sunny Oyelaran shifted in his chair. "Who, Tariq?"\n\n'
        '"You know, Sunny." Tariq pulled out a stool.\n\nSunny sighed. "I do."\n'
    )
    people = characters(tmp_path, text)
    assert people["Tariq"] is people["Tariq Oyelaran"]
    assert people["Sunny"] is people["Sunny Oyelaran"]
    assert people["Tariq"] is not people["Sunny"]


def test_diacritics_make_no_second_person(tmp_path: Path) -> None:
    text = '"Come in," said Zoé.\n\n"Thank you, Zoe." Anselm bowed.\n\nZoé laughed. "Sit, do."\n'
    people = characters(tmp_path, text)
    assert {people["Zoé"], people["Anselm"]} == set(people.values())


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        *(("priya", Gender.FEMALE), ("kofi", Gender.MALE), ("quillon", None), ("ling", None)),
        *(("hyunchul", Gender.MALE), ("hyun-chul", Gender.MALE), ("zoë", Gender.FEMALE)),
    ],
)
def test_first_names_of_the_world_hint_at_the_gender(name: str, gender: Gender | None) -> None:
    assert gender_of_first_name(name) is gender


def test_pronouns_overrule_a_rare_first_name(tmp_path: Path) -> None:
    text = 'Kofi wiped her hands. "Next," said Kofi, and she smiled.\n\nKofi shut her eyes.\n'
    assert characters(tmp_path, text)["Kofi"].gender is Gender.FEMALE


def test_unnamed_speakers_of_two_speeches_are_characters(tmp_path: Path) -> None:
    text = (
        '"Closed," said the ticket inspector.\n\nPavla frowned. "It is not six yet."\n\n'
        'The ticket inspector tapped his watch. "Closed, I said."\n\n'
        '"Try the other door," a porter said.\n\nPavla ran. "Thanks!"\n'
    )
    people = characters(tmp_path, text)
    assert people["the inspector"] is people["the ticket inspector"]
    assert "the porter" not in people


def test_a_machine_or_an_animal_may_speak(tmp_path: Path) -> None:
    text = (
        '"Going down," said the lift.\n\n"No," said the goose, "it is not."\n\n'
        'The goose ruffled. "Up, if you please."\n\n"Doors closing," said the lift.\n'
    )
    assert set(characters(tmp_path, text)) == {"the lift", "the goose"}


def test_whoever_is_acted_on_by_the_only_man_is_another(tmp_path: Path) -> None:
    text = (
        'Rautio crouched and showed the boy his badge. "You saw the sledge?"\n\n'
        '"Is it real?" the boy asked.\n\n"I hope so." Rautio let him hold it.\n\n'
        '"Then I saw it," said the boy.\n'
    )
    assert set(characters(tmp_path, text)) == {"Rautio", "the boy"}
    alone = text.replace("showed the boy", "showed his mother")
    assert set(characters(tmp_path, alone)) == {"Rautio"}


def test_a_voice_or_a_stranger_that_the_text_introduces_is_a_character(tmp_path: Path) -> None:
    text = (
        'A voice came from the radio. "Lantern, this is base."\n\nNaledi reached for the key.\n\n'
        '"Say again," said the voice.\n\n"Lantern here," said Naledi.\n\n'
        '"Stay where you are," said the voice.\n'
    )
    assert "the voice" in characters(tmp_path, text)


def test_things_that_move_beside_speech_do_not_speak(tmp_path: Path) -> None:
    text = (
        'The kettle whistled. "Tea?" asked Femi.\n\n"Please." Rosalba yawned. The kettle clicked.\n'
    )
    assert set(characters(tmp_path, text)) == {"Femi", "Rosalba"}


def test_epithets_that_tell_people_apart_are_part_of_their_names(tmp_path: Path) -> None:
    text = (
        '"Who has been here?" asked Father Otter.\n\n"Not I," said Little Otter.\n\n'
        '"Nor I," said Big Otter.\n\nLittle Otter hid. "Father Otter, look!"\n\n'
        'Father Otter looked. "So I see," said Father Otter.\n\n"Ha!" cried Big Otter.\n'
    )
    people = characters(tmp_path, text)
    names = ("Father Otter", "Little Otter", "Big Otter")
    assert len({people[name].name for name in names}) == 3


def test_an_epithet_of_one_person_makes_no_second_one(tmp_path: Path) -> None:
    text = '"Good," said Old Tom.\n\n"Tom!" cried Ines.\n\nTom spat. "Good, I said."\n'
    people = characters(tmp_path, text)
    assert people["Tom"] is people["Old Tom"]
    assert set(people.values()) == {people["Tom"], people["Ines"]}


def test_a_title_without_a_name_is_a_character_by_what_it_does(tmp_path: Path) -> None:
    text = '"Majesty," the Ambassador began, "we thirst."\n\n"So drink." Queen Aldith smiled.\n'
    assert "the Ambassador" in characters(tmp_path, text)


def test_the_role_of_a_titled_character_is_nobody_else(tmp_path: Path) -> None:
    text = (
        '"Sit," said Dr. Abubakar.\n\nMilena sat. "Is it bad?"\n\n'
        '"No," said the doctor.\n\nThe doctor smiled. "Not at all."\n'
    )
    people = characters(tmp_path, text)
    assert {people["Dr. Abubakar"], people["Milena"]} == set(people.values())


@pytest.mark.parametrize(
    ("beat", "gender"),
    [
        ("The rain stopped. The lockkeeper was peeling an egg with his thumb.", Gender.MALE),
        ("The lockkeeper put down her rake.", Gender.FEMALE),
        ("The lockkeeper waved. Then she shut the gate.", Gender.FEMALE),
        ("The lockkeeper nodded at Tarjei, and he nodded back.", None),
        ("The lockkeeper looked from her to the water.", None),
        ("The lockkeeper waved to him.", None),
        ("The lockkeeper saw her and nodded.", None),
        ("The lockkeeper gave it to her—twice.", None),
        ("The lockkeeper waved at her with his hat.", Gender.MALE),
        ("The lockkeeper lifted the bar.", None),
    ],
)  # fmt: skip
def test_a_pronoun_after_a_noun_shows_its_gender(
    tmp_path: Path, beat: str, gender: Gender | None
) -> None:
    text = f'"Nobody swims here," said the lockkeeper. {beat}\n\n"Never," the lockkeeper said.\n'
    assert characters(tmp_path, text)["the lockkeeper"].gender is gender


def test_words_that_are_names_are_people_by_their_tags_and_beats(tmp_path: Path) -> None:
    text = (
        '"Will you shut the window?" asked Grace.\n\n'
        '"Ask May," said Will. "I may be busy."\n\n'
        'May shook her head. "With any grace it is his turn."\n\n'
        '"Nobody will," Art said. "Something is in the way."\n'
    )
    assert set(characters(tmp_path, text)) == {"Will", "May", "Art", "Grace"}


def test_who_is_only_spoken_of_is_not_there(tmp_path: Path) -> None:
    text = (
        '"Did you hear Declan Bonner on the radio?" Sefo turned it up.\n\n'
        '"I never liked Declan Bonner." Bronagh frowned. "I\'m Bronagh Keane, not his aunt."\n'
    )
    assert not {"Declan Bonner", "Declan"} & set(characters(tmp_path, text))


def test_who_gives_their_name_is_there(tmp_path: Path) -> None:
    text = (
        '"Who is that?" Sefo put down the lamp.\n\n'
        '"I\'m Ludmila Hork."\n\n"And what do you want?" Sefo asked.\n\n"My coat."\n'
    )
    assert "Ludmila Hork" in characters(tmp_path, text)


@pytest.mark.parametrize(
    "question",
    ["What's your name?", "Name.", "And your full name, please?", "Who are you, then? Quick."],
)
def test_who_gives_their_name_when_asked_is_there(tmp_path: Path, question: str) -> None:
    text = (
        f'"{question}" Sefo put down the lamp.\n\n"Hork. Ludmila, if you must."\n\n'
        'Sefo wrote it down. "And what is it you want?"\n\n"My coat. Then a bed."\n'
    )
    assert "Hork" in characters(tmp_path, text)
    for other in ("Whose coat is that?", "I know your name.", "Who are you calling?", "Name one."):
        assert "Hork" not in characters(tmp_path, text.replace(question, other))


def test_a_sentence_of_one_word_names_nobody(tmp_path: Path) -> None:
    text = (
        '"Knees?" asked Sefo.\n\n"Forty-two. Elbows. Gravel." Bronagh counted on her fingers.\n\n'
        '"Gravel?"\n\n"Elbows. Forty-two. Knees."\n'
    )
    assert set(characters(tmp_path, text)) == {"Sefo", "Bronagh"}


@pytest.mark.parametrize(
    ("beats", "found"),
    [
        (("The welder folded her arms.", "The welder went red."), True),
        (("The welder coughed.", "The welder had moved his chair."), True),
        (("The welder coughed.", "The welder went red."), False),
        (("The chair creaked under his weight.", "The chair tipped over."), False),
        (("The piston stopped.", "The piston clanked at her."), False),
        (("The piston stopped.", "The piston struck her and stopped."), False),
        (("The piston stopped.", "The piston gave her the shivers."), False),
    ],
)
def test_who_acts_on_things_of_their_own_is_a_person(
    tmp_path: Path, beats: tuple[str, str], found: bool
) -> None:
    """The noun need not be in a list of those for people, but speak more than once."""
    text = (
        f'"Say it again." {beats[0]}\n\nIngunn sighed. "Which part?"\n\n"All of it." {beats[1]}\n'
    )
    nouns = {name for name in characters(tmp_path, text) if name.startswith("the ")}
    assert nouns == ({"the welder"} if found else set())
    apart = text.replace(f'"All of it." {beats[1]}', f'"All of it."\n\n{beats[1]}')
    assert "the welder" not in characters(tmp_path, apart)


def deep_enough(name: str, call: str) -> str:
    """Return how somebody acts under their name, and is called otherwise."""
    return f'{name} dropped the oar. "Is it deep?"\n\n"Deep enough, {call}." Yusuf leaned out.\n\n'


@pytest.mark.parametrize(
    ("short", "full"), [("Tam", "Tamsin"), ("Cor", "Corinne"), ("Bill", "Billie")]
)
def test_a_short_form_has_the_gender_of_the_full_name(
    tmp_path: Path, short: str, full: str
) -> None:
    """`Tam` by itself is in the list of men's names."""
    text = deep_enough(full, short) + f'{full} looked down.\n\n"Mind the rope, {short}!"\n'
    people = characters(tmp_path, text)
    assert people[short] is people[full]
    assert people[short].gender is Gender.FEMALE


@pytest.mark.parametrize(
    ("woman", "man"), [("Paula", "Paul"), ("Julia", "Julian"), ("Josephine", "Joseph")]
)
def test_a_name_for_the_other_gender_is_no_short_form(tmp_path: Path, woman: str, man: str) -> None:
    text = (
        f'{man} opened the door. "Is your sister in?"\n\n"{woman}, come down!" Yusuf called.\n\n'
        f'{man} sat down on the step.\n\n"{woman}!"\n\n{man} stood up. "I can wait."\n\n'
        f'"Coming," said {woman}.\n'
    )
    people = characters(tmp_path, text)
    assert people[man] is not people[woman]


CALLS = [
    ("Gergő", "Gergely"),
    ("Jiggy", "Jignesh"),
    ("Leviko", "Levan"),
    ("Naia", "Manaia"),
    ("Wi", "Wiremu"),
    ("Nella", "Antonella"),
    ("Gergö", "Gergely"),
    ("Zdenda", "Zdeněk"),
]


@pytest.mark.parametrize(("call", "name"), CALLS)
def test_what_speeches_alone_call_somebody_is_a_name_of_theirs(
    tmp_path: Path, call: str, name: str
) -> None:
    text = deep_enough(name, call) + f'{name} looked down.\n\n"Mind the rope, {call}! {call}!"\n'
    people = characters(tmp_path, text)
    assert people[call] is people[name]
    assert people[call].name == name


@pytest.mark.parametrize(("call", "name"), CALLS)
def test_who_acts_under_a_like_name_is_somebody_else(tmp_path: Path, call: str, name: str) -> None:
    text = deep_enough(name, call) + f'{call} looked down. "I see no bottom," {call} said.\n'
    people = characters(tmp_path, text)
    assert people[call] is not people[name]


@pytest.mark.parametrize(("call", "name"), [("Marta", "Martin"), ("Julio", "Julia")])
def test_a_call_for_the_other_gender_is_for_somebody_else(
    tmp_path: Path, call: str, name: str
) -> None:
    text = (
        f'{name} dropped the oar. "Ask below."\n\n"{call}, is it deep?" Ruta called.\n\n'
        f'{name} waited. "Well?"\n\n"{call}!" Ruta called again.\n'
    )
    person = characters(tmp_path, text)[name]
    assert call not in (person.name, *person.aliases)


@pytest.mark.parametrize(
    "text",
    [
        'Isabella leaned out of the window. "Ella! Supper!"\n\n"In a minute!"\n\n'
        'Isabella shook her head. "Now, Ella."\n',
        'Marek sat down. "Marko! Marek! Out of the water!" Ruta called.\n\n'
        'Marek laughed. "Soon."\n',
        'Patrick ran down the slope. "Pa! Pa, wait!"\n\n"What is it?"\n\n'
        'Patrick knelt. "Pa, look."\n',
        'Ruben put down the paper. "Is he in?"\n\n"Ben! Come in!" Ruta called.\n\nRuben waited.\n',
        'Oisín looked down. "Who is it?"\n\n"Oi! Get down from there!" Ruta called.\n\n'
        'Oisín climbed down. "Sorry."\n',
        'Jorge put the box down. "In here?"\n\n"Jo!" Ruta called down the shaft.\n\n'
        "Jorge sat down.\n",
    ],
)
def test_a_like_name_that_is_called_is_not_always_the_same_person(
    tmp_path: Path, text: str
) -> None:
    name = text.split(maxsplit=1)[0]
    person = characters(tmp_path, text)[name]
    assert {person.name, *person.aliases} == {name}


def test_a_teller_who_is_only_called_is_nobody_of_a_like_name(tmp_path: Path) -> None:
    text = (
        '"Naia?" Derek called. "Naia, come here."\n\n"Coming," I said.\n\n'
        'Manaia was at the table already. "Sit by me."\n\nI sat down. "What is it?"\n\n'
        'Manaia pushed the bread over. "Eat first."\n'
    )
    people = characters(tmp_path, text)
    assert people["Naia"] is not people["Manaia"]


@pytest.mark.parametrize("word", ["Anyway", "Liar", "Heat", "Donkey", "Sweat"])
def test_a_word_that_only_begins_speeches_is_no_name(tmp_path: Path, word: str) -> None:
    text = (
        f'I put the dice back. Ombrec yawned. "{word}, you lost."\n\n'
        f'"{word}!" I said. "I won."\n\n'
        f'"{word}, then." Ombrec took them. "Throw again."\n'
    )
    assert word not in characters(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            '"Owl, are you in?" Faustin asked.\n\n"I am in," Owl said.\n\nFaustin looked up.\n\n'
            'Owl whistled. "There are two doors."\n',
            "Owl",
        ),
        (
            'Pony’s jaw tightened. "Say it again."\n\nFaustin looked up. "Say what?"\n\n'
            'Pony’s fingers drummed. "You know what."\n',
            "Pony",
        ),
        (
            'Hope stood up. "Now."\n\nFaustin looked up. "Why now?"\n\nHope sat down. "Later."\n',
            "Hope",
        ),
        (
            'Dad opened the door a crack. "What?"\n\n"Supper," said Faustin.\n\n'
            'Dad looked past him. "Is she still here?"\n',
            "Dad",
        ),
        ('"Bo, take the other end," Faustin said.\n\n"I have it."\n', "Bo"),
    ],
)
def test_a_word_may_be_the_name_of_who_acts_or_is_called(
    tmp_path: Path, text: str, name: str
) -> None:
    assert name in characters(tmp_path, text)


def test_an_interjection_is_nobody(tmp_path: Path) -> None:
    text = '"Ja, gut." Faustin looked up.\n\n"Ja."\n\n"Ja, so it is," said Faustin.\n'
    assert "Ja" not in characters(tmp_path, text)


def test_a_voice_that_speaks_twice_is_a_character(tmp_path: Path) -> None:
    text = (
        '"Who is there?" called a voice from behind the door.\n\n"Kenji," said Kenji.\n\n'
        '"Kenji who?" the voice asked.\n\nKenji sighed. "With the pizza."\n'
    )
    assert "the voice" in characters(tmp_path, text)


@pytest.mark.parametrize(
    ("call", "teller"),
    [
        ('"Wojcik! Get down here."', "Wojcik"),
        ('"You are early, Wojcik."', "Wojcik"),
        ('"Half. Bring it, Wojcik, and the rest."', "Wojcik"),
        ('"Half."', None),
    ],
)
def test_one_call_names_who_tells_the_story_as_i(
    tmp_path: Path, call: str, teller: str | None
) -> None:
    """The narration never does; a sentence of one word may be no name at all."""
    text = (
        f"I had the rope over my shoulder when Femke came.\n\n{call}\n\n"
        '"It is heavy," I said.\n\nFemke took one end. I took the other.\n'
    )
    assert identify(tmp_path, text).first_person == teller


def test_who_tells_the_story_may_say_what_they_are_called(tmp_path: Path) -> None:
    text = (
        "My passport says otherwise, but everyone calls me Pim, even Femke.\n\n"
        '"It is heavy," I said.\n\nFemke took one end. "It is." I took the other.\n'
    )
    assert identify(tmp_path, text).first_person == "Pim"


def test_who_does_not_act_is_a_person_too(tmp_path: Path) -> None:
    text = (
        "It was late, and Paloma didn't see the step.\n\n"
        '"Careful," said Berndt.\n\n"I am," she said.\n'
    )
    assert set(characters(tmp_path, text)) == {"Paloma", "Berndt"}


def test_a_pronoun_for_somebody_else_shows_no_gender(tmp_path: Path) -> None:
    """`Her sergeant` belongs to another, and nobody is the object of their own clause."""
    text = (
        'Tverdokhlib, her sergeant, wrote it down. "Got it."\n\nTverdokhlib looked at her.\n\n'
        'Tverdokhlib went after her. "Ma\'am?"\n\n"Not now," Oyelaran said.\n'
    )
    assert characters(tmp_path, text)["Tverdokhlib"].gender is None


@pytest.mark.parametrize(
    "first",
    [
        "The woman behind the counter did not look up.",
        "There were a man and a woman behind the counter.",
    ],
)
def test_a_general_noun_that_is_told_apart_is_a_character(tmp_path: Path, first: str) -> None:
    text = (
        f'{first}\n\n"Stamps," said Imke.\n\n"We have none." The woman turned a page.\n\n'
        '"None," the woman said again.\n'
    )
    people = characters(tmp_path, text)
    assert {person.name for person in people.values()} == {"Imke", "the woman"}


def test_the_only_woman_of_a_text_is_a_character(tmp_path: Path) -> None:
    text = (
        '"It is my dog," said the woman in the gown.\n\n"What is his name?" Detlef asked.\n\n'
        '"Admiral." The woman sighed. "He never comes."\n\nDetlef rubbed his neck and his ear.\n'
    )
    people = characters(tmp_path, text)
    assert people["Detlef"].gender is Gender.MALE
    assert "the woman" in people


@pytest.mark.parametrize(
    ("name", "gender"), [("Dad", Gender.MALE), ("Gran", Gender.FEMALE), ("Nonno", Gender.MALE)]
)
def test_a_kinship_term_that_is_a_name_has_a_gender(
    tmp_path: Path, name: str, gender: Gender
) -> None:
    text = (
        f'"You are early," {name} said.\n\n"The bus was early," I said.\n\n'
        f'"Then eat." {name} moved the bread.\n\n"I ate on the bus."\n'
    )
    assert characters(tmp_path, text)[name].gender is gender
