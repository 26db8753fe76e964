"""Text-to-speech engines; what an engine of another package needs is here."""

from pipeline.model.clip import Clip
from pipeline.model.voice import Voice, VoiceInfo
from pipeline.tts.engines.engine import Engine

__all__ = ["Clip", "Engine", "Voice", "VoiceInfo"]
