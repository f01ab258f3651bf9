// The loops of tabular networks between the matrix products: activations, periodic embeddings, Adam.
//
// Include it only from tabular_*.cpp, each compiled with its own instruction set. The loops are written for the compiler to
// vectorise. Nothing here may have external linkage, hence the unnamed namespace, and no C++ library headers.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tabular_kernels.hpp"

namespace {

using artesian::deeplearning::AdamStep;
using artesian::deeplearning::Dropout;
using artesian::deeplearning::kPeriods;

constexpr float kRounder = 12582912.0f;  // 1.5 · 2^23: a float plus this is rounded to a whole number

// exp as in vec.hpp, for the compiler's vectors: x = n·ln 2 + r, Taylor to r^6.
inline float exp_of(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float shifted = x * 1.44269504f + kRounder;
  const float n = shifted - kRounder;
  float r = x - n * 0.693359375f;
  r -= n * -2.12194440e-4f;
  float p = 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (bits + 127) << 23;  // the low bits of `shifted` hold n
  float scale;
  memcpy(&scale, &bits, 4);
  return p * scale;
}

// sin and cos of 2π·t: t is reduced to [-1/2, 1/2], then to a quarter turn on either side of 0, Taylor from there.
inline void sine_cosine(float t, float* sine, float* cosine) {
  const float u = t - ((t + kRounder) - kRounder);              // [-1/2, 1/2]
  const float half = (2.0f * u + kRounder) - kRounder;          // -1, 0, 1: half turns
  const float r = (u - 0.5f * half) * 6.28318531f;              // [-π/2, π/2]
  const float flip = 1.0f - 2.0f * half * half;
  const float q = r * r;
  float s = 2.7557319e-6f;
  s = s * q - 1.9841270e-4f;
  s = s * q + 8.3333333e-3f;
  s = s * q - 1.6666667e-1f;
  s = s * q + 1.0f;
  float c = -2.7557319e-7f;
  c = c * q + 2.4801587e-5f;
  c = c * q - 1.3888889e-3f;
  c = c * q + 4.1666667e-2f;
  c = c * q - 0.5f;
  c = c * q + 1.0f;
  *sine = flip * s * r;
  *cosine = flip * c;
}

constexpr float kSeluScale = 1.05070099f;
constexpr float kSeluAlpha = 1.67326324f;

inline float selu(float z, float* slope) {
  const float e = exp_of(z < 0.0f ? z : 0.0f);
  const float below = kSeluScale * kSeluAlpha;
  *slope = z > 0.0f ? kSeluScale : below * e;
  return z > 0.0f ? kSeluScale * z : below * (e - 1.0f);
}

// mish(z) = z·tanh(log(1 + e^z)) = z·n/(n + 2) with n = e^z·(e^z + 2)
inline float mish(float z, float* slope) {
  const float held = z < 20.0f ? z : 20.0f;  // beyond it mish(z) is z
  const float e = exp_of(held);
  const float n = e * (e + 2.0f);
  const float inverse = 1.0f / (n + 2.0f);
  const float t = n * inverse;
  *slope = t + held * 4.0f * e * (e + 1.0f) * inverse * inverse;
  return z * t;
}

// Whether a unit stays, from its number alone: an integer hash (lowbias32), so that the way back needs no stored mask.
inline float kept(uint32_t number, const Dropout dropout) {
  uint32_t x = number + dropout.seed;
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return int32_t(x >> 8) >= dropout.threshold ? dropout.factor : 0.0f;
}

template <bool kMish>
void forward_rows(float* __restrict z, float* __restrict out, const float* __restrict bias, const float* __restrict mix, float gain,
                  int64_t rows, int64_t units, const Dropout dropout) {
  for (int64_t row = 0; row < rows; ++row) {
    float* __restrict zr = z + row * units;
    float* __restrict yr = out + row * units;
    const uint32_t first = uint32_t(row * units);
#pragma omp simd
    for (int32_t j = 0; j < int32_t(units); ++j) {
      float slope;
      const float value = zr[j] * gain + bias[j];
      const float bent = kMish ? mish(value, &slope) : selu(value, &slope);
      zr[j] = value;
      yr[j] = value + mix[j] * (bent - value);
    }
    if (dropout.threshold > 0) {
#pragma omp simd
      for (int32_t j = 0; j < int32_t(units); ++j) yr[j] *= kept(first + uint32_t(j), dropout);
    }
  }
}

template <bool kMish>
void backward_rows(const float* __restrict z, float* __restrict gradient, const float* __restrict mix, float gain, int64_t rows,
                   int64_t units, const Dropout dropout, float* __restrict bias_gradient, float* __restrict mix_gradient) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict zr = z + row * units;
    float* __restrict gr = gradient + row * units;
    const uint32_t first = uint32_t(row * units);
    if (dropout.threshold > 0) {
#pragma omp simd
      for (int32_t j = 0; j < int32_t(units); ++j) gr[j] *= kept(first + uint32_t(j), dropout);
    }
#pragma omp simd
    for (int32_t j = 0; j < int32_t(units); ++j) {
      float slope;
      const float bent = kMish ? mish(zr[j], &slope) : selu(zr[j], &slope);
      const float g = gr[j];
      mix_gradient[j] += g * (bent - zr[j]);
      const float into = g * (1.0f + mix[j] * (slope - 1.0f));
      bias_gradient[j] += into;
      gr[j] = into * gain;
    }
  }
}

void activate(bool is_mish, float* z, float* out, const float* bias, const float* mix, float gain, int64_t rows, int64_t units,
              const Dropout& dropout) {
  (is_mish ? forward_rows<true> : forward_rows<false>)(z, out, bias, mix, gain, rows, units, dropout);
}

void activate_back(bool is_mish, const float* z, float* gradient, const float* mix, float gain, int64_t rows, int64_t units,
                   const Dropout& dropout, float* bias_gradient, float* mix_gradient) {
  (is_mish ? backward_rows<true> : backward_rows<false>)(z, gradient, mix, gain, rows, units, dropout, bias_gradient, mix_gradient);
}

// x [rows × columns] (row stride), out [rows × 4·columns] (row stride): x itself and 3 mixtures of 16 cosines of it.
// Of a column: 16 frequencies (turns), 16 phases (turns), mixing 3 × 16, and 3 biases.
void periodic(const float* x, int64_t x_stride, float* out, int64_t out_stride, int64_t rows, int64_t columns, const float* frequency,
              const float* phase, const float* mixing, const float* bias) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      const float value = x[row * x_stride + column];
      const float* __restrict f = frequency + column * kPeriods;
      const float* __restrict p = phase + column * kPeriods;
      const float* __restrict w = mixing + column * 3 * kPeriods;
      float a = 0.0f, b = 0.0f, c = 0.0f;
#pragma omp simd reduction(+ : a, b, c)
      for (int i = 0; i < kPeriods; ++i) {
        float sine, cosine;
        sine_cosine(value * f[i] + p[i], &sine, &cosine);
        a += w[i] * cosine;
        b += w[kPeriods + i] * cosine;
        c += w[2 * kPeriods + i] * cosine;
      }
      float* __restrict y = out + row * out_stride + 4 * column;
      y[0] = value;
      y[1] = a + bias[3 * column];
      y[2] = b + bias[3 * column + 1];
      y[3] = c + bias[3 * column + 2];
    }
}

// Adds the gradients of all four parameter blocks; `gradient` is that of `periodic`'s output.
void periodic_back(const float* x, int64_t x_stride, const float* gradient, int64_t gradient_stride, int64_t rows, int64_t columns,
                   const float* frequency, const float* phase, const float* mixing, float* d_frequency, float* d_phase, float* d_mixing,
                   float* d_bias) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      const float value = x[row * x_stride + column];
      const float* __restrict f = frequency + column * kPeriods;
      const float* __restrict p = phase + column * kPeriods;
      const float* __restrict w = mixing + column * 3 * kPeriods;
      float* __restrict df = d_frequency + column * kPeriods;
      float* __restrict dp = d_phase + column * kPeriods;
      float* __restrict dw = d_mixing + column * 3 * kPeriods;
      const float* __restrict g = gradient + row * gradient_stride + 4 * column;
      const float ga = g[1], gb = g[2], gc = g[3];
      for (int k = 0; k < 3; ++k) d_bias[3 * column + k] += g[k + 1];
#pragma omp simd
      for (int i = 0; i < kPeriods; ++i) {
        float sine, cosine;
        sine_cosine(value * f[i] + p[i], &sine, &cosine);
        dw[i] += ga * cosine;
        dw[kPeriods + i] += gb * cosine;
        dw[2 * kPeriods + i] += gc * cosine;
        const float turn = -6.28318531f * sine * (ga * w[i] + gb * w[kPeriods + i] + gc * w[2 * kPeriods + i]);
        df[i] += turn * value;
        dp[i] += turn;
      }
    }
}

void adam(float* __restrict weights, const float* __restrict gradient, float* __restrict first, float* __restrict second,
          const float* __restrict rate_factor, const float* __restrict decay_factor, int64_t count, const AdamStep& asked) {
  const AdamStep step = asked;  // a copy: the stores below could alias a reference
  for (int64_t i = 0; i < count; ++i) {
    const float g = gradient[i];
    const float m = first[i] + (1.0f - step.beta1) * (g - first[i]);
    const float v = second[i] + (1.0f - step.beta2) * (g * g - second[i]);
    first[i] = m;
    second[i] = v;
    const float rate = step.rate * rate_factor[i];
    weights[i] -= rate * (m * step.correction1 / (sqrtf(v * step.correction2) + step.epsilon) + step.decay * decay_factor[i] * weights[i]);
  }
}

}  // namespace

#define ARTESIAN_TABULAR_KERNELS(name) \
  { name, activate, activate_back, periodic, periodic_back, adam }
