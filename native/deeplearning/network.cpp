// Initial weights, schedules, statistics.
#include "network.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>

#include "random.hpp"

namespace artesian::deeplearning {

namespace {

// Streams of random numbers: hidden and input dropout take the layer's number, initial weights these.
constexpr uint64_t kInitialWeights = 1u << 20;

void require(bool good, const std::string& sentence) {
  if (!good) throw std::invalid_argument(sentence);
}

void require_between(double value, double low, double high, bool low_open, bool high_open, const char* name) {
  const bool good = (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
  char text[200];
  std::snprintf(text, sizeof text, "The '%s' of a network must be in %c%g, %g%c. Got %g.", name, low_open ? '(' : '[', low, high,
                high_open ? ')' : ']', value);
  require(good, text);
}

}  // namespace

void Config::check() {
  require(units.size() >= 2, "A network needs the numbers of inputs and of outputs, and of units of each hidden layer between.");
  for (int n : units) require(n >= 1, "Each layer of a network needs at least one unit. Got " + std::to_string(n) + ".");
  const double infinite = std::numeric_limits<double>::infinity();
  require_between(input_dropout, 0, 1, false, true, "input_dropout");
  if (hidden_dropout.empty()) hidden_dropout.assign(units.size() - 2, 0.0f);
  require(hidden_dropout.size() == units.size() - 2,
          "hidden_dropout needs one ratio for each of the " + std::to_string(units.size() - 2) + " hidden layers. Got " +
              std::to_string(hidden_dropout.size()) + ".");
  for (float p : hidden_dropout) require_between(p, 0, 1, false, true, "hidden_dropout");

  const bool linear_only = loss == Loss::kPoisson || loss == Loss::kGamma || loss == Loss::kTweedie || loss == Loss::kModifiedHuber;
  switch (output) {
    case Output::kSoftmax:
      require(units.back() >= 2, "A softmax output needs at least 2 classes.");
      require(loss == Loss::kCrossEntropy || loss == Loss::kQuadratic, "A softmax output takes the loss cross_entropy or quadratic.");
      break;
    case Output::kLinear:
      require(units.back() == 1, "A linear output has exactly 1 unit. Got " + std::to_string(units.back()) + ".");
      require(loss != Loss::kCrossEntropy, "The loss cross_entropy needs a softmax output.");
      break;
    case Output::kAutoencoder:
      require(units.back() == units.front(), "An autoencoder has as many outputs as inputs.");
      require(activation != Activation::kMaxout, "An autoencoder cannot have the activation maxout.");
      require(loss != Loss::kCrossEntropy && !linear_only, "An autoencoder takes the loss quadratic, absolute, huber or quantile.");
      break;
  }
  require_between(huber_delta, 0, infinite, true, true, "huber_delta");
  require_between(quantile_alpha, 0, 1, true, true, "quantile_alpha");
  require_between(tweedie_power, 1, 2, true, true, "tweedie_power");
  if (adaptive_rate) {
    require_between(rho, 0, 1, true, true, "rho");
    // Products of two such numbers must stay normal in float32.
    require_between(epsilon, 1e-18, 1, false, true, "epsilon");
  } else {
    require_between(rate, 0, infinite, true, true, "rate");
    require_between(rate_annealing, 0, infinite, false, true, "rate_annealing");
    require_between(rate_decay, 0, infinite, true, true, "rate_decay");
    require_between(momentum_start, 0, 1, false, true, "momentum_start");
    require_between(momentum_stable, 0, 1, false, true, "momentum_stable");
    require_between(momentum_ramp, 0, infinite, false, false, "momentum_ramp");
  }
  require_between(l1, 0, infinite, false, true, "l1");
  require_between(l2, 0, infinite, false, true, "l2");
  require_between(max_w2, 0, infinite, true, false, "max_w2");
  if (max_w2 >= FLT_MAX) max_w2 = 0;
  require_between(sparsity_beta, 0, infinite, false, true, "sparsity_beta");
  require(sparsity_beta == 0 || output == Output::kAutoencoder, "sparsity_beta is for autoencoders only.");
  require_between(initial_weight_scale, 0, infinite, false, true, "initial_weight_scale");
}

Optimizer Config::optimizer() const {
  if (adaptive_rate) return Optimizer::kAdadelta;
  if (momentum_start == 0 && momentum_stable == 0) return Optimizer::kSgd;
  return nesterov ? Optimizer::kNesterov : Optimizer::kMomentum;
}

Layer::Layer(int n_in, int n_out, int channels, int slots, bool by_rows)
    : n_in(n_in), n_out(n_out), channels(channels), panels((n_out + kPanel - 1) / kPanel), slots(slots), by_rows(by_rows) {
  data = Block<float>(size_t(channels) * panels * (n_in + 2) * slots * kPanel);
}

Network::Network(Config given) : config(std::move(given)) {
  config.check();
  const Optimizer optimizer = config.optimizer();
  const int slots = optimizer == Optimizer::kAdadelta ? 3 : optimizer == Optimizer::kSgd ? 1 : 2;
  for (int l = 0; l < config.layers(); ++l) {
    const bool hidden = l + 1 < config.layers();
    const int channels = hidden && config.activation == Activation::kMaxout ? 2 : 1;
    // The first layer's step goes panel by panel, the others' row by row, to sum up errors: each as it lies in memory.
    state.layers.emplace_back(config.units[l], config.units[l + 1], channels, slots, l > 0);
    start_weights(l);
    if (hidden && config.sparsity_beta > 0) state.average_activation.emplace_back(state.layers[l].padded());
  }
}

void Network::start_weights(int l) {
  Layer& layer = state.layers[l];
  const bool is_output = l + 1 == config.layers();
  const uint64_t numbers = stream(config.seed, kInitialWeights, l);
  const double range = std::sqrt(6.0 / (layer.n_in + layer.n_out)) * (is_output && config.output == Output::kSoftmax ? 4 : 1);
  const double scale = config.initial_weights == InitialWeights::kUniformAdaptive ? range : config.initial_weight_scale;
  const bool gaussian = config.initial_weights == InitialWeights::kNormal;
  for (int o = 0; o < layer.outputs(); ++o)
    for (int i = 0; i < layer.n_in; ++i) {
      const uint64_t place = uint64_t(o) * layer.n_in + i;
      layer.at(i, layer.lane_of(o), 0) =
          float(gaussian ? scale * normal(numbers, place) : scale * (2 * uniform(numbers, place) - 1));
    }
  const bool positive = config.activation == Activation::kRectifier || config.activation == Activation::kMaxout;
  const float bias = is_output || !positive ? 0.0f : l == 0 ? 0.5f : 1.0f;
  for (int o = 0; o < layer.outputs(); ++o) layer.at(layer.n_in, layer.lane_of(o), 0) = bias;
}

double Network::momentum(int64_t samples) const {
  if (config.adaptive_rate) return 0;
  const double part = config.momentum_ramp > 0 ? std::min(1.0, double(samples) / config.momentum_ramp) : 1.0;
  return config.momentum_start + (config.momentum_stable - config.momentum_start) * part;
}

double Network::rate(int layer, int64_t samples) const {
  return config.rate * std::pow(config.rate_decay, layer) / (1 + config.rate_annealing * double(samples));
}

namespace {

// Mean and root mean square about it, in two passes.
struct Spread {
  double mean = 0, rms = 0;
  template <class Each>
  explicit Spread(int64_t n, Each each) {
    double total = 0, squares = 0;
    each([&](double x) { total += x; });
    mean = total / double(n);
    each([&](double x) { squares += (x - mean) * (x - mean); });
    rms = std::sqrt(squares / double(n));
  }
};

template <class Visit>
void for_weights(const Layer& layer, Visit visit) {
  for (int k = 0; k < layer.channels; ++k)
    for (int p = 0; p < layer.panels; ++p) {
      const int width = std::min(kPanel, layer.n_out - p * kPanel);
      const float* row = layer.data.data() + size_t(k * layer.panels + p) * layer.panel_stride();
      for (int i = 0; i < layer.n_in; ++i, row += layer.row_stride())
        for (int c = 0; c < width; ++c) visit(row + c);
    }
}

Spread weights_of(const Layer& layer) {
  return Spread(int64_t(layer.n_in) * layer.outputs(),
                [&](auto add) { for_weights(layer, [&](const float* w) { add(double(*w)); }); });
}

Spread biases_of(const Layer& layer) {
  return Spread(layer.outputs(), [&](auto add) {
    for (int o = 0; o < layer.outputs(); ++o) add(double(layer.at(layer.n_in, layer.lane_of(o), 0)));
  });
}

}  // namespace

LayerStatistics Network::statistics(int l) const {
  const Layer& layer = state.layers[l];
  const Spread weights = weights_of(layer), biases = biases_of(layer);
  LayerStatistics out{};
  out.mean_weight = weights.mean, out.weight_rms = weights.rms;
  out.mean_bias = biases.mean, out.bias_rms = biases.rms;
  out.momentum = momentum(state.samples);
  out.mean_activation = std::numeric_limits<double>::quiet_NaN();
  if (config.adaptive_rate) {
    const float epsilon = float(config.epsilon);
    const Spread rates(int64_t(layer.n_in) * layer.outputs(), [&](auto add) {
      for_weights(layer, [&](const float* w) { add(std::sqrt((w[2 * kPanel] + epsilon) / (w[kPanel] + epsilon))); });
    });
    out.mean_rate = rates.mean, out.rate_rms = rates.rms;
  } else {
    out.mean_rate = rate(l, state.samples);
  }
  if (size_t(l) < state.average_activation.size()) {
    double total = 0;
    for (int u = 0; u < layer.n_out; ++u) total += state.average_activation[l][u];
    out.mean_activation = total / layer.n_out;
  }
  return out;
}

std::string Network::instability() const {
  constexpr double kWeights = 1e10, kBiases = 1e5;  // H2O's limits (DeepLearningModelInfo.computeStats)
  for (int l = 0; l < config.layers(); ++l) {
    const auto complain = [&](const char* what, const Spread& s, double limit) -> std::string {
      if (std::fabs(s.mean) <= limit && s.rms <= limit) return {};  // false for NaN
      char text[160];
      if (!std::isfinite(s.mean) || !std::isfinite(s.rms))
        std::snprintf(text, sizeof text, "%s of layer %d are not finite", what, l + 1);
      else
        std::snprintf(text, sizeof text, "%s of layer %d: mean %.3g, rms %.3g, limit %.0e", what, l + 1, s.mean, s.rms, limit);
      return text;
    };
    std::string found = complain("weights", weights_of(state.layers[l]), kWeights);
    if (found.empty()) found = complain("biases", biases_of(state.layers[l]), kBiases);
    if (!found.empty()) return found;
  }
  return {};
}

int64_t Network::n_weights() const {
  int64_t n = 0;
  for (const Layer& layer : state.layers) n += int64_t(layer.n_in + 1) * layer.outputs();
  return n;
}

int64_t Network::nbytes(const State& state) {
  size_t n = 0;
  for (const Layer& layer : state.layers) n += layer.data.size();
  for (const auto& a : state.average_activation) n += a.size();
  return int64_t(n * sizeof(float));
}

int64_t Network::nbytes() const { return nbytes(state); }

}  // namespace artesian::deeplearning
