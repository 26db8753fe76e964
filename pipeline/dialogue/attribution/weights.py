"""Weights of the log-linear model, in natural logarithms of odds, rounded by hand.

They follow a conditional log-linear model fitted to novels whose speakers are annotated; those
that rest on few examples there were moved towards what the kind of evidence means.
"""

WEIGHTS = {
    "tag name": 7.0,
    "tag description": 4.5,
    "tag pronoun": 1.2,
    "tag noun": 0.1,
    "loose tag name": 3.2,
    "loose tag description": 2.2,
    "loose tag pronoun": 0.5,
    "loose tag noun": 0.2,
    "lead tag name": 0.7,
    "lead tag description": 0.5,
    "lead tag pronoun": 0.2,
    "lead tag noun": 0.1,
    "acts first in lead": 0.5,
    "acts first in lead pronoun": 0.2,
    "owner in lead": 0.7,
    "owner in lead pronoun": 0.3,
    "acts before": 2.7,
    "acts before pronoun": 1.1,
    "acts first": 1.0,
    "acts first pronoun": 0.2,
    "acts after": 1.8,
    "acts after pronoun": 1.4,
    "owner before": 1.2,
    "owner before pronoun": 0.5,
    "owner after": 1.4,
    "owner after pronoun": 0.7,
    "acts in lead": 1.3,
    "acts in lead pronoun": 0.5,
    "acts in follow": -0.6,
    "acts in follow pronoun": 0.1,
    "mentioned in lead": 0.5,
    "voice": 0.7,
    "voice pronoun": 0.0,
    "names himself": 2.0,
    "is addressed": -3.7,
    "is addressed by title": -2.0,
    "was addressed by title": 0.7,
    "is spoken of": -2.5,
    "was addressed": 1.3,
    "is answered": 0.6,
    "named beside": 1.0,
    "was told": 0.3,
    "recent 0": 1.9,
    "recent 1": 1.7,
    "recent 2": 1.3,
    "recent 3": 0.6,
    "absent": -0.2,
    "known already": -2.0,
    "wrong gender": -3.0,
    "nobody": -2.5,
    "nameless tag": 1.0,
    "outsider tag": 5.0,
}
"""What each kind of evidence is worth."""

TRANSITIONS = {
    "same, continued": 5.0,
    "same, resumed": 2.0,
    "same, split": 1.5,
    "same, adjacent, two": -2.5,
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
"""What it is worth to repeat a speaker, by distance and by whether two or many are present.

`same` is the speaker of the turn before, `again` that of the one before it, with another between.
"""
