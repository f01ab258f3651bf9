// NumPy rows in, sums and curves out.
#include "bindings.hpp"

#include <algorithm>
#include <cstring>

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

nb::object costs_and_keys(nb::object actual, nb::object p, double smallest) {
  const int64_t n = length_of(p, "p");
  const double* probabilities = view<double>(p, {n}, "p");
  const NumberColumn truth = column_of(actual, "'actual'", n);
  NewArray<uint64_t> keys({size_t(n)}, Start::kUnset);
  Costs found;
  bool counts;
  {
    nb::gil_scoped_release released;
    counts = cost_and_rank(truth, probabilities, n, smallest, &found, keys.data);
  }
  if (!counts) return nb::none();
  return nb::make_tuple(found.squares, found.logs, keys.object());
}

// A point as a row of numbers, so that arrays of points are arrays [.., 4].
constexpr size_t kPointSize = 4;
static_assert(sizeof(Point) == kPointSize * sizeof(double));

nb::object as_array(const std::vector<Point>& points) {
  NewArray<double> out({points.size(), kPointSize}, Start::kUnset);
  std::memcpy(out.data, points.data(), points.size() * sizeof(Point));
  return out.object();
}

nb::tuple outline_of(nb::object sorted, int64_t stretch) {
  if (stretch < 1) throw std::invalid_argument("'stretch' must be at least 1.");
  std::vector<int64_t> found;
  const uint64_t* keys = view<uint64_t>(sorted, {-1}, "keys", &found);
  Outline curve;
  {
    nb::gil_scoped_release released;
    curve = outline(keys, found[0], stretch);
  }
  return nb::make_tuple(curve.points, as_array(curve.first), as_array(curve.last), curve.trapezoids, curve.hyperbolas);
}

nb::object stretches_of(nb::object sorted, nb::object before, int64_t stretch) {
  if (stretch < 1) throw std::invalid_argument("'stretch' must be at least 1.");
  std::vector<int64_t> found, starts;
  const uint64_t* keys = view<uint64_t>(sorted, {-1}, "keys", &found);
  const double* points = view<double>(before, {-1, int64_t(kPointSize)}, "before", &starts);
  for (int64_t j = 0; j < starts[0]; ++j)
    if (!(points[4 * j + 1] >= 0 && points[4 * j + 2] >= 0 && points[4 * j + 1] + points[4 * j + 2] < double(found[0])))
      throw std::invalid_argument("'before' must be points of the curve, other than its last.");
  NewArray<double> out({size_t(starts[0]), size_t(stretch), kPointSize}, Start::kUnset);
  {
    nb::gil_scoped_release released;
    for (int64_t j = 0; j < starts[0]; ++j) {
      Point from, *place = reinterpret_cast<Point*>(out.data) + j * stretch;
      std::memcpy(&from, points + int64_t(kPointSize) * j, sizeof from);
      const int64_t count = points_behind(keys, found[0], from, stretch, place);
      std::fill(place + count, place + stretch, place[count - 1]);
    }
  }
  return out.object();
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

}  // namespace

void bind(nb::module_& m) {
  m.def("class_costs", &costs, nb::arg("positive"), nb::arg("p"), nb::arg("weights").none(), nb::arg("smallest"));
  m.def("class_costs_and_keys", &costs_and_keys, nb::arg("actual"), nb::arg("p"), nb::arg("smallest"));
  m.def("curve_outline", &outline_of, nb::arg("keys"), nb::arg("stretch"));
  m.def("curve_stretches", &stretches_of, nb::arg("keys"), nb::arg("before"), nb::arg("stretch"));
  m.def("rank_keys", &keys_of, nb::arg("positive"), nb::arg("scores"));
  m.def("curve_of_keys", &curve_of, nb::arg("keys"));
  m.def("trapezoids", &area<trapezoids>, nb::arg("tps"), nb::arg("fps"));
  m.def("hyperbolas", &area<hyperbolas>, nb::arg("tps"), nb::arg("fps"));
}

}  // namespace artesian::metrics
