"""Word sets, and the verbs of dialogue tags in all their forms."""


def vocabulary(words: str) -> frozenset[str]:
    """Return the set of the words in a string, which white space separates."""
    return frozenset(words.split())


_SPEAK = """
add admit advise affirm agree announce answer apologise apologize argue ask assent assert assure
babble bark bawl beg bellow bleat blubber blurt bluster boast boom breathe burst call caution
chant chide chime chorus coax command comment complain concede conclude confess confide confirm
continue contradict correct counsel counter croak croon cry declaim declare demand demur deny
drawl echo ejaculate elaborate emphasise emphasize enquire entreat exclaim exhort explain
expostulate falter gasp growl grumble grunt hint hiss holler hoot howl implore inform inquire
insist instruct interject interpose interrupt intone jeer joke lament lie marvel mention moan
mumble murmur muse mutter name object observe offer order persist pipe plead pray proceed proclaim
promise prompt pronounce propose protest purr pursue quaver query question quip quote rasp
reason reassure recite recommend refuse rejoin remark remind remonstrate repeat reply report
request respond resume retort reveal roar scoff scold scream shout shriek shrill simper snap snarl
sneer snort sob speculate splutter sputter squeak squeal stammer state storm stutter suggest
supplement tease thunder urge utter venture volunteer vow wail warn whimper whine whisper wonder
yawn yell yelp
"""
_MANNER = """
beam begin chuckle cough frown gesture giggle grin groan laugh nod pant pause point return shrug
sigh smile sniff smirk snicker start read titter wheeze whistle
"""
_IRREGULAR_SPEAK = {
    "say": "say says said saying",
    "tell": "tell tells told telling",
    "speak": "speak speaks spoke spoken speaking",
    "think": "think thinks thought thinking",
    "sing": "sing sings sang singing",
    "swear": "swear swears swore swearing",
    "write": "write writes wrote writing",
    "read": "reads reading",
}
_IRREGULAR_MANNER = {
    "begin": "begin begins began begun beginning",
    "go on": "went",
    "break": "broke",
}


def _regular_forms(verb: str) -> set[str]:
    """Return the regular forms of `verb`, and a few that do not exist and do no harm."""
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {verb, verb + "s", stem + "ed", stem + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        forms |= {verb[:-1] + "ied", verb[:-1] + "ies"}
    if verb[-1] in "bgmnpt" and verb[-2] in "aeiou":
        forms |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    if verb.endswith(("s", "sh", "ch", "x")):
        forms.add(verb + "es")
    return forms


def _all_forms(regular: str, irregular: dict[str, str]) -> frozenset[str]:
    forms = {form for verb in regular.split() for form in _regular_forms(verb)}
    return frozenset(forms | vocabulary(" ".join(irregular.values())))


NOUN_LIKE_VERBS = frozenset(_SPEAK.split() + _MANNER.split()) - {"read"}
"""Forms that are nouns as often as verbs; in the past tense a verb has another form."""
SPEECH_VERBS = _all_forms(_SPEAK, _IRREGULAR_SPEAK)
"""Verbs that by themselves mean that somebody speaks."""
MANNER_VERBS = _all_forms(_MANNER, _IRREGULAR_MANNER) - SPEECH_VERBS
"""Verbs that mean it only right beside a speech: `"No," she smiled.`"""
FOREIGN_SPEECH_VERBS = vocabulary(
    """dit dis dirent demanda demandai répondit répondis cria murmura reprit ajouta fit continua
    répliqua soupira pensa dijo dije dijeron preguntó respondió contestó gritó murmuró exclamó
    añadió replicó susurró pensó repuso disse chiese rispose gridò mormorò domandò esclamò
    perguntou respondeu gritou sagte fragte antwortete rief flüsterte murmelte erwiderte сказал
    сказала спросил спросила ответил ответила крикнул крикнула прошептал прошептала"""
)
"""Past tenses of the most common such verbs in languages that mark speech with dashes."""
TAG_VERBS = SPEECH_VERBS | MANNER_VERBS | FOREIGN_SPEECH_VERBS
"""Verbs of dialogue tags of any kind."""
