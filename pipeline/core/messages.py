"""Numbers and quotations in messages, as a person would give them."""


def quoted(text: str, most: int = 60) -> str:
    """Quote a text, cut to `most` characters when it is longer."""
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")


def count(number: int, one: str, many: str | None = None) -> str:
    """Tell how many: `1 chapter`, `2,000 chapters`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Tell a length of time as a person would: `2 h 06 min`, `6 min 05 s`, `12 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"


def size(length: float) -> str:
    """Tell how many bytes: `12 kB`, `3.4 MB`, `2.9 GB`."""
    if length >= 1e9:
        return f"{length / 1e9:,.1f} GB"
    return f"{length / 1e6:,.1f} MB" if length >= 1e6 else f"{length / 1e3:,.0f} kB"


def clock(milliseconds: int, point: str = ".") -> str:
    """Say a time as files have it: HH:MM:SS.mmm."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
