// NumPy columns in, trees and sums of trees out.
#include "bindings.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>

#include "../arrays.hpp"
#include "cells.hpp"
#include "forest.hpp"
#include "grower.hpp"
#include "planes.hpp"

namespace artesian::trees {

namespace {

namespace nb = nanobind;
using Floats = nb::ndarray<nb::ro, nb::device::cpu, nb::c_contig>;

Floats array_of(nb::handle object, const std::string& name) {
  Floats array;
  if (!nb::try_cast(object, array, false)) throw std::invalid_argument(name + " must be a contiguous NumPy array.");
  return array;
}

// Cell numbers, and what their numbers mean.
std::vector<Column> columns_of(nb::sequence codes, nb::sequence cuts, nb::sequence positions, nb::handle cells, nb::handle categorical,
                               nb::handle integer, size_t& n_rows, std::vector<nb::object>& keep) {
  const int64_t width = int64_t(nb::len(codes));
  const int32_t* n_cells = view<int32_t>(cells, {width}, "cells");
  const uint8_t* is_categorical = view<uint8_t>(categorical, {width}, "categorical");
  const uint8_t* is_integer = view<uint8_t>(integer, {width}, "integer");
  std::vector<Column> columns;
  for (int64_t j = 0; j < width; ++j) {
    const std::string name = "The codes of column " + std::to_string(j);
    const nb::object object = codes[size_t(j)];
    const Floats array = array_of(object, name);
    Column column{nullptr, nullptr, uint32_t(n_cells[j]), is_categorical[j] != 0, is_integer[j] != 0, nullptr, nullptr};
    if (array.dtype() == nb::dtype<uint8_t>() && n_cells[j] <= 255)
      column.narrow = static_cast<const uint8_t*>(array.data());
    else if (array.dtype() == nb::dtype<uint16_t>() && n_cells[j] <= 65535)
      column.wide = static_cast<const uint16_t*>(array.data());
    else
      throw std::invalid_argument(name + " must be uint8 for up to 255 cells or uint16 for up to 65535.");
    if (j > 0 && array.shape(0) != n_rows) throw std::invalid_argument(name + " must be as many as those of the first column.");
    n_rows = array.shape(0);
    for (size_t i = 0; i < n_rows; ++i)
      if (column.cell(i) > column.cells) throw std::invalid_argument(name + " must be at most the number of its cells.");
    keep.push_back(object);
    if (!column.categorical) {
      const nb::object edges = cuts[size_t(j)], places = positions[size_t(j)];
      column.cuts = view<double>(edges, {std::max<int64_t>(n_cells[j] - 1, 0)}, "cuts");
      keep.push_back(edges);
      if (!places.is_none()) {
        column.positions = view<double>(places, {n_cells[j]}, "positions");
        keep.push_back(places);
      }
    }
    columns.push_back(column);
  }
  return columns;
}

template <class T>
nb::object copy_of(const std::vector<T>& values) {
  NewArray<T> out({values.size()});
  std::copy(values.begin(), values.end(), out.data);
  return out.object();
}

template <class Code>
nb::object codes_of_numbers(const Floats& values, const double* cuts, size_t n_cuts) {
  NewArray<Code> out({values.shape(0)});
  {
    nb::gil_scoped_release released;
    if (values.dtype() == nb::dtype<float>())
      find_cells(static_cast<const float*>(values.data()), values.shape(0), cuts, n_cuts, out.data);
    else
      find_cells(static_cast<const double*>(values.data()), values.shape(0), cuts, n_cuts, out.data);
  }
  return out.object();
}

nb::object cells_of_numbers(nb::handle numbers, nb::handle edges) {
  std::vector<int64_t> shape;
  const double* cuts = view<double>(edges, {-1}, "cuts", &shape);
  const Floats values = array_of(numbers, "'values'");
  if (values.ndim() != 1 || (values.dtype() != nb::dtype<float>() && values.dtype() != nb::dtype<double>()))
    throw std::invalid_argument("'values' must be a vector of float32 or float64.");
  if (shape[0] > 65533) throw std::invalid_argument("'cuts' must be at most 65533.");
  const size_t n_cuts = size_t(shape[0]);
  return n_cuts + 1 <= 255 ? codes_of_numbers<uint8_t>(values, cuts, n_cuts) : codes_of_numbers<uint16_t>(values, cuts, n_cuts);
}

// Keeps the arrays alive that the grower reads.
struct BoundGrower {
  std::vector<nb::object> keep;
  std::unique_ptr<Grower> grower;
};

void make_grower(BoundGrower* self, nb::sequence codes, nb::sequence cuts, nb::sequence positions, nb::handle cells,
                 nb::handle categorical, nb::handle integer, int64_t rows_if_no_columns, int threads, int max_depth, double min_rows,
                 int bins, int bins_top_level, double min_split_improvement, int split_columns, double columns_change,
                 bool random_splits, std::optional<std::vector<int>> monotone,
                 std::optional<std::vector<std::vector<uint32_t>>> interactions) {
  new (self) BoundGrower();
  size_t n_rows = size_t(rows_if_no_columns);
  std::vector<Column> columns = columns_of(codes, cuts, positions, cells, categorical, integer, n_rows, self->keep);
  Options options;
  options.max_depth = max_depth;
  options.min_rows = min_rows;
  options.bins = bins;
  options.bins_top_level = bins_top_level;
  options.min_split_improvement = min_split_improvement;
  options.split_columns = split_columns;
  options.columns_change = columns_change;
  options.random_splits = random_splits;
  if (monotone) {
    if (monotone->size() != columns.size()) throw std::invalid_argument("'monotone' must have a number for each column.");
    options.monotone.assign(monotone->begin(), monotone->end());
  }
  if (interactions) {
    options.interactions = *interactions;
    for (const auto& set : options.interactions)
      for (const uint32_t j : set)
        if (j >= columns.size()) throw std::invalid_argument("'interactions' names a column that there is not.");
  }
  self->grower = std::make_unique<Grower>(std::move(columns), n_rows, std::move(options), threads);
}

template <class T>
const T* optional_view(nb::handle object, const std::vector<int64_t>& shape, const char* name, std::vector<int64_t>* found = nullptr) {
  return object.is_none() ? nullptr : view<T>(object, shape, name, found);
}

nb::tuple grow(BoundGrower& self, nb::handle target, nb::handle weight, nb::handle count, nb::handle rows, nb::handle columns,
               uint64_t seed) {
  const int64_t n = int64_t(self.grower->n_rows());
  std::vector<int64_t> bag{n}, chosen{0};
  Task task{view<float>(target, {n}, "target"), optional_view<float>(weight, {n}, "weight"), optional_view<float>(count, {n}, "count"),
            optional_view<uint32_t>(rows, {-1}, "rows", &bag), size_t(bag[0]), optional_view<uint32_t>(columns, {-1}, "columns", &chosen), 0,
            seed};
  task.n_bag = size_t(bag[0]);
  task.n_columns = size_t(chosen[0]);
  for (size_t i = 0; task.rows && i < task.n_bag; ++i)
    if (int64_t(task.rows[i]) >= n) throw std::invalid_argument("'rows' must be below the number of rows.");
  for (size_t i = 0; task.columns && i < task.n_columns; ++i)
    if (task.columns[i] >= self.grower->n_columns()) throw std::invalid_argument("'columns' must be below the number of columns.");
  NewArray<int32_t> leaf({size_t(n)});
  Tree tree;
  {
    nb::gil_scoped_release released;
    tree = self.grower->grow(task, leaf.data);
  }
  NewArray<uint64_t> nodes({tree.nodes.size(), 2});
  std::memcpy(nodes.data, tree.nodes.data(), tree.nodes.size() * sizeof(Node));
  return nb::make_tuple(nodes.object(), copy_of(tree.bits), copy_of(tree.gain), copy_of(tree.cover), copy_of(tree.lower),
                        copy_of(tree.upper), leaf.object());
}

RawRows raw_rows(nb::sequence columns, int64_t n_rows) {
  RawRows rows{{}, size_t(n_rows)};
  for (size_t j = 0; j < nb::len(columns); ++j) {
    const nb::object object = columns[j];
    const std::string name = "Column " + std::to_string(j);
    const Floats array = array_of(object, name);
    if (array.ndim() != 1 || int64_t(array.shape(0)) != n_rows)
      throw std::invalid_argument(name + " must have " + std::to_string(n_rows) + " values.");
    RawColumn column{nullptr, nullptr, nullptr};
    if (array.dtype() == nb::dtype<float>())
      column.singles = static_cast<const float*>(array.data());
    else if (array.dtype() == nb::dtype<double>())
      column.doubles = static_cast<const double*>(array.data());
    else if (array.dtype() == nb::dtype<int32_t>())
      column.cells = static_cast<const int32_t*>(array.data());
    else
      throw std::invalid_argument(name + " must hold float32, float64 or int32.");
    rows.columns.push_back(column);
  }
  return rows;
}

// The trees of a forest, in the arrays that Python holds.
struct BoundForest {
  std::vector<nb::object> keep;
  std::vector<TreeView> trees;
  size_t n_columns = 0, n_outputs = 0;

  void check(const RawRows& rows) const {
    if (rows.columns.size() != n_columns)
      throw std::invalid_argument("The forest reads " + std::to_string(n_columns) + " columns. Got " + std::to_string(rows.columns.size()) + ".");
  }
};

// Trees may come from a file: whatever they say must not lead out of their arrays.
void check_tree(const TreeView& tree, size_t n_bits, size_t n_columns) {
  const auto wrong = [](const char* what) { throw std::invalid_argument(std::string("A tree is broken: ") + what + "."); };
  if (tree.n_nodes == 0) wrong("it has no node");
  for (size_t i = 0; i < tree.n_nodes; ++i) {
    const Node& node = tree.nodes[i];
    if (node.is_leaf()) continue;
    if (node.right <= i + 1 || node.right >= tree.n_nodes) wrong("a child is not among its nodes");
    if (node.column() >= n_columns) wrong("a split is at a column that there is not");
    const CellSet set = cell_set(node.number);
    if (node.is_categorical() && (set.bytes == 0 || size_t(set.start) + set.bytes > n_bits)) wrong("the categories of a split are not all there");
  }
}

void make_forest(BoundForest* self, nb::sequence nodes, nb::sequence bits, nb::sequence cover, nb::handle outputs, int64_t n_columns,
                 int64_t n_outputs) {
  new (self) BoundForest();
  const int64_t n = int64_t(nb::len(nodes));
  const int32_t* output = view<int32_t>(outputs, {n}, "outputs");
  self->n_columns = size_t(n_columns);
  self->n_outputs = size_t(n_outputs);
  for (int64_t t = 0; t < n; ++t) {
    const nb::object of_nodes = nodes[size_t(t)], of_bits = bits[size_t(t)], of_cover = cover[size_t(t)];
    std::vector<int64_t> shape, bytes;
    const uint64_t* packed = view<uint64_t>(of_nodes, {-1, 2}, "nodes", &shape);
    TreeView tree{reinterpret_cast<const Node*>(packed), size_t(shape[0]), view<uint8_t>(of_bits, {-1}, "bits", &bytes),
                  view<float>(of_cover, {shape[0]}, "cover"), output[t]};
    if (output[t] < 0 || output[t] >= n_outputs) throw std::invalid_argument("'outputs' must be below the number of outputs.");
    check_tree(tree, size_t(bytes[0]), self->n_columns);
    self->trees.push_back(tree);
    self->keep.insert(self->keep.end(), {of_nodes, of_bits, of_cover});
  }
}

nb::object forest_predict(BoundForest& self, nb::sequence columns, int64_t n_rows, int64_t first, int64_t last, int threads) {
  const RawRows rows = raw_rows(columns, n_rows);
  self.check(rows);
  if (first < 0 || last < first || last > int64_t(self.trees.size())) throw std::invalid_argument("'first' and 'last' must lie within the trees.");
  NewArray<double> out({size_t(n_rows), self.n_outputs});
  nb::gil_scoped_release released;
  predict(self.trees, rows, size_t(first), size_t(last), self.n_outputs, threads, out.data);
  nb::gil_scoped_acquire acquired;
  return out.object();
}

template <class T, class Work>
nb::object per_row(BoundForest& self, nb::sequence columns, int64_t n_rows, size_t width, Work work) {
  const RawRows rows = raw_rows(columns, n_rows);
  self.check(rows);
  NewArray<T> out({size_t(n_rows), width});
  {
    nb::gil_scoped_release released;
    work(rows, out.data);
  }
  return out.object();
}

nb::object forest_leaves(BoundForest& self, nb::sequence columns, int64_t n_rows, int threads) {
  return per_row<int32_t>(self, columns, n_rows, self.trees.size(),
                          [&](const RawRows& rows, int32_t* out) { leaves(self.trees, rows, threads, out); });
}

nb::object forest_frequencies(BoundForest& self, nb::sequence columns, int64_t n_rows, int threads) {
  return per_row<int32_t>(self, columns, n_rows, self.n_columns,
                          [&](const RawRows& rows, int32_t* out) { feature_frequencies(self.trees, rows, threads, out); });
}

nb::object forest_contributions(BoundForest& self, nb::sequence columns, int64_t n_rows, int threads) {
  const RawRows rows = raw_rows(columns, n_rows);
  self.check(rows);
  NewArray<double> out({self.n_outputs, size_t(n_rows), self.n_columns + 1});
  {
    nb::gil_scoped_release released;
    contributions(self.trees, rows, self.n_outputs, threads, out.data);
  }
  return out.object();
}

nb::object forest_contributions_interventional(BoundForest& self, nb::sequence columns, int64_t n_rows, nb::sequence others,
                                               int64_t n_others, int threads) {
  const RawRows rows = raw_rows(columns, n_rows), background = raw_rows(others, n_others);
  self.check(rows);
  self.check(background);
  NewArray<double> out({self.n_outputs, size_t(n_rows), size_t(n_others), self.n_columns + 1});
  {
    nb::gil_scoped_release released;
    contributions_interventional(self.trees, rows, background, threads, out.data);
  }
  return out.object();
}

nb::object lengths_of_planes(nb::handle values, nb::handle normal, nb::handle point, nb::handle left, nb::handle right,
                             nb::handle length, nb::handle first, int height, int threads) {
  std::vector<int64_t> nodes, table, roots;
  PlaneTrees trees{};
  trees.normal = view<float>(normal, {-1, -1}, "normal", &nodes);
  trees.point = view<float>(point, {nodes[0], nodes[1]}, "point");
  trees.left = view<int64_t>(left, {nodes[0]}, "left");
  trees.right = view<int64_t>(right, {nodes[0]}, "right");
  trees.length = view<double>(length, {nodes[0]}, "length");
  trees.first = view<int64_t>(first, {-1}, "first", &roots);
  trees.nodes = size_t(nodes[0]);
  trees.width = size_t(nodes[1]);
  trees.trees = size_t(roots[0]);
  trees.height = height;
  const auto among = [&](int64_t node) { return node >= 0 && node < nodes[0]; };
  for (int64_t i = 0; i < nodes[0]; ++i)
    if (!among(trees.left[i]) || !among(trees.right[i])) throw std::invalid_argument("A tree is broken: a child is not among the nodes.");
  for (size_t t = 0; t < trees.trees; ++t)
    if (!among(trees.first[t])) throw std::invalid_argument("A tree is broken: its root is not among the nodes.");
  const float* rows = view<float>(values, {-1, nodes[1]}, "values", &table);
  NewArray<double> out({size_t(table[0])});
  {
    nb::gil_scoped_release released;
    plane_lengths(trees, rows, size_t(table[0]), threads, out.data);
  }
  return out.object();
}

}  // namespace

void bind(nb::module_& m) {
  m.def("cells_of_numbers", &cells_of_numbers, nb::arg("values"), nb::arg("cuts"));
  m.def("lengths_of_planes", &lengths_of_planes, nb::arg("values"), nb::arg("normal"), nb::arg("point"), nb::arg("left"),
        nb::arg("right"), nb::arg("length"), nb::arg("first"), nb::arg("height"), nb::arg("threads"));
  nb::class_<BoundGrower>(m, "TreeGrower")
      .def("__init__", &make_grower, nb::arg("codes"), nb::arg("cuts"), nb::arg("positions"), nb::arg("cells"), nb::arg("categorical"),
           nb::arg("integer"), nb::arg("n_rows"), nb::kw_only(), nb::arg("threads"), nb::arg("max_depth"), nb::arg("min_rows"),
           nb::arg("bins"), nb::arg("bins_top_level"), nb::arg("min_split_improvement"), nb::arg("split_columns"),
           nb::arg("columns_change"), nb::arg("random_splits"), nb::arg("monotone") = nb::none(), nb::arg("interactions") = nb::none())
      .def("grow", &grow, nb::arg("target"), nb::arg("weight").none(), nb::arg("count").none(), nb::arg("rows").none(),
           nb::arg("columns").none(), nb::arg("seed"));
  nb::class_<BoundForest>(m, "TreeForest")
      .def("__init__", &make_forest, nb::arg("nodes"), nb::arg("bits"), nb::arg("cover"), nb::arg("outputs"), nb::arg("n_columns"),
           nb::arg("n_outputs"))
      .def("predict", &forest_predict, nb::arg("columns"), nb::arg("n_rows"), nb::arg("first"), nb::arg("last"), nb::arg("threads"))
      .def("leaves", &forest_leaves, nb::arg("columns"), nb::arg("n_rows"), nb::arg("threads"))
      .def("feature_frequencies", &forest_frequencies, nb::arg("columns"), nb::arg("n_rows"), nb::arg("threads"))
      .def("contributions", &forest_contributions, nb::arg("columns"), nb::arg("n_rows"), nb::arg("threads"))
      .def("contributions_interventional", &forest_contributions_interventional, nb::arg("columns"), nb::arg("n_rows"),
           nb::arg("background"), nb::arg("n_background"), nb::arg("threads"));
}

}  // namespace artesian::trees
