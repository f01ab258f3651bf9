"""Floor 0: errors, settings, logging, ids and the clock. Imports nothing else of Artesian."""
