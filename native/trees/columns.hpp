// What a tree is grown from: columns of cell numbers, and what each row weighs and aims at.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace artesian::trees {

// One column of cells 0 .. cells - 1 in one byte (narrow) or two (wide) a row; the number `cells` itself means missing.
struct Column {
  const uint8_t* narrow;
  const uint16_t* wide;
  uint32_t cells;
  bool categorical;
  bool integer;             // whole numbers: a range of as many numbers as bins has a bin for each
  const double* cuts;       // [cells - 1] cell k holds cuts[k - 1] <= value < cuts[k]; null for a categorical column
  const double* positions;  // [cells] where equal widths are measured; null: cells count as equally wide

  uint32_t cell(size_t row) const { return narrow ? narrow[row] : wide[row]; }
  double position(uint32_t cell) const { return positions ? positions[cell] : double(cell); }
};

// The weighted target and the weight of a row: what is summed up in histograms.
struct Pair {
  float sum, weight;
};

// Rows of all columns. `count` is what min_rows counts; null: the weights.
struct Rows {
  std::vector<Column> columns;
  const Pair* pairs;
  const float* count;
};

struct Options {
  int max_depth = 20;
  double min_rows = 1;
  int bins = 20;
  int bins_top_level = 1024;
  double min_split_improvement = 1e-5;
  int split_columns = 0;  // drawn anew at each split; 0: all
  double columns_change = 1;  // factor of their number from level to level
  bool random_splits = false;
  std::vector<int8_t> monotone;              // of each column: 1 increasing, -1 decreasing, 0 free; empty: all free
  std::vector<std::vector<uint32_t>> interactions;  // sets of columns that may meet on a path; empty: all may
};

// Sums over the rows of a node.
struct Sums {
  double sum = 0, weight = 0, count = 0;
  Sums operator+(const Sums& other) const { return {sum + other.sum, weight + other.weight, count + other.count}; }
  Sums operator-(const Sums& other) const { return {sum - other.sum, weight - other.weight, count - other.count}; }
};

// Sums over the rows of a node in one cell.
struct Cell {
  Sums sums;
  uint32_t code;
};

}  // namespace artesian::trees
