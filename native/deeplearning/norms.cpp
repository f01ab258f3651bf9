// max_w2: the sum of squares of a unit's incoming weights is kept at or below a limit by rescaling them.
//
// Rescaling a unit touches one weight in each row of the matrix, far apart in memory, and with a limit that bites it is due at
// nearly every sample. So a unit has a scale, true weight = scale × stored weight, and its sum of squares is kept by
// differences as weights move. A step's rescaling is done when the unit is next used, which comes to the same.
#include <algorithm>
#include <cmath>

#include "worker.hpp"

namespace artesian::deeplearning {

namespace {

constexpr float kSmallestScale = 1e-3f;  // below it the scale is folded into the weights, long before float32 loses digits

// Fold scales into the stored weights of some panels and inputs, and compute their sums of squares afresh.
void fold(Layer& layer, Norms& norms, int panel_begin, int panel_end, int input_begin, int input_end, float* sum_squares) {
  for (int p = panel_begin; p < panel_end; ++p) {
    double squares[kPanel] = {};
    for (int i = input_begin; i < input_end; ++i) {
      float* w = &layer.at(i, p * kPanel, 0);
      for (int c = 0; c < kPanel; ++c) {
        w[c] *= norms.scale[p * kPanel + c];
        squares[c] += double(w[c]) * w[c];
      }
    }
    for (int c = 0; c < kPanel; ++c) sum_squares[p * kPanel + c] = float(squares[c]);
  }
}

void reset_scales(Norms& norms, int panel_begin, int panel_end) {
  for (int lane = panel_begin * kPanel; lane < panel_end * kPanel; ++lane) norms.scale[lane] = norms.inverse_scale[lane] = 1.0f;
}

// Shrink a lane whose sum of squares is beyond the limit. Returns what its sum of squares must be multiplied by.
float shrink(Norms& norms, int lane, float sum_squares, float limit) {
  if (!(sum_squares > limit)) return 1.0f;
  const float part = limit / sum_squares;
  norms.scale[lane] *= std::sqrt(part);
  norms.inverse_scale[lane] = 1.0f / norms.scale[lane];
  return part;
}

bool any_small(const Norms& norms, int panel_begin, int panel_end) {
  for (int lane = panel_begin * kPanel; lane < panel_end * kPanel; ++lane)
    if (norms.scale[lane] < kSmallestScale) return true;
  return false;
}

std::pair<int, int> inputs_of(const Shared& shared, int l, int g) {
  const Layer& layer = shared.network.state.layers[l];
  if (shared.plan.sharing[l] != Sharing::kRows) return {0, layer.n_in};
  const Groups& groups = shared.plan.groups[l - 1];
  return {groups.units_begin(g), std::min(groups.units_begin(g + 1), layer.n_in)};
}

}  // namespace

void Shared::start_norms() {
  for (int l = 0; l < network.config.layers(); ++l) {
    Layer& layer = network.state.layers[l];
    const int groups = plan.sharing[l] == Sharing::kRows ? plan.groups[l - 1].count() : 1;
    Norms norm{Block<float>(layer.lanes()), Block<float>(layer.lanes()), Block<float>(size_t(groups) * layer.lanes())};
    const int panels = layer.channels * layer.panels;
    reset_scales(norm, 0, panels);
    norms.push_back(std::move(norm));
    for (int g = 0; g < groups; ++g) {
      const auto [begin, end] = inputs_of(*this, l, g);
      fold(layer, norms[l], 0, panels, begin, end, norms[l].sum_squares.data() + size_t(g) * layer.lanes());
    }
  }
}

void Shared::finish() {
  if (!(network.config.max_w2 > 0)) return;
  const float limit = float(network.config.max_w2);
  for (int l = 0; l < network.config.layers(); ++l) {
    Layer& layer = network.state.layers[l];
    const int panels = layer.channels * layer.panels;
    std::vector<float> squares(layer.lanes());
    for (int pass = 0; pass < 2; ++pass) {  // the last step's rescaling is still due: fold, limit, fold
      fold(layer, norms[l], 0, panels, 0, layer.n_in, squares.data());
      reset_scales(norms[l], 0, panels);
      for (int lane = 0; lane < layer.lanes(); ++lane) shrink(norms[l], lane, squares[lane], limit);
    }
  }
}

void Worker::limit_norms_of_columns(int l) {
  Layer& layer = this->layer(l);
  Norms& norms = this->norms(l);
  float* squares = norms.sum_squares.data();
  const float limit = float(shared_.network.config.max_w2);
  for (int channel = 0; channel < layer.channels; ++channel)
    for (int p = channel * layer.panels + own_panel_begin(l); p < channel * layer.panels + own_panel_end(l); ++p) {
      for (int lane = p * kPanel; lane < (p + 1) * kPanel; ++lane) squares[lane] *= shrink(norms, lane, squares[lane], limit);
      if (!refresh_due_ && !any_small(norms, p, p + 1)) continue;
      fold(layer, norms, p, p + 1, 0, layer.n_in, squares);
      reset_scales(norms, p, p + 1);
    }
}

void Worker::limit_norms_of_rows(int l, const float* sum_squares) {
  Norms& norms = this->norms(l);
  const int groups = shared_.plan.groups[l - 1].count(), lanes = work_[l].lanes;
  const float limit = float(shared_.network.config.max_w2);
  for (int lane = 0; lane < lanes; ++lane) {
    float total = 0;
    for (int g = 0; g < groups; ++g) total += sum_squares[g * lanes + lane];
    const float part = shrink(norms, lane, total, limit);
    for (int g = group_begin(l - 1); g < group_end(l - 1); ++g) shared_.norms[l].sum_squares[size_t(g) * lanes + lane] *= part;
  }
}

void Worker::refresh_norms_of_rows(int l) {
  Norms& norms = this->norms(l);
  const int panels = work_[l].lanes / kPanel;
  if (!refresh_due_ && !any_small(norms, 0, panels)) return;
  for (int g = group_begin(l - 1); g < group_end(l - 1); ++g) {
    const auto [begin, end] = inputs_of(shared_, l, g);
    fold(layer(l), norms, 0, panels, begin, end, shared_.norms[l].sum_squares.data() + size_t(g) * work_[l].lanes);
  }
  reset_scales(norms, 0, panels);
}

}  // namespace artesian::deeplearning
