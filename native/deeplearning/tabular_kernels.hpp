// The table of loops that tabular_*.cpp fill in, one for each instruction set.
#pragma once
#include <stdint.h>

namespace artesian::deeplearning {

constexpr int kPeriods = 16;  // cosines of a numeric embedding

struct Dropout {
  uint32_t seed;
  int32_t threshold;  // of 2^24: units whose hash lies below it are dropped; 0 drops none
  float factor;       // what the others are multiplied by
};

struct AdamStep {
  float rate, decay, beta1, beta2, epsilon, correction1, correction2;
};

struct TabularKernels {
  const char* name;
  void (*activate)(bool is_mish, float* z, float* out, const float* bias, const float* mix, float gain, int64_t rows, int64_t units,
                   const Dropout& dropout);
  void (*activate_back)(bool is_mish, const float* z, float* gradient, const float* mix, float gain, int64_t rows, int64_t units,
                        const Dropout& dropout, float* bias_gradient, float* mix_gradient);
  void (*periodic)(const float* x, int64_t x_stride, float* out, int64_t out_stride, int64_t rows, int64_t columns, const float* frequency,
                   const float* phase, const float* mixing, const float* bias);
  void (*periodic_back)(const float* x, int64_t x_stride, const float* gradient, int64_t gradient_stride, int64_t rows, int64_t columns,
                        const float* frequency, const float* phase, const float* mixing, float* d_frequency, float* d_phase,
                        float* d_mixing, float* d_bias);
  void (*adam)(float* weights, const float* gradient, float* first, float* second, const float* rate_factor, const float* decay_factor,
               int64_t count, const AdamStep& step);
};

extern const TabularKernels kPortableTabular;
#if defined(ARTESIAN_X86_KERNELS)
extern const TabularKernels kAvx2Tabular;
extern const TabularKernels kAvx512Tabular;
#endif

}  // namespace artesian::deeplearning
