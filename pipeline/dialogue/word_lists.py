"""The verbs that tell of speech, in the forms that stand beside one.

`SPEECH` holds verbs that by themselves say that somebody speaks; `MANNER` those that do so only
right next to a speech (`"No," she smiled.`).
"""


def vocabulary(listed: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(listed.split())


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
_IRREGULAR = {
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


def _forms(verb: str) -> set[str]:
    """The regular forms of `verb`; a few that nobody writes do no harm."""
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {verb, verb + "s", stem + "ed", stem + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        forms |= {verb[:-1] + "ied", verb[:-1] + "ies"}
    if verb[-1] in "bgmnpt" and verb[-2] in "aeiou":
        forms |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    if verb.endswith(("s", "sh", "ch", "x")):
        forms.add(verb + "es")
    return forms


def _all(verbs: str, irregular: dict[str, str]) -> frozenset[str]:
    found = {form for verb in verbs.split() for form in _forms(verb)}
    return frozenset(found | {form for forms in irregular.values() for form in forms.split()})


NOUNS = frozenset(_SPEAK.split() + _MANNER.split()) - {"read"}
"""Forms that are nouns as often as verbs: in the past tense a verb has another form."""
SPEECH = _all(_SPEAK, _IRREGULAR)
MANNER = _all(_MANNER, _IRREGULAR_MANNER) - SPEECH
FOREIGN = vocabulary(
    """dit dis dirent demanda demandai répondit répondis cria murmura reprit ajouta fit continua
    répliqua soupira pensa dijo dije dijeron preguntó respondió contestó gritó murmuró exclamó
    añadió replicó susurró pensó repuso disse chiese rispose gridò mormorò domandò esclamò
    perguntou respondeu gritou sagte fragte antwortete rief flüsterte murmelte erwiderte сказал
    сказала спросил спросила ответил ответила крикнул крикнула прошептал прошептала"""
)
"""Past tenses of the commonest such verbs in languages that mark speech with dashes."""
ANY = SPEECH | MANNER | FOREIGN
