"""English sums of money, and how much of what: `£5`, `$3.2 million`, `2s. 6d.`, `12 lbs.`, `5%`."""

import re

from pipeline.tts.normalisation.number_words import cardinal
from pipeline.tts.normalisation.rules import ENDS, Rule, applied

_COINS = {
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
_BEARINGS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"
_SMALL_COINS = {2: "twopence", 3: "threepence", 6: "sixpence"}
_SCALES = {"m": "million", "mn": "million", "bn": "billion", "tn": "trillion", "k": "thousand"}
_NOTED = "bill|note|piece|coin|ticket|fine|reward|prize|cheque|check|fee|bet|wager"
_HALVES = {"½": "and a half", "¼": "and a quarter", "¾": "and three quarters"}


def _whole(written: str) -> int:
    return int(written.replace(",", ""))


def _counted(number: int, one: str, many: str) -> str:
    return f"{cardinal(number)} {one if number == 1 else many}"


def _sum(found: re.Match[str]) -> str:
    """Say `$5.50` or `£3.2 million`."""
    one, many, small, smalls = _COINS[found[1]]
    amount, parts, scale = _whole(found[2]), found[3], _SCALES.get(found[4] or "", found[4])
    if re.match(rf"\s(?:{_NOTED})s?\b", found.string[found.end() :]):
        many = smalls = one
    if scale or (parts and (len(parts) != 2 or not smalls)):
        number = f"{amount}.{parts}" if parts else str(amount)
        return f"{cardinal(number)} {scale or ''}{' ' if scale else ''}{many}"
    if not parts or not int(parts):
        return _counted(amount, one, many)
    pence = _counted(int(parts), small, smalls)
    return f"{_counted(amount, one, many)} and {pence}" if amount else pence


def _old_money(found: re.Match[str]) -> str:
    """Say `£5 10s. 6d.`, with any of its parts missing."""
    parts = found.groupdict()
    pounds, shillings = parts.get("pounds"), parts.get("shillings")
    pence, half = parts.get("pence"), parts.get("half")
    told = []
    if pounds:
        told.append(_counted(_whole(pounds), "pound", "pounds"))
    if shillings and int(shillings):
        told.append(_counted(int(shillings), "shilling", "shillings"))
    if half or (pence and int(pence)):
        told.append(_pence(int(pence or 0), half))
    return " and ".join([" ".join(told[:-1]), told[-1]] if told[1:] else told) or found[0]


def _old_sum_at_the_end(found: re.Match[str]) -> str:
    """Say a sum whose full stop ends the sentence, too."""
    return f"{_old_money(found)}."


def _pence(number: int, half: str | None) -> str:
    if half and not number:
        return "halfpenny" if half == "½" else f"{_HALVES[half].removeprefix('and ')} penny"
    if half:
        return f"{cardinal(number)} {_HALVES[half]} pence"
    return _SMALL_COINS.get(number) or _counted(number, "penny", "pence")


def _arc(found: re.Match[str]) -> str:
    """Say `40° 26' N.`: degrees, minutes and seconds of an arc, and the bearing."""
    units = (("degree", "degrees"), ("minute", "minutes"), ("second", "seconds"))
    parts = [_counted(int(n), *unit) for n, unit in zip(found.groups(), units, strict=False) if n]
    return " ".join([*parts, _BEARINGS[found[4]]] if found[4] else parts)


def _measure(found: re.Match[str]) -> str:
    one, many = _UNITS[found[2].lower()]
    single = found[1] == "1" and found.string[found.start() - 1 : found.start()] not in (".", ",")
    return f"{found[1]} {one if single else many}"


_UNIT = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_RULES: list[Rule] = [
    (re.compile(r"[£₤](?P<pounds>\d{1,3}(?:,\d{3})+|\d+)\.?,?\s?(?:(?P<shillings>\d{1,2})\s?s\b)"
                r"\.?(?:,?\s?(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d\b\.?)?"), _old_money),
    (re.compile(r"\b(?P<shillings>\d{1,3})\s?s\.?,?\s?"
                r"(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d\b\.?"), _old_money),
    (re.compile(rf"(?<!the\s)\b(?P<shillings>\d{{1,3}})s\.{ENDS}"), _old_sum_at_the_end),
    (re.compile(r"(?<!the\s)\b(?P<shillings>\d{1,3})s\.(?=\s[a-z]|[,;:)])"), _old_money),
    (re.compile(r"\b(?P<shillings>\d{1,3})/-(?!\w)"), _old_money),
    # `2d. Lieutenant` and `3d. Regiment` may be ordinals
    (re.compile(rf"(?<![\w.,])(?!\d?[23]d\.\s)(?P<pence>\d{{1,2}})\s?d\.{ENDS}"),
     _old_sum_at_the_end),
    (re.compile(r"(?<![\w.,])(?P<pence>\d{1,2})\s?d\.(?=\s[a-z]|[,;:)])"), _old_money),
    (re.compile(r"(?<![\w.,])(?P<pence>\d{0,2})(?P<half>[½¼¾])\s?d\b\.?"), _old_money),
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
                r"(?:\.(?=\s[a-z]|[,;:]))?)?"), _arc),
    (re.compile(r"\b(\d)['’\u2032](\d{1,2})(?:[\"”″]|'')"), r"\1 foot \2"),
    (re.compile(r"\b(\d{1,3})¢"), r"\1 cents"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def said(text: str) -> str:
    """Give the text with its sums and measures in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
