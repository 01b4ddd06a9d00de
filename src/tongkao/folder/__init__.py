"""Read, check and write assessment folders."""
