// NumPy columns in, linear predictors out.
#include "bindings.hpp"

#include "../arrays.hpp"
#include "predictor.hpp"

namespace artesian::linear {

namespace {

namespace nb = nanobind;

void predictors(nb::sequence numbers, nb::object shifts, nb::object weights, nb::object fillings, nb::sequence codes, nb::sequence amounts,
                double start, nb::ndarray<nb::numpy, double, nb::device::cpu, nb::ndim<1>, nb::c_contig> out) {
  const int64_t n_rows = int64_t(out.shape(0)), n = int64_t(nb::len(numbers));
  const double *shift = view<double>(shifts, {n}, "shifts"), *weight = view<double>(weights, {n}, "weights");
  const double* filling = view<double>(fillings, {n}, "fillings");
  std::vector<nb::object> kept;
  std::vector<NumberTerm> number_terms;
  for (int64_t j = 0; j < n; ++j) {
    kept.push_back(numbers[size_t(j)]);
    number_terms.push_back({column_of(kept.back(), "Column " + std::to_string(j), n_rows), shift[j], weight[j], filling[j]});
  }
  if (nb::len(codes) != nb::len(amounts)) throw std::invalid_argument("'codes' and 'amounts' must be as many.");
  std::vector<LevelTerm> level_terms;
  for (size_t j = 0; j < nb::len(codes); ++j) {
    const std::string name = "Codes " + std::to_string(j);
    kept.push_back(codes[j]);
    const NumberColumn column = column_of(kept.back(), name, n_rows);
    if (!is_whole(column.kind)) throw std::invalid_argument(name + " must be integers.");
    kept.push_back(amounts[j]);
    std::vector<int64_t> found;
    const double* values = view<double>(kept.back(), {-1}, "amounts", &found);
    if (found[0] < 1) throw std::invalid_argument("The amounts of " + name + " must be at least one: that of unknown levels.");
    level_terms.push_back({column, values, found[0] - 1});
  }
  double* sums = out.data();
  nb::gil_scoped_release released;
  predict(number_terms, level_terms, start, n_rows, sums);
}

}  // namespace

void bind(nb::module_& m) {
  m.def("linear_predictors", &predictors, nb::arg("numbers"), nb::arg("shifts"), nb::arg("weights"), nb::arg("fillings"), nb::arg("codes"),
        nb::arg("amounts"), nb::arg("start"), nb::arg("out").noconvert());
}

}  // namespace artesian::linear
