"""eSpeak NG put back to where it began, so that a text sounds the same whatever was said before.

The library keeps the phase of its flutter and of its glottal cycle from one utterance to the next;
by them the same text comes out up to 0.3% longer or shorter, and chapter marks would depend on
which worker spoke what. They are two static variables that no function resets, so they are found in
the symbol table of the library and set to zero. Its noise has a seed with a public function, but
draws on the C library's generator too.
"""

import ctypes
from collections.abc import Callable
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

_PHASES = ("Flutter_ix", "cycle_count")
_KNOWN = "espeak_Info"  # a public function, whose address tells where the library was loaded
_SIZE = 4  # bytes: each is an int


def resetter(library: Path) -> Callable[[], None]:
    """Give the function that resets the library, which must be loaded in this process.

    Where its symbols are stripped the phases are left alone.
    """
    loaded = ctypes.CDLL(str(library))
    offsets = _offsets(library)
    base = ctypes.cast(getattr(loaded, _KNOWN), ctypes.c_void_p).value or 0
    base -= offsets.pop(_KNOWN, base)
    addresses = [base + offset for offset in offsets.values()]
    everywhere = ctypes.CDLL(None)

    def reset() -> None:
        for address in addresses:
            ctypes.memset(address, 0, _SIZE)
        loaded.espeak_ng_SetRandSeed(1)
        everywhere.srand(1)

    return reset


def _offsets(library: Path) -> dict[str, int]:
    """Where the variables and the known function lie; nothing if any of them is not to be found."""
    try:
        with library.open("rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            symbols = list(table.iter_symbols()) if isinstance(table, SymbolTableSection) else []
    except (OSError, ELFError):
        return {}
    # The compiler appends a number to the names of static variables: `Flutter_ix.5965`.
    named = {symbol.name.partition(".")[0]: symbol["st_value"] for symbol in symbols}
    wanted = (*_PHASES, _KNOWN)
    return {name: named[name] for name in wanted} if all(n in named for n in wanted) else {}
