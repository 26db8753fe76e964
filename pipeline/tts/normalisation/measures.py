"""English measures: `12 lbs.`, `5 ft. 4 in.`, `5%`, `20°C`, `40° 26' N.`."""

import re

from pipeline.tts.normalisation.number_words import counted
from pipeline.tts.normalisation.rules import SENTENCE_END, RewriteRule, apply_rules

_UNITS = {
    "km": ("kilometre", "kilometres"), "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"), "kg": ("kilogram", "kilograms"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
    "ft": ("foot", "feet"), "yd": ("yard", "yards"), "yds": ("yard", "yards"),
    "mi": ("mile", "miles"), "mph": ("mile an hour", "miles an hour"),
    "mi/h": ("mile an hour", "miles an hour"), "km/h": ("kilometre an hour", "kilometres an hour"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"), "secs": ("second", "seconds"),
    "cwt": ("hundredweight", "hundredweight"), "deg": ("degree", "degrees"),
    "m": ("metre", "metres"), "m²": ("square metre", "square metres"),
    "km²": ("square kilometre", "square kilometres"), "sq ft": ("square foot", "square feet"),
    "sq. ft": ("square foot", "square feet"), "sq. mi": ("square mile", "square miles"),
    "sq mi": ("square mile", "square miles"), "cu. ft": ("cubic foot", "cubic feet"),
    "yr": ("year", "years"), "yrs": ("year", "years"), "wk": ("week", "weeks"),
    "wks": ("week", "weeks"), "mos": ("months", "months"), "mg": ("milligram", "milligrams"),
    "ml": ("millilitre", "millilitres"), "tbsp": ("tablespoon", "tablespoons"),
    "tsp": ("teaspoon", "teaspoons"), "kph": ("kilometre an hour", "kilometres an hour"),
    "gal": ("gallon", "gallons"), "rpm": ("revolution a minute", "revolutions a minute"),
}  # fmt: skip
_CASED_UNITS = {
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "KB": "kilobytes",
    "kB": "kilobytes", "MB": "megabytes", "GB": "gigabytes", "TB": "terabytes", "kW": "kilowatts",
    "MW": "megawatts", "kWh": "kilowatt hours", "dB": "decibels", "hp": "horsepower",
    "psi": "pounds per square inch", "g": "grams",
}  # fmt: skip
_SIZED = "tall|long|wide|high|deep|thick|across|square|in height|in length|apart|off|away"
_TURNED = "angle|turn|view|heat|bend|rotation|arc|panorama|fever|weather|oven|incline|slope|day"
_DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}


def _angle(match: re.Match[str]) -> str:
    """Verbalise `40° 26' N.`: degrees, minutes, seconds and the direction."""
    units = (("degree", "degrees"), ("minute", "minutes"), ("second", "seconds"))
    parts = [counted(int(n), *unit) for n, unit in zip(match.groups(), units, strict=False) if n]
    return " ".join([*parts, _DIRECTIONS[match[4]]] if match[4] else parts)


def _measure(match: re.Match[str]) -> str:
    """Spell out the unit; the number is left to the rules for numbers."""
    singular, plural = _UNITS[match[2].lower()]
    preceding = match.string[match.start() - 1 : match.start()]
    is_one = match[1] == "1" and preceding not in (".", ",")
    return f"{match[1]} {singular if is_one else plural}"


def _height(match: re.Match[str]) -> str:
    """Verbalise `5 ft. 4 in.`; the full stop is kept where it may end the sentence."""
    end = "." if match[0].endswith(".") and _ENDS_SENTENCE.match(match.string, match.end()) else ""
    feet, inches = int(match[1]), int(match[2])
    return f"{counted(feet, 'foot', 'feet')} {counted(inches, 'inch', 'inches')}{end}"


def _attribute(match: re.Match[str]) -> str:
    """Verbalise `a 6-ft. wall`: the unit in the singular."""
    return f"{match[1]}-{_UNITS[match[2].lower()][0]}"


def _feet(match: re.Match[str]) -> str:
    """Return `foot` before what is measured (`8'x10' room`), else `feet`."""
    return "foot" if _MEASURED.match(match.string, match.end()) else "feet"


def _inches(match: re.Match[str]) -> str:
    """Verbalise `3" nails`, unless the mark may close a quotation."""
    if _OPENING_QUOTE.search(match.string) and match.string.count('"') % 2 == 0:
        return match[0]
    return (
        f"{match[1]}-inch" if match[2] else f"{match[1]} {'inch' if match[1] == '1' else 'inches'}"
    )


_OPENING_QUOTE = re.compile(r'(?:^|[\s(—])"\w')
_MEASURED = re.compile(r"\s(?!tall|long|wide|high|deep|and|or|in|of|is|was|by)[a-z]")
_ENDS_SENTENCE = re.compile(SENTENCE_END)
_UNIT = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_RULES: list[RewriteRule] = [
    (re.compile(r"(?<![\w.,)])[-\u2212](?=\d+(?:\.\d+)?\s?°)"), "minus "),
    (re.compile(r"(\d)\s?%\s?[-–]\s?(?=\d)"), r"\1 percent to "),
    (re.compile(r"(?<![\w.,])(\d{1,3})\s?(?:ft|feet|foot)\b\.?,?\s?(\d{1,2})\s?(?:ins?|inch|inches)"
                r"\b(?:\.(?!\w))?"), _height),
    (re.compile(rf"(?<![\w.,])(\d+)-((?i:{_UNIT}))\b(?:\.(?=[\s-][a-z]))?(?=[\s-])"), _attribute),
    (re.compile(r"(?<![\w.,])(\d+)-in\.(?=[\s-][a-z])"), r"\1-inch"),
    (re.compile(rf"(?<![\w$£€])(\d[\d,.]*)\s?({'|'.join(_CASED_UNITS)})(?=[\s.,;:!?)-]|$)"),
     lambda match: f"{match[1]} {_CASED_UNITS[match[2]]}"),
    (re.compile(r"(?<![\w.,])(\d{1,3})['’\u2032]\s?[x\u00d7]\s?(\d{1,3})['’\u2032]"),
     lambda match: f"{match[1]} by {match[2]} {_feet(match)}"),
    (re.compile(r"\b(\d{1,2})['’\u2032]\s?(\d{1,2})(?:[\"”″]|'')"), r"\1 foot \2"),
    (re.compile(rf"\b(\d{{1,3}})(?:\u2032|['’](?=\s(?:{_SIZED})\b))"), r"\1 feet"),
    (re.compile(r"(?<![\w.,])(\d{1,3})″"), r"\1 inches"),
    (re.compile(r"(?<![\w.,])(\d{1,3}(?:\.\d)?)\"(?=(\s(?!tall|long|wide|high|deep|thick|by|of|and|or|x\b)"
                r"[a-z])|[\s,.;)-]|$)"), _inches),
    (re.compile(rf"(\d)\s?°(?=\s(?:{_TURNED})s?\b)"), r"\1 degree"),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?((?i:{_UNIT}))\b"
                r"\.(?=\s+[a-z]|[,;:])"), _measure),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?({_UNIT})(?!\w)"), _measure),
    (re.compile(r"(?<=\d)\s?in\.(?=\s+[a-z\d]|[,;:)])"), " inches"),
    (re.compile(r"(?<=\d)(\s(?:foot|feet)\s\d{1,2})\s?in\b\.?"), r"\1 inches"),
    (re.compile(r"(?<=[a-z]\s)ft\.(?=\s[a-z])"), "feet"),
    (re.compile(rf"(\bby\s\d+)\s?in\.{SENTENCE_END}"), r"\1 inches."),
    (re.compile(r"(\d)\s?%"), r"\1 percent"),
    (re.compile(r"(\d)\s?°\s?C\b"), r"\1 degrees Celsius"),
    (re.compile(r"(\d)\s?°\s?F\b"), r"\1 degrees Fahrenheit"),
    (re.compile(r"(\d+)\s?°(?:\s?(\d{1,2})['’\u2032](?:\s?(\d{1,2})(?:[\"”″]|''))?)?(?:\s?([NSEW])\b"
                r"(?:\.(?=\s[a-z]|[,;:]))?)?"), _angle),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with its measures in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
