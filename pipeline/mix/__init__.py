"""From clips to PCM and cues: mixer, limiter, room tone."""
