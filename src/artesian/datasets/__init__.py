"""Small data sets that come along: `h2o.load_dataset("cars_20mpg")`."""
