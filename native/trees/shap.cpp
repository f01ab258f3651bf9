// Shapley values of trees: path-dependent (Lundberg, Erion, Lee 2018, algorithm 2) and interventional, against background rows
// (Lundberg and others 2020, "From local explanations to global understanding with explainable AI for trees", algorithm 3).
#include <algorithm>
#include <cmath>

#include "forest.hpp"
#include "pool.hpp"

namespace artesian::trees {

namespace {

// A column on the path: the share of training rows that takes it when it is unknown, whether the row takes it when it is
// known, and the weight of subsets of this size.
struct Step {
  int column;
  double zero, one, weight;
};

void extend(Step* path, int depth, double zero, double one, int column) {
  path[depth] = {column, zero, one, depth == 0 ? 1.0 : 0.0};
  for (int i = depth - 1; i >= 0; --i) {
    path[i + 1].weight += one * path[i].weight * (i + 1) / (depth + 1);
    path[i].weight = zero * path[i].weight * (depth - i) / (depth + 1);
  }
}

void unwind(Step* path, int depth, int which) {
  const double one = path[which].one, zero = path[which].zero;
  double next = path[depth].weight;
  for (int i = depth - 1; i >= 0; --i) {
    if (one != 0) {
      const double before = path[i].weight;
      path[i].weight = next * (depth + 1) / ((i + 1) * one);
      next = before - path[i].weight * zero * (depth - i) / (depth + 1);
    } else {
      path[i].weight = path[i].weight * (depth + 1) / (zero * (depth - i));
    }
  }
  for (int i = which; i < depth; ++i) {
    path[i].column = path[i + 1].column;
    path[i].zero = path[i + 1].zero;
    path[i].one = path[i + 1].one;
  }
}

double unwound_sum(const Step* path, int depth, int which) {
  const double one = path[which].one, zero = path[which].zero;
  double next = path[depth].weight, total = 0;
  for (int i = depth - 1; i >= 0; --i) {
    if (one != 0) {
      const double each = next * (depth + 1) / ((i + 1) * one);
      total += each;
      next = path[i].weight - each * zero * (depth - i) / (depth + 1);
    } else {
      total += path[i].weight / (zero * (depth - i) / (depth + 1));
    }
  }
  return total;
}

struct PathShap {
  const TreeView& tree;
  const double* row;
  double* out;
  std::vector<Step>& steps;  // the paths of all levels, one after the other

  void walk(size_t node, int depth, size_t parent_at, double zero, double one, int column) {
    const size_t at = parent_at + size_t(depth);  // a path of `depth` steps lies at the parent's
    if (steps.size() < at + size_t(depth) + 2) steps.resize(2 * (at + size_t(depth) + 2));
    std::copy_n(steps.begin() + int64_t(parent_at), depth, steps.begin() + int64_t(at));
    extend(steps.data() + at, depth, zero, one, column);
    const Node& here = tree.nodes[node];
    if (here.is_leaf()) {
      for (int i = 1; i <= depth; ++i) {
        const Step& step = steps[at + size_t(i)];
        out[step.column] += unwound_sum(steps.data() + at, depth, i) * (step.one - step.zero) * here.number;
      }
      return;
    }
    const size_t left = node + 1, right = here.right;
    const bool goes = goes_left(here, tree.bits, row);
    const size_t hot = goes ? left : right, cold = goes ? right : left;
    const double cover = double(tree.cover[left]) + double(tree.cover[right]);
    double incoming_zero = 1, incoming_one = 1;
    const int split = int(here.column());
    for (int i = 1; i <= depth; ++i) {
      if (steps[at + size_t(i)].column != split) continue;
      incoming_zero = steps[at + size_t(i)].zero;
      incoming_one = steps[at + size_t(i)].one;
      unwind(steps.data() + at, depth, i);
      --depth;
      break;
    }
    walk(hot, depth + 1, at, tree.cover[hot] / cover * incoming_zero, incoming_one, split);
    walk(cold, depth + 1, at, tree.cover[cold] / cover * incoming_zero, 0, split);
  }
};

double expectation(const TreeView& tree) {
  std::vector<double> mean(tree.n_nodes);
  for (size_t i = tree.n_nodes; i-- > 0;) {  // children come after their parents
    const Node& node = tree.nodes[i];
    if (node.is_leaf()) {
      mean[i] = node.number;
      continue;
    }
    const double left = tree.cover[i + 1], right = tree.cover[node.right];
    mean[i] = (left * mean[i + 1] + right * mean[node.right]) / (left + right);
  }
  return mean[0];
}

// A row against one background row: at a split where the two part, the column is the row's on one side and the background's on
// the other. A leaf reached with u columns of the row and v of the background's counts (u - 1)! v! / (u + v)! of its value for each
// of the row's and less u! (v - 1)! / (u + v)! for each of the background's.
struct PairShap {
  const TreeView& tree;
  const double *row, *background;
  double* out;
  std::vector<int8_t>& state;            // of each column: 0 free, 1 the row's, 2 the background's
  const std::vector<double>& log_factorials;

  // The sum of what the leaves below count for the row's and for the background's columns so far.
  struct Counted {
    double row, background;
  };
  double share(int a, int b, int all) const { return std::exp(log_factorials[size_t(a)] + log_factorials[size_t(b)] - log_factorials[size_t(all)]); }

  Counted walk(size_t i, int u, int v) {
    const Node& node = tree.nodes[i];
    if (node.is_leaf())
      return {u > 0 ? node.number * share(u - 1, v, u + v) : 0, v > 0 ? -node.number * share(u, v - 1, u + v) : 0};
    const size_t left = i + 1, right = node.right, column = node.column();
    const size_t for_row = goes_left(node, tree.bits, row) ? left : right;
    const size_t for_background = goes_left(node, tree.bits, background) ? left : right;
    if (state[column] == 1) return walk(for_row, u, v);
    if (state[column] == 2) return walk(for_background, u, v);
    if (for_row == for_background) return walk(for_row, u, v);
    state[column] = 1;
    const Counted known = walk(for_row, u + 1, v);
    state[column] = 2;
    const Counted unknown = walk(for_background, u, v + 1);
    state[column] = 0;
    out[column] += known.row + unknown.background;
    return {known.row + unknown.row, known.background + unknown.background};
  }
};

size_t depth_of(const TreeView& tree) {
  std::vector<uint32_t> depth(tree.n_nodes, 0);
  uint32_t deepest = 0;
  for (size_t i = 0; i < tree.n_nodes; ++i) {
    deepest = std::max(deepest, depth[i]);
    if (!tree.nodes[i].is_leaf()) depth[i + 1] = depth[tree.nodes[i].right] = depth[i] + 1;
  }
  return deepest;
}

constexpr size_t kRows = 16;  // of a task: a row through a deep forest takes long

}  // namespace

void contributions(const std::vector<TreeView>& trees, const RawRows& rows, size_t n_outputs, int threads, double* out) {
  const size_t width = rows.columns.size(), plane = rows.n_rows * (width + 1);
  std::vector<double> base(n_outputs, 0.0);
  for (const TreeView& tree : trees) base[size_t(tree.output)] += expectation(tree);
  const size_t blocks = (rows.n_rows + kRows - 1) / kRows;
  Pool pool(threads);
  pool.run(blocks, [&](size_t block, int) {
    const size_t first = block * kRows, count = std::min(kRows, rows.n_rows - first);
    RowBlock table;
    table.load(rows, first, count);
    std::vector<Step> steps;
    for (size_t k = 0; k < n_outputs; ++k)
      for (size_t i = 0; i < count; ++i) out[k * plane + (first + i) * (width + 1) + width] = base[k];
    for (const TreeView& tree : trees)
      for (size_t i = 0; i < count; ++i) {
        double* to = out + size_t(tree.output) * plane + (first + i) * (width + 1);
        PathShap{tree, table.row(i), to, steps}.walk(0, 0, 0, 1, 1, -1);
      }
  });
}

void contributions_interventional(const std::vector<TreeView>& trees, const RawRows& rows, const RawRows& background, int threads, double* out) {
  const size_t width = rows.columns.size(), others = background.n_rows, plane = rows.n_rows * others * (width + 1);
  size_t deepest = 0;
  for (const TreeView& tree : trees) deepest = std::max(deepest, depth_of(tree));
  std::vector<double> log_factorials(deepest + 2, 0.0);
  for (size_t i = 2; i < log_factorials.size(); ++i) log_factorials[i] = log_factorials[i - 1] + std::log(double(i));
  RowBlock against;
  against.load(background, 0, others);
  Pool pool(threads);
  pool.run(rows.n_rows, [&](size_t r, int) {
    RowBlock table;
    table.load(rows, r, 1);
    std::vector<int8_t> state(width, 0);
    for (size_t b = 0; b < others; ++b)
      for (const TreeView& tree : trees) {
        double* to = out + size_t(tree.output) * plane + (r * others + b) * (width + 1);
        PairShap{tree, table.row(0), against.row(b), to, state, log_factorials}.walk(0, 0, 0);
        size_t i = 0;
        while (!tree.nodes[i].is_leaf()) i = goes_left(tree.nodes[i], tree.bits, against.row(b)) ? i + 1 : tree.nodes[i].right;
        to[width] += tree.nodes[i].number;
      }
  });
}

}  // namespace artesian::trees
