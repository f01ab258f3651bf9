// Forward passes for scoring. Blocks of rows go through a layer together, so that its weights are read from memory once a block.
#include "scorer.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "dispatch.hpp"

namespace artesian::deeplearning {

namespace {

constexpr int64_t kBlock = 32;

class Scorer {
 public:
  Scorer(const Network& network, const Rows& rows, const float* offsets, int layer)
      : network_(network), rows_(rows), offsets_(offsets), last_(layer), kernels_(current_kernels()) {
    size_t lanes = 0, room = size_t(rows.longest);
    for (const Layer& each : network.state.layers) {
      lanes = std::max(lanes, size_t(each.lanes()));
      room = std::max(room, size_t(each.n_out));
    }
    sums_ = Block<float>(kBlock * lanes);
    for (int b = 0; b < kBlock; ++b) lists_.emplace_back(room + 2);
  }

  void score(const int64_t* order, int64_t first, int n, float* out) {
    for (int b = 0; b < n; ++b) {
      const int64_t row = order ? order[first + b] : first + b;
      begin_list(b, rows_.n_inputs);
      rows_.list_nonzero(row, lists_[b]);
    }
    for (int l = 0; l <= last_; ++l) {
      // The kernels never write through the weights in a forward pass.
      Layer& layer = const_cast<Layer&>(network_.state.layers[l]);
      const Weights weights = layer.view();
      for (int p = 0; p < weights.panels; ++p)
        for (int b = 0; b < n; ++b) {
          const InputList& in = lists_[b];
          kernels_.forward(weights, p, p + 1, {in.index.data(), in.value.data(), in.size}, sums_.data() + size_t(b) * layer.lanes());
        }
      for (int b = 0; b < n; ++b) {
        float* a = sums_.data() + size_t(b) * layer.lanes();
        if (l + 1 < network_.config.layers())
          activate(l, a);
        else
          finish(a, order ? order[first + b] : first + b);
        if (l == last_)
          std::copy(a, a + layer.n_out, out + size_t(b) * layer.n_out);
        else
          list_units(b, a, layer.n_out);
      }
    }
  }

 private:
  void begin_list(int b, int bias) {
    lists_[b].size = 0;
    lists_[b].add(bias, 1.0f);
  }

  void list_units(int b, const float* a, int n) {
    begin_list(b, n);
    InputList& list = lists_[b];
    for (int u = 0; u < n; ++u) {
      list.index[list.size] = u;
      list.value[list.size] = a[u];
      list.size += a[u] != 0.0f;
    }
  }

  void apply_activation(int l, float* a) {
    const Layer& layer = network_.state.layers[l];
    switch (network_.config.activation) {
      case Activation::kTanh: kernels_.tanh(a, layer.padded()); break;
      case Activation::kRectifier: kernels_.rectifier(a, layer.padded()); break;
      case Activation::kExpRectifier: kernels_.exp_rectifier(a, layer.padded()); break;
      case Activation::kMaxout:
        for (int u = 0; u < layer.n_out; ++u) a[u] = std::max(a[u], a[layer.padded() + u]);
    }
  }

  void activate(int l, float* a) {
    apply_activation(l, a);
    const float kept = 1 - network_.config.hidden_dropout[l];
    if (kept < 1)
      for (int u = 0; u < network_.state.layers[l].n_out; ++u) a[u] *= kept;
  }

  void finish(float* a, int64_t row) {
    const int n = network_.config.units.back();
    switch (network_.config.output) {
      case Output::kSoftmax: {
        const float total = kernels_.exponentials(a, n, *std::max_element(a, a + n));
        for (int k = 0; k < n; ++k) a[k] /= total;
        break;
      }
      case Output::kLinear:
        if (offsets_) a[0] += offsets_[row];
        break;
      case Output::kAutoencoder: apply_activation(network_.config.layers() - 1, a); break;
    }
  }

  const Network& network_;
  const Rows& rows_;
  const float* offsets_;
  const int last_;
  const Kernels& kernels_;
  Block<float> sums_;
  std::vector<InputList> lists_;
};

}  // namespace

void score(const Network& network, const Rows& rows, const int64_t* order, int64_t n, const float* offsets, int layer, int threads,
           float* out) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  const int width = network.state.layers[layer].n_out;
  std::atomic<int64_t> next{0};
  std::vector<std::exception_ptr> failures(std::max(1, threads));
  const auto work = [&](int me) {
    try {
      Scorer scorer(network, rows, offsets, layer);
      for (int64_t block = next++; block < blocks; block = next++) {
        const int64_t first = block * kBlock;
        scorer.score(order, first, int(std::min(kBlock, n - first)), out + first * width);
      }
    } catch (...) {
      failures[me] = std::current_exception();
    }
  };
  // A thread costs as much to start as a few blocks to score.
  const int count = int(std::min<int64_t>(std::max(1, threads), std::max<int64_t>(1, blocks / 4)));
  std::vector<std::thread> helpers;
  for (int t = 1; t < count; ++t) helpers.emplace_back(work, t);
  work(0);
  for (std::thread& helper : helpers) helper.join();
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace artesian::deeplearning
