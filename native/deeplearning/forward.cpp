// A worker's forward pass and the error signals at the outputs.
#include <algorithm>
#include <cmath>

#include "loss.hpp"
#include "random.hpp"
#include "worker.hpp"

namespace artesian::deeplearning {

void Worker::forward() {
  for (int l = 0; l < layers(); ++l) {
    if (shared_.plan.sharing[l] == Sharing::kRows)
      sums_of_rows(l);
    else
      sums_of_columns(l);
    if (!last(l))
      for (int b = 0; b < n_; ++b) activate(l, b);
  }
  const bool scattered = shared_.plan.outputs_are_shared_out(layers() - 1);
  if (scattered && shared_.network.config.output != Output::kAutoencoder) gather_outputs();
}

void Worker::sums_of_columns(int l) {
  Layer& layer = this->layer(l);
  Work& w = work_[l];
  const bool extras = constants_.extras;
  if (shared_.network.config.max_w2 > 0) limit_norms_of_columns(l);
  const Weights weights = layer.view();
  const int begin = own_panel_begin(l), end = own_panel_end(l);
  for (int channel = 0; channel < layer.channels; ++channel) {
    const int first = channel * layer.panels;
    // In a batch one panel serves all samples while it is in the cache.
    const int step = n_ == 1 ? end - begin : 1;
    for (int p = begin; p < end; p += step)
      for (int b = 0; b < n_; ++b)
        shared_.kernels.forward(weights, first + p, first + p + step, inputs(l, b, !extras), w.output.data() + size_t(b) * w.lanes);
    if (!extras) continue;
    for (int b = 0; b < n_; ++b)
      scale_and_add_bias(l, b, (first + begin) * kPanel, (first + end) * kPanel, &layer.at(layer.n_in, 0, 0), weights.panel_stride);
  }
}

void Worker::sums_of_rows(int l) {
  Layer& layer = this->layer(l);
  Work& w = work_[l];
  const bool extras = constants_.extras, limited = shared_.network.config.max_w2 > 0;
  const int groups = shared_.plan.groups[l - 1].count();
  const size_t batch = shared_.task.batch, lanes = w.lanes;
  const Weights weights = layer.view();
  float* parts = exchange();
  float* squares = parts + groups * batch * lanes;
  float* biases = squares + groups * lanes;
  for (int g = group_begin(l - 1); g < group_end(l - 1); ++g) {
    for (int b = 0; b < n_; ++b)
      shared_.kernels.forward(weights, 0, weights.panels, inputs_of_group(l, b, g, !extras), parts + (g * batch + b) * lanes);
    if (limited) std::copy_n(shared_.norms[l].sum_squares.data() + g * lanes, lanes, squares + g * lanes);
  }
  if (extras && index_ == 0)
    for (size_t lane = 0; lane < lanes; ++lane) biases[lane] = layer.at(layer.n_in, int(lane), 0);
  meet();
  if (limited) limit_norms_of_rows(l, squares);
  for (int b = 0; b < n_; ++b) {
    shared_.kernels.sum_parts(parts + b * lanes, batch * lanes, groups, int(lanes), w.output.data() + b * lanes);
    if (extras) scale_and_add_bias(l, b, 0, int(lanes), biases, kPanel);
  }
  if (limited) refresh_norms_of_rows(l);
}

void Worker::scale_and_add_bias(int l, int b, int lane_begin, int lane_end, const float* bias, size_t bias_panel_stride) {
  float* out = work_[l].output.data() + size_t(b) * work_[l].lanes;
  const float* scale = norms(l).scale.data();
  for (int lane = lane_begin; lane < lane_end; ++lane)
    out[lane] = out[lane] * scale[lane] + bias[(lane / kPanel) * bias_panel_stride + lane % kPanel];
}

void Worker::activate(int l, int b) {
  const Config& config = shared_.network.config;
  const Layer& layer = this->layer(l);
  const Groups& groups = shared_.plan.groups[l];
  Work& w = work_[l];
  float* a = w.output.data() + size_t(b) * w.lanes;
  const int begin = own_panel_begin(l) * kPanel, end = own_panel_end(l) * kPanel;
  switch (config.activation) {
    case Activation::kTanh: shared_.kernels.tanh(a + begin, end - begin); break;
    case Activation::kRectifier: shared_.kernels.rectifier(a + begin, end - begin); break;
    case Activation::kExpRectifier: shared_.kernels.exp_rectifier(a + begin, end - begin); break;
    case Activation::kMaxout:
      for (int u = begin; u < end; ++u) {
        w.winner[size_t(b) * w.padded + u] = a[w.padded + u] > a[u];
        a[u] = std::max(a[u], a[w.padded + u]);
      }
  }

  InputList& list = active_[l + 1].lists[b];
  std::vector<int>& group_begin = active_[l + 1].group_begin[b];
  list.size = 0;
  if (this->group_begin(l) == 0) list.add(layer.n_out, 1.0f);
  const float ratio = config.hidden_dropout[l];
  const Dropout dropout(stream(config.seed, l + 1, sample_[b]), ratio);
  // Units that pass an error back: a rectifier that is off does not, the others do unless they are dropped.
  const int only_positive = config.activation == Activation::kRectifier && config.fast_mode, always = !config.fast_mode;
  int32_t* const index = list.index.data();
  float* const value = list.value.data();
  uint8_t* const kept_units = config.fast_mode ? nullptr : w.kept.data() + size_t(b) * w.padded;
  int n = list.size;
  const auto add = [&](uint32_t u, int kept) {
    const float x = masked(a[u], kept);
    a[u] = x;
    if (kept_units) kept_units[u] = uint8_t(kept);
    index[n] = int32_t(u);
    value[n] = x;
    n += (kept | always) & ((only_positive ^ 1) | !(x <= 0.0f));  // NaN is active, so that it is noticed
  };
  for (int g = this->group_begin(l); g < this->group_end(l); ++g) {
    group_begin[g] = g == 0 ? 0 : n;
    const int units_begin = groups.units_begin(g), units_end = std::min(groups.units_begin(g + 1), layer.n_out);
    if (ratio > 0)
      dropout.for_units(units_begin, units_end, add);
    else
      for (int u = units_begin; u < units_end; ++u) add(u, 1);
    group_begin[g + 1] = n;
  }
  list.size = n;
  if (float* average = this->average(l))
    for (int u = begin; u < std::min(end, layer.n_out); ++u) average[u] = 0.999f * average[u] + 0.001f * a[u];
}

void Worker::gather_outputs() {
  const int l = layers() - 1;
  Work& w = work_[l];
  float* all = exchange();
  const int begin = own_panel_begin(l) * kPanel, end = own_panel_end(l) * kPanel;
  for (int b = 0; b < n_; ++b) {
    const size_t at = size_t(b) * w.lanes;
    std::copy(w.output.data() + at + begin, w.output.data() + at + end, all + at + begin);
  }
  meet();
  std::copy(all, all + size_t(n_) * w.lanes, w.output.data());
}

void Worker::output_errors() {
  for (int b = 0; b < n_; ++b) {
    switch (shared_.network.config.output) {
      case Output::kSoftmax: softmax_errors(b); break;
      case Output::kLinear: linear_errors(b); break;
      case Output::kAutoencoder: autoencoder_errors(b); break;
    }
    if (index_ == 0) shared_.weight += weight_[b];
  }
}

void Worker::softmax_errors(int b) {
  Work& w = work_.back();
  const int classes = shared_.network.config.units.back(), y = shared_.task.classes[row_[b]];
  float* p = w.output.data() + size_t(b) * w.lanes;
  float* delta = w.delta.data() + size_t(b) * w.lanes;
  const float highest = *std::max_element(p, p + classes), own = p[y];
  const float total = shared_.kernels.exponentials(p, classes, highest);
  for (int k = 0; k < classes; ++k) p[k] /= total;
  const float factor = weight_[b] / float(n_);
  double loss;
  if (shared_.network.config.loss == Loss::kCrossEntropy) {
    for (int k = 0; k < classes; ++k) delta[k] = p[k] * factor;
    delta[y] = (p[y] - 1.0f) * factor;
    loss = std::log(double(total)) - double(own - highest);
  } else {
    float dot = 0, squares = 0;
    for (int k = 0; k < classes; ++k) {
      const float d = p[k] - float(k == y);
      dot += d * p[k];
      squares += d * d;
    }
    for (int k = 0; k < classes; ++k) delta[k] = p[k] * (p[k] - float(k == y) - dot) * factor;
    loss = 0.5 * squares;
  }
  if (index_ == 0) shared_.loss[0] += double(weight_[b]) * loss;
}

void Worker::linear_errors(int b) {
  Work& w = work_.back();
  const Task& task = shared_.task;
  const double f = double(w.output[size_t(b) * w.lanes]) + (task.offsets ? double(task.offsets[row_[b]]) : 0.0);
  const LossTerm term = loss_term(shared_.network.config, task.targets[row_[b]], f);
  w.delta[size_t(b) * w.lanes] = float(term.slope * weight_[b] / n_);
  if (index_ == 0) shared_.loss[0] += double(weight_[b]) * term.value;
}

void Worker::autoencoder_errors(int b) {
  const int l = layers() - 1;
  const Config& config = shared_.network.config;
  const Groups& groups = shared_.plan.groups[l];
  Work& w = work_[l];
  float* a = w.output.data() + size_t(b) * w.lanes;
  float* delta = w.delta.data() + size_t(b) * w.lanes;
  const int begin = own_panel_begin(l) * kPanel, end = own_panel_end(l) * kPanel;
  switch (config.activation) {
    case Activation::kTanh: shared_.kernels.tanh(a + begin, end - begin); break;
    case Activation::kRectifier: shared_.kernels.rectifier(a + begin, end - begin); break;
    case Activation::kExpRectifier: shared_.kernels.exp_rectifier(a + begin, end - begin); break;
    case Activation::kMaxout: break;  // refused by Config::check
  }
  const int n_out = config.units.back();
  const float* target = target_row_.data() + size_t(b) * n_out;
  const float factor = weight_[b] / float(n_);
  const bool counts = index_ == 0 || shared_.plan.outputs_are_shared_out(l);
  for (int g = group_begin(l); g < group_end(l); ++g) {
    double loss = 0;
    for (int u = groups.units_begin(g); u < std::min(groups.units_begin(g + 1), n_out); ++u) {
      if (std::isnan(target[u])) {
        delta[u] = 0;
      } else if (config.loss == Loss::kQuadratic) {
        const float d = a[u] - target[u];
        delta[u] = 2 * d * factor;
        loss += double(d) * d;
      } else {
        const LossTerm term = loss_term(config, target[u], a[u]);
        delta[u] = float(term.slope * factor);
        loss += term.value;
      }
    }
    if (counts) shared_.loss[g] += weight_[b] * loss / n_out;
  }
}

}  // namespace artesian::deeplearning
