"""What the pyttsx3 engine needs of a recorder, and what all recorders need of pyttsx3."""

from importlib import import_module
from typing import Any, Protocol

from pipeline.model.clip import Clip


class SpeechRecorder(Protocol):
    """A way to get audio out of pyttsx3.

    `engine` is pyttsx3's own, `library` names what it drives, with versions, and `licence` is that
    of its voices, None if unknown. `formant` is whether they are synthesised from formants, and
    `product` whose voices a listener knows them as.
    """

    engine: Any
    library: str
    licence: str | None
    has_pitch: bool
    formant: bool
    product: str

    def variants(self) -> tuple[str, ...]:
        """Return the suffixes that make variants of a voice."""
        ...

    def record(self, text: str) -> Clip:
        """Synthesise `text`; raise EngineError if there is no audio."""
        ...


def load_driver(name: str) -> Any:
    """Import a driver module of pyttsx3, and stop it from printing on stdout.

    Stdout is for the command's result alone.
    """
    driver = import_module(f"pyttsx3.drivers.{name}")
    vars(driver)["print"] = _print_nothing
    return driver


def _print_nothing(*_args: object, **_options: object) -> None:
    """Print nothing."""
