// The nearest centre of each row: squared distances by numbers, one for each level that differs.
#pragma once
#include <cstdint>
#include <vector>

#include "../columns.hpp"

namespace artesian::cluster {

// Numbers as they are stored, which count as (value - shift) * scale, and as 0 where they are missing: NaN, or larger than `largest`.
struct ScaledNumbers {
  NumberColumn column;
  double shift, scale;
};

struct Columns {
  std::vector<ScaledNumbers> numbers;
  std::vector<NumberColumn> levels;
  double largest;
};

// Numbers [count, numbers.size()], scaled, and level numbers [count, levels.size()].
struct Centres {
  int64_t count;
  const double* numbers;
  const int64_t* levels;
};

// The number of the first of the nearest centres of each row, and the squared distance from it.
void nearest(const Columns& rows, int64_t n_rows, const Centres& centres, int64_t* chosen, double* distance);

}  // namespace artesian::cluster
