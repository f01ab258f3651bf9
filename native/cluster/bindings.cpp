// NumPy rows and centres in, clusters and distances out.
#include "bindings.hpp"

#include "../arrays.hpp"
#include "nearest.hpp"

namespace artesian::cluster {

namespace {

namespace nb = nanobind;

nb::tuple nearest_centres(nb::sequence numbers, nb::object shifts, nb::object scales, double largest, nb::sequence levels,
                          nb::object centre_numbers, nb::object centre_levels) {
  const int64_t p = int64_t(nb::len(numbers)), q = int64_t(nb::len(levels));
  if (p + q == 0) throw std::invalid_argument("There must be at least one column of numbers or levels.");
  std::vector<int64_t> found;
  const double *shift = view<double>(shifts, {p}, "shifts"), *scale = view<double>(scales, {p}, "scales");
  const double* own_numbers = view<double>(centre_numbers, {-1, p}, "centre_numbers", &found);
  const Centres centres{found[0], own_numbers, view<int64_t>(centre_levels, {found[0], q}, "centre_levels")};
  if (centres.count < 1) throw std::invalid_argument("There must be at least one centre.");
  std::vector<nb::object> kept;
  Columns rows{{}, {}, largest};
  int64_t n_rows = -1;
  for (int64_t j = 0; j < p; ++j) {
    kept.push_back(numbers[size_t(j)]);
    rows.numbers.push_back({column_of(kept.back(), "Numbers " + std::to_string(j), n_rows, &n_rows), shift[j], scale[j]});
  }
  for (int64_t j = 0; j < q; ++j) {
    kept.push_back(levels[size_t(j)]);
    rows.levels.push_back(column_of(kept.back(), "Levels " + std::to_string(j), n_rows, &n_rows));
    if (!is_whole(rows.levels.back().kind)) throw std::invalid_argument("Levels " + std::to_string(j) + " must be integers.");
  }
  NewArray<int64_t> chosen({size_t(n_rows)}, Start::kUnset);
  NewArray<double> distance({size_t(n_rows)}, Start::kUnset);
  {
    nb::gil_scoped_release released;
    nearest(rows, n_rows, centres, chosen.data, distance.data);
  }
  return nb::make_tuple(chosen.object(), distance.object());
}

}  // namespace

void bind(nb::module_& m) {
  m.def("nearest_centres", &nearest_centres, nb::arg("numbers"), nb::arg("shifts"), nb::arg("scales"), nb::arg("largest"), nb::arg("levels"),
        nb::arg("centre_numbers"), nb::arg("centre_levels"));
}

}  // namespace artesian::cluster
