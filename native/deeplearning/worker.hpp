// One thread's part in training a network: its workspace, and the passes over a mini-batch (of one sample: online).
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "barrier.hpp"
#include "kernels.hpp"
#include "memory.hpp"
#include "network.hpp"
#include "plan.hpp"
#include "rows.hpp"

namespace artesian::deeplearning {

// What `train` was asked to do.
struct Task {
  Rows rows;
  const int32_t* classes = nullptr;   // softmax
  const float* targets = nullptr;     // linear
  const float* weights = nullptr;     // may be null
  const float* offsets = nullptr;     // may be null
  const int64_t* order = nullptr;
  int64_t n = 0;
  int batch = 1;
};

// Norms of incoming weights, kept under max_w2. The stored weights are the true ones / scale, so that shrinking a unit is one
// multiplication; sums of squares are of the true weights, and kept for each group of inputs that has an owner of its own.
struct Norms {
  Block<float> scale, inverse_scale;  // [lanes]
  Block<float> sum_squares;           // [groups][lanes]
};

// Floats between the errors of one sample and the next: whole cache lines, so that threads do not share any.
inline size_t error_stride(const Layer& layer) { return size_t(layer.n_in + 1 + kPanel) / kPanel * kPanel; }

// What the threads of one `train` share.
struct Shared {
  Network& network;
  const Task& task;
  const Kernels& kernels;
  const Plan plan;
  const int64_t first_sample;  // the network's counter at position 0 of the order
  std::vector<Norms> norms;    // with max_w2 only
  Barrier barrier;
  Block<float> exchange[2];    // partial sums, by turns: one is written while the other may still be read
  std::vector<double> loss;    // summed loss by group of outputs
  double weight = 0;           // summed weight of the samples in `loss`

  Shared(Network&, const Task&, const Kernels&, int most_threads);
  bool extras() const { return network.config.l1 > 0 || network.config.l2 > 0 || network.config.max_w2 > 0; }
  void start_norms();
  void finish();  // fold the scales into the weights
};

class Worker {
 public:
  Worker(Shared& shared, int index);

  // Take one's share among so many threads. Call while nobody trains; worker 0 holds the truth of what is copied.
  void join(int threads);
  // Train on positions [begin, end) of the order, a multiple of the batch unless it ends there.
  void train(int64_t begin, int64_t end);

 private:
  // Inputs to a weight matrix for each sample of the batch: entry 0 is the bias (1), the rest the active units in order.
  struct Active {
    std::vector<InputList> lists;                // [batch]
    std::vector<std::vector<int>> group_begin;   // [batch][groups + 1], positions in the list; group 0 begins with the bias
  };

  struct Work {
    Block<float> output;   // [batch][lanes]: sums, then activations in the first padded() lanes
    Block<float> delta;    // [batch][lanes]: dLoss/dsum
    Block<uint8_t> kept;   // [batch][padded]: not dropped; only without fast mode
    Block<uint8_t> winner; // [batch][padded]: maxout's channel
    Block<float> error;    // [batch][n_in + 1]: dLoss/dinput for the entries of the input lists
    Block<float> gradient, keep, rate, l1, l2, valid, scaled_delta;
    Block<uint8_t> live;
    Block<float> one, scratch;         // scale of the bias; its sum of squares, which nobody reads
    std::unique_ptr<Layer> own;        // for Sharing::kCopy in workers other than 0
    std::unique_ptr<Norms> own_norms;  // for kCopy and kRows in workers other than 0
    Block<float> own_average;
    int lanes = 0, padded = 0;
  };

  // The (sample, value) pairs of a batch sorted by input, for update_batch.
  struct ByInput {
    std::vector<int32_t> rows, begin, sample;
    std::vector<float> value;
    std::vector<int32_t> count;  // [n_in + 1], zero between uses
    std::vector<int32_t> by_count, sorted;
  };

  int layers() const { return shared_.network.config.layers(); }
  bool last(int l) const { return l + 1 == layers(); }
  Layer& layer(int l) { return work_[l].own ? *work_[l].own : shared_.network.state.layers[l]; }
  Norms& norms(int l) { return work_[l].own_norms ? *work_[l].own_norms : shared_.norms[l]; }
  float* average(int l);  // null when no sparsity is asked for, or when it is another worker's business
  bool has_bias(int l) const { return l == 0 || group_begin(l - 1) == 0; }  // does one's input list begin with it?
  // Own groups of the outputs of l, where they are shared out; else all.
  int group_begin(int l) const { return groups_[l].first; }
  int group_end(int l) const { return groups_[l].second; }
  int own_panel_begin(int l) const { return shared_.plan.groups[l].bounds[group_begin(l)]; }
  int own_panel_end(int l) const { return shared_.plan.groups[l].bounds[group_end(l)]; }
  // The part of a sample's input list that this worker multiplies.
  List inputs(int l, int b, bool with_bias = true) const;
  List inputs_of_group(int l, int b, int g, bool with_bias = true) const;
  float* exchange() { return shared_.exchange[(round_ + 1) & 1].data(); }  // to write before, and read after the next meeting
  float* meet();

  // worker.cpp
  void read_batch(int64_t begin, int64_t end);
  void read_inputs(int b);

  // forward.cpp
  void forward();
  void sums_of_columns(int l);
  void sums_of_rows(int l);
  void scale_and_add_bias(int l, int b, int lane_begin, int lane_end, const float* bias, size_t bias_panel_stride);
  void activate(int l, int b);
  void gather_outputs();
  void output_errors();
  void softmax_errors(int b);
  void linear_errors(int b);
  void autoencoder_errors(int b);

  // backward.cpp
  void backward();
  void prepare_lanes(int l);
  void step_of_columns(int l);
  void step_of_rows_or_copy(int l);
  void step(int l, int panel_begin, int panel_end, int group, float* error);
  void step_batch(int l, int panel_begin, int panel_end, int group);
  void errors_of_batch(int l, int panel_begin, int panel_end, float* error, size_t stride);
  void step_bias(int l, int panel_begin, int panel_end);
  void push_sparsity(int l, int unit_begin, int unit_end);
  void errors_to_deltas(int l, const float* error, size_t stride);
  const ByInput& sort_by_input(int l, int group);
  Lanes lanes(int l, int group);

  // norms.cpp
  void limit_norms_of_columns(int l);
  void limit_norms_of_rows(int l, const float* sum_squares);
  void refresh_norms_of_rows(int l);

  Shared& shared_;
  const int index_;
  int threads_ = 1;
  uint64_t round_ = 0;
  std::vector<std::pair<int, int>> groups_;
  std::vector<Work> work_;
  std::vector<Active> active_;  // inputs of weight matrix l
  ByInput by_input_;
  std::pair<int, int> sorted_for_{-1, -1};  // layer and group that by_input_ holds
  StepConstants constants_{};
  std::vector<double> decay_;  // of the rate, by layer
  double base_rate_ = 0;
  bool refresh_due_ = false;

  // The batch at hand.
  int n_ = 0;
  std::vector<int64_t> row_, sample_;
  std::vector<float> weight_;
  Block<float> target_row_;  // [batch][n_inputs], autoencoder
};

}  // namespace artesian::deeplearning
