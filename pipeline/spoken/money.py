"""English sums of money, and how much of what: `£5`, `$3.2 million`, `2s. 6d.`, `12 lbs.`, `5%`."""

import re

from pipeline.spoken.rules import Rule, applied
from pipeline.spoken.words import cardinal

_COINS = {
    "$": ("dollar", "dollars", "cent", "cents"), "US$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"), "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""), "₹": ("rupee", "rupees", "paisa", "paise"),
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
    "cwt": ("hundredweight", "hundredweight"), "m²": ("square metre", "square metres"),
    "km²": ("square kilometre", "square kilometres"),
}  # fmt: skip
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"
_SMALL_COINS = {2: "twopence", 3: "threepence", 6: "sixpence"}
_HALVES = {"½": "and a half", "¼": "and a quarter", "¾": "and three quarters"}


def _whole(written: str) -> int:
    return int(written.replace(",", ""))


def _counted(number: int, one: str, many: str) -> str:
    return f"{cardinal(number)} {one if number == 1 else many}"


def _sum(found: re.Match[str]) -> str:
    """Say `$5.50` or `£3.2 million`."""
    one, many, small, smalls = _COINS[found[1]]
    amount, parts, scale = _whole(found[2]), found[3], found[4]
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
    if pence and (int(pence) or half):
        told.append(_pence(int(pence), half))
    return " and ".join([" ".join(told[:-1]), told[-1]] if told[1:] else told) or found[0]


def _pence(number: int, half: str | None) -> str:
    if half and not number:
        return f"{_HALVES[half].removeprefix('and ')} penny"
    if half:
        return f"{cardinal(number)} {_HALVES[half]} pence"
    return _SMALL_COINS.get(number) or _counted(number, "penny", "pence")


def _measure(found: re.Match[str]) -> str:
    one, many = _UNITS[found[2].lower()]
    single = found[1] == "1" and found.string[found.start() - 1 : found.start()] not in (".", ",")
    return f"{found[1]} {one if single else many}"


_UNIT = "|".join(map(re.escape, sorted(_UNITS, key=len, reverse=True)))
_RULES: list[Rule] = [
    (re.compile(r"£(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)\.?,?\s?(?:(?P<shillings>\d{1,2})\s?s\b)"
                r"\.?(?:,?\s?(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d\b\.?)?"), _old_money),
    (re.compile(r"\b(?P<shillings>\d{1,3})\s?s\.?,?\s?"
                r"(?P<pence>\d{1,2})(?P<half>[½¼¾])?\s?d\b\.?"), _old_money),
    (re.compile(r"\b(?P<shillings>\d{1,3})s\.(?=\s[a-z]|[,;:])"), _old_money),
    (re.compile(rf"(US\$|[$£€¥₹])\s?{_AMOUNT}(?:\.(\d+))?(?:\s?(million|billion|trillion|thousand)"
                r"\b)?(?!\w)"), _sum),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?({_UNIT})\b\.(?=\s+[a-z]|[,;:])",
                re.IGNORECASE), _measure),
    (re.compile(rf"(?<![\w$£€])(\d{{1,3}}(?:,\d{{3}})+|\d+)\s?({_UNIT})(?!\w)"), _measure),
    (re.compile(r"(\d)\s?l\.(?=\s[a-z]|[,;:])"), r"\1 pounds"),
    (re.compile(r"(\d)\s?%"), r"\1 percent"),
    (re.compile(r"(\d)\s?°\s?C\b"), r"\1 degrees Celsius"),
    (re.compile(r"(\d)\s?°\s?F\b"), r"\1 degrees Fahrenheit"),
    (re.compile(r"\b(\d)['’\u2032](\d{1,2})(?:[\"”″]|'')"), r"\1 foot \2"),
    (re.compile(r"\b(\d{1,3})¢"), r"\1 cents"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def said(text: str) -> str:
    """Give the text with its sums and measures in words."""
    return applied(_RULES, text) if _TRIGGER.search(text) else text
