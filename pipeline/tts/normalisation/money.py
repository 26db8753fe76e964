"""English sums of money: `£5`, `$3.2 million`, `2s. 6d.`, `$20 bill`."""

import re

from pipeline.tts.normalisation.number_words import cardinal, counted, plural, vulgar_fraction
from pipeline.tts.normalisation.rules import SENTENCE_END, RewriteRule, apply_rules

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"), "US$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"), "€": ("euro", "euros", "cent", "cents"),
    "₤": ("pound", "pounds", "penny", "pence"), "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}  # fmt: skip
_CODES = {"USD": "U.S. dollars", "GBP": "pounds", "EUR": "euros", "CAD": "Canadian dollars",
          "AUD": "Australian dollars", "JPY": "yen", "CHF": "Swiss francs"}  # fmt: skip
_PER = {"hr": " an hour", "hour": " an hour", "wk": " a week", "mo": " a month", "yr": " a year",
        "lb": " a pound", "kg": " a kilogram", "oz": " an ounce"}  # fmt: skip
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"
_PENCE = {2: "twopence", 3: "threepence", 6: "sixpence"}
_SCALES = {"m": "million", "mn": "million", "bn": "billion", "tn": "trillion", "k": "thousand",
           "M": "million", "B": "billion", "K": "thousand", "T": "trillion"}  # fmt: skip
_QUALIFIED = (
    "bill|note|piece|coin|ticket|fine|reward|prize|cheque|check|fee|bet|wager|deal|house|mansion|bottle|watch|car|dress|suit|loan|raise|bonus|contract|budget|job|"
    "question|book|gift|business|company|project|film|movie|debt|lawsuit|settlement|heist|inheritance"
)


def _integer(written: str) -> int:
    return int(written.replace(",", ""))


def _sum(match: re.Match[str]) -> str:
    """Verbalise `$5.50` and `£3.2 million`."""
    unit, units, cent, cents = _CURRENCIES[match[1]]
    amount, decimals, scale = _integer(match[2]), match[3], _SCALES.get(match[4] or "", match[4])
    if re.match(rf"(?:\s|-)(?:{_QUALIFIED})s?\b", match.string[match.end() :]):
        units = cents = unit
    if scale or (decimals and (len(decimals) != 2 or not cents)):
        number = f"{amount}.{decimals}" if decimals else str(amount)
        return f"{cardinal(number)} {scale or ''}{' ' if scale else ''}{units}"
    if not decimals or not int(decimals):
        return counted(amount, unit, units)
    fraction = counted(int(decimals), cent, cents)
    return f"{counted(amount, unit, units)} and {fraction}" if amount else fraction


def _predecimal_sum(match: re.Match[str]) -> str:
    """Verbalise `£5 10s. 6d.`; any part may be missing."""
    groups = match.groupdict()
    pounds, shillings = groups.get("pounds"), groups.get("shillings")
    pence, fraction = groups.get("pence"), groups.get("fraction")
    parts = []
    if pounds:
        parts.append(counted(_integer(pounds), "pound", "pounds"))
    if shillings and int(shillings):
        parts.append(counted(int(shillings), "shilling", "shillings"))
    if fraction or (pence and int(pence)):
        parts.append(_pence(int(pence or 0), fraction))
    return " and ".join([" ".join(parts[:-1]), parts[-1]] if parts[1:] else parts) or match[0]


def _predecimal_sum_at_end(match: re.Match[str]) -> str:
    """Verbalise a sum whose full stop may end the sentence, too."""
    return f"{_predecimal_sum(match)}."


def _per(match: re.Match[str]) -> str:
    """Verbalise the unit of `$5/hr`, if it is that of a sum."""
    if not re.search(r"[$£€]\s?[\d,.]+$", match.string[: match.start()]):
        return match[0]
    return _PER[match[1]] if match[1] in _PER else f" a {match[1]}"


def _pence(number: int, fraction: str | None) -> str:
    if fraction and not number:
        return "halfpenny" if fraction == "½" else f"{vulgar_fraction(fraction, 'a')} penny"
    if fraction:
        return f"{cardinal(number)} and {vulgar_fraction(fraction, 'a')} pence"
    return _PENCE.get(number) or counted(number, "penny", "pence")


_RULES: list[RewriteRule] = [
    (re.compile(r"(?<=\d)/(hr|hour|day|week|wk|month|mo|year|yr|night|lb|kg|oz)\b\.?"), _per),
    (re.compile(r"(?<![\w.,)])[-\u2212](?=[$£€]\d)"), "minus "),
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
                r"(?:[\s-]?(million|billion|trillion|thousand|mn|bn|tn|[mkMBKT])\b)?"
                r"(?![\w]|\.\d)"), _sum),
    (re.compile(r"(\d)\s?l\.(?=\s[a-z]|[,;:])"), r"\1 pounds"),
    (re.compile(r"\$\.(\d\d)(?!\d)"), r"\1 cents"),
    (re.compile(r"\$(\d{1,3})s\b"), lambda match: f"{plural(cardinal(int(match[1])))}"),
    (re.compile(rf"\b({'|'.join(_CODES)})\s?(\d[\d,]*(?:\.\d+)?)(?!\w)"),
     lambda match: f"{match[2]} {_CODES[match[1]]}"),
    (re.compile(rf"(?<![\w$£€])(\d[\d,]*(?:\.\d+)?)\s?({'|'.join(_CODES)})\b"),
     lambda match: f"{match[1]} {_CODES[match[2]]}"),
    (re.compile(r"\bRs\.?\s?(?=\d)(\d[\d,]*)"), r"\1 rupees"),
    (re.compile(r"(?<![\w.,$£€])(\d\d)c\b(?!\.\w|['’])"), r"\1 cents"),
    (re.compile(r"¢\s?(\d{1,3})\b|\b(\d{1,3})¢"),
     lambda match: f"{match[1] or match[2]} cents"),
]  # fmt: skip
_TRIGGER = re.compile(r"\d")


def verbalise(text: str) -> str:
    """Return the text with sums of money in words."""
    return apply_rules(_RULES, text) if _TRIGGER.search(text) else text
