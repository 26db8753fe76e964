"""English sums of money and measures: `£5`, `$3.2 million`, `2s. 6d.`, `12 lbs.`, `5%`."""

import re

from pipeline.tts.normalisation.number_words import cardinal, vulgar_fraction
from pipeline.tts.normalisation.rules import SENTENCE_END, RewriteRule, apply_rules

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"), "US$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"), "€": ("euro", "euros", "cent", "cents"),
    "₤": ("pound", "pounds", "penny", "pence"), "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}  # fmt: skip
_UNITS = {
    "km": ("kilometre", "kilometres"), "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"), "kg": ("kilogram", "kilograms"),
    "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"),
    "ft": ("foot", "feet"), "yd": ("yard", "yards"), "yds": ("yard", "yards"),
    "mi": ("mile", "miles"), "mph": ("mile an hour", "miles an hour"),
    "km/h": ("kilometre an hour", "kilometres an hour"), "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"), "secs": ("second", "seconds"),
    "cwt": ("hundredweight", "hundredweight"), "deg": ("degree", "degrees"),
    "m": ("metre", "metres"), "m²": ("square metre", "square metres"),
    "km²": ("square kilometre", "square kilometres"),
}  # fmt: skip
_DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"
_PENCE = {2: "twopence", 3: "threepence", 6: "sixpence"}
_SCALES = {"m": "million", "mn": "million", "bn": "billion", "tn": "trillion", "k": "thousand"}
_QUALIFIED = "bill|note|piece|coin|ticket|fine|reward|prize|cheque|check|fee|bet|wager"


def _integer(written: str) -> int:
    return int(written.replace(",", ""))


def _counted(number: int, singular: str, plural: str) -> str:
    return f"{cardinal(number)} {singular if number == 1 else plural}"


def _sum(match: re.Match[str]) -> str:
    """Verbalise `$5.50` and `£3.2 million`."""
    unit, units, cent, cents = _CURRENCIES[match[1]]
    amount, decimals, scale = _integer(match[2]), match[3], _SCALES.get(match[4] or "", match[4])
    if re.match(rf"\s(?:{_QUALIFIED})s?\b", match.string[match.end() :]):
        units = cents = unit
    if scale or (decimals and (len(decimals) != 2 or not cents)):
        number = f"{amount}.{decimals}" if decimals else str(amount)
        return f"{cardinal(number)} {scale or ''}{' ' if scale else ''}{units}"
    if not decimals or not int(decimals):
        return _counted(amount, unit, units)
    fraction = _counted(int(decimals), cent, cents)
    return f"{_counted(amount, unit, units)} and {fraction}" if amount else fraction


def _predecimal_sum(match: re.Match[str]) -> str:
    """Verbalise `£5 10s. 6d.`; any part may be missing."""
    groups = match.groupdict()
    pounds, shillings = groups.get("pounds"), groups.get("shillings")
    pence, fraction = groups.get("pence"), groups.get("fraction")
    parts = []
    if pounds:
        parts.append(_counted(_integer(pounds), "pound", "pounds"))
    if shillings and int(shillings):
        parts.append(_counted(int(shillings), "shilling", "shillings"))
    if fraction or (pence and int(pence)):
        parts.append(_pence(int(pence or 0), fraction))
    return " and ".join([" ".join(parts[:-1]), parts[-1]] if parts[1:] else parts) or match[0]


def _predecimal_sum_at_end(match: re.Match[str]) -> str:
    """Verbalise a sum whose full stop may end the sentence, too."""
    return f"{_predecimal_sum(match)}."


def _pence(number: int, fraction: str | None) -> str:
    if fraction and not number:
        return "halfpenny" if fraction == "½" else f"{vulgar_fraction(fraction, 'a')} penny"
    if fraction:
        return f"{cardinal(number)} and {vulgar_fraction(fraction, 'a')} pence"
    return _PENCE.get(number) or _counted(number, "penny", "pence")


def _angle(match: re.Match[str]) -> str:
    """Verbalise `40° 26' N.`: degrees, minutes, seconds and the direction."""
    units = (("degree", "degrees"), ("minute", "minutes"), ("second", "seconds"))
    parts = [_counted(int(n), *unit) for n, unit in zip(match.groups(), units, strict=False) if n]
    return " ".join([*parts, _DIRECTIONS[match[4]]] if match[4] else parts)


def _measure(match: re.Match[str]) -> str:
    """Spell out the unit; the number is left to the rules for numbers."""
    singular, plural = _UNITS[match[2].lower()]
    preceding = match.string[match.start() - 1 : match.start()]
    is_one = match[1] == "1" and preceding not in (".", ",")
    return f"{match[1]} {singular if is_one else plural}"


_UNIT = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_RULES: list[RewriteRule] = [
    (re.compile(r"[£₤](?P<pounds>\d{1,3}(?:,\d{3})+|\d+)\.?,?\s?(?:(?P<shillings>\d{1,2})\s?s\b)"
                r"\.?(?:,?\s?(?P<pence>\d{1,2})(?P<fraction>[½¼¾])?\s?d\b\.?)?"), _predecimal_sum),
    (re.compile(r"\b(?P<shillings>\d{1,3})\s?s\.?,?\s?"
                r"(?P<pence>\d{1,2})(?P<fraction>[½¼¾])?\s?d\b\.?"), _predecimal_sum),
    (re.compile(rf"(?<!the\s)\b(?P<shillings>\d{{1,3}})s\.{SENTENCE_END}"), _predecimal_sum_at_end),
    (re.compile(r"(?<!the\s)\b(?P<shillings>\d{1,3})s\.(?=\s[a-z]|[,;:)])"), _predecimal_sum),
    (re.compile(r"\b(?P<shillings>\d{1,3})/-(?!\w)"), _predecimal_sum),
    # Not `2d. Lieutenant` or `3d. Regiment`, which are ordinals
    (re.compile(rf"(?<![\w.,])(?!\d?[23]d\.\s)(?P<pence>\d{{1,2}})\s?d\.{SENTENCE_END}"),
     _predecimal_sum_at_end),
    (re.compile(r"(?<![\w.,])(?P<pence>\d{1,2})\s?d\.(?=\s[a-z]|[,;:)])"), _predecimal_sum),
    (re.compile(r"(?<![\w.,])(?P<pence>\d{0,2})(?P<fraction>[½¼¾])\s?d\b\.?"), _predecimal_sum),
    (re.compile(r"(?<![\w.,])(\d{1,2})p\b(?:\.(?=\s[a-z]))?(?!\.\w)"), r"\1 pence"),
    (re.compile(rf"(?<![\w.,$£€]){_AMOUNT}\s?([€£$])(?![\w£$€])"), r"\2\1"),
    (re.compile(r"([$£€])(\d[\d,]*)\s?[-–]\s?\1?(\d[\d,]*)(?![\w.-])"), r"\2 to \1\3"),
    (re.compile(rf"(US\$|[$£€¥₹₤])\s?{_AMOUNT}(?:\.(\d+))?"
                r"(?:[\s-]?(million|billion|trillion|thousand|mn|bn|tn|m|k)\b)?"
                r"(?![\w]|\.\d)"), _sum),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?((?i:{_UNIT}))\b"
                r"\.(?=\s+[a-z]|[,;:])"), _measure),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?({_UNIT})(?!\w)"), _measure),
    (re.compile(r"(?<=\d)\s?in\.(?=\s+[a-z\d]|[,;:)])"), " inches"),
    (re.compile(r"(?<=\d)(\s(?:foot|feet)\s\d{1,2})\s?in\b\.?"), r"\1 inches"),
    (re.compile(r"(\d)\s?l\.(?=\s[a-z]|[,;:])"), r"\1 pounds"),
    (re.compile(r"(\d)\s?%"), r"\1 percent"),
    (re.compile(r"(\d)\s?°\s?C\b"), r"\1 degrees Celsius"),
    (re.compile(r"(\d)\s?°\s?F\b"), r"\1 degrees Fahrenheit"),
    (re.compile(r"(\d+)\s?°(?:\s?(\d{1,2})['’\u2032](?:\s?(\d{1,2})(?:[\"”″]|''))?)?(?:\s?([NSEW])\b"
                r"(?:\.(?=\s[a-z]|[,;:]))?)?"), _angle),
    (re.compile(r"\b(\d)['’\u2032](\d{1,2})(?:[\"”″]|'')"), r"\1 foot \2"),
    (re.compile(r"\b(\d{1,3})¢"), r"\1 cents"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with sums of money and measures in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
