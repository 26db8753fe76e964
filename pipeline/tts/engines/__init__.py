"""Text-to-speech engines.

This module re-exports everything that an engine in another package needs: the `Engine` protocol,
the `Voice` settings that it receives, the `Clip` and `VoiceInfo` that it returns, and the
`EngineError` that it raises. CONTRIBUTING.md has the steps.

Inside fullcast, engines are used through `registry` alone. Each engine module is imported only when
a role uses the engine, and it runs in worker processes.
"""

from pipeline.core.errors import EngineError
from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.engine import Engine

__all__ = ["Clip", "Engine", "EngineError", "Voice", "VoiceInfo"]
