// The inner loops, as a table of functions for each instruction set; everything else in this folder is portable C++.
//
// Weights are stored by input, in panels of 16 output lanes: a row of a panel holds, for one input and 16 lanes, the weights and
// behind them the optimiser's state, slot by slot. One training step of one sample touches, for each non-zero input, its row
// in each panel: a zero input costs nothing, and a row is one short run of whole cache lines. The bias is the row after the
// last input, whose input is always 1, so that no loop knows of biases.
#pragma once
#include <cstddef>
#include <cstdint>

namespace artesian::deeplearning {

constexpr int kPanel = 16;  // lanes of a panel: one cache line of float32, one AVX-512 register
constexpr int kHalf = 8;    // unit of "nothing to do here" marks: one AVX2 register

struct Weights {
  float* data;
  size_t panel_stride, row_stride;  // floats; either may be the shorter
  int panels;                       // of all channels together
};

// The non-zero (or otherwise active) inputs of one sample.
struct List {
  const int32_t* index;
  const float* value;
  int size;
};

enum class Optimizer { kAdadelta, kSgd, kMomentum, kNesterov };

struct StepConstants {
  Optimizer optimizer;
  float rho, epsilon;      // ADADELTA
  float rate, momentum;    // others; the rate already holds annealing, decay and × (1 - momentum)
  float l1, l2;
  bool extras;             // any of l1, l2, max_w2: a slower loop
  bool fast;               // leave alone what has gradient zero
};

// What a sample's update needs of each output lane. The lanes are absolute: lane c belongs to panel c / 16.
struct Lanes {
  float* gradient;   // error signal × `gradient_scale(step)`
  float* keep;       // ADADELTA: rho; momentum: the momentum; 1 (or 0 for classical momentum) where the lane is left alone
  float* rate;       // momentum and Nesterov: the rate, 0 where the lane is left alone
  float* l1;         // extras: penalties × gradient_scale, 0 where the lane is left alone
  float* l2;
  float* scale;      // extras: the true weight is scale × stored weight (see max_w2 in worker.cpp)
  float* inverse_scale;
  float* sum_squares;  // extras: running sum of squares of the true incoming weights
  uint8_t* live;     // one for each kHalf lanes: anything to do?
};

// ADADELTA's loops work with gradients × sqrt(1 - rho): the square then is the new term of the running mean.
float gradient_scale(const StepConstants& step);

struct Update {
  Weights weights;
  int panel_begin, panel_end;
  List inputs;
  const Lanes* lanes;
  const StepConstants* step;
  float* error;  // one for each input of the list, added to: sum over these panels of weight × error signal; may be null
};

struct BatchUpdate {
  Weights weights;
  int panel_begin, panel_end;
  // The rows touched by the batch and, for each, its (sample, input value) pairs: rows[r] has pairs begin[r] .. begin[r+1].
  const int32_t* rows;
  const int32_t* begin;
  int n_rows;
  const int32_t* sample;
  const float* value;
  const float* delta;   // [batch][delta_stride], error signals / batch size (not scaled)
  size_t delta_stride;
  const Lanes* lanes;   // keep, scale, ... and live of the whole batch; gradient is not read
  const StepConstants* step;
};

struct Kernels {
  const char* name;

  // out[lane] = sum over the list of value × weight, for the lanes of panels [begin, end)
  void (*forward)(const Weights&, int panel_begin, int panel_end, const List&, float* out);
  // error[k] += sum over lanes of weight × delta
  void (*backward)(const Weights&, int panel_begin, int panel_end, const List&, const float* delta, const uint8_t* live,
                   float* error);
  // One sample: error as `backward` gives it from the weights before the step, then the step itself.
  void (*update)(const Update&);
  // One mini-batch.
  void (*update_batch)(const BatchUpdate&);
  // Fill gradient, keep, rate, l1, l2, live of the lanes from delta. Without `fast`, lanes with valid[lane] != 0 take part.
  void (*prepare)(const StepConstants&, const float* delta, const float* valid, int lane_begin, int lane_end, const Lanes&);

  // out[lane] = sum over parts of parts[part × stride + lane], part by part
  void (*sum_parts)(const float* parts, size_t stride, int n_parts, int lanes, float* out);

  // In place over whole panels of lanes. Lengths are multiples of kPanel.
  void (*tanh)(float*, int lanes);
  void (*rectifier)(float*, int lanes);
  void (*exp_rectifier)(float*, int lanes);
  // values = exp(values - highest) over the first n, 0 after; returns their sum. values holds whole panels.
  float (*exponentials)(float* values, int n, float highest);
};

extern const Kernels kPortableKernels;
#if defined(ARTESIAN_X86_KERNELS)
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;
#endif

}  // namespace artesian::deeplearning
