"""Reset of eSpeak NG's hidden state, so that a text sounds the same whatever was spoken before.

The library keeps the phase of its flutter and of its glottal cycle between utterances. They change
the length of a text by up to 0.3%, so chapter marks would depend on which worker spoke what. Both
are static variables that no function resets; they are located in the symbol table of the library
and set to zero. Its noise has a seed with a public function, but also uses the generator of the C
library.
"""

import ctypes
from collections.abc import Callable
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

_PHASES = ("Flutter_ix", "cycle_count")
_PUBLIC_FUNCTION = "espeak_Info"  # its address gives the base at which the library is loaded
_INT_SIZE = 4  # bytes


def make_reset(library: Path) -> Callable[[], None]:
    """Return a function that resets the library, which must be loaded in this process.

    If the symbols of the library are stripped, the phases are left alone.
    """
    loaded = ctypes.CDLL(str(library))
    offsets = _offsets(library)
    base = ctypes.cast(getattr(loaded, _PUBLIC_FUNCTION), ctypes.c_void_p).value or 0
    base -= offsets.pop(_PUBLIC_FUNCTION, base)
    addresses = [base + offset for offset in offsets.values()]
    c_library = ctypes.CDLL(None)

    def reset() -> None:
        for address in addresses:
            ctypes.memset(address, 0, _INT_SIZE)
        loaded.espeak_ng_SetRandSeed(1)
        c_library.srand(1)

    return reset


def _offsets(library: Path) -> dict[str, int]:
    """Return the offsets of the phases and the public function; empty if any of them is missing."""
    try:
        with library.open("rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            symbols = list(table.iter_symbols()) if isinstance(table, SymbolTableSection) else []
    except (OSError, ELFError):
        return {}
    # The compiler appends a number to the names of static variables: `Flutter_ix.5965`.
    values = {symbol.name.partition(".")[0]: symbol["st_value"] for symbol in symbols}
    needed = (*_PHASES, _PUBLIC_FUNCTION)
    return {name: values[name] for name in needed} if all(n in values for n in needed) else {}
