// A worker's workspace, its share of the network, and the reading of batches.
#include "worker.hpp"

#include <cmath>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "random.hpp"

namespace artesian::deeplearning {

namespace {

// Running means that decay towards 0 end as denormal numbers, at a hundred times the cost: flush them. For this thread, for now.
class FlushDenormals {
#if defined(__SSE2__)
 public:
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }  // FTZ and DAZ
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#elif defined(__aarch64__)
 public:
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" ::"r"(before_ | (uint64_t(1) << 24)));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" ::"r"(before_)); }

 private:
  uint64_t before_;
#endif
};

size_t exchange_size(const Network& network, const Plan& plan, int batch) {
  size_t most = 0;
  for (int l = 0; l < network.config.layers(); ++l) {
    const Layer& layer = network.state.layers[l];
    const size_t lanes = layer.lanes();
    if (plan.sharing[l] == Sharing::kRows) most = std::max(most, plan.groups[l - 1].count() * (batch + 1) * lanes + lanes);
    if (plan.sharing[l] == Sharing::kColumns)
      most = std::max({most, plan.groups[l].count() * batch * error_stride(layer), batch * lanes});
  }
  return most;
}

void fill_ones(Block<float>& block) {
  for (size_t i = 0; i < block.size(); ++i) block[i] = 1.0f;
}

}  // namespace

Shared::Shared(Network& network, const Task& task, const Kernels& kernels, int most_threads)
    : network(network),
      task(task),
      kernels(kernels),
      plan(network),
      first_sample(network.state.samples),
      barrier(most_threads) {
  for (Block<float>& block : exchange) block = Block<float>(exchange_size(network, plan, task.batch));
  loss.resize(plan.groups.back().count());
  if (extras()) start_norms();
}

Worker::Worker(Shared& shared, int index) : shared_(shared), index_(index) {
  const Network& network = shared.network;
  const Config& config = network.config;
  const size_t batch = shared.task.batch;
  work_.resize(layers());
  active_.resize(layers());
  groups_.resize(layers());
  for (int l = 0; l < layers(); ++l) {
    const Layer& layer = network.state.layers[l];
    Work& w = work_[l];
    w.lanes = layer.lanes();
    w.padded = layer.padded();
    w.output = Block<float>(batch * w.lanes);
    w.delta = Block<float>(batch * w.lanes);
    w.error = Block<float>(batch * error_stride(layer));
    for (Block<float>* block : {&w.gradient, &w.keep, &w.rate, &w.l1, &w.l2, &w.valid, &w.scratch, &w.one})
      *block = Block<float>(w.lanes);
    w.live = Block<uint8_t>(w.lanes / kHalf);
    fill_ones(w.one);
    for (int o = 0; o < layer.outputs(); ++o) w.valid[layer.lane_of(o)] = 1.0f;
    if (shared.extras()) w.scaled_delta = Block<float>(batch * w.lanes);
    if (!config.fast_mode) w.kept = Block<uint8_t>(batch * w.padded);
    if (layer.channels == 2) w.winner = Block<uint8_t>(batch * w.padded);

    const size_t room = 2 + (l > 0 || !config.fast_mode ? layer.n_in : shared.task.rows.longest);
    for (size_t b = 0; b < batch; ++b) active_[l].lists.emplace_back(room);
    if (l > 0) active_[l].group_begin.assign(batch, std::vector<int>(shared.plan.groups[l - 1].count() + 1));
    decay_.push_back(std::pow(config.rate_decay, l));
    if (batch > 1) by_input_.count.resize(std::max(by_input_.count.size(), size_t(layer.n_in) + 1));
  }
  row_.resize(batch);
  sample_.resize(batch);
  weight_.resize(batch);
  if (config.output == Output::kAutoencoder) target_row_ = Block<float>(batch * config.units.front());
  constants_.optimizer = config.optimizer();
  constants_.rho = float(config.rho);
  constants_.epsilon = float(config.epsilon);
  constants_.l1 = float(config.l1);
  constants_.l2 = float(config.l2);
  constants_.extras = shared.extras();
  constants_.fast = config.fast_mode;
}

void Worker::join(int threads) {
  threads_ = threads;
  round_ = 0;
  for (int l = 0; l < layers(); ++l) {
    const int groups = shared_.plan.groups[l].count();
    // Rounded up, so that worker 0 has group 0, and the bias with it, however few groups there are.
    const auto share = [&](int worker) { return (worker * groups + threads - 1) / threads; };
    groups_[l] = shared_.plan.outputs_are_shared_out(l)
                     ? std::make_pair(share(index_), share(index_ + 1))
                     : std::make_pair(0, groups);
    if (index_ == 0) continue;
    Work& w = work_[l];
    const bool copy = shared_.plan.sharing[l] == Sharing::kCopy;
    if (copy) w.own = std::make_unique<Layer>(shared_.network.state.layers[l]);
    if (copy && size_t(l) < shared_.network.state.average_activation.size())
      w.own_average = shared_.network.state.average_activation[l];
    if (shared_.extras() && shared_.plan.sharing[l] != Sharing::kColumns) w.own_norms = std::make_unique<Norms>(shared_.norms[l]);
  }
}

float* Worker::average(int l) {
  auto& averages = shared_.network.state.average_activation;
  if (size_t(l) >= averages.size()) return nullptr;
  if (index_ == 0 || shared_.plan.outputs_are_shared_out(l)) return averages[l].data();
  return work_[l].own_average.size() ? work_[l].own_average.data() : nullptr;  // of a row-shared layer worker 0 alone keeps it
}

float* Worker::meet() {
  ++round_;
  if (threads_ > 1) shared_.barrier.meet(index_, round_);
  return shared_.exchange[round_ & 1].data();
}

List Worker::inputs(int l, int b, bool with_bias) const {
  const InputList& list = active_[l].lists[b];
  const int skip = !with_bias && has_bias(l) ? 1 : 0;
  return {list.index.data() + skip, list.value.data() + skip, list.size - skip};
}

List Worker::inputs_of_group(int l, int b, int g, bool with_bias) const {
  const InputList& list = active_[l].lists[b];
  const std::vector<int>& bounds = active_[l].group_begin[b];
  const int begin = bounds[g] + (g == 0 && !with_bias ? 1 : 0);
  return {list.index.data() + begin, list.value.data() + begin, bounds[g + 1] - begin};
}

void Worker::train(int64_t begin, int64_t end) {
  const FlushDenormals for_now;
  for (int64_t at = begin; at < end; at += shared_.task.batch) {
    read_batch(at, std::min(end, at + shared_.task.batch));
    if (n_ == 0) continue;
    forward();
    output_errors();
    backward();
  }
}

void Worker::read_batch(int64_t begin, int64_t end) {
  const Task& task = shared_.task;
  n_ = 0;
  for (int64_t at = begin; at < end; ++at) {
    const int64_t row = task.order[at];
    if (at + 2 < task.n) task.rows.prefetch(task.order[at + 1], task.order[at + 2]);
    const float weight = task.weights ? task.weights[row] : 1.0f;
    if (!(weight > 0)) continue;
    if (task.classes && task.classes[row] < 0) continue;
    if (task.targets && std::isnan(task.targets[row])) continue;
    row_[n_] = row;
    sample_[n_] = shared_.first_sample + at;
    weight_[n_] = weight;
    read_inputs(n_++);
  }
  const Config& config = shared_.network.config;
  const int64_t samples = shared_.first_sample + begin;
  constants_.momentum = float(shared_.network.momentum(samples));
  base_rate_ = config.rate / (1 + config.rate_annealing * double(samples)) * (1 - shared_.network.momentum(samples));
  // Sums of squares that are kept by differences drift: now and then they are computed afresh.
  constexpr int64_t kRefresh = 4096;
  refresh_due_ = samples / kRefresh != (samples + end - begin) / kRefresh;
}

void Worker::read_inputs(int b) {
  const Config& config = shared_.network.config;
  const Rows& rows = shared_.task.rows;
  InputList& list = active_[0].lists[b];
  list.size = 0;
  list.add(rows.n_inputs, 1.0f);
  if (config.fast_mode)
    rows.list_nonzero(row_[b], list);
  else
    rows.list_all(row_[b], list);
  if (config.output == Output::kAutoencoder) rows.fill(row_[b], target_row_.data() + size_t(b) * rows.n_inputs);
  if (config.input_dropout == 0) return;
  int32_t* const index = list.index.data();
  float* const value = list.value.data();
  const int always = !config.fast_mode;
  int n = 1;
  Dropout(stream(config.seed, 0, sample_[b]), config.input_dropout).for_units(1, list.size, [&](uint32_t k, int kept) {
    index[n] = index[k];
    value[n] = masked(value[k], kept);
    n += kept | always;
  });
  list.size = n;
}

}  // namespace artesian::deeplearning
