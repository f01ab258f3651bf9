#include "subtree.hpp"

#include <algorithm>
#include <cmath>

#include "../deeplearning/random.hpp"

namespace artesian::trees {

namespace {

constexpr double kPure = 1e-12;  // a squared error so small beside the sum of squares is rounding

void drop(Bits& bits, size_t i) { bits[i >> 6] &= ~(uint64_t(1) << (i & 63)); }

double squared_error(const Item& item) {
  return item.squares - item.total.sum * item.total.sum / item.total.weight;
}

}  // namespace

bool may_split(const Plan& plan, const Item& item) {
  const Options& options = *plan.options;
  return item.depth < options.max_depth && item.total.count >= 2 * options.min_rows && item.end - item.begin > 1 &&
         squared_error(item) > kPure * item.squares;
}

NodeLimits limits_of(const Plan& plan, const Item& item) {
  const double error = squared_error(item);
  return {item.total, plan.options->min_rows, std::max(plan.options->min_split_improvement * error, kPure * item.squares), item.lower,
          item.upper};
}

bool takes_all_columns(const Plan& plan) { return plan.options->split_columns <= 0 && plan.options->columns_change == 1; }

void draw_columns(const Plan& plan, const Item& item, const Bits& usable, std::vector<uint32_t>& drawn) {
  drawn.clear();
  for (size_t word = 0; word < usable.size(); ++word)
    for (uint64_t bits = usable[word]; bits; bits &= bits - 1) drawn.push_back(uint32_t(word * 64 + size_t(__builtin_ctzll(bits))));
  const Options& options = *plan.options;
  const double base = options.split_columns > 0 ? options.split_columns : double(plan.n_columns);
  if (takes_all_columns(plan)) return;
  const size_t wanted = size_t(std::max(1.0, std::min(double(plan.n_columns), base * std::pow(options.columns_change, item.depth))));
  if (wanted >= drawn.size()) return;
  for (size_t i = 0; i < wanted; ++i) {
    const size_t rest = drawn.size() - i;
    const size_t chosen = i + size_t(deeplearning::uniform(item.stream, i) * double(rest));
    std::swap(drawn[i], drawn[chosen]);
  }
  drawn.resize(wanted);
}

Candidates candidates_of(const Plan& plan, const Item& item, uint32_t column) {
  const Options& options = *plan.options;
  const int top = item.depth < 31 ? options.bins_top_level >> item.depth : 0;
  return {uint32_t(std::max(options.bins, top)), options.random_splits, deeplearning::stream(item.stream, 1, column)};
}

int monotone_of(const Plan& plan, uint32_t column) {
  return plan.options->monotone.empty() ? 0 : plan.options->monotone[column];
}

void make_children(const Plan& plan, const Item& item, const Split& split, Item& left, Item& right) {
  left = right = item;
  left.depth = right.depth = item.depth + 1;
  left.stream = deeplearning::stream(item.stream, 2, 0);
  right.stream = deeplearning::stream(item.stream, 2, 1);
  left.total = split.left;
  right.total = item.total - split.left;
  const int direction = monotone_of(plan, uint32_t(split.column));
  if (direction == 0) return;
  const double middle = (split.left_value + split.right_value) / 2;
  Item& low = direction > 0 ? left : right;
  Item& high = direction > 0 ? right : left;
  low.upper = std::min(low.upper, middle);
  high.lower = std::max(high.lower, middle);
}

namespace {

void append(const Plan& plan, const Item& item, const Node& node, double gain, Grown& out) {
  out.tree.nodes.push_back(node);
  out.tree.gain.push_back(float(gain));
  out.tree.cover.push_back(float(item.total.weight));
  if (!plan.options->monotone.empty()) {
    out.tree.lower.push_back(item.lower + plan.shift);
    out.tree.upper.push_back(item.upper + plan.shift);
  }
  out.begin.push_back(item.begin);
  out.out_begin.push_back(item.out_begin);
}

}  // namespace

void append_split(const Plan& plan, const Item& item, const Split& split, const Column& column, Grown& out) {
  Node node{0, 0, uint32_t(split.column) | (split.missing_left ? Node::kMissingLeft : 0)};
  if (split.categorical) {
    node.meta |= Node::kCategorical;
    const uint32_t first = split.away.front() >> 3u, bytes = (split.away.back() >> 3u) - first + 1;
    const CellSet set{uint32_t(out.tree.bits.size()), uint16_t(first), uint16_t(bytes)};
    out.tree.bits.resize(out.tree.bits.size() + bytes, 0);
    for (uint16_t cell : split.away) out.tree.bits[set.start + (cell >> 3u) - first] |= uint8_t(1u << (cell & 7u));
    node.number = as_number(set);
  } else if (split.code + 1 >= column.cells || !column.cuts) {
    node.number = std::nan("");  // missing values alone go right
  } else {
    node.number = column.cuts[split.code];
  }
  append(plan, item, node, split.gain, out);
}

void append_leaf(const Plan& plan, const Item& item, Grown& out) {
  const double mean = item.total.weight > 0 ? item.total.sum / item.total.weight : 0;
  append(plan, item, {std::min(std::max(mean, item.lower), item.upper) + plan.shift, 0, Node::kLeaf}, 0, out);
}

void narrow_usable(const Plan& plan, const Split& split, Bits& usable) {
  if (plan.meets.empty()) return;
  const Bits& meets = plan.meets[size_t(split.column)];
  for (size_t i = 0; i < usable.size(); ++i) usable[i] &= meets[i];
}

Router::Router(const Split& split, const Column& column, std::vector<uint8_t>& side) : split_(split), column_(column), side_(side) {
  if (!split.categorical) return;
  if (side.size() < column.cells + 1) side.resize(column.cells + 1, 0);
  for (uint16_t cell : split.away) side[cell] = 1;
}

Router::~Router() {
  if (split_.categorical)
    for (uint16_t cell : split_.away) side_[cell] = 0;
}

namespace {

// Both sides are written at each row and the place moves on where it counts: no branch to be guessed.
template <class Goes>
size_t part_rows(const uint32_t* rows, size_t n, uint32_t* left, uint32_t* right, Goes goes_left) {
  size_t l = 0;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t row = rows[i];
    const bool goes = goes_left(row);
    left[l] = row;
    right[i - l] = row;
    l += goes;
  }
  return l;
}

template <class Code>
size_t part_codes(const Code* codes, const Split& split, uint32_t cells, const uint8_t* side, const uint32_t* rows, size_t n,
                  uint32_t* left, uint32_t* right) {
  if (split.categorical) {
    const uint8_t flip = split.missing_left;
    return part_rows(rows, n, left, right, [=](uint32_t row) { return bool(side[codes[row]] ^ flip); });
  }
  const uint32_t last = split.code;
  if (split.missing_left)
    return part_rows(rows, n, left, right, [=](uint32_t row) { return (codes[row] <= last) | (codes[row] == cells); });
  return part_rows(rows, n, left, right, [=](uint32_t row) { return codes[row] <= last; });
}

}  // namespace

size_t Router::part_to(const uint32_t* rows, size_t n, uint32_t* left, uint32_t* right) const {
  return column_.narrow ? part_codes(column_.narrow, split_, column_.cells, side_.data(), rows, n, left, right)
                        : part_codes(column_.wide, split_, column_.cells, side_.data(), rows, n, left, right);
}

size_t Router::part(uint32_t* rows, size_t n, uint32_t* right) const {
  const size_t left = part_to(rows, n, rows, right);
  std::copy(right, right + (n - left), rows + left);
  return left;
}

double sum_of_squares(const Plan& plan, const Pair* pairs, const uint32_t* rows, size_t n) {
  double squares = 0;
  if (plan.unit_weights) {
    for (size_t i = 0; i < n; ++i) squares += double(pairs[rows[i]].sum) * pairs[rows[i]].sum;
  } else {
    for (size_t i = 0; i < n; ++i) {
      const Pair pair = pairs[rows[i]];
      squares += double(pair.sum) * pair.sum / pair.weight;
    }
  }
  return squares;
}

namespace {

// Looks for the node's best split; columns found constant are dropped from `usable`.
bool find_split(const Plan& plan, const Rows& data, const Item& item, const uint32_t* rows, Bits& usable, Workspace& space) {
  draw_columns(plan, item, usable, space.columns);
  const size_t n = item.end - item.begin;
  const NodeLimits limits = limits_of(plan, item);
  space.gathered.gather(data, rows, n);
  const float* count = data.count ? space.gathered.count.data() : nullptr;
  space.split.gain = -kInfinity;
  space.split.column = -1;
  for (const uint32_t j : space.columns) {
    const Column& column = data.columns[j];
    Sums missing;
    space.histogram.list_cells(column, rows, n, space.gathered.pairs.data(), count, space.cells, missing);
    if (space.cells.size() + (missing.count > 0) < 2) {
      drop(usable, j);
      continue;
    }
    consider(column, int(j), monotone_of(plan, j), space.cells, missing, limits, candidates_of(plan, item, j), space.space,
             space.split);
  }
  return space.split.column >= 0;
}

void grow_from(const Plan& plan, const Rows& data, const Item& root, const Bits& usable_at_root, uint32_t* in, uint32_t* out,
               Workspace& space, Grown& grown) {
  struct Waiting {
    Item item;
    int64_t parent;  // whose right child it is; -1: none
  };
  std::vector<Waiting> stack{{root, -1}};
  std::vector<Bits> usable_stack{usable_at_root};
  space.right.resize(std::max<size_t>(root.end - root.begin, root.out_end - root.out_begin));
  while (!stack.empty()) {
    const Waiting waiting = stack.back();
    stack.pop_back();
    Bits usable = std::move(usable_stack.back());
    usable_stack.pop_back();
    const Item& item = waiting.item;
    if (waiting.parent >= 0) grown.tree.nodes[size_t(waiting.parent)].right = uint32_t(grown.tree.nodes.size());
    if (!may_split(plan, item) || !find_split(plan, data, item, in + item.begin, usable, space)) {
      append_leaf(plan, item, grown);
      continue;
    }
    const Split& split = space.split;
    const Column& column = data.columns[size_t(split.column)];
    Item left, right;
    make_children(plan, item, split, left, right);
    {
      const Router router(split, column, space.side);
      left.end = right.begin = item.begin + uint32_t(router.part(in + item.begin, item.end - item.begin, space.right.data()));
      left.out_end = right.out_begin =
          item.out_begin + uint32_t(router.part(out + item.out_begin, item.out_end - item.out_begin, space.right.data()));
    }
    if (left.depth < plan.options->max_depth) {
      left.squares = sum_of_squares(plan, data.pairs, in + left.begin, left.end - left.begin);
      right.squares = sum_of_squares(plan, data.pairs, in + right.begin, right.end - right.begin);
    }
    append_split(plan, item, split, column, grown);
    narrow_usable(plan, split, usable);
    const int64_t self = int64_t(grown.tree.nodes.size()) - 1;
    stack.push_back({right, self});
    usable_stack.push_back(usable);
    stack.push_back({left, -1});
    usable_stack.push_back(std::move(usable));
  }
}

constexpr size_t kLocalBytes = size_t(1) << 20;  // of a copy that is still fast to read at random

// Whether the rows are read so often that a copy of them side by side pays.
bool pays_to_copy(const Plan& plan, const Rows& data, const Item& root, size_t n) {
  // A copy reads each column once; the levels below read those that are looked at.
  const double levels = std::min(double(plan.options->max_depth) - root.depth, std::log2(double(n) + 1));
  if (n < 64 || levels * double(columns_looked_at(plan)) < 2 * double(data.columns.size())) return false;
  size_t bytes = sizeof(Pair) + sizeof(float);
  for (const Column& column : data.columns) bytes += column.narrow ? 1 : 2;
  return n * bytes <= kLocalBytes;
}

// Copies the rows named by `in` and `out` into the workspace.
void copy_rows(const Rows& data, const uint32_t* in, size_t n_in, const uint32_t* out, size_t n_out, Workspace& space) {
  const size_t n = n_in + n_out, width = data.columns.size();
  space.global.resize(n);
  std::copy(in, in + n_in, space.global.begin());
  std::copy(out, out + n_out, space.global.begin() + int64_t(n_in));
  space.narrow.resize(width);
  space.wide.resize(width);
  space.local.columns = data.columns;
  const auto gather = [&](const auto* from, auto& to) {
    if (to.size() < n) to.resize(n);
    for (size_t i = 0; i < n; ++i) to[i] = from[space.global[i]];
    return to.data();
  };
  for (size_t j = 0; j < width; ++j) {
    Column& column = space.local.columns[j];
    if (column.narrow)
      column.narrow = gather(column.narrow, space.narrow[j]);
    else
      column.wide = gather(column.wide, space.wide[j]);
  }
  space.local.pairs = gather(data.pairs, space.pairs);
  space.local.count = data.count ? gather(data.count, space.count) : nullptr;
  space.in.resize(n_in);
  space.out.resize(n_out);
  for (size_t i = 0; i < n_in; ++i) space.in[i] = uint32_t(i);
  for (size_t i = 0; i < n_out; ++i) space.out[i] = uint32_t(n_in + i);
}

}  // namespace

size_t columns_looked_at(const Plan& plan) {
  const size_t width = std::max<size_t>(plan.n_columns, 1);
  return takes_all_columns(plan) ? width : std::min(width, size_t(std::max(plan.options->split_columns, 1)));
}

void grow_subtree(const Plan& plan, const Rows& data, const Item& root, const Bits& usable, uint32_t* in, uint32_t* out,
                  Workspace& space, Grown& grown) {
  const size_t n_in = root.end - root.begin, n_out = root.out_end - root.out_begin;
  if (!pays_to_copy(plan, data, root, n_in + n_out)) return grow_from(plan, data, root, usable, in, out, space, grown);
  copy_rows(data, in + root.begin, n_in, out + root.out_begin, n_out, space);
  Item local = root;
  local.begin = local.out_begin = 0;
  local.end = uint32_t(n_in);
  local.out_end = uint32_t(n_out);
  grow_from(plan, space.local, local, usable, space.in.data(), space.out.data(), space, grown);
  for (size_t i = 0; i < n_in; ++i) in[root.begin + i] = space.global[space.in[i]];
  for (size_t i = 0; i < n_out; ++i) out[root.out_begin + i] = space.global[space.out[i]];
  for (uint32_t& begin : grown.begin) begin += root.begin;
  for (uint32_t& begin : grown.out_begin) begin += root.out_begin;
}

}  // namespace artesian::trees
