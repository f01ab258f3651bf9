"""The H statistic of Friedman and Popescu."""
