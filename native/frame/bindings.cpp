// NumPy columns in, their statistics out.
#include "bindings.hpp"

#include "../arrays.hpp"
#include "statistics.hpp"

namespace artesian::frame {

namespace {

namespace nb = nanobind;

nb::list as_list(const std::vector<double>& values) {
  nb::list out;
  for (double value : values) out.append(value);
  return out;
}

nb::tuple statistics_of(nb::object values, int64_t extremes) {
  if (extremes < 0) throw std::invalid_argument("'extremes' must be at least 0.");
  int64_t n = 0;
  const NumberColumn column = column_of(values, "The column", -1, &n);
  Statistics found;
  {
    nb::gil_scoped_release released;
    found = statistics(column, n, extremes);
  }
  return nb::make_tuple(found.count, found.mean, found.squares, found.zeros, as_list(found.least), as_list(found.most), found.positive,
                        found.negative);
}

nb::object byte_counts(nb::object bytes) {
  std::vector<int64_t> found;
  const uint8_t* values = view<uint8_t>(bytes, {-1}, "bytes", &found);
  NewArray<int64_t> counts({256}, Start::kUnset);
  {
    nb::gil_scoped_release released;
    count_bytes(values, found[0], counts.data);
  }
  return counts.object();
}

}  // namespace

void bind(nb::module_& m) {
  m.def("column_statistics", &statistics_of, nb::arg("values"), nb::arg("extremes"));
  m.def("byte_counts", &byte_counts, nb::arg("bytes"));
}

}  // namespace artesian::frame
