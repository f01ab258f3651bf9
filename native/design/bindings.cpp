// NumPy columns in, scaled rows or entries out.
#include "bindings.hpp"

#include <memory>
#include <optional>

#include "../arrays.hpp"
#include "scaling.hpp"

namespace artesian::design {

namespace {

namespace nb = nanobind;

template <class T>
bool is(const nb::dlpack::dtype& found) {
  return found == nb::dtype<T>();
}

std::optional<Kind> kind_of(const nb::dlpack::dtype& dtype) {
  if (is<uint8_t>(dtype)) return Kind::kUInt8;
  if (is<int8_t>(dtype)) return Kind::kInt8;
  if (is<uint16_t>(dtype)) return Kind::kUInt16;
  if (is<int16_t>(dtype)) return Kind::kInt16;
  if (is<uint32_t>(dtype)) return Kind::kUInt32;
  if (is<int32_t>(dtype)) return Kind::kInt32;
  if (is<uint64_t>(dtype)) return Kind::kUInt64;
  if (is<int64_t>(dtype)) return Kind::kInt64;
  if (is<float>(dtype)) return Kind::kFloat32;
  if (is<double>(dtype)) return Kind::kFloat64;
  return std::nullopt;
}

// `keep` holds the arrays that the columns point into.
std::vector<ScaledColumn> columns_of(nb::sequence arrays, nb::handle shifts, nb::handle scales, nb::handle fillings, int64_t n_rows,
                                     std::vector<nb::object>& keep) {
  using Array = nb::ndarray<nb::ro, nb::device::cpu, nb::ndim<1>, nb::c_contig>;
  const int64_t n = int64_t(nb::len(arrays));
  const double* shift = view<double>(shifts, {n}, "shifts");
  const double* scale = view<double>(scales, {n}, "scales");
  const float* filling = view<float>(fillings, {n}, "fillings");
  std::vector<ScaledColumn> columns;
  for (int64_t j = 0; j < n; ++j) {
    nb::object object = arrays[size_t(j)];
    const std::string name = "Column " + std::to_string(j);
    Array array;
    if (!nb::try_cast(object, array, false)) throw std::invalid_argument(name + " must be a contiguous NumPy array of one dimension.");
    const auto kind = kind_of(array.dtype());
    if (!kind) throw std::invalid_argument(name + " must hold integers or floats of 32 or 64 bits.");
    if (int64_t(array.shape(0)) != n_rows)
      throw std::invalid_argument(name + " must have " + std::to_string(n_rows) + " values. Got " + std::to_string(array.shape(0)) + ".");
    columns.push_back({array.data(), *kind, shift[j], scale[j], filling[j]});
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
