#include "nearest.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace artesian::cluster {

namespace {

constexpr int64_t kTileRows = 256;  // what is worked out of them stays in the first-level cache

// Adds 1 where a code differs. Codes are compared as what they are stored as; a centre's code beyond that differs from all.
template <class Code>
void add_differing(const Code* codes, int64_t count, int64_t own, int32_t* differing) {
  const Code wanted = Code(own);
  if (int64_t(wanted) != own) {
    for (int64_t i = 0; i < count; ++i) ++differing[i];
    return;
  }
  for (int64_t i = 0; i < count; ++i) differing[i] += codes[i] != wanted;
}

// The scaled numbers of up to kTileRows rows, column by column, into out [columns, kTileRows].
void scale(const Columns& rows, int64_t first, int64_t count, double* out) {
  for (const auto& [column, shift, factor] : rows.numbers) {
    with_values(column, [&, shift = shift, factor = factor](auto values) {
      for (int64_t i = 0; i < count; ++i) {
        const double value = double(values[first + i]);
        out[i] = std::fabs(value) <= rows.largest ? (value - shift) * factor : 0.0;
      }
    });
    out += kTileRows;
  }
}

// Squared distances of up to kTileRows rows, of which `scaled` are the numbers, from one centre.
void measure(const Columns& rows, const double* scaled, int64_t first, int64_t count, const Centres& centres, int64_t centre,
             double* found) {
  std::fill(found, found + count, 0.0);
  const int64_t p = int64_t(rows.numbers.size()), q = int64_t(rows.levels.size());
  for (int64_t j = 0; j < p; ++j) {
    const double* values = scaled + j * kTileRows;
    const double own = centres.numbers[centre * p + j];
    for (int64_t i = 0; i < count; ++i) found[i] += (values[i] - own) * (values[i] - own);
  }
  if (q == 0) return;
  int32_t differing[kTileRows] = {};
  for (int64_t j = 0; j < q; ++j)
    with_values(rows.levels[size_t(j)], [&](auto codes) {
      if constexpr (std::is_integral_v<std::remove_reference_t<decltype(*codes)>>)
        add_differing(codes + first, count, centres.levels[centre * q + j], differing);
    });
  for (int64_t i = 0; i < count; ++i) found[i] += double(differing[i]);
}

}  // namespace

void nearest(const Columns& rows, int64_t n_rows, const Centres& centres, int64_t* chosen, double* distance) {
  double found[kTileRows], which[kTileRows];  // numbers of centres, as doubles
  std::vector<double> scaled(rows.numbers.size() * size_t(kTileRows));
  for (int64_t first = 0; first < n_rows; first += kTileRows) {
    const int64_t count = std::min(kTileRows, n_rows - first);
    double* least = distance + first;
    scale(rows, first, count, scaled.data());
    measure(rows, scaled.data(), first, count, centres, 0, least);
    std::fill(which, which + count, 0.0);
    for (int64_t centre = 1; centre < centres.count; ++centre) {
      measure(rows, scaled.data(), first, count, centres, centre, found);
      for (int64_t i = 0; i < count; ++i) {  // arithmetic, since a branch could not be foreseen
        const double is_nearer = found[i] < least[i] ? 1.0 : 0.0;
        which[i] += is_nearer * (double(centre) - which[i]);
      }
      for (int64_t i = 0; i < count; ++i) least[i] = std::min(least[i], found[i]);
    }
    std::copy(which, which + count, chosen + first);
  }
}

}  // namespace artesian::cluster
