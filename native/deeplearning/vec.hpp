// One vector of float lanes for the instruction set that this translation unit is compiled for.
//
// Include it only from kernels_*.cpp: each defines one of ARTESIAN_AVX512, ARTESIAN_AVX2, ARTESIAN_PORTABLE and is compiled with
// that set's flags. Nothing here may have external linkage, else the linker could hand AVX code to a machine without AVX;
// hence the unnamed namespace, and no C++ library headers.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(ARTESIAN_AVX512) || defined(ARTESIAN_AVX2)
#include <immintrin.h>
#endif

namespace {

#if defined(ARTESIAN_AVX512)

constexpr int kLanes = 16;
using Mask = __mmask16;
struct Vec {
  __m512 v;
};
inline Vec load(const float* p) { return {_mm512_load_ps(p)}; }
inline void store(float* p, Vec a) { _mm512_store_ps(p, a.v); }
inline Vec splat(float x) { return {_mm512_set1_ps(x)}; }
inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }  // c - a*b
inline Vec max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec rsqrt(Vec a) { return {_mm512_rsqrt14_ps(a.v)}; }
inline Mask greater(Vec a, Vec b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ); }
inline Mask differs(Vec a, Vec b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_NEQ_UQ); }
inline Vec select(Mask m, Vec yes, Vec no) { return {_mm512_mask_blend_ps(m, no.v, yes.v)}; }
inline bool any(Mask m) { return m != 0; }
inline float sum(Vec a) { return _mm512_reduce_add_ps(a.v); }
inline Vec round_to_int(Vec a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
// a * 2^n for integral n
inline Vec scale_by_power_of_two(Vec a, Vec n) { return {_mm512_scalef_ps(a.v, n.v)}; }

#elif defined(ARTESIAN_AVX2)

constexpr int kLanes = 8;
struct Mask {
  __m256 m;
};
struct Vec {
  __m256 v;
};
inline Vec load(const float* p) { return {_mm256_load_ps(p)}; }
inline void store(float* p, Vec a) { _mm256_store_ps(p, a.v); }
inline Vec splat(float x) { return {_mm256_set1_ps(x)}; }
inline Vec operator+(Vec a, Vec b) { return {_mm256_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm256_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm256_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm256_div_ps(a.v, b.v)}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec fnma(Vec a, Vec b, Vec c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }
inline Vec max(Vec a, Vec b) { return {_mm256_max_ps(a.v, b.v)}; }
inline Vec min(Vec a, Vec b) { return {_mm256_min_ps(a.v, b.v)}; }
inline Vec rsqrt(Vec a) { return {_mm256_rsqrt_ps(a.v)}; }
inline Mask greater(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
inline Mask differs(Vec a, Vec b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_NEQ_UQ)}; }
inline Vec select(Mask m, Vec yes, Vec no) { return {_mm256_blendv_ps(no.v, yes.v, m.m)}; }
inline bool any(Mask m) { return _mm256_movemask_ps(m.m) != 0; }
inline float sum(Vec a) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
inline Vec round_to_int(Vec a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
inline Vec scale_by_power_of_two(Vec a, Vec n) {
  const __m256i bits = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n.v), _mm256_set1_epi32(127)), 23);
  return {_mm256_mul_ps(a.v, _mm256_castsi256_ps(bits))};
}

#else  // portable: four lanes in the compiler's own vector type, which every target of GCC and Clang has

constexpr int kLanes = 4;
typedef float Lanes4 __attribute__((vector_size(16)));
typedef int32_t Ints4 __attribute__((vector_size(16)));
struct Mask {
  Ints4 m;
};
struct Vec {
  Lanes4 v;
};
inline Vec load(const float* p) { return {*reinterpret_cast<const Lanes4*>(p)}; }
inline void store(float* p, Vec a) { *reinterpret_cast<Lanes4*>(p) = a.v; }
inline Vec splat(float x) { return {Lanes4{x, x, x, x}}; }
inline Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
inline Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
inline Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
inline Vec operator/(Vec a, Vec b) { return {a.v / b.v}; }
inline Vec fma(Vec a, Vec b, Vec c) { return {a.v * b.v + c.v}; }
inline Vec fnma(Vec a, Vec b, Vec c) { return {c.v - a.v * b.v}; }
inline Mask greater(Vec a, Vec b) { return {a.v > b.v}; }
inline Mask differs(Vec a, Vec b) { return {a.v != b.v}; }
inline Vec select(Mask m, Vec yes, Vec no) {
  return {reinterpret_cast<Lanes4>((m.m & reinterpret_cast<Ints4>(yes.v)) | (~m.m & reinterpret_cast<Ints4>(no.v)))};
}
inline Vec max(Vec a, Vec b) { return select(greater(a, b), a, b); }
inline Vec min(Vec a, Vec b) { return select(greater(b, a), a, b); }
inline bool any(Mask m) { return (m.m[0] | m.m[1] | m.m[2] | m.m[3]) != 0; }
inline float sum(Vec a) { return (a.v[0] + a.v[2]) + (a.v[1] + a.v[3]); }
inline Vec rsqrt(Vec a) {
  return {Lanes4{1.0f / sqrtf(a.v[0]), 1.0f / sqrtf(a.v[1]), 1.0f / sqrtf(a.v[2]), 1.0f / sqrtf(a.v[3])}};
}
inline Vec round_to_int(Vec a) { return {Lanes4{rintf(a.v[0]), rintf(a.v[1]), rintf(a.v[2]), rintf(a.v[3])}}; }
inline int32_t biased_exponent(float n) { return 127 + int32_t(n > -127.0f ? n : 0.0f); }  // NaN must not be converted
inline Vec scale_by_power_of_two(Vec a, Vec n) {
  const Ints4 bits = {biased_exponent(n.v[0]), biased_exponent(n.v[1]), biased_exponent(n.v[2]), biased_exponent(n.v[3])};
  return {a.v * reinterpret_cast<Lanes4>(bits << 23)};
}

#endif

// exp to about 2 units in the last place: x = n·ln 2 + r, |r| <= ln 2 / 2, Taylor to r^7 (its remainder is 1e-9).
// The argument is held within the range of normal floats; NaN goes through (min and max keep it by their operand order).
inline Vec exp(Vec x) {
  x = min(splat(88.0f), max(splat(-87.0f), x));
  const Vec n = round_to_int(x * splat(1.44269504f));
  Vec r = fnma(n, splat(0.693359375f), x);  // ln 2 in two parts, the first exact in few bits (Cody and Waite)
  r = fnma(n, splat(-2.12194440e-4f), r);
  Vec p = splat(1.0f / 5040);
  p = fma(p, r, splat(1.0f / 720));
  p = fma(p, r, splat(1.0f / 120));
  p = fma(p, r, splat(1.0f / 24));
  p = fma(p, r, splat(1.0f / 6));
  p = fma(p, r, splat(0.5f));
  p = fma(p, r, splat(1.0f));
  p = fma(p, r, splat(1.0f));
  return scale_by_power_of_two(p, n);
}

inline Vec absolute(Vec a) { return max(a, splat(0.0f) - a); }
inline Vec sign(Vec a) {
  const Vec zero = splat(0.0f);
  return select(greater(a, zero), splat(1.0f), select(greater(zero, a), splat(-1.0f), zero));
}

}  // namespace
