// nanobind classes over the network, the design matrix and training.
#include "bindings.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <atomic>
#include <cfloat>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "../arrays.hpp"
#include "dispatch.hpp"
#include "network.hpp"
#include "scorer.hpp"
#include "state_dict.hpp"
#include "trainer.hpp"

namespace artesian::deeplearning {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

template <class Enum>
Enum named(const std::string& name, const std::map<std::string, Enum>& names, const char* parameter) {
  const auto found = names.find(name);
  if (found != names.end()) return found->second;
  std::string all;
  for (const auto& each : names) all += (all.empty() ? "" : ", ") + each.first;
  throw std::invalid_argument("The '" + std::string(parameter) + "' of a network must be one of " + all + ". Got '" + name + "'.");
}

const std::map<std::string, Activation> kActivations = {{"tanh", Activation::kTanh},
                                                        {"rectifier", Activation::kRectifier},
                                                        {"maxout", Activation::kMaxout},
                                                        {"exp_rectifier", Activation::kExpRectifier}};
const std::map<std::string, Output> kOutputs = {
    {"softmax", Output::kSoftmax}, {"linear", Output::kLinear}, {"autoencoder", Output::kAutoencoder}};
const std::map<std::string, Loss> kLosses = {{"cross_entropy", Loss::kCrossEntropy},
                                             {"quadratic", Loss::kQuadratic},
                                             {"absolute", Loss::kAbsolute},
                                             {"huber", Loss::kHuber},
                                             {"quantile", Loss::kQuantile},
                                             {"poisson", Loss::kPoisson},
                                             {"gamma", Loss::kGamma},
                                             {"tweedie", Loss::kTweedie},
                                             {"modified_huber", Loss::kModifiedHuber}};
const std::map<std::string, InitialWeights> kInitialWeightsNames = {{"uniform_adaptive", InitialWeights::kUniformAdaptive},
                                                                    {"uniform", InitialWeights::kUniform},
                                                                    {"normal", InitialWeights::kNormal}};

struct StopToken {
  std::atomic<bool> flag{false};
};

struct InputRows {
  Rows rows;
  std::vector<nb::object> keep;  // the arrays that `rows` points into
  int64_t bytes = 0;

  InputRows(int64_t n_rows, int32_t n_inputs, nb::object indptr, nb::object indices, nb::object values, nb::object dense,
            int32_t dense_start) {
    if (n_rows < 0 || n_inputs < 1) throw std::invalid_argument("A design matrix needs n_rows >= 0 and n_inputs >= 1.");
    rows.n_rows = n_rows;
    rows.n_inputs = n_inputs;
    int64_t entries = 0;
    if (indptr.is_none() != indices.is_none()) throw std::invalid_argument("'indptr' and 'indices' go together.");
    if (!indptr.is_none()) {
      std::vector<int64_t> shape;
      rows.indptr = view<int64_t>(indptr, {n_rows + 1}, "indptr");
      rows.indices = view<int32_t>(indices, {-1}, "indices", &shape);
      entries = shape[0];
      bytes += (n_rows + 1) * 8 + entries * 4;
    }
    if (!values.is_none()) {
      if (!rows.indptr) throw std::invalid_argument("'values' needs 'indptr' and 'indices'.");
      rows.values = view<float>(values, {entries}, "values");
      bytes += entries * 4;
    }
    if (!dense.is_none()) {
      std::vector<int64_t> shape;
      rows.dense = view<float>(dense, {n_rows, -1}, "dense", &shape);
      if (shape[1] > n_inputs) throw std::invalid_argument("'dense' has more columns than n_inputs.");
      rows.n_dense = int32_t(shape[1]);
      rows.dense_start = dense_start;
      bytes += shape[0] * shape[1] * 4;
    }
    keep = {indptr, indices, values, dense};
    const nb::gil_scoped_release release;
    rows.check(entries);
  }

  nb::object to_dense(nb::object order) const {
    int64_t n;
    const int64_t* which = row_order(order, n);
    NewArray<float> out({size_t(n), size_t(rows.n_inputs)});
    for (int64_t i = 0; i < n; ++i) rows.fill(which ? which[i] : i, out.data + i * rows.n_inputs);
    return out.object();
  }

  // The rows named by an array (null: all), checked.
  const int64_t* row_order(nb::object order, int64_t& n) const {
    n = rows.n_rows;
    if (order.is_none()) return nullptr;
    std::vector<int64_t> shape;
    const int64_t* which = view<int64_t>(order, {-1}, "order", &shape);
    n = shape[0];
    for (int64_t i = 0; i < n; ++i)
      if (which[i] < 0 || which[i] >= rows.n_rows)
        throw std::invalid_argument("'order' names row " + std::to_string(which[i]) + ", outside 0 to " + std::to_string(rows.n_rows - 1) + ".");
    return which;
  }
};

const float* optional_floats(nb::object object, int64_t n, const char* name) {
  return object.is_none() ? nullptr : view<float>(object, {n}, name);
}

void check_inputs(const Network& network, const InputRows& input) {
  if (input.rows.n_inputs != network.config.units.front())
    throw std::invalid_argument("The network has " + std::to_string(network.config.units.front()) + " inputs, the design matrix " +
                                std::to_string(input.rows.n_inputs) + ".");
}

void check_layer(const Network& network, int layer, int count, const char* what) {
  if (layer < 0 || layer >= count)
    throw std::invalid_argument("There is no " + std::string(what) + " " + std::to_string(layer) + "; they are numbered 0 to " +
                                std::to_string(count - 1) + ".");
  (void)network;
}

TrainResult python_train(Network& network, const InputRows& input, nb::object targets, nb::object order, nb::object weights,
                         nb::object offsets, int batch_size, int threads, double seconds, const StopToken* stop) {
  check_inputs(network, input);
  if (batch_size < 1) throw std::invalid_argument("'batch_size' must be at least 1.");
  if (threads < 1) throw std::invalid_argument("'threads' must be at least 1.");
  const int64_t n_rows = input.rows.n_rows;
  Task task;
  task.rows = input.rows;
  if (order.is_none()) throw std::invalid_argument("'order' must be a NumPy array of int64.");
  task.order = input.row_order(order, task.n);
  switch (network.config.output) {
    case Output::kSoftmax: {
      task.classes = view<int32_t>(targets, {n_rows}, "targets");
      const int32_t highest = n_rows ? *std::max_element(task.classes, task.classes + n_rows) : 0;
      if (highest >= network.config.units.back())
        throw std::invalid_argument("'targets' has class " + std::to_string(highest) + ", but the network has outputs for 0 to " +
                                    std::to_string(network.config.units.back() - 1) + ".");
      break;
    }
    case Output::kLinear: task.targets = view<float>(targets, {n_rows}, "targets"); break;
    case Output::kAutoencoder:
      if (!targets.is_none()) throw std::invalid_argument("An autoencoder takes no targets: they are its input rows.");
  }
  task.weights = optional_floats(weights, n_rows, "weights");
  task.offsets = optional_floats(offsets, n_rows, "offsets");
  if (task.offsets && network.config.output != Output::kLinear) throw std::invalid_argument("Offsets need a linear output.");
  task.batch = int(std::max<int64_t>(1, std::min<int64_t>(batch_size, task.n)));
  const nb::gil_scoped_release release;
  return train(network, task, threads, seconds, stop ? &stop->flag : nullptr);
}

nb::object python_score(const Network& network, const InputRows& input, nb::object order, nb::object offsets, int layer, int threads) {
  check_inputs(network, input);
  int64_t n;
  const int64_t* which = input.row_order(order, n);
  const float* shift = optional_floats(offsets, input.rows.n_rows, "offsets");
  if (shift && network.config.output != Output::kLinear) throw std::invalid_argument("Offsets need a linear output.");
  NewArray<float> out({size_t(n), size_t(network.config.units[layer + 1])});
  {
    const nb::gil_scoped_release release;
    score(network, input.rows, which, n, shift, layer, threads, out.data);
  }
  return out.object();
}

nb::dict python_statistics(const Network& network) {
  const size_t n = network.config.layers();
  const std::vector<std::pair<const char*, double LayerStatistics::*>> columns = {
      {"mean_rate", &LayerStatistics::mean_rate},     {"rate_rms", &LayerStatistics::rate_rms},
      {"momentum", &LayerStatistics::momentum},       {"mean_weight", &LayerStatistics::mean_weight},
      {"weight_rms", &LayerStatistics::weight_rms},   {"mean_bias", &LayerStatistics::mean_bias},
      {"bias_rms", &LayerStatistics::bias_rms},       {"mean_activation", &LayerStatistics::mean_activation}};
  std::vector<LayerStatistics> layers;
  for (size_t l = 0; l < n; ++l) layers.push_back(network.statistics(int(l)));
  nb::dict out;
  for (const auto& [name, member] : columns) {
    if (member == &LayerStatistics::mean_activation && network.state.average_activation.empty()) continue;
    NewArray<double> values({n});
    for (size_t l = 0; l < n; ++l) values.data[l] = layers[l].*member;
    out[name] = values.object();
  }
  return out;
}

void bind_network(nb::module_& m) {
  using nb::arg;
  nb::class_<State>(m, "Snapshot")
      .def_prop_ro("samples", [](const State& s) { return s.samples; })
      .def_prop_ro("nbytes", [](const State& s) { return Network::nbytes(s); });

  nb::class_<Network>(m, "NeuralNetwork")
      .def(
          "__init__",
          [](Network* self, std::vector<int> units, const std::string& activation, const std::string& output, const std::string& loss,
             double input_dropout, std::vector<float> hidden_dropout, double huber_delta, double quantile_alpha, double tweedie_power,
             bool adaptive_rate, double rho, double epsilon, double rate, double rate_annealing, double rate_decay,
             double momentum_start, double momentum_ramp, double momentum_stable, bool nesterov, double l1, double l2, double max_w2,
             double average_activation, double sparsity_beta, bool fast_mode, const std::string& initial_weights,
             double initial_weight_scale, nb::int_ seed) {
            Config c;
            c.units = std::move(units);
            c.activation = named(activation, kActivations, "activation");
            c.output = named(output, kOutputs, "output");
            c.loss = named(loss, kLosses, "loss");
            c.input_dropout = float(input_dropout);
            c.hidden_dropout = std::move(hidden_dropout);
            c.huber_delta = huber_delta, c.quantile_alpha = quantile_alpha, c.tweedie_power = tweedie_power;
            c.adaptive_rate = adaptive_rate, c.rho = rho, c.epsilon = epsilon;
            c.rate = rate, c.rate_annealing = rate_annealing, c.rate_decay = rate_decay;
            c.momentum_start = momentum_start, c.momentum_ramp = momentum_ramp, c.momentum_stable = momentum_stable;
            c.nesterov = nesterov;
            c.l1 = l1, c.l2 = l2, c.max_w2 = max_w2;
            c.average_activation = average_activation, c.sparsity_beta = sparsity_beta;
            c.fast_mode = fast_mode;
            c.initial_weights = named(initial_weights, kInitialWeightsNames, "initial_weights");
            c.initial_weight_scale = initial_weight_scale;
            c.seed = nb::cast<uint64_t>(seed & nb::int_(~uint64_t(0)));
            new (self) Network(std::move(c));
          },
          arg("units"), nb::kw_only(), arg("activation") = "rectifier", arg("output") = "softmax", arg("loss") = "cross_entropy",
          arg("input_dropout") = 0.0, arg("hidden_dropout") = std::vector<float>(), arg("huber_delta") = 1.0,
          arg("quantile_alpha") = 0.5, arg("tweedie_power") = 1.5, arg("adaptive_rate") = true, arg("rho") = 0.99,
          arg("epsilon") = 1e-8, arg("rate") = 0.005, arg("rate_annealing") = 1e-6, arg("rate_decay") = 1.0,
          arg("momentum_start") = 0.0, arg("momentum_ramp") = 1e6, arg("momentum_stable") = 0.0, arg("nesterov") = true,
          arg("l1") = 0.0, arg("l2") = 0.0, arg("max_w2") = kInfinite, arg("average_activation") = 0.0, arg("sparsity_beta") = 0.0,
          arg("fast_mode") = true, arg("initial_weights") = "uniform_adaptive", arg("initial_weight_scale") = 1.0, arg("seed") = 0)
      .def_prop_ro("units", [](const Network& n) { return n.config.units; })
      .def_prop_ro("n_weights", &Network::n_weights)
      .def_prop_ro("samples", [](const Network& n) { return n.state.samples; })
      .def_prop_ro("nbytes", [](const Network& n) { return n.nbytes(); })
      .def_prop_rw(
          "huber_delta", [](const Network& n) { return n.config.huber_delta; },
          [](Network& n, double delta) {
            if (!(delta > 0 && std::isfinite(delta))) throw std::invalid_argument("huber_delta must be positive and finite.");
            n.config.huber_delta = delta;
          })
      .def("train", &python_train, arg("rows"), arg("targets").none(), arg("order"), nb::kw_only(), arg("weights") = nb::none(),
           arg("offsets") = nb::none(), arg("batch_size") = 1, arg("threads") = 1, arg("seconds") = kInfinite,
           arg("stop").none() = nb::none())
      .def(
          "forward",
          [](const Network& n, const InputRows& rows, nb::object order, nb::object offsets, int threads) {
            return python_score(n, rows, order, offsets, n.config.layers() - 1, threads);
          },
          arg("rows"), arg("order") = nb::none(), nb::kw_only(), arg("offsets") = nb::none(), arg("threads") = 1)
      .def(
          "hidden",
          [](const Network& n, const InputRows& rows, int layer, nb::object order, int threads) {
            check_layer(n, layer, n.config.layers() - 1, "hidden layer");
            return python_score(n, rows, order, nb::none(), layer, threads);
          },
          arg("rows"), arg("layer"), arg("order") = nb::none(), nb::kw_only(), arg("threads") = 1)
      .def("weights", [](const Network& n, int l) { return check_layer(n, l, n.config.layers(), "weight matrix"), read_weights(n, l, 0); }, arg("layer"))
      .def("biases", [](const Network& n, int l) { return check_layer(n, l, n.config.layers(), "weight matrix"), read_biases(n, l, 0); }, arg("layer"))
      .def("set_weights", [](Network& n, int l, nb::object v) { check_layer(n, l, n.config.layers(), "weight matrix"), write_weights(n, l, 0, v, "values"); }, arg("layer"), arg("values"))
      .def("set_biases", [](Network& n, int l, nb::object v) { check_layer(n, l, n.config.layers(), "weight matrix"), write_biases(n, l, 0, v, "values"); }, arg("layer"), arg("values"))
      .def("state", &read_state)
      .def("set_state", &write_state, arg("state"))
      .def("snapshot", [](const Network& n) { return State(n.state); })
      .def("restore", &restore, arg("snapshot"))
      .def("statistics", &python_statistics)
      .def("instability", &Network::instability);
}

}  // namespace

void bind(nb::module_& m) {
  using nb::arg;
  m.def("simd_paths", [] {
    std::vector<std::string> names;
    for (const Kernels* kernels : runnable_kernels()) names.emplace_back(kernels->name);
    return names;
  });
  m.def("simd_path", [] { return std::string(current_kernels().name); });
  m.def("set_simd_path", &choose_kernels, arg("name"));

  m.def("set_adaptive_threads", [](bool on) { adaptive_threads = on; }, arg("on"));

  nb::class_<StopToken>(m, "StopToken")
      .def(nb::init<>())
      .def("set", [](StopToken& t) { t.flag = true; })
      .def("clear", [](StopToken& t) { t.flag = false; })
      .def("is_set", [](const StopToken& t) { return t.flag.load(); });

  nb::class_<InputRows>(m, "InputRows")
      .def(nb::init<int64_t, int32_t, nb::object, nb::object, nb::object, nb::object, int32_t>(), arg("n_rows"), arg("n_inputs"),
           nb::kw_only(), arg("indptr") = nb::none(), arg("indices") = nb::none(), arg("values") = nb::none(), arg("dense") = nb::none(),
           arg("dense_start") = 0)
      .def_prop_ro("n_rows", [](const InputRows& r) { return r.rows.n_rows; })
      .def_prop_ro("n_inputs", [](const InputRows& r) { return r.rows.n_inputs; })
      .def_prop_ro("nbytes", [](const InputRows& r) { return r.bytes; })
      .def("to_dense", &InputRows::to_dense, arg("rows") = nb::none());

  nb::class_<TrainResult>(m, "TrainResult")
      .def_ro("samples", &TrainResult::samples)
      .def_ro("loss", &TrainResult::loss)
      .def_ro("seconds", &TrainResult::seconds)
      .def_ro("threads", &TrainResult::threads)
      .def_prop_ro("stopped", [](const TrainResult& r) { return std::string(r.stopped); })
      .def_ro("unstable", &TrainResult::unstable)
      .def_ro("unstable_reason", &TrainResult::unstable_reason)
      .def("__repr__", [](const TrainResult& r) {
        return "TrainResult(samples=" + std::to_string(r.samples) + ", loss=" + std::to_string(r.loss) + ", seconds=" +
               std::to_string(r.seconds) + ", threads=" + std::to_string(r.threads) + ", stopped='" + r.stopped + "')";
      });

  bind_network(m);
}

}  // namespace artesian::deeplearning
