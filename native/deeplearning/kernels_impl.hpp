// The inner loops, written once over `Vec`. Included by each kernels_*.cpp after it has chosen its instruction set.
//
// Why ADADELTA's square root is approximate: the reciprocal square root instruction is good to 4e-4 relative (AVX2) or 6e-5
// (AVX-512), errs with no bias that training could notice (H2O's own approximation is off by up to 5 %), and costs a third
// of a Newton step or of a division and a root. It makes the step 1.3 times as fast.
#pragma once
#include "kernels.hpp"
#include "vec.hpp"

namespace artesian::deeplearning {
namespace {

// Vector stores may alias anything in the compiler's eyes, so each loop below first copies what it needs into local variables.

inline float* lane_base(const Weights& m, int lane) { return m.data + size_t(lane / kPanel) * m.panel_stride + lane % kPanel; }

constexpr int kAhead = 6;  // rows to fetch beforehand: they lie in L2 or L3, and are not adjacent

constexpr int slots_of(Optimizer o) { return o == Optimizer::kAdadelta ? 3 : o == Optimizer::kSgd ? 1 : 2; }

template <Optimizer O>
inline void prefetch_row(const float* row) {
  __builtin_prefetch(row, 1);
  if (slots_of(O) > 1) __builtin_prefetch(row + kPanel, 1);
  if (slots_of(O) > 2) __builtin_prefetch(row + 2 * kPanel, 1);
}

// ---- one weight vector, one step ----

struct Constants {
  Vec epsilon, inverse_scale, rate, rho;
  explicit Constants(const StepConstants& s)
      : epsilon(splat(s.epsilon)), inverse_scale(splat(1.0f / gradient_scale(s))), rate(splat(s.rate)), rho(splat(s.rho)) {}
};

// The lanes' share of a step, held in registers while rows go by.
template <Optimizer O, bool Extras>
struct Step {
  Vec gradient, keep, rate, l1, l2, scale, inverse_scale, sum_squares;

  Step() {}
  Step(const Lanes& lanes, int lane) {
    gradient = load(lanes.gradient + lane);
    load_all_but_gradient(lanes, lane);
  }
  void load_all_but_gradient(const Lanes& lanes, int lane) {
    if (O != Optimizer::kSgd) keep = load(lanes.keep + lane);
    if (O == Optimizer::kMomentum || O == Optimizer::kNesterov) rate = load(lanes.rate + lane);
    if (Extras) {
      l1 = load(lanes.l1 + lane);
      l2 = load(lanes.l2 + lane);
      scale = load(lanes.scale + lane);
      inverse_scale = load(lanes.inverse_scale + lane);
      sum_squares = load(lanes.sum_squares + lane);
    }
  }
  void save(const Lanes& lanes, int lane) const {
    if (Extras) store(lanes.sum_squares + lane, sum_squares);
  }

  // Move the weights at w (state behind them) by the gradient x × this->gradient. Returns weight × gradient before the step.
  Vec apply(float* w, Vec x, const Constants& k) {
    const Vec stored = load(w);
    const Vec weight = Extras ? stored * scale : stored;
    Vec g = x * gradient;
    if (Extras) g = fma(weight, l2, fma(sign(weight), l1, g));
    Vec change;  // to be added to the true weight
    if (O == Optimizer::kAdadelta) {
      const Vec mean_g2 = fma(g, g, keep * load(w + kPanel));
      const Vec old_dx2 = load(w + 2 * kPanel);
      const Vec dx2 = old_dx2 + k.epsilon;
      const Vec step = (dx2 * g) * rsqrt(dx2 * (mean_g2 + k.epsilon));  // sqrt(dx2 / g2) × g
      store(w + kPanel, mean_g2);
      store(w + 2 * kPanel, fma(step, step, keep * old_dx2));
      if (!Extras) {
        store(w, fnma(step, k.inverse_scale, stored));
        return weight * gradient;
      }
      change = splat(0.0f) - step * k.inverse_scale;
    } else if (O == Optimizer::kSgd) {
      change = splat(0.0f) - k.rate * g;
    } else if (O == Optimizer::kNesterov) {
      const Vec velocity = keep * load(w + kPanel) - g;
      store(w + kPanel, velocity);
      change = rate * velocity;
    } else {
      const Vec last = load(w + kPanel);
      const Vec now = splat(0.0f) - rate * g;
      store(w + kPanel, select(greater(rate, splat(0.0f)), now, last));
      change = fma(keep, last, now);
    }
    if (Extras) {
      const Vec moved = fma(change, inverse_scale, stored);
      const Vec weight_now = moved * scale;
      sum_squares = sum_squares + (weight_now * weight_now - weight * weight);
      store(w, moved);
    } else {
      store(w, stored + change);
    }
    return weight * gradient;
  }
};

// ---- forward ----

void forward(const Weights& m, int panel_begin, int panel_end, const List& in, float* out) {
  constexpr int V = kPanel / kLanes;
  constexpr int R = V >= 4 ? 2 : 8 / V;  // rows at a time: enough independent sums to hide the latency of an FMA
  const int32_t* const index = in.index;
  const float* const value = in.value;
  const int size = in.size;
  const size_t stride = m.row_stride;
  for (int p = panel_begin; p < panel_end; ++p) {
    const float* const base = m.data + size_t(p) * m.panel_stride;
    Vec sums[R][V];
    for (int r = 0; r < R; ++r)
      for (int v = 0; v < V; ++v) sums[r][v] = splat(0.0f);
    int k = 0;
    for (; k + R <= size; k += R)
      for (int r = 0; r < R; ++r) {
        const float* row = base + size_t(index[k + r]) * stride;
        const Vec x = splat(value[k + r]);
        for (int v = 0; v < V; ++v) sums[r][v] = fma(x, load(row + v * kLanes), sums[r][v]);
      }
    for (; k < size; ++k) {
      const float* row = base + size_t(index[k]) * stride;
      const Vec x = splat(value[k]);
      for (int v = 0; v < V; ++v) sums[0][v] = fma(x, load(row + v * kLanes), sums[0][v]);
    }
    for (int v = 0; v < V; ++v) {
      Vec total = sums[0][v];
      for (int r = 1; r < R; ++r) total = total + sums[r][v];
      store(out + p * kPanel + v * kLanes, total);
    }
  }
}

// ---- backward ----

// The live lanes of some panels, a register's worth at a time, and where their column of weights begins.
struct LiveLanes {
  static constexpr int kMostPanels = 64;  // wider layers go in several rounds
  int count = 0;
  int lane[kMostPanels * kPanel / kLanes];
  size_t offset[kMostPanels * kPanel / kLanes];

  LiveLanes(const Weights& m, int panel_begin, int panel_end, const uint8_t* live) {
    constexpr int kStep = kLanes < kHalf ? kHalf : kLanes;
    for (int first = panel_begin * kPanel; first < panel_end * kPanel; first += kStep) {
      const bool any = kStep == kPanel ? (live[first / kHalf] | live[first / kHalf + 1]) : live[first / kHalf];
      if (!any) continue;
      for (int at = first; at < first + kStep; at += kLanes) {
        lane[count] = at;
        offset[count++] = size_t(lane_base(m, at) - m.data);
      }
    }
  }
};

void backward(const Weights& m, int panel_begin, int panel_end, const List& in, const float* delta, const uint8_t* live,
              float* error) {
  for (int p = panel_begin; p < panel_end; p += LiveLanes::kMostPanels) {
    const LiveLanes lanes(m, p, p + LiveLanes::kMostPanels < panel_end ? p + LiveLanes::kMostPanels : panel_end, live);
    for (int k = 0; k < in.size; ++k) {
      const float* const row = m.data + size_t(in.index[k]) * m.row_stride;
      Vec total = splat(0.0f), other = total;
      int j = 0;
      for (; j + 2 <= lanes.count; j += 2) {
        total = fma(load(row + lanes.offset[j]), load(delta + lanes.lane[j]), total);
        other = fma(load(row + lanes.offset[j + 1]), load(delta + lanes.lane[j + 1]), other);
      }
      if (j < lanes.count) total = fma(load(row + lanes.offset[j]), load(delta + lanes.lane[j]), total);
      error[k] += sum(total + other);
    }
  }
}

// ---- the step of one sample ----

// Row by row, since the errors are sums over a row.
template <Optimizer O, bool Extras>
void update_with_error(const Update& u, int panel_begin, int panel_end) {
  const Constants constants(*u.step);
  const LiveLanes live(u.weights, panel_begin, panel_end, u.lanes->live);
  const Lanes lanes = *u.lanes;
  const List in = u.inputs;
  float* const data = u.weights.data;
  float* const error = u.error;
  const size_t stride = u.weights.row_stride;
  const bool skip_zero = u.step->fast;
  const float inverse = 1.0f / gradient_scale(*u.step);
  for (int k = 0; k < in.size; ++k) {
    const float value = in.value[k];
    const Vec x = splat(value);
    float* const row = data + size_t(in.index[k]) * stride;
    Vec total = splat(0.0f);
    if (value == 0.0f && skip_zero) {
      for (int j = 0; j < live.count; ++j) {
        Vec w = load(row + live.offset[j]);
        if (Extras) w = w * load(lanes.scale + live.lane[j]);
        total = fma(w, load(lanes.gradient + live.lane[j]), total);
      }
    } else {
      const ptrdiff_t ahead = k + 1 < in.size ? (ptrdiff_t(in.index[k + 1]) - in.index[k]) * ptrdiff_t(stride) : 0;
      for (int j = 0; j < live.count; ++j) {
        float* const w = row + live.offset[j];
        prefetch_row<O>(w + ahead);
        Step<O, Extras> step(lanes, live.lane[j]);
        total = total + step.apply(w, x, constants);
        step.save(lanes, live.lane[j]);
      }
    }
    error[k] += sum(total) * inverse;
  }
}

// All rows of N registers' worth of lanes: their constants stay in registers.
template <Optimizer O, bool Extras, int N>
void update_lanes(const Update& u, int lane) {
  const Constants constants(*u.step);
  Step<O, Extras> steps[N];
  for (int n = 0; n < N; ++n) steps[n] = Step<O, Extras>(*u.lanes, lane + n * kLanes);
  float* const base = lane_base(u.weights, lane);
  const int32_t* const index = u.inputs.index;
  const float* const value = u.inputs.value;
  const int size = u.inputs.size;
  const size_t stride = u.weights.row_stride;
  for (int k = 0; k < size; ++k) {
    prefetch_row<O>(base + size_t(index[k + kAhead < size ? k + kAhead : size - 1]) * stride);
    float* const w = base + size_t(index[k]) * stride;
    const Vec x = splat(value[k]);
    for (int n = 0; n < N; ++n) steps[n].apply(w + n * kLanes, x, constants);
  }
  for (int n = 0; n < N; ++n) steps[n].save(*u.lanes, lane + n * kLanes);
}

// Cut the panels into what F<N> can do at once: whole panels where a register or two hold them, else live halves.
#define ARTESIAN_FOR_LIVE_GROUPS(F, u, panel_begin, panel_end, live)                                      \
  for (int lane = (panel_begin) * kPanel; lane < (panel_end) * kPanel; lane += kPanel) {                  \
    const bool low = (live)[lane / kHalf], high = (live)[lane / kHalf + 1];                               \
    if (kLanes == kPanel) {                                                                               \
      if (low || high) F<O, Extras, 1>(u, lane);                                                          \
    } else if (kLanes == kHalf && low && high) {                                                          \
      F<O, Extras, 2>(u, lane);                                                                           \
    } else {                                                                                              \
      constexpr int kRegisters = kHalf / kLanes > 0 ? kHalf / kLanes : 1;                                 \
      if (low) F<O, Extras, kRegisters>(u, lane);                                                         \
      if (high) F<O, Extras, kRegisters>(u, lane + kHalf);                                                \
    }                                                                                                     \
  }

template <Optimizer O, bool Extras>
void update_one(const Update& u) {
  if (u.error) {
    for (int p = u.panel_begin; p < u.panel_end; p += LiveLanes::kMostPanels) {
      const int end = p + LiveLanes::kMostPanels;
      update_with_error<O, Extras>(u, p, end < u.panel_end ? end : u.panel_end);
    }
    return;
  }
  ARTESIAN_FOR_LIVE_GROUPS(update_lanes, u, u.panel_begin, u.panel_end, u.lanes->live)
}

// ---- the step of a mini-batch ----

template <Optimizer O, bool Extras, int N>
void update_batch_lanes(const BatchUpdate& u, int lane) {
  const Constants constants(*u.step);
  const Vec zero = splat(0.0f), one = splat(1.0f), scaling = splat(gradient_scale(*u.step));
  Step<O, Extras> steps[N];
  for (int n = 0; n < N; ++n) steps[n].load_all_but_gradient(*u.lanes, lane + n * kLanes);
  float* const base = lane_base(u.weights, lane);
  const int32_t *const rows = u.rows, *const begin = u.begin, *const sample = u.sample;
  const float *const value = u.value, *const delta = u.delta + lane;
  const size_t stride = u.weights.row_stride, delta_stride = u.delta_stride;
  const int n_rows = u.n_rows;
  const bool fast = u.step->fast;
  for (int r = 0; r < n_rows; ++r) {
    float* const w = base + size_t(rows[r]) * stride;
    prefetch_row<O>(base + size_t(rows[r + kAhead < n_rows ? r + kAhead : n_rows - 1]) * stride);
    Vec gradient[N];
    for (int n = 0; n < N; ++n) gradient[n] = zero;
    for (int e = begin[r], end = begin[r + 1]; e < end; ++e) {
      const Vec x = splat(value[e]);
      const float* d = delta + size_t(sample[e]) * delta_stride;
      for (int n = 0; n < N; ++n) gradient[n] = fma(x, load(d + n * kLanes), gradient[n]);
    }
    for (int n = 0; n < N; ++n) {
      Step<O, Extras> step = steps[n];
      step.gradient = gradient[n] * scaling;
      if (fast) {  // what has no gradient keeps its state
        const Mask active = differs(gradient[n], zero);
        if (!any(active)) continue;
        step.keep = select(active, step.keep, O == Optimizer::kMomentum ? zero : one);
        step.rate = select(active, step.rate, zero);
        if (Extras) {
          step.l1 = select(active, step.l1, zero);
          step.l2 = select(active, step.l2, zero);
        }
      }
      step.apply(w + n * kLanes, one, constants);
      if (Extras) steps[n].sum_squares = step.sum_squares;
    }
  }
  for (int n = 0; n < N; ++n) steps[n].save(*u.lanes, lane + n * kLanes);
}

template <Optimizer O, bool Extras>
void update_batch_one(const BatchUpdate& u) {
  ARTESIAN_FOR_LIVE_GROUPS(update_batch_lanes, u, u.panel_begin, u.panel_end, u.lanes->live)
}

template <bool Extras>
void update_for(const Update& u) {
  switch (u.step->optimizer) {
    case Optimizer::kAdadelta: return update_one<Optimizer::kAdadelta, Extras>(u);
    case Optimizer::kSgd: return update_one<Optimizer::kSgd, Extras>(u);
    case Optimizer::kMomentum: return update_one<Optimizer::kMomentum, Extras>(u);
    case Optimizer::kNesterov: return update_one<Optimizer::kNesterov, Extras>(u);
  }
}

template <bool Extras>
void update_batch_for(const BatchUpdate& u) {
  switch (u.step->optimizer) {
    case Optimizer::kAdadelta: return update_batch_one<Optimizer::kAdadelta, Extras>(u);
    case Optimizer::kSgd: return update_batch_one<Optimizer::kSgd, Extras>(u);
    case Optimizer::kMomentum: return update_batch_one<Optimizer::kMomentum, Extras>(u);
    case Optimizer::kNesterov: return update_batch_one<Optimizer::kNesterov, Extras>(u);
  }
}

void update(const Update& u) { u.step->extras ? update_for<true>(u) : update_for<false>(u); }
void update_batch(const BatchUpdate& u) { u.step->extras ? update_batch_for<true>(u) : update_batch_for<false>(u); }

// ---- lanes ----

void prepare(const StepConstants& step, const float* delta, const float* valid, int lane_begin, int lane_end, const Lanes& out) {
  const float scaling = gradient_scale(step);
  const bool adadelta = step.optimizer == Optimizer::kAdadelta;
  const Vec zero = splat(0.0f), factor = splat(scaling);
  const Vec keep_active = splat(adadelta ? step.rho : step.momentum);
  const Vec keep_idle = splat(step.optimizer == Optimizer::kMomentum ? 0.0f : 1.0f);
  const Vec rate = splat(step.rate), l1 = splat(step.l1 * scaling), l2 = splat(step.l2 * scaling);
  for (int half = lane_begin; half < lane_end; half += kHalf) out.live[half / kHalf] = 0;
  for (int lane = lane_begin; lane < lane_end; lane += kLanes) {
    const Vec d = load(delta + lane);
    const Mask active = differs(step.fast ? d : load(valid + lane), zero);
    out.live[lane / kHalf] |= any(active);
    if (kLanes > kHalf) out.live[lane / kHalf + 1] = out.live[lane / kHalf];
    store(out.gradient + lane, select(active, d * factor, zero));
    store(out.keep + lane, select(active, keep_active, keep_idle));
    store(out.rate + lane, select(active, rate, zero));
    if (step.extras) {
      store(out.l1 + lane, select(active, l1, zero));
      store(out.l2 + lane, select(active, l2, zero));
    }
  }
}

void sum_parts(const float* parts, size_t stride, int n_parts, int lanes, float* out) {
  for (int lane = 0; lane < lanes; lane += kLanes) {
    Vec total = load(parts + lane);
    for (int part = 1; part < n_parts; ++part) total = total + load(parts + part * stride + lane);
    store(out + lane, total);
  }
}

// ---- activations ----

void tanh_lanes(float* a, int lanes) {
  const Vec one = splat(1.0f), two = splat(2.0f);
  for (int i = 0; i < lanes; i += kLanes) store(a + i, one - two / (exp(load(a + i) * two) + one));
}

void rectifier(float* a, int lanes) {
  for (int i = 0; i < lanes; i += kLanes) store(a + i, max(splat(0.0f), load(a + i)));  // this order keeps NaN
}

void exp_rectifier(float* a, int lanes) {
  const Vec zero = splat(0.0f);
  for (int i = 0; i < lanes; i += kLanes) {
    const Vec x = load(a + i);
    store(a + i, select(greater(zero, x), exp(x) - splat(1.0f), x));
  }
}

float exponentials(float* values, int n, float highest) {
  const Vec top = splat(highest);
  for (int i = 0; i < n; i += kLanes) store(values + i, exp(load(values + i) - top));
  float total = 0.0f;
  for (int i = 0; i < n; ++i) total += values[i];
  const int end = (n + kPanel - 1) / kPanel * kPanel;
  for (int i = n; i < end; ++i) values[i] = 0.0f;
  return total;
}

}  // namespace
}  // namespace artesian::deeplearning

#define ARTESIAN_KERNELS(NAME)                                                                        \
  {                                                                                                   \
    NAME, forward, backward, update, update_batch, prepare, sum_parts, tanh_lanes, rectifier,         \
        exp_rectifier, exponentials                                                                   \
  }
