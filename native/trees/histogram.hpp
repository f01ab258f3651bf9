// Sums of a node's rows by the cells of a column.
#pragma once
#include <cstdint>
#include <vector>

#include "columns.hpp"

namespace artesian::trees {

// The pairs (and counts) of some rows, one after the other; `rows` null: rows first, first + 1 ...
struct Gathered {
  std::vector<Pair> pairs;
  std::vector<float> count;
  void gather(const Rows& data, const uint32_t* rows, size_t n);
};

// Two or three doubles a cell: sum, weight, and the count where it is not the weight. All zero between uses.
class Histogram {
 public:
  void reserve(uint32_t cells, bool counted);
  // Adds the rows' sums and lists the cells that have rows, in order; those of missing values go into `missing`.
  void list_cells(const Column& column, const uint32_t* rows, size_t n, const Pair* pairs, const float* count,
                  std::vector<Cell>& cells, Sums& missing);

 private:
  void by_sorting(const Column& column, const uint32_t* rows, size_t n, const Pair* pairs, const float* count,
                  std::vector<Cell>& cells, Sums& missing) const;
  std::vector<double> values_;
  std::vector<uint64_t> touched_;
};

// Adds rows to the histogram at `values` (stride 2, or 3 with `count`); `rows` null: rows 0 .. n - 1 of `column`.
void add_rows(const Column& column, size_t first, const uint32_t* rows, size_t n, const Pair* pairs, const float* count, double* values);

// Lists the cells of a histogram that have rows.
void read_cells(const Column& column, const double* values, bool counted, std::vector<Cell>& cells, Sums& missing);

}  // namespace artesian::trees
