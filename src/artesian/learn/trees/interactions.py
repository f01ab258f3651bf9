"""Which features split together: gain, cover and frequency of paths."""
