"""From PCM to finished files: encoding, tags, cover, captions, folders."""
