// Statistics of a column of numbers in one pass.
#pragma once
#include <cstdint>
#include <vector>

#include "../columns.hpp"

namespace artesian::frame {

// Of the finite values where nothing else is said; NaN is no value. `squares` are those of the deviations from the mean.
struct Statistics {
  int64_t count = 0, zeros = 0, positive = 0, negative = 0;  // the last two: infinite ones
  double mean = 0, squares = 0;
  std::vector<double> least, most;  // as many as were asked for, or all there are; ascending and descending
};

Statistics statistics(const NumberColumn& column, int64_t n, int64_t extremes);

// How often each byte occurs.
void count_bytes(const uint8_t* bytes, int64_t n, int64_t counts[256]);

}  // namespace artesian::frame
