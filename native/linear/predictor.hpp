// Linear predictors of rows from columns as they are stored: no column is scaled, filled or widened beforehand.
#pragma once
#include <cstdint>
#include <vector>

#include "../columns.hpp"

namespace artesian::linear {

// Adds (value - shift) * weight, or `filling` where the value is not finite.
struct NumberTerm {
  NumberColumn column;
  double shift, weight, filling;
};

// Adds the amount of the row's level number, or the last of `levels` + 1 amounts for one that is negative or too large.
struct LevelTerm {
  NumberColumn column;
  const double* amounts;
  int64_t levels;
};

// The sums of all terms and of `start`, into out [n_rows].
void predict(const std::vector<NumberTerm>& numbers, const std::vector<LevelTerm>& levels, double start, int64_t n_rows, double* out);

}  // namespace artesian::linear
