"""Published and recomputed results that the engine must reproduce."""
