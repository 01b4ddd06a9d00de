"""A slow, exact marker of assessment folders and a generator of random folders."""
