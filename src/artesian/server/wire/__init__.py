"""H2O's v3, v4 and v99 JSON shapes: schemas declared once, and functions from neutral objects to answers of those shapes."""
