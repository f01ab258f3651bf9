// NumPy rows in, sums and curves out.
#include "bindings.hpp"

#include "../arrays.hpp"
#include "ranking.hpp"

namespace artesian::metrics {

namespace {

namespace nb = nanobind;

int64_t length_of(nb::handle object, const char* name) {
  std::vector<int64_t> found;
  view<double>(object, {-1}, name, &found);
  return found[0];
}

nb::tuple costs(nb::object positive, nb::object p, nb::object weights, double smallest) {
  const int64_t n = length_of(p, "p");
  const uint8_t* classes = view<uint8_t>(positive, {n}, "positive");
  const double* probabilities = view<double>(p, {n}, "p");
  const double* masses = weights.is_none() ? nullptr : view<double>(weights, {n}, "weights");
  Costs found;
  {
    nb::gil_scoped_release released;
    found = class_costs(classes, probabilities, masses, n, smallest);
  }
  return nb::make_tuple(found.squares, found.logs);
}

nb::object keys_of(nb::object positive, nb::object scores) {
  const int64_t n = length_of(scores, "scores");
  const uint8_t* classes = view<uint8_t>(positive, {n}, "positive");
  const double* values = view<double>(scores, {n}, "scores");
  NewArray<uint64_t> keys({size_t(n)}, Start::kUnset);
  {
    nb::gil_scoped_release released;
    rank_keys(classes, values, n, keys.data);
  }
  return keys.object();
}

nb::tuple curve_of(nb::object sorted) {
  std::vector<int64_t> found;
  const uint64_t* keys = view<uint64_t>(sorted, {-1}, "keys", &found);
  const int64_t n = found[0];
  const size_t points = size_t(count_distinct(keys, n));
  NewArray<double> thresholds({points}, Start::kUnset), tps({points}, Start::kUnset), fps({points}, Start::kUnset);
  {
    nb::gil_scoped_release released;
    fill_curve(keys, n, thresholds.data, tps.data, fps.data);
  }
  return nb::make_tuple(thresholds.object(), tps.object(), fps.object());
}

template <double (*Area)(const double*, const double*, int64_t)>
double area(nb::object tps, nb::object fps) {
  const int64_t k = length_of(tps, "tps");
  const double *hits = view<double>(tps, {k}, "tps"), *misses = view<double>(fps, {k}, "fps");
  nb::gil_scoped_release released;
  return Area(hits, misses, k);
}

double mass(nb::object thresholds, nb::object tps, nb::object fps, int64_t start, int64_t end) {
  const int64_t k = length_of(thresholds, "thresholds");
  if (start < 0 || end > k) throw std::invalid_argument("'start' and 'end' must be points of the curve.");
  const double* scores = view<double>(thresholds, {k}, "thresholds");
  const double *hits = view<double>(tps, {k}, "tps"), *misses = view<double>(fps, {k}, "fps");
  nb::gil_scoped_release released;
  return score_mass(scores, hits, misses, start, end);
}

}  // namespace

void bind(nb::module_& m) {
  m.def("class_costs", &costs, nb::arg("positive"), nb::arg("p"), nb::arg("weights").none(), nb::arg("smallest"));
  m.def("rank_keys", &keys_of, nb::arg("positive"), nb::arg("scores"));
  m.def("curve_of_keys", &curve_of, nb::arg("keys"));
  m.def("trapezoids", &area<trapezoids>, nb::arg("tps"), nb::arg("fps"));
  m.def("hyperbolas", &area<hyperbolas>, nb::arg("tps"), nb::arg("fps"));
  m.def("score_mass", &mass, nb::arg("thresholds"), nb::arg("tps"), nb::arg("fps"), nb::arg("start"), nb::arg("end"));
}

}  // namespace artesian::metrics
