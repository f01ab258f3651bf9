"""A single tree of two classes, grown by information gain."""
