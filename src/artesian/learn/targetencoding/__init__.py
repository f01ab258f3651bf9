"""Target encoding: categorical columns, alone or several together, as means of the response.

`encodings` counts and looks up, `model` adds encoded columns to frames; what is learnt is sums and counts by level.
"""
