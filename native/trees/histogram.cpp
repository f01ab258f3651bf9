#include "histogram.hpp"

#include <algorithm>

namespace artesian::trees {

namespace {

constexpr size_t kSorted = 16;  // so few rows are sorted faster than summed in a table

using Two = double __attribute__((vector_size(16), aligned(8)));  // sum and weight in one addition

template <class Code, bool kIndexed, bool kCounted, bool kMark>
void add(const Code* codes, const uint32_t* rows, size_t n, const Pair* pairs, const float* count, double* values, uint64_t* touched) {
  constexpr size_t kStride = kCounted ? 3 : 2;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t code = codes[kIndexed ? rows[i] : i];
    double* cell = values + kStride * code;
    *reinterpret_cast<Two*>(cell) += Two{double(pairs[i].sum), double(pairs[i].weight)};
    if constexpr (kCounted) cell[2] += double(count[i]);
    if constexpr (kMark) touched[code >> 6] |= uint64_t(1) << (code & 63);
  }
}

template <class Code, bool kMark>
void add_of(const Code* codes, const uint32_t* rows, size_t n, const Pair* pairs, const float* count, double* values,
            uint64_t* touched) {
  if (rows) {
    if (count)
      add<Code, true, true, kMark>(codes, rows, n, pairs, count, values, touched);
    else
      add<Code, true, false, kMark>(codes, rows, n, pairs, count, values, touched);
  } else if (count) {
    add<Code, false, true, kMark>(codes, rows, n, pairs, count, values, touched);
  } else {
    add<Code, false, false, kMark>(codes, rows, n, pairs, count, values, touched);
  }
}

Sums sums_at(const double* cell, bool counted) { return {cell[0], cell[1], cell[counted ? 2 : 1]}; }

}  // namespace

void Gathered::gather(const Rows& data, const uint32_t* rows, size_t n) {
  if (pairs.size() < n) pairs.resize(n);
  for (size_t i = 0; i < n; ++i) pairs[i] = data.pairs[rows[i]];
  if (!data.count) return;
  if (count.size() < n) count.resize(n);
  for (size_t i = 0; i < n; ++i) count[i] = data.count[rows[i]];
}

void Histogram::reserve(uint32_t cells, bool counted) {
  values_.assign(size_t(cells + 1) * (counted ? 3 : 2), 0.0);
  touched_.assign((cells >> 6) + 1, 0);
}

void Histogram::by_sorting(const Column& column, const uint32_t* rows, size_t n, const Pair* pairs, const float* count,
                           std::vector<Cell>& cells, Sums& missing) const {
  uint32_t keys[kSorted];
  for (size_t i = 0; i < n; ++i) {
    const uint32_t key = column.cell(rows[i]) << 8 | uint32_t(i);
    size_t j = i;
    for (; j > 0 && keys[j - 1] > key; --j) keys[j] = keys[j - 1];
    keys[j] = key;
  }
  uint32_t last = UINT32_MAX;
  for (size_t k = 0; k < n; ++k) {
    const uint32_t code = keys[k] >> 8, i = keys[k] & 255;
    const Sums sums{double(pairs[i].sum), double(pairs[i].weight), double(count ? count[i] : pairs[i].weight)};
    if (code == column.cells) {
      missing = missing + sums;
    } else if (code == last) {
      cells.back().sums = cells.back().sums + sums;
    } else {
      cells.push_back({sums, code});
    }
    last = code;
  }
}

void Histogram::list_cells(const Column& column, const uint32_t* rows, size_t n, const Pair* pairs, const float* count,
                           std::vector<Cell>& cells, Sums& missing) {
  cells.clear();
  missing = {};
  if (n <= kSorted) return by_sorting(column, rows, n, pairs, count, cells, missing);
  if (column.narrow)
    add_of<uint8_t, true>(column.narrow, rows, n, pairs, count, values_.data(), touched_.data());
  else
    add_of<uint16_t, true>(column.wide, rows, n, pairs, count, values_.data(), touched_.data());
  const size_t stride = count ? 3 : 2;
  for (size_t word = 0; word <= column.cells >> 6; ++word) {
    for (uint64_t bits = touched_[word]; bits; bits &= bits - 1) {
      const uint32_t code = uint32_t(word * 64 + size_t(__builtin_ctzll(bits)));
      double* cell = values_.data() + stride * code;
      if (code == column.cells)
        missing = sums_at(cell, count != nullptr);
      else
        cells.push_back({sums_at(cell, count != nullptr), code});
      std::fill(cell, cell + stride, 0.0);
    }
    touched_[word] = 0;
  }
}

void add_rows(const Column& column, size_t first, const uint32_t* rows, size_t n, const Pair* pairs, const float* count,
              double* values) {
  if (column.narrow)
    add_of<uint8_t, false>(column.narrow + first, rows, n, pairs, count, values, nullptr);
  else
    add_of<uint16_t, false>(column.wide + first, rows, n, pairs, count, values, nullptr);
}

void read_cells(const Column& column, const double* values, bool counted, std::vector<Cell>& cells, Sums& missing) {
  const size_t stride = counted ? 3 : 2;
  cells.clear();
  for (uint32_t code = 0; code < column.cells; ++code) {
    const Sums sums = sums_at(values + stride * code, counted);
    if (sums.count > 0 && sums.weight > 0) cells.push_back({sums, code});
  }
  missing = sums_at(values + stride * column.cells, counted);
  if (!(missing.count > 0)) missing = {};
}

}  // namespace artesian::trees
