#include "forest.hpp"

#include <algorithm>
#include <cmath>

#include "pool.hpp"

namespace artesian::trees {

namespace {

constexpr size_t kBlock = 512;

size_t leaf_of(const TreeView& tree, const double* row) {
  size_t i = 0;
  while (!tree.nodes[i].is_leaf()) i = goes_left(tree.nodes[i], tree.bits, row) ? i + 1 : tree.nodes[i].right;
  return i;
}

// Calls work(block, first, count, thread) for blocks of rows that lie in a table.
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
  for_blocks(rows, threads, kBlock, [&](const RowBlock& table, size_t begin, size_t count) {
    for (size_t t = first; t < last; ++t) {
      const TreeView& tree = trees[t];
      for (size_t i = 0; i < count; ++i)
        out[(begin + i) * n_outputs + size_t(tree.output)] += tree.nodes[leaf_of(tree, table.row(i))].number;
    }
  });
}

void leaves(const std::vector<TreeView>& trees, const RawRows& rows, int threads, int32_t* out) {
  for_blocks(rows, threads, kBlock, [&](const RowBlock& table, size_t begin, size_t count) {
    for (size_t t = 0; t < trees.size(); ++t)
      for (size_t i = 0; i < count; ++i) out[(begin + i) * trees.size() + t] = int32_t(leaf_of(trees[t], table.row(i)));
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
