"""From script and cast to clips: takes, the clip cache, levels, workers on a cluster."""
