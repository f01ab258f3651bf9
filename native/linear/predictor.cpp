#include "predictor.hpp"

#include <algorithm>
#include <type_traits>

namespace artesian::linear {

namespace {

constexpr int64_t kTileRows = 256;  // so few that sums and values stay in the first-level cache together

template <class T>
void add_numbers(const T* values, int64_t count, const NumberTerm& term, double* out) {
  for (int64_t i = 0; i < count; ++i) {
    const double value = double(values[i]), amount = (value - term.shift) * term.weight;
    out[i] += std::is_integral_v<T> || value - value == 0 ? amount : term.filling;
  }
}

template <class T>
void add_levels(const T* codes, int64_t count, const LevelTerm& term, double* out) {
  const uint64_t last = uint64_t(term.levels);  // a negative code is larger
  for (int64_t i = 0; i < count; ++i) out[i] += term.amounts[std::min(uint64_t(codes[i]), last)];
}

}  // namespace

void predict(const std::vector<NumberTerm>& numbers, const std::vector<LevelTerm>& levels, double start, int64_t n_rows, double* out) {
  for (int64_t first = 0; first < n_rows; first += kTileRows) {
    const int64_t count = std::min(kTileRows, n_rows - first);
    double* sums = out + first;
    std::fill(sums, sums + count, start);
    for (const auto& term : numbers) with_values(term.column, [&](auto values) { add_numbers(values + first, count, term, sums); });
    for (const auto& term : levels)
      with_values(term.column, [&](auto codes) {
        if constexpr (std::is_integral_v<std::remove_reference_t<decltype(*codes)>>) add_levels(codes + first, count, term, sums);
      });
  }
}

}  // namespace artesian::linear
