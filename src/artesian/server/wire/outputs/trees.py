"""Models of trees."""
