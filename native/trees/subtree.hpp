// What growing the whole tree and growing one of its subtrees share, and the growing of a subtree by one thread.
#pragma once
#include <cstdint>
#include <vector>

#include "columns.hpp"
#include "histogram.hpp"
#include "node.hpp"
#include "split.hpp"

namespace artesian::trees {

using Bits = std::vector<uint64_t>;

// What holds for all nodes of one tree.
struct Plan {
  const Options* options;
  size_t n_columns;
  bool unit_weights;        // each row weighs 1: the squared sum needs no division
  double shift;             // taken from the targets, added to the leaves
  std::vector<Bits> meets;  // of each column: those that may be split at below it; empty without interaction constraints
};

// A node to be grown: rows begin .. end of the list of those in the bag and of the list of the others.
struct Item {
  uint32_t begin, end, out_begin, out_end;
  int depth;
  uint64_t stream;  // of random numbers
  Sums total;
  double squares;  // weighted sum of squares of the target
  double lower = -kInfinity, upper = kInfinity;
};

// A finished node and where its rows lie; a leaf's rows end where the next leaf's begin.
struct Grown {
  Tree tree;
  std::vector<uint32_t> begin, out_begin;  // of each node
};

// Scratch space of one thread.
struct Workspace {
  Histogram histogram;
  Gathered gathered;
  SplitSpace space;
  std::vector<Cell> cells;
  std::vector<uint32_t> columns, right;
  std::vector<uint8_t> side;  // of each cell: whether it parts from missing values; zero between uses
  Split split;
  // A copy of a subtree's rows that fits the cache.
  Rows local;
  std::vector<std::vector<uint8_t>> narrow;
  std::vector<std::vector<uint16_t>> wide;
  std::vector<Pair> pairs;
  std::vector<float> count;
  std::vector<uint32_t> global, in, out;
};

// Whether the node can be split at all, by depth, weight and purity.
bool may_split(const Plan& plan, const Item& item);
NodeLimits limits_of(const Plan& plan, const Item& item);
// The columns to be looked at for a split: drawn from those in `usable`, in the order drawn, or all.
void draw_columns(const Plan& plan, const Item& item, const Bits& usable, std::vector<uint32_t>& drawn);
Candidates candidates_of(const Plan& plan, const Item& item, uint32_t column);
int monotone_of(const Plan& plan, uint32_t column);
// The two children of a split; their rows and squares are the caller's to fill in.
void make_children(const Plan& plan, const Item& item, const Split& split, Item& left, Item& right);
// A node of the tree for a split, or a leaf; appends to the tree.
void append_split(const Plan& plan, const Item& item, const Split& split, const Column& column, Grown& out);
void append_leaf(const Plan& plan, const Item& item, Grown& out);
// Which columns remain usable below a split.
void narrow_usable(const Plan& plan, const Split& split, Bits& usable);

// Tells for a cell whether it goes left.
class Router {
 public:
  Router(const Split& split, const Column& column, std::vector<uint8_t>& side);
  ~Router();
  // Moves the rows that go left to the front, in order; returns how many. `right` is scratch space for n rows.
  size_t part(uint32_t* rows, size_t n, uint32_t* right) const;
  size_t part_to(const uint32_t* rows, size_t n, uint32_t* left, uint32_t* right) const;

 private:
  const Split& split_;
  const Column& column_;
  std::vector<uint8_t>& side_;
};

// Whether all usable columns are looked at for every split.
bool takes_all_columns(const Plan& plan);
double sum_of_squares(const Plan& plan, const Pair* pairs, const uint32_t* rows, size_t n);

// How many columns are looked at for a split at the root.
size_t columns_looked_at(const Plan& plan);

// Grows the subtree at `item` by itself. `in` and `out` list the rows in the bag and the others; both are brought into the
// order of the leaves.
void grow_subtree(const Plan& plan, const Rows& data, const Item& item, const Bits& usable, uint32_t* in, uint32_t* out,
                  Workspace& space, Grown& grown);

}  // namespace artesian::trees
