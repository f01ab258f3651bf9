// The best split of one column of a node, from the sums of its cells.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "columns.hpp"

namespace artesian::trees {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What bounds the splits of one node.
struct NodeLimits {
  Sums total;
  double min_rows;
  double least_gain;  // a split must gain more
  double lower = -kInfinity, upper = kInfinity;
};

struct Split {
  double gain = -kInfinity;
  int column = -1;
  bool categorical = false;
  bool missing_left = false;
  bool saw_missing = false;
  uint32_t code = 0;              // numeric: cells up to this one go left; cells - 1 parts missing values from all others
  Sums left;
  double left_value = 0, right_value = 0;  // within the bounds
  std::vector<uint16_t> away;     // categorical: the cells that do not go with missing values
};

// How the cells of a column may be parted at this node.
struct Candidates {
  uint32_t bins;
  bool random;
  uint64_t stream;  // of random splits
};

// Scratch space of one thread.
struct SplitSpace {
  std::vector<uint32_t> order;
  std::vector<double> means;
  std::vector<uint8_t> allowed;
  std::vector<Cell> sorted;
};

// Takes over a better split of the column into `best`. `cells`: those with rows, in order; `missing`: sums of missing values.
void consider(const Column& column, int number, int monotone, const std::vector<Cell>& cells, const Sums& missing,
              const NodeLimits& limits, const Candidates& candidates, SplitSpace& space, Split& best);

}  // namespace artesian::trees
