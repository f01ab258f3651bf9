// A worker's backward pass: error signals go back through each matrix as its weights take their step.
#include <algorithm>
#include <cmath>

#include "worker.hpp"

namespace artesian::deeplearning {

void Worker::backward() {
  for (int l = layers() - 1; l >= 0; --l) {
    prepare_lanes(l);
    if (shared_.plan.sharing[l] == Sharing::kColumns)
      step_of_columns(l);
    else
      step_of_rows_or_copy(l);
  }
}

Lanes Worker::lanes(int l, int group) {
  Work& w = work_[l];
  Lanes out{w.gradient.data(), w.keep.data(), w.rate.data(), w.l1.data(), w.l2.data(), nullptr, nullptr, nullptr, w.live.data()};
  if (constants_.extras) {
    out.scale = norms(l).scale.data();
    out.inverse_scale = norms(l).inverse_scale.data();
    // Sums of squares of rows belong to their group's owner, so they are the shared ones.
    Norms& owner = shared_.plan.sharing[l] == Sharing::kRows ? shared_.norms[l] : norms(l);
    out.sum_squares = owner.sum_squares.data() + size_t(group) * w.lanes;
  }
  return out;
}

void Worker::prepare_lanes(int l) {
  const Layer& layer = this->layer(l);
  Work& w = work_[l];
  constants_.rate = float(base_rate_ * decay_[l]);
  sorted_for_ = {-1, -1};
  const Lanes out = lanes(l, 0);
  for (int channel = 0; channel < layer.channels; ++channel) {
    const int begin = channel * w.padded + own_panel_begin(l) * kPanel, end = channel * w.padded + own_panel_end(l) * kPanel;
    if (layer.channels == 2 && !constants_.fast)  // of a maxout unit only the winning channel takes part
      for (int lane = begin; lane < end; ++lane) {
        const int u = lane - channel * w.padded;
        bool wins = false;
        for (int b = 0; b < n_; ++b) wins |= w.winner[size_t(b) * w.padded + u] == channel;
        w.valid[lane] = float(wins && u < layer.n_out);
      }
    const float* delta = w.delta.data();
    if (n_ > 1) {  // a lane takes part when it does for any sample
      float* any = w.scratch.data();
      std::fill(any + begin, any + end, 0.0f);
      for (int b = 0; b < n_; ++b)
        for (int lane = begin; lane < end; ++lane) any[lane] += std::fabs(delta[size_t(b) * w.lanes + lane]);
      delta = any;
    }
    shared_.kernels.prepare(constants_, delta, w.valid.data(), begin, end, out);
    if (!constants_.extras) continue;
    for (int b = 0; b < n_; ++b)
      for (int lane = begin; lane < end; ++lane) {
        const size_t at = size_t(b) * w.lanes + lane;
        w.scaled_delta[at] = w.delta[at] * out.scale[lane];
      }
  }
}

// The step of some panels, whose inputs are those of a group (of all, group 0, unless the layer is shared by rows). With
// `error`, which is [batch][error_stride], also the error signals of the inputs, from the weights before the step.
void Worker::step(int l, int panel_begin, int panel_end, int group, float* error) {
  if (panel_begin == panel_end) return;
  const size_t stride = error_stride(layer(l));
  if (n_ > 1) {
    if (error) errors_of_batch(l, panel_begin, panel_end, error, stride);
    return step_batch(l, panel_begin, panel_end, group);
  }
  const bool extras = constants_.extras, by_group = extras && shared_.plan.sharing[l] == Sharing::kRows;
  const Lanes lanes = this->lanes(l, group);
  const List list = by_group ? inputs_of_group(l, 0, group, false) : inputs(l, 0, !extras);
  if (error) error += list.index - active_[l].lists[0].index.data();
  shared_.kernels.update({layer(l).view(), panel_begin, panel_end, list, &lanes, &constants_, error});
}

void Worker::step_of_columns(int l) {
  Layer& layer = this->layer(l);
  const Groups& groups = shared_.plan.groups[l];
  const size_t stride = error_stride(layer), part = shared_.task.batch * stride;
  if (l == 0) {
    for (int channel = 0; channel < layer.channels; ++channel)
      step(l, channel * layer.panels + own_panel_begin(l), channel * layer.panels + own_panel_end(l), 0, nullptr);
  } else {
    float* parts = exchange();
    for (int g = group_begin(l); g < group_end(l); ++g) {
      float* error = parts + g * part;
      std::fill(error, error + n_ * stride, 0.0f);
      for (int channel = 0; channel < layer.channels; ++channel)
        step(l, channel * layer.panels + groups.bounds[g], channel * layer.panels + groups.bounds[g + 1], 0, error);
    }
    meet();
    float* error = work_[l].error.data();
    shared_.kernels.sum_parts(parts, part, groups.count(), int(n_ * stride), error);
    errors_to_deltas(l - 1, error, stride);
  }
  for (int channel = 0; channel < layer.channels; ++channel)
    step_bias(l, channel * layer.panels + own_panel_begin(l), channel * layer.panels + own_panel_end(l));
  push_sparsity(l, own_panel_begin(l) * kPanel, own_panel_end(l) * kPanel);
}

void Worker::step_of_rows_or_copy(int l) {
  const Layer& layer = this->layer(l);
  const int panels = layer.channels * layer.panels;
  const size_t stride = error_stride(layer);
  const bool rows = shared_.plan.sharing[l] == Sharing::kRows;
  float* error = work_[l].error.data();
  std::fill(error, error + n_ * stride, 0.0f);
  if (rows && constants_.extras) {
    if (n_ > 1) errors_of_batch(l, 0, panels, error, stride);
    for (int g = group_begin(l - 1); g < group_end(l - 1); ++g) step(l, 0, panels, g, n_ > 1 ? nullptr : error);
  } else {
    step(l, 0, panels, 0, error);
  }
  if (!rows || index_ == 0) {  // the bias of a layer shared by rows goes with its group 0
    step_bias(l, 0, panels);
    push_sparsity(l, 0, layer.n_out);
  }
  errors_to_deltas(l - 1, error, stride);
}

void Worker::errors_of_batch(int l, int panel_begin, int panel_end, float* error, size_t stride) {
  Work& w = work_[l];
  const float* delta = constants_.extras ? w.scaled_delta.data() : w.delta.data();
  for (int b = 0; b < n_; ++b)
    shared_.kernels.backward(layer(l).view(), panel_begin, panel_end, inputs(l, b), delta + size_t(b) * w.lanes, w.live.data(),
                             error + b * stride);
}

void Worker::step_batch(int l, int panel_begin, int panel_end, int group) {
  const ByInput& sorted = sort_by_input(l, group);
  const Lanes lanes = this->lanes(l, group);
  shared_.kernels.update_batch({layer(l).view(), panel_begin, panel_end, sorted.rows.data(), sorted.begin.data(),
                                int(sorted.rows.size()), sorted.sample.data(), sorted.value.data(), work_[l].delta.data(),
                                size_t(work_[l].lanes), &lanes, &constants_});
}

const Worker::ByInput& Worker::sort_by_input(int l, int group) {
  ByInput& out = by_input_;
  if (sorted_for_ == std::make_pair(l, group)) return out;
  sorted_for_ = {l, group};
  const bool by_group = constants_.extras && shared_.plan.sharing[l] == Sharing::kRows;
  const auto list_of = [&](int b) { return by_group ? inputs_of_group(l, b, group, false) : inputs(l, b, !constants_.extras); };
  out.rows.clear();
  out.begin.assign(1, 0);
  // Count the pairs of each input, in order of first appearance; then place them. `count` ends as it began, all zero.
  for (int b = 0; b < n_; ++b) {
    const List list = list_of(b);
    for (int k = 0; k < list.size; ++k) {
      if (list.value[k] == 0.0f && constants_.fast) continue;
      if (out.count[list.index[k]]++ == 0) out.rows.push_back(list.index[k]);
    }
  }
  // Inputs with equally many pairs one after the other: the step's loop over the pairs then ends where the processor expects.
  out.by_count.assign(n_ + 2, 0);
  for (int32_t row : out.rows) ++out.by_count[out.count[row] + 1];
  for (int c = 1; c <= n_ + 1; ++c) out.by_count[c] += out.by_count[c - 1];
  out.sorted.resize(out.rows.size());
  for (int32_t row : out.rows) out.sorted[out.by_count[out.count[row]]++] = row;
  out.rows.swap(out.sorted);
  for (int32_t row : out.rows) {
    out.begin.push_back(out.begin.back() + out.count[row]);
    out.count[row] = out.begin[out.begin.size() - 2];
  }
  out.sample.resize(out.begin.back());
  out.value.resize(out.begin.back());
  for (int b = 0; b < n_; ++b) {
    const List list = list_of(b);
    for (int k = 0; k < list.size; ++k) {
      if (list.value[k] == 0.0f && constants_.fast) continue;
      const int place = out.count[list.index[k]]++;
      out.sample[place] = b;
      out.value[place] = list.value[k];
    }
  }
  for (int32_t row : out.rows) out.count[row] = 0;
  return out;
}

// With l1, l2 or max_w2 the bias takes its step by itself: it has penalties, but no part in the norm.
void Worker::step_bias(int l, int panel_begin, int panel_end) {
  if (!constants_.extras || panel_begin == panel_end) return;
  Layer& layer = this->layer(l);
  Work& w = work_[l];
  Lanes lanes = this->lanes(l, 0);
  lanes.scale = lanes.inverse_scale = w.one.data();
  lanes.sum_squares = w.scratch.data();
  const int32_t row = layer.n_in;
  const float one = 1.0f;
  if (n_ == 1) return shared_.kernels.update({layer.view(), panel_begin, panel_end, {&row, &one, 1}, &lanes, &constants_, nullptr});
  ByInput& sorted = by_input_;
  sorted_for_ = {-1, -1};
  sorted.begin = {0, n_};
  sorted.sample.resize(n_);
  sorted.value.assign(n_, 1.0f);
  for (int b = 0; b < n_; ++b) sorted.sample[b] = b;
  shared_.kernels.update_batch({layer.view(), panel_begin, panel_end, &row, sorted.begin.data(), 1, sorted.sample.data(),
                                sorted.value.data(), w.delta.data(), size_t(w.lanes), &lanes, &constants_});
}

void Worker::push_sparsity(int l, int unit_begin, int unit_end) {
  const float* average = this->average(l);
  if (!average) return;
  const Config& config = shared_.network.config;
  Layer& layer = this->layer(l);
  for (int u = unit_begin; u < std::min(unit_end, layer.n_out); ++u) {
    if (constants_.fast && work_[l].gradient[u] == 0.0f) continue;
    float* bias = &layer.at(layer.n_in, u, 0);
    const float rate = config.adaptive_rate
                           ? std::sqrt((bias[2 * kPanel] + constants_.epsilon) / (bias[kPanel] + constants_.epsilon))
                           : constants_.rate;
    *bias -= rate * float(config.sparsity_beta) * (average[u] - float(config.average_activation));
  }
}

// dLoss/doutput of the active units of layer l, in the order of their list, to dLoss/dsum by unit.
void Worker::errors_to_deltas(int l, const float* error, size_t stride) {
  const Config& config = shared_.network.config;
  Work& w = work_[l];
  for (int b = 0; b < n_; ++b) {
    float* delta = w.delta.data() + size_t(b) * w.lanes;
    const float* e = error + b * stride;
    std::fill(delta, delta + w.lanes, 0.0f);
    const InputList& list = active_[l + 1].lists[b];
    for (int k = has_bias(l + 1) ? 1 : 0; k < list.size; ++k) {
      const int u = list.index[k];
      const float a = list.value[k];
      if (!config.fast_mode && !w.kept[size_t(b) * w.padded + u]) continue;
      switch (config.activation) {
        case Activation::kTanh: delta[u] = e[k] * (1 - a * a); break;
        case Activation::kRectifier: delta[u] = a > 0 ? e[k] : 0.0f; break;
        case Activation::kExpRectifier: delta[u] = a >= 0 ? e[k] : e[k] * (a + 1); break;  // d(exp x - 1)/dx = a + 1
        case Activation::kMaxout: delta[w.winner[size_t(b) * w.padded + u] ? w.padded + u : u] = e[k]; break;
      }
    }
  }
}

}  // namespace artesian::deeplearning
