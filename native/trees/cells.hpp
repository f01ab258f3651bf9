// Numbers to the numbers of their cells.
#pragma once
#include <cstddef>
#include <cstdint>

namespace artesian::trees {

// out[i] = how many of the n_cuts rising cuts are at most values[i]; n_cuts + 1, which means missing, for NaN.
template <class Value, class Code>
void find_cells(const Value* values, size_t n, const double* cuts, size_t n_cuts, Code* out) {
  for (size_t i = 0; i < n; ++i) {
    const double value = double(values[i]);
    const double* base = cuts;
    size_t rest = n_cuts;
    while (rest > 1) {  // no branch depends on a comparison
      const size_t half = rest / 2;
      base += base[half - 1] <= value ? half : 0;
      rest -= half;
    }
    const size_t cell = size_t(base - cuts) + (rest == 1 && *base <= value);
    out[i] = Code(value != value ? n_cuts + 1 : cell);
  }
}

}  // namespace artesian::trees
