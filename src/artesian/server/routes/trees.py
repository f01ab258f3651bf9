"""What is in models of trees: single trees, interactions of features, the H statistic."""
