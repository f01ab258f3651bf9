"""Single trees of models."""
