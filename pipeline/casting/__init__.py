"""From a script to a cast: voices.yaml, automatic casting, voice similarity."""
