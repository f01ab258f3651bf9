#include "forest.hpp"

#include <algorithm>
#include <cmath>

#include "pool.hpp"

namespace artesian::trees {

namespace {

constexpr size_t kBlock = 512;     // rows that walk one by one
constexpr size_t kRouted = 16384;  // rows that go through a tree together: their columns stay in the second-level cache
constexpr size_t kWalked = 3;      // so few rows of a node walk on one by one

// Calls work(table, first, count) for blocks of rows that lie in a table.
template <class Work>
void for_blocks(const RawRows& rows, int threads, size_t block_rows, Work work) {
  const size_t blocks = (rows.n_rows + block_rows - 1) / block_rows;
  Pool pool(int(std::min<size_t>(size_t(std::max(threads, 1)), std::max<size_t>(blocks, 1))));
  std::vector<RowBlock> tables(size_t(pool.size()));
  pool.run(blocks, [&](size_t b, int thread) {
    const size_t first = b * block_rows, count = std::min(block_rows, rows.n_rows - first);
    RowBlock& table = tables[size_t(thread)];
    table.load(rows, first, count);
    work(table, first, count);
  });
}

// Sends all rows of a block through a tree together, node by node: the test of a node runs over its rows without a branch to be
// guessed, where a walk of each row by itself guesses wrongly at every other node.
class RowRouter {
 public:
  RowRouter(const RawRows& rows, size_t first, size_t count) : rows_(rows), first_(first), list_(count), right_(count) {}

  // Calls use(leaf, rows, n) with the numbers of the rows, from the block's first, that fall into each leaf.
  template <class Use>
  void route(const TreeView& tree, Use use) {
    for (size_t i = 0; i < list_.size(); ++i) list_[i] = uint32_t(i);
    stack_.assign(1, {0, 0, uint32_t(list_.size())});
    while (!stack_.empty()) {
      auto [node, begin, end] = stack_.back();
      stack_.pop_back();
      for (;;) {
        const Node& here = tree.nodes[node];
        if (here.is_leaf()) {
          use(size_t(node), list_.data() + begin, size_t(end - begin));
          break;
        }
        if (end - begin <= kWalked) {
          walk(tree, node, begin, end, use);
          break;
        }
        const uint32_t middle = begin + uint32_t(part(tree, here, list_.data() + begin, end - begin));
        if (middle == begin) {
          node = here.right;
          continue;
        }
        if (middle < end) stack_.push_back({here.right, middle, end});
        ++node;
        end = middle;
      }
    }
  }

 private:
  struct Waiting {
    uint32_t node, begin, end;
  };

  template <class Use>
  void walk(const TreeView& tree, uint32_t from, uint32_t begin, uint32_t end, Use use) {
    for (uint32_t k = begin; k < end; ++k) {
      size_t i = from;
      while (!tree.nodes[i].is_leaf()) {
        const Node& node = tree.nodes[i];
        const bool left = goes_left(node, tree.bits, rows_.columns[node.column()].at(first_ + list_[k]));
        i = left ? i + 1 : node.right;
      }
      use(i, list_.data() + k, size_t(1));
    }
  }

  template <class Goes>
  size_t part_by(uint32_t* list, size_t n, Goes goes) {
    uint32_t* right = right_.data();
    size_t l = 0;
    for (size_t i = 0; i < n; ++i) {
      const uint32_t row = list[i];
      const bool left = goes(row);
      list[l] = row;
      right[i - l] = row;
      l += left;
    }
    std::copy(right, right + (n - l), list + l);
    return l;
  }

  template <class T>
  size_t part_numbers(const T* values, const Node& node, uint32_t* list, size_t n) {
    const double threshold = node.number;
    if (node.missing_left()) return part_by(list, n, [=](uint32_t row) { return !(double(values[row]) >= threshold); });
    if (threshold != threshold) return part_by(list, n, [=](uint32_t row) { return values[row] == values[row]; });
    return part_by(list, n, [=](uint32_t row) { return double(values[row]) < threshold; });
  }

  size_t part(const TreeView& tree, const Node& node, uint32_t* list, size_t n) {
    const RawColumn& column = rows_.columns[node.column()];
    if (!node.is_categorical() && column.singles) return part_numbers(column.singles + first_, node, list, n);
    if (!node.is_categorical() && column.doubles) return part_numbers(column.doubles + first_, node, list, n);
    if (node.is_categorical() && column.cells) {
      const CellSet set = cell_set(node.number);
      const uint8_t* bits = tree.bits + set.start;
      const int32_t* cells = column.cells + first_;
      const uint32_t first = set.first, bytes = set.bytes, flip = node.missing_left();
      return part_by(list, n, [=](uint32_t row) {
        const uint32_t cell = uint32_t(cells[row]), byte = (cell >> 3) - first;  // a negative cell is beyond all bytes
        const bool inside = byte < bytes;
        return bool((((bits[inside ? byte : 0] >> (cell & 7)) & uint32_t(inside)) ^ flip) & 1);
      });
    }
    return part_by(list, n, [&](uint32_t row) { return goes_left(node, tree.bits, column.at(first_ + row)); });
  }

  const RawRows& rows_;
  const size_t first_;
  std::vector<uint32_t> list_, right_;
  std::vector<Waiting> stack_;
};

// Calls work(router, first, count) for blocks of rows.
template <class Work>
void for_routers(const RawRows& rows, int threads, Work work) {
  // At least a block a thread, but no smaller ones than pay.
  const size_t share = (rows.n_rows + size_t(std::max(threads, 1)) - 1) / size_t(std::max(threads, 1));
  const size_t size = std::min(kRouted, std::max<size_t>(kBlock, share)), blocks = (rows.n_rows + size - 1) / size;
  Pool pool(int(std::min<size_t>(size_t(std::max(threads, 1)), std::max<size_t>(blocks, 1))));
  pool.run(blocks, [&](size_t b, int) {
    const size_t first = b * size, count = std::min(size, rows.n_rows - first);
    RowRouter router(rows, first, count);
    work(router, first, count);
  });
}

}  // namespace

double RawColumn::at(size_t row) const {
  if (singles) return double(singles[row]);
  if (doubles) return doubles[row];
  return cells[row] < 0 ? std::nan("") : double(cells[row]);
}

void RowBlock::load(const RawRows& rows, size_t first, size_t count) {
  width_ = rows.columns.size();
  values_.resize(std::max<size_t>(width_ * count, 1));
  for (size_t j = 0; j < width_; ++j)
    for (size_t i = 0; i < count; ++i) values_[i * width_ + j] = rows.columns[j].at(first + i);
}

void predict(const std::vector<TreeView>& trees, const RawRows& rows, size_t first, size_t last, size_t n_outputs, int threads, double* out) {
  for_routers(rows, threads, [&](RowRouter& router, size_t begin, size_t) {
    for (size_t t = first; t < last; ++t) {
      const TreeView& tree = trees[t];
      double* sums = out + begin * n_outputs + size_t(tree.output);
      router.route(tree, [&](size_t leaf, const uint32_t* list, size_t n) {
        const double value = tree.nodes[leaf].number;
        for (size_t i = 0; i < n; ++i) sums[list[i] * n_outputs] += value;
      });
    }
  });
}

void leaves(const std::vector<TreeView>& trees, const RawRows& rows, int threads, int32_t* out) {
  for_routers(rows, threads, [&](RowRouter& router, size_t begin, size_t) {
    for (size_t t = 0; t < trees.size(); ++t)
      router.route(trees[t], [&](size_t leaf, const uint32_t* list, size_t n) {
        for (size_t i = 0; i < n; ++i) out[(begin + list[i]) * trees.size() + t] = int32_t(leaf);
      });
  });
}

void feature_frequencies(const std::vector<TreeView>& trees, const RawRows& rows, int threads, int32_t* out) {
  const size_t width = rows.columns.size();
  for_blocks(rows, threads, kBlock, [&](const RowBlock& table, size_t begin, size_t count) {
    for (const TreeView& tree : trees)
      for (size_t r = 0; r < count; ++r)
        for (size_t i = 0; !tree.nodes[i].is_leaf();) {
          ++out[(begin + r) * width + tree.nodes[i].column()];
          i = goes_left(tree.nodes[i], tree.bits, table.row(r)) ? i + 1 : tree.nodes[i].right;
        }
  });
}

}  // namespace artesian::trees
