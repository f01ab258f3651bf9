// NumPy columns in, scaled rows or entries out.
#include "bindings.hpp"

#include <memory>

#include "../arrays.hpp"
#include "scaling.hpp"

namespace artesian::design {

namespace {

namespace nb = nanobind;

// `keep` holds the arrays that the columns point into.
std::vector<ScaledColumn> columns_of(nb::sequence arrays, nb::handle shifts, nb::handle scales, nb::handle fillings, int64_t n_rows,
                                     std::vector<nb::object>& keep) {
  const int64_t n = int64_t(nb::len(arrays));
  const double* shift = view<double>(shifts, {n}, "shifts");
  const double* scale = view<double>(scales, {n}, "scales");
  const float* filling = view<float>(fillings, {n}, "fillings");
  std::vector<ScaledColumn> columns;
  for (int64_t j = 0; j < n; ++j) {
    nb::object object = arrays[size_t(j)];
    columns.push_back({column_of(object, "Column " + std::to_string(j), n_rows), shift[j], scale[j], filling[j]});
    keep.push_back(std::move(object));
  }
  return columns;
}

template <class T>
nb::object owned(GrowingArray<T>&& values) {
  auto kept = std::make_unique<GrowingArray<T>>(std::move(values));
  T* data = kept->data();
  const size_t shape[1] = {kept->size()};
  nb::capsule owner(kept.release(), [](void* p) noexcept { delete static_cast<GrowingArray<T>*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T>(data, 1, shape, owner));
}

nb::object scaled_rows(nb::sequence arrays, nb::object shifts, nb::object scales, nb::object fillings, int64_t n_rows) {
  std::vector<nb::object> keep;
  const auto columns = columns_of(arrays, shifts, scales, fillings, n_rows, keep);
  NewArray<float> out({size_t(n_rows), columns.size()});
  {
    nb::gil_scoped_release released;
    fill_rows(columns, n_rows, out.data);
  }
  return out.object();
}

nb::tuple scaled_entries(nb::sequence arrays, nb::object shifts, nb::object scales, nb::object fillings, int64_t n_rows,
                         int32_t first_input) {
  std::vector<nb::object> keep;
  const auto columns = columns_of(arrays, shifts, scales, fillings, n_rows, keep);
  Entries entries;
  {
    nb::gil_scoped_release released;
    entries = list_entries(columns, n_rows, first_input);
  }
  return nb::make_tuple(owned(std::move(entries.counts)), owned(std::move(entries.indices)), owned(std::move(entries.values)));
}

}  // namespace

void bind(nb::module_& m) {
  m.def("scaled_rows", &scaled_rows, nb::arg("columns"), nb::arg("shifts"), nb::arg("scales"), nb::arg("fillings"), nb::arg("n_rows"));
  m.def("scaled_entries", &scaled_entries, nb::arg("columns"), nb::arg("shifts"), nb::arg("scales"), nb::arg("fillings"),
        nb::arg("n_rows"), nb::arg("first_input"));
}

}  // namespace artesian::design
