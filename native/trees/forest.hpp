// Reads rows through trees: sums of leaves, leaves, contributions.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "node.hpp"

namespace artesian::trees {

struct TreeView {
  const Node* nodes;
  size_t n_nodes;
  const uint8_t* bits;
  const float* cover;
  int output;  // the class whose sum its leaves go to
};

// Values as they are; missing is NaN, or a negative cell of a categorical column.
struct RawColumn {
  const float* singles;
  const double* doubles;
  const int32_t* cells;
  double at(size_t row) const;
};

struct RawRows {
  std::vector<RawColumn> columns;
  size_t n_rows;
};

// Rows in a table of numbers, row after row: what a walk down a tree reads.
class RowBlock {
 public:
  void load(const RawRows& rows, size_t first, size_t count);
  const double* row(size_t i) const { return values_.data() + i * width_; }

 private:
  size_t width_ = 0;
  std::vector<double> values_;
};

// out [n_rows, n_outputs] += leaves of trees first .. last - 1.
void predict(const std::vector<TreeView>& trees, const RawRows& rows, size_t first, size_t last, size_t n_outputs, int threads, double* out);
// The node numbers of the leaves: out [n_rows, trees].
void leaves(const std::vector<TreeView>& trees, const RawRows& rows, int threads, int32_t* out);
// How many times each column is asked on the way to the leaves: out [n_rows, n_columns].
void feature_frequencies(const std::vector<TreeView>& trees, const RawRows& rows, int threads, int32_t* out);
// TreeSHAP, path-dependent: out [n_outputs, n_rows, n_columns + 1], the last being the expectation.
void contributions(const std::vector<TreeView>& trees, const RawRows& rows, size_t n_outputs, int threads, double* out);
// Against background rows: out [n_outputs, n_rows * n_background, n_columns + 1], background fastest.
void contributions_interventional(const std::vector<TreeView>& trees, const RawRows& rows, const RawRows& background, int threads,
                                  double* out);

// Whether a value goes left at a node that is no leaf; NaN is missing.
inline bool goes_left(const Node& node, const uint8_t* bits, double value) {
  if (value != value) return node.missing_left();
  if (node.is_categorical()) return cell_set(node.number).contains(bits, uint32_t(int64_t(value))) != node.missing_left();
  return !(value >= node.number);
}
inline bool goes_left(const Node& node, const uint8_t* bits, const double* row) { return goes_left(node, bits, row[node.column()]); }

}  // namespace artesian::trees
