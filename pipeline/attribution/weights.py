"""What each kind of evidence is worth, in natural logarithms of odds, rounded by hand.

The figures follow a conditional log-linear model fitted to novels whose speakers are annotated;
those that rest on few examples there were moved towards what the kind means.
"""

WEIGHTS = {
    "tag name": 6.0,
    "tag pronoun": 1.2,
    "tag noun": 0.3,
    "loose tag name": 3.7,
    "loose tag pronoun": 0.7,
    "loose tag noun": 0.2,
    "lead tag name": 2.7,
    "lead tag pronoun": 1.5,
    "lead tag noun": 0.3,
    "acts before": 2.7,
    "acts before pronoun": 0.8,
    "acts first": 1.0,
    "acts first pronoun": 0.2,
    "acts after": 1.8,
    "acts after pronoun": 1.4,
    "acts in lead": 1.1,
    "acts in lead pronoun": 0.3,
    "acts in follow": -1.2,
    "acts in follow pronoun": 0.1,
    "mentioned in lead": 0.5,
    "voice": 1.0,
    "voice pronoun": 0.0,
    "names himself": 2.0,
    "is addressed": -3.7,
    "is spoken of": -2.5,
    "was addressed": 1.3,
    "is answered": 0.6,
    "named beside": 1.0,
    "was told": 0.3,
    "recent 0": 1.6,
    "recent 1": 1.4,
    "recent 2": 1.0,
    "recent 3": 0.3,
    "absent": -0.2,
    "wrong gender": -3.0,
    "nobody": -2.5,
    "nameless tag": 1.0,
}

TRANSITIONS = {
    "same, continued": 5.0,
    "same, resumed": 2.0,
    "same, split": 0.0,
    "same, adjacent, two": -1.0,
    "same, apart, two": 1.0,
    "same, far, two": 0.9,
    "again, adjacent, two": 2.4,
    "again, apart, two": 1.5,
    "again, far, two": 0.5,
    "same, adjacent, many": -0.5,
    "same, apart, many": 1.7,
    "same, far, many": 0.9,
    "again, adjacent, many": 2.4,
    "again, apart, many": 1.5,
    "again, far, many": 0.5,
}
"""`same`: the speaker of the turn before; `again`: that of the one before it, another between."""
