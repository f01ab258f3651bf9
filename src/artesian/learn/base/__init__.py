"""What every algorithm stands on: parameters, details, tables, the design matrix, cross-validation, early stopping."""
