// The loops of tabular networks as functions over NumPy arrays. Shapes are checked here, and the interpreter is let go meanwhile.
#include "../arrays.hpp"
#include "bindings.hpp"
#include "tabular_dispatch.hpp"

namespace artesian::deeplearning {

namespace {

using nb::arg;
using Shape = std::vector<int64_t>;

float* writable(nb::handle object, const Shape& shape, const char* name) {
  nb::ndarray<nb::device::cpu> array;
  if (!nb::try_cast(object, array)) throw std::invalid_argument(std::string("'") + name + "' must be a writable NumPy array.");
  return const_cast<float*>(view<float>(object, shape, name));
}

Dropout dropout_of(uint32_t seed, double share) {
  if (!(share >= 0 && share < 1)) throw std::invalid_argument("The share of dropped units must be in [0, 1).");
  return {seed, int32_t(share * (1 << 24)), float(1.0 / (1.0 - share))};
}

void activate(nb::handle sums, nb::handle out, nb::handle bias, nb::handle mix, bool is_mish, float gain, uint32_t seed, double share) {
  Shape shape;
  view<float>(sums, {-1, -1}, "sums", &shape);
  float* z = writable(sums, shape, "sums");
  float* y = writable(out, shape, "out");
  const float* b = view<float>(bias, {shape[1]}, "bias");
  const float* m = view<float>(mix, {shape[1]}, "mix");
  const Dropout dropout = dropout_of(seed, share);
  nb::gil_scoped_release release;
  current_tabular_kernels().activate(is_mish, z, y, b, m, gain, shape[0], shape[1], dropout);
}

void activate_back(nb::handle sums, nb::handle gradient, nb::handle mix, nb::handle bias_gradient, nb::handle mix_gradient, bool is_mish,
                   float gain, uint32_t seed, double share) {
  Shape shape;
  const float* z = view<float>(sums, {-1, -1}, "sums", &shape);
  float* g = writable(gradient, shape, "gradient");
  const float* m = view<float>(mix, {shape[1]}, "mix");
  float* db = writable(bias_gradient, {shape[1]}, "bias_gradient");
  float* dm = writable(mix_gradient, {shape[1]}, "mix_gradient");
  const Dropout dropout = dropout_of(seed, share);
  nb::gil_scoped_release release;
  current_tabular_kernels().activate_back(is_mish, z, g, m, gain, shape[0], shape[1], dropout, db, dm);
}

void periodic(nb::handle numbers, nb::handle out, nb::handle frequency, nb::handle phase, nb::handle mixing, nb::handle bias) {
  Shape shape, width;
  const float* x = view<float>(numbers, {-1, -1}, "numbers", &shape);
  const int64_t rows = shape[0], columns = shape[1];
  view<float>(out, {rows, -1}, "out", &width);
  if (width[1] < 4 * columns) throw std::invalid_argument("'out' must have at least four columns for each of 'numbers'.");
  float* y = writable(out, width, "out");
  const float* f = view<float>(frequency, {columns, kPeriods}, "frequency");
  const float* p = view<float>(phase, {columns, kPeriods}, "phase");
  const float* w = view<float>(mixing, {columns, 3, kPeriods}, "mixing");
  const float* b = view<float>(bias, {columns, 3}, "bias");
  nb::gil_scoped_release release;
  current_tabular_kernels().periodic(x, columns, y, width[1], rows, columns, f, p, w, b);
}

void periodic_back(nb::handle numbers, nb::handle gradient, nb::handle frequency, nb::handle phase, nb::handle mixing,
                   nb::handle frequency_gradient, nb::handle phase_gradient, nb::handle mixing_gradient, nb::handle bias_gradient) {
  Shape shape, width;
  const float* x = view<float>(numbers, {-1, -1}, "numbers", &shape);
  const int64_t rows = shape[0], columns = shape[1];
  const float* g = view<float>(gradient, {rows, -1}, "gradient", &width);
  if (width[1] < 4 * columns) throw std::invalid_argument("'gradient' must have at least four columns for each of 'numbers'.");
  const float* f = view<float>(frequency, {columns, kPeriods}, "frequency");
  const float* p = view<float>(phase, {columns, kPeriods}, "phase");
  const float* w = view<float>(mixing, {columns, 3, kPeriods}, "mixing");
  float* df = writable(frequency_gradient, {columns, kPeriods}, "frequency_gradient");
  float* dp = writable(phase_gradient, {columns, kPeriods}, "phase_gradient");
  float* dw = writable(mixing_gradient, {columns, 3, kPeriods}, "mixing_gradient");
  float* db = writable(bias_gradient, {columns, 3}, "bias_gradient");
  nb::gil_scoped_release release;
  current_tabular_kernels().periodic_back(x, columns, g, width[1], rows, columns, f, p, w, df, dp, dw, db);
}

void adam_step(nb::handle weights, nb::handle gradient, nb::handle first, nb::handle second, nb::handle rate_factors,
               nb::handle decay_factors, float rate, float decay, float beta1, float beta2, float correction1, float correction2) {
  Shape shape;
  view<float>(weights, {-1}, "weights", &shape);
  float* w = writable(weights, shape, "weights");
  const float* g = view<float>(gradient, shape, "gradient");
  float* m = writable(first, shape, "first");
  float* v = writable(second, shape, "second");
  const float* r = view<float>(rate_factors, shape, "rate_factors");
  const float* d = view<float>(decay_factors, shape, "decay_factors");
  nb::gil_scoped_release release;
  current_tabular_kernels().adam(w, g, m, v, r, d, shape[0], {rate, decay, beta1, beta2, 1e-8f, correction1, correction2});
}

}  // namespace

void bind_tabular(nb::module_& m) {
  m.def("tabular_activate", &activate, arg("sums"), arg("out"), arg("bias"), arg("mix"), nb::kw_only(), arg("is_mish"), arg("gain"),
        arg("seed") = 0, arg("dropout") = 0.0);
  m.def("tabular_activate_back", &activate_back, arg("sums"), arg("gradient"), arg("mix"), arg("bias_gradient"), arg("mix_gradient"),
        nb::kw_only(), arg("is_mish"), arg("gain"), arg("seed") = 0, arg("dropout") = 0.0);
  m.def("tabular_periodic", &periodic, arg("numbers"), arg("out"), arg("frequency"), arg("phase"), arg("mixing"), arg("bias"));
  m.def("tabular_periodic_back", &periodic_back, arg("numbers"), arg("gradient"), arg("frequency"), arg("phase"), arg("mixing"),
        arg("frequency_gradient"), arg("phase_gradient"), arg("mixing_gradient"), arg("bias_gradient"));
  m.def("tabular_adam", &adam_step, arg("weights"), arg("gradient"), arg("first"), arg("second"), arg("rate_factors"),
        arg("decay_factors"), nb::kw_only(), arg("rate"), arg("decay"), arg("beta1"), arg("beta2"), arg("correction1"),
        arg("correction2"));
}

}  // namespace artesian::deeplearning
