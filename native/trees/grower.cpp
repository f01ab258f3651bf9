#include "grower.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../deeplearning/random.hpp"

namespace artesian::trees {

namespace {

constexpr size_t kLarge = 8192;   // rows in the bag above which all threads work on one node
constexpr size_t kWide = 8;       // with more columns to look at, fewer rows make a node large
constexpr size_t kGroup = 16;     // columns of a task, where the rows are too few for tasks of their own
constexpr size_t kBlock = 16384;  // rows of a task; fixed, so that sums are added in the same order whatever the threads
constexpr size_t kMostBlocks = 16;
constexpr size_t kHistogramBytes = size_t(64) << 20;  // of the blocks' histograms together
constexpr size_t kTile = 1024;                        // rows whose pairs are gathered at once: they stay in the first cache

size_t blocks_of(size_t n) { return (n + kBlock - 1) / kBlock; }

}  // namespace

// A node that all threads work on, or, with `task`, the root of a subtree.
struct Grower::Large {
  Item item;
  Bits usable;
  std::vector<double> histogram;  // of all columns, where the parent's was subtracted from
  Split split;
  int left = -1, right = -1, task = -1;
};

Grower::Grower(std::vector<Column> columns, size_t n_rows, Options options, int threads)
    : n_rows_(n_rows), options_(std::move(options)), pool_(threads), spaces_(size_t(pool_.size())) {
  data_.columns = std::move(columns);
  for (const Column& column : data_.columns) {
    offsets_.push_back(all_cells_);
    most_cells_ = std::max(most_cells_, column.cells);
    all_cells_ += column.cells + 1;
  }
  plan_.options = &options_;
  plan_.n_columns = data_.columns.size();
  if (!options_.interactions.empty()) {
    const size_t words = (plan_.n_columns + 63) / 64;
    plan_.meets.assign(plan_.n_columns, Bits(words, 0));
    for (const auto& set : options_.interactions)
      for (const uint32_t a : set)
        for (const uint32_t b : set) plan_.meets[a][b >> 6] |= uint64_t(1) << (b & 63);
  }
}

Grower::~Grower() = default;

Tree Grower::grow(const Task& task, int32_t* leaf_of_row) {
  std::lock_guard<std::mutex> lock(growing_);
  fill_bag(task);
  larges_.clear();
  add_large(root_item(task), usable_columns(task));
  for (Workspace& space : spaces_) space.histogram.reserve(most_cells_, data_.count != nullptr);
  std::vector<int> waiting{0};
  std::vector<int> tasks;
  while (!waiting.empty()) {
    const int id = waiting.back();
    waiting.pop_back();
    const Item& item = larges_[size_t(id)].item;
    if (!is_large(item) || !may_split(plan_, item) || !split_large(larges_[size_t(id)])) {
      larges_[size_t(id)].task = int(tasks.size());
      tasks.push_back(id);
      continue;
    }
    waiting.push_back(larges_[size_t(id)].right);
    waiting.push_back(larges_[size_t(id)].left);
  }
  std::vector<Grown> subtrees(tasks.size());
  pool_.run(tasks.size(), [&](size_t t, int thread) {
    const Large& large = larges_[size_t(tasks[t])];
    grow_subtree(plan_, data_, large.item, large.usable, in_.data(), out_.data(), spaces_[size_t(thread)], subtrees[t]);
  });
  Grown whole;
  assemble(subtrees, whole);
  // Leaves lie in the order of their rows.
  std::vector<uint32_t> leaves;
  for (size_t i = 0; i < whole.tree.nodes.size(); ++i)
    if (whole.tree.nodes[i].is_leaf()) leaves.push_back(uint32_t(i));
  const size_t share = (leaves.size() + 63) / 64;
  pool_.run(64, [&](size_t t, int) {
    for (size_t k = t * share; k < std::min(leaves.size(), (t + 1) * share); ++k) {
      const bool last = k + 1 == leaves.size();
      const size_t in_end = last ? in_.size() : whole.begin[leaves[k + 1]], out_end = last ? out_.size() : whole.out_begin[leaves[k + 1]];
      for (size_t i = whole.begin[leaves[k]]; i < in_end; ++i) leaf_of_row[in_[i]] = int32_t(leaves[k]);
      for (size_t i = whole.out_begin[leaves[k]]; i < out_end; ++i) leaf_of_row[out_[i]] = int32_t(leaves[k]);
    }
  });
  return std::move(whole.tree);
}

void Grower::fill_bag(const Task& task) {
  in_.clear();
  out_.clear();
  in_.reserve(task.n_bag);
  const auto counts = [&](size_t row) { return !task.weight || task.weight[row] > 0; };
  if (task.rows) {
    std::vector<uint8_t> bagged(n_rows_, 0);
    for (size_t i = 0; i < task.n_bag; ++i) {
      if (!counts(task.rows[i])) continue;
      in_.push_back(task.rows[i]);
      bagged[task.rows[i]] = 1;
    }
    for (size_t row = 0; row < n_rows_; ++row)
      if (!bagged[row]) out_.push_back(uint32_t(row));
  } else {
    for (size_t row = 0; row < n_rows_; ++row) (counts(row) ? in_ : out_).push_back(uint32_t(row));
  }
  all_rows_ = !task.rows && in_.size() == n_rows_;
}

Item Grower::root_item(const Task& task) {
  double mean = 0, weight = 0, square = 0;
  plan_.unit_weights = true;
  for (const uint32_t row : in_) {
    const double w = task.weight ? task.weight[row] : 1, y = task.target[row];
    plan_.unit_weights &= w == 1;
    mean += w * y;
    square += w * y * y;
    weight += w;
  }
  mean = weight > 0 ? mean / weight : 0;
  const double variance = weight > 0 ? square / weight - mean * mean : 0;
  plan_.shift = mean * mean > 256 * variance ? mean : 0;  // else sums of 0s and 1s stay exact
  pairs_.resize(n_rows_);
  const bool counted = task.count ? task.count != task.weight : task.weight != nullptr;
  count_.resize(counted ? n_rows_ : 0);
  const auto fill = [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      const float w = task.weight ? task.weight[row] : 1.0f;
      pairs_[row] = {float((double(task.target[row]) - plan_.shift) * w), w};
      if (counted) count_[row] = task.count ? task.count[row] : 1.0f;
    }
  };
  pool_.run(blocks_of(n_rows_), [&](size_t block, int) { fill(block * kBlock, std::min(n_rows_, (block + 1) * kBlock)); });
  data_.pairs = pairs_.data();
  data_.count = counted ? count_.data() : nullptr;
  Item item{0, uint32_t(in_.size()), 0, uint32_t(out_.size()), 0, deeplearning::mix(task.seed), {}, 0};
  exact_counts_ = true;
  for (const uint32_t row : in_) {
    item.total.sum += double(pairs_[row].sum);
    item.total.weight += double(pairs_[row].weight);
    const double count = counted ? double(count_[row]) : double(pairs_[row].weight);
    exact_counts_ &= count == std::floor(count);
    item.total.count += count;
  }
  item.squares = squares_of(item);
  return item;
}

Bits Grower::usable_columns(const Task& task) const {
  Bits usable((plan_.n_columns + 63) / 64, 0);
  if (task.columns) {
    for (size_t i = 0; i < task.n_columns; ++i) usable[task.columns[i] >> 6] |= uint64_t(1) << (task.columns[i] & 63);
  } else {
    for (size_t j = 0; j < plan_.n_columns; ++j) usable[j >> 6] |= uint64_t(1) << (j & 63);
  }
  if (!plan_.meets.empty()) {  // a column in no set is not to be used
    for (size_t j = 0; j < plan_.n_columns; ++j)
      if (!((plan_.meets[j][j >> 6] >> (j & 63)) & 1)) usable[j >> 6] &= ~(uint64_t(1) << (j & 63));
  }
  return usable;
}

bool Grower::is_large(const Item& item) const {
  const size_t n = item.end - item.begin, width = std::max<size_t>(plan_.n_columns, 1);
  if (n > kLarge) return true;
  return n * columns_looked_at(plan_) > kLarge * kWide && n > 2 * all_cells_ / width;  // else reading the cells takes longer than summing
}

int Grower::add_large(const Item& item, const Bits& usable) {
  larges_.emplace_back();
  larges_.back().item = item;
  larges_.back().usable = usable;
  return int(larges_.size()) - 1;
}

double Grower::squares_of(const Item& item) {
  const size_t n = item.end - item.begin;
  std::vector<double> sums(blocks_of(n), 0.0);
  pool_.run(sums.size(), [&](size_t block, int) {
    const size_t begin = block * kBlock, end = std::min(n, begin + kBlock);
    sums[block] = sum_of_squares(plan_, data_.pairs, in_.data() + item.begin + begin, end - begin);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// The larger child's is what the smaller one leaves, unless so little is left that rounding would show.
void Grower::squares_of_children(const Item& parent, Item& left, Item& right) {
  const bool left_smaller = left.end - left.begin <= right.end - right.begin;
  Item& smaller = left_smaller ? left : right;
  Item& larger = left_smaller ? right : left;
  smaller.squares = squares_of(smaller);
  larger.squares = parent.squares - smaller.squares;
  if (!(larger.squares > 1e-3 * parent.squares)) larger.squares = squares_of(larger);
}

bool Grower::split_large(Large& large) {
  if (!find_split(large)) return false;
  const Split& split = large.split;
  Item left, right;
  make_children(plan_, large.item, split, left, right);
  part(large.item, split, left, right);
  if (left.depth < options_.max_depth) squares_of_children(large.item, left, right);
  std::vector<double> of_left, of_right;
  pass_histogram(large, left, right, of_left, of_right);
  Bits usable = large.usable;
  narrow_usable(plan_, split, usable);
  const size_t self = size_t(&large - larges_.data());
  const int l = add_large(left, usable), r = add_large(right, usable);
  larges_[size_t(l)].histogram = std::move(of_left);
  larges_[size_t(r)].histogram = std::move(of_right);
  larges_[self].left = l;
  larges_[self].right = r;
  return true;
}

// The larger child's histogram is the parent's less the smaller one's.
void Grower::pass_histogram(Large& parent, const Item& left, const Item& right, std::vector<double>& of_left,
                            std::vector<double>& of_right) {
  const auto wants = [this](const Item& item) { return is_large(item) && may_split(plan_, item); };
  if (takes_all_columns(plan_) && exact_counts_ && (wants(left) || wants(right))) {
    const bool left_smaller = left.end - left.begin <= right.end - right.begin;
    std::vector<double>& smaller = left_smaller ? of_left : of_right;
    std::vector<double>& larger = left_smaller ? of_right : of_left;
    std::vector<uint32_t> columns;
    draw_columns(plan_, parent.item, parent.usable, columns);
    build_histograms(left_smaller ? left : right, columns, smaller);
    larger = std::move(parent.histogram);
    const size_t stride = data_.count ? 3 : 2;
    for (const uint32_t j : columns) {
      const size_t begin = offsets_[j] * stride, end = begin + (data_.columns[j].cells + 1) * stride;
      for (size_t i = begin; i < end; ++i) larger[i] -= smaller[i];
    }
    if (!wants(left_smaller ? left : right)) spare_.push_back(std::move(smaller));
    if (!wants(left_smaller ? right : left)) spare_.push_back(std::move(larger));
  } else {
    spare_.push_back(std::move(parent.histogram));
  }
  parent.histogram = {};
}

bool Grower::find_split(Large& large) {
  std::vector<uint32_t> columns;
  draw_columns(plan_, large.item, large.usable, columns);
  if (large.histogram.empty()) build_histograms(large.item, columns, large.histogram);
  std::vector<Split> found(columns.size());
  std::vector<uint8_t> constant(columns.size(), 0);
  const NodeLimits limits = limits_of(plan_, large.item);
  const bool counted = data_.count != nullptr;
  pool_.run(columns.size(), [&](size_t k, int thread) {
    Workspace& space = spaces_[size_t(thread)];
    const uint32_t j = columns[k];
    Sums missing;
    read_cells(data_.columns[j], large.histogram.data() + offsets_[j] * (counted ? 3 : 2), counted, space.cells, missing);
    constant[k] = space.cells.size() + (missing.count > 0) < 2;
    consider(data_.columns[j], int(j), monotone_of(plan_, j), space.cells, missing, limits, candidates_of(plan_, large.item, j),
             space.space, found[k]);
  });
  size_t best = columns.size();
  for (size_t k = 0; k < columns.size(); ++k) {
    if (constant[k]) large.usable[columns[k] >> 6] &= ~(uint64_t(1) << (columns[k] & 63));
    if (found[k].column >= 0 && (best == columns.size() || found[k].gain > found[best].gain)) best = k;
  }
  if (best == columns.size()) {
    spare_.push_back(std::move(large.histogram));
    return false;
  }
  large.split = std::move(found[best]);
  return true;
}

// Blocks of rows are summed up by whoever is free, and the blocks' sums are added in order.
void Grower::build_histograms(const Item& item, const std::vector<uint32_t>& columns, std::vector<double>& histogram) {
  const size_t stride = data_.count ? 3 : 2, size = all_cells_ * stride;
  if (!spare_.empty()) {
    histogram = std::move(spare_.back());
    spare_.pop_back();
  }
  histogram.resize(size);
  const size_t n = item.end - item.begin;
  const size_t allowed = std::max<size_t>(1, kHistogramBytes / (size * sizeof(double)));
  const size_t blocks = std::min({blocks_of(n), kMostBlocks, allowed});
  const size_t rows = (n + blocks - 1) / blocks;
  std::vector<std::vector<double>> partial(blocks - 1, std::vector<double>(size));
  const size_t groups = blocks > 1 ? 1 : (columns.size() + kGroup - 1) / kGroup, group_size = blocks > 1 ? columns.size() : kGroup;
  pool_.run(blocks * groups, [&](size_t task, int thread) {
    const size_t block = task / groups, first = task % groups * group_size;
    const std::vector<uint32_t> group(columns.begin() + int64_t(first),
                                      columns.begin() + int64_t(std::min(columns.size(), first + group_size)));
    double* values = block > 0 ? partial[block - 1].data() : histogram.data();
    if (block == 0)
      for (const uint32_t j : group) std::fill_n(values + offsets_[j] * stride, (data_.columns[j].cells + 1) * stride, 0.0);
    Gathered& gathered = spaces_[size_t(thread)].gathered;
    const size_t end = std::min(n, (block + 1) * rows);
    for (size_t i = block * rows; i < end; i += kTile) {
      const size_t m = std::min(kTile, end - i);
      if (all_rows_ && n == n_rows_) {
        for (const uint32_t j : group)
          add_rows(data_.columns[j], i, nullptr, m, data_.pairs + i, data_.count ? data_.count + i : nullptr, values + offsets_[j] * stride);
        continue;
      }
      const uint32_t* list = in_.data() + item.begin + i;
      gathered.gather(data_, list, m);
      for (const uint32_t j : group)
        add_rows(data_.columns[j], 0, list, m, gathered.pairs.data(), data_.count ? gathered.count.data() : nullptr,
                 values + offsets_[j] * stride);
    }
  });
  for (const auto& part : partial)
    for (const uint32_t j : columns) {
      const size_t begin = offsets_[j] * stride, end = begin + (data_.columns[j].cells + 1) * stride;
      for (size_t i = begin; i < end; ++i) histogram[i] += part[i];
    }
}

size_t Grower::part_list(const Split& split, std::vector<uint32_t>& list, size_t begin, size_t end) {
  const size_t n = end - begin, blocks = blocks_of(n);
  if (scratch_left_.size() < n) {
    scratch_left_.resize(n);
    scratch_right_.resize(n);
  }
  const Router router(split, data_.columns[size_t(split.column)], spaces_[0].side);
  std::vector<size_t> lefts(blocks, 0), places(blocks, 0);
  pool_.run(blocks, [&](size_t block, int) {
    const size_t from = block * kBlock, m = std::min(n, from + kBlock) - from;
    lefts[block] = router.part_to(list.data() + begin + from, m, scratch_left_.data() + from, scratch_right_.data() + from);
  });
  size_t left = 0;
  for (size_t block = 0; block < blocks; ++block) {
    places[block] = left;
    left += lefts[block];
  }
  pool_.run(blocks, [&](size_t block, int) {
    const size_t from = block * kBlock, m = std::min(n, from + kBlock) - from;
    std::copy_n(scratch_left_.data() + from, lefts[block], list.data() + begin + places[block]);
    std::copy_n(scratch_right_.data() + from, m - lefts[block], list.data() + begin + left + (from - places[block]));
  });
  return left;
}

void Grower::part(const Item& item, const Split& split, Item& left, Item& right) {
  left.end = right.begin = uint32_t(item.begin + part_list(split, in_, item.begin, item.end));
  left.out_end = right.out_begin = uint32_t(item.out_begin + part_list(split, out_, item.out_begin, item.out_end));
}

// The large nodes and the subtrees as one tree in preorder.
void Grower::assemble(std::vector<Grown>& subtrees, Grown& whole) {
  struct Waiting {
    int large;
    int64_t parent;
  };
  std::vector<Waiting> stack{{0, -1}};
  while (!stack.empty()) {
    const Waiting waiting = stack.back();
    stack.pop_back();
    const Large& large = larges_[size_t(waiting.large)];
    const uint32_t self = uint32_t(whole.tree.nodes.size());
    if (waiting.parent >= 0) whole.tree.nodes[size_t(waiting.parent)].right = self;
    if (large.task < 0) {
      append_split(plan_, large.item, large.split, data_.columns[size_t(large.split.column)], whole);
      stack.push_back({large.right, self});
      stack.push_back({large.left, -1});
      continue;
    }
    Grown& part = subtrees[size_t(large.task)];
    const uint32_t bits = uint32_t(whole.tree.bits.size());
    for (Node node : part.tree.nodes) {
      if (!node.is_leaf()) node.right += self;
      if (node.is_categorical()) {
        CellSet set = cell_set(node.number);
        set.start += bits;
        node.number = as_number(set);
      }
      whole.tree.nodes.push_back(node);
    }
    const auto append = [](auto& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); };
    append(whole.tree.bits, part.tree.bits);
    append(whole.tree.gain, part.tree.gain);
    append(whole.tree.cover, part.tree.cover);
    append(whole.tree.lower, part.tree.lower);
    append(whole.tree.upper, part.tree.upper);
    append(whole.begin, part.begin);
    append(whole.out_begin, part.out_begin);
    part = Grown();
  }
}

}  // namespace artesian::trees
