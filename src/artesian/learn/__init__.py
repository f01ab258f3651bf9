"""Floor 3: the algorithms, one package each, registered by class attributes; their shared base and their metrics."""
