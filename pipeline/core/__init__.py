"""Infrastructure: errors, messages, the cache, atomic output, worker processes, ffmpeg."""
