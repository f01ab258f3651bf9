// Grows one regression tree: large nodes by all threads together, the subtrees below them by one thread each.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "columns.hpp"
#include "pool.hpp"
#include "subtree.hpp"

namespace artesian::trees {

// What one tree aims at. Rows whose weight is not above 0 are left out of the bag.
struct Task {
  const float* target;
  const float* weight;   // null: all 1
  const float* count;    // what min_rows counts; null: each row 1
  const uint32_t* rows;  // in the bag; null: all
  size_t n_bag;
  const uint32_t* columns;  // that may be split at; null: all
  size_t n_columns;
  uint64_t seed;
};

class Grower {
 public:
  Grower(std::vector<Column> columns, size_t n_rows, Options options, int threads);
  ~Grower();
  // `leaf_of_row` [n_rows] is filled with the leaf's node for all rows, in the bag or not.
  Tree grow(const Task& task, int32_t* leaf_of_row);
  size_t n_rows() const { return n_rows_; }
  size_t n_columns() const { return data_.columns.size(); }

 private:
  struct Large;
  void fill_bag(const Task& task);
  Item root_item(const Task& task);
  Bits usable_columns(const Task& task) const;
  bool is_large(const Item& item) const;
  int add_large(const Item& item, const Bits& usable);
  bool split_large(Large& large);
  bool find_split(Large& large);
  void build_histograms(const Item& item, const std::vector<uint32_t>& columns, std::vector<double>& histogram);
  void part(const Item& item, const Split& split, Item& left, Item& right);
  size_t part_list(const Split& split, std::vector<uint32_t>& list, size_t begin, size_t end);
  double squares_of(const Item& item);
  void squares_of_children(const Item& parent, Item& left, Item& right);
  void pass_histogram(Large& parent, const Item& left, const Item& right, std::vector<double>& of_left, std::vector<double>& of_right);
  void assemble(std::vector<Grown>& subtrees, Grown& whole);

  Rows data_;
  size_t n_rows_;
  Options options_;
  Plan plan_;
  Pool pool_;
  std::mutex growing_;
  uint32_t most_cells_ = 0;
  size_t all_cells_ = 0;
  bool exact_counts_ = false;  // whole numbers: the counts of a difference of histograms are exact
  bool all_rows_ = false;      // the bag is all rows in order
  std::vector<size_t> offsets_;  // of each column's cells in a histogram of all columns
  std::vector<Pair> pairs_;
  std::vector<float> count_;
  std::vector<uint32_t> in_, out_, scratch_left_, scratch_right_;
  std::vector<Workspace> spaces_;
  std::vector<Large> larges_;
  std::vector<std::vector<double>> spare_;  // histograms to be used again
};

}  // namespace artesian::trees
