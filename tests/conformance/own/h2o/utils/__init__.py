"""Tools that the scripts take from the official package's `utils`."""
