// The network's weights and optimiser state, how they start, and how they are read and written from outside.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "kernels.hpp"
#include "memory.hpp"
#include "pace.hpp"

namespace artesian::deeplearning {

enum class Activation { kTanh, kRectifier, kMaxout, kExpRectifier };
enum class Output { kSoftmax, kLinear, kAutoencoder };
enum class Loss { kCrossEntropy, kQuadratic, kAbsolute, kHuber, kQuantile, kPoisson, kGamma, kTweedie, kModifiedHuber };
enum class InitialWeights { kUniformAdaptive, kUniform, kNormal };

struct Config {
  std::vector<int> units;
  Activation activation = Activation::kRectifier;
  Output output = Output::kSoftmax;
  Loss loss = Loss::kCrossEntropy;
  float input_dropout = 0;
  std::vector<float> hidden_dropout;  // one for each hidden layer; filled by check()
  double huber_delta = 1, quantile_alpha = 0.5, tweedie_power = 1.5;
  bool adaptive_rate = true;
  double rho = 0.99, epsilon = 1e-8;
  double rate = 0.005, rate_annealing = 1e-6, rate_decay = 1;
  double momentum_start = 0, momentum_ramp = 1e6, momentum_stable = 0;
  bool nesterov = true;
  double l1 = 0, l2 = 0, max_w2 = std::numeric_limits<double>::infinity();  // 0 after check() means no limit
  double average_activation = 0, sparsity_beta = 0;
  bool fast_mode = true;
  InitialWeights initial_weights = InitialWeights::kUniformAdaptive;
  double initial_weight_scale = 1;
  uint64_t seed = 0;

  void check();  // throws std::invalid_argument with a sentence
  int layers() const { return int(units.size()) - 1; }  // weight matrices
  Optimizer optimizer() const;
};

// One weight matrix with its bias and state, laid out as kernels.hpp says.
struct Layer {
  int n_in = 0, n_out = 0;
  int channels = 1;  // 2 for a maxout layer: channel k of unit u is lane k × padded() + u
  int panels = 0;    // of one channel
  int slots = 1;
  bool by_rows = false;  // which stride is the shorter: rows of all panels together, or panels of all rows
  Block<float> data;

  Layer() = default;
  Layer(int n_in, int n_out, int channels, int slots, bool by_rows);
  int padded() const { return panels * kPanel; }
  int lanes() const { return channels * padded(); }
  int outputs() const { return channels * n_out; }  // rows of the matrix as others see it: row u × channels + k
  int lane_of(int output) const { return (output % channels) * padded() + output / channels; }
  Weights view() { return {data.data(), panel_stride(), row_stride(), channels * panels}; }
  // A row beyond the bias keeps panels from falling on the same cache sets.
  size_t panel_stride() const { return size_t(by_rows ? 1 : n_in + 2) * slots * kPanel; }
  size_t row_stride() const { return size_t(by_rows ? channels * panels : 1) * slots * kPanel; }
  // Input n_in is the bias.
  float& at(int input, int lane, int slot) {
    return data[size_t(lane / kPanel) * panel_stride() + input * row_stride() + slot * kPanel + lane % kPanel];
  }
  float at(int input, int lane, int slot) const { return const_cast<Layer*>(this)->at(input, lane, slot); }
};

struct LayerStatistics {
  double mean_rate, rate_rms, momentum, mean_weight, weight_rms, mean_bias, bias_rms, mean_activation;
};

// What training changes, and nothing else.
struct State {
  std::vector<Layer> layers;
  std::vector<Block<float>> average_activation;  // of hidden layers, with sparsity_beta only
  int64_t samples = 0;
};

class Network {
 public:
  explicit Network(Config config);

  Config config;
  State state;
  Pace pace;

  double momentum(int64_t samples) const;
  double rate(int layer, int64_t samples) const;  // the manual rate, without × (1 - momentum)
  LayerStatistics statistics(int layer) const;
  std::string instability() const;  // empty when all is well
  int64_t n_weights() const;
  int64_t nbytes() const;
  static int64_t nbytes(const State& state);

 private:
  void start_weights(int layer);
};

}  // namespace artesian::deeplearning
