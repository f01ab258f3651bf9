// Random numbers as functions of what they are for: no state, so threads, checkpoints and restarts all draw the same.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

namespace artesian::deeplearning {

// SplitMix64's output function (Steele, Lea, Flood 2014): a bijection of 64 bits that passes BigCrush on a counter.
inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

// The stream for one purpose: seed, layer, and sample or whatever counts.
inline uint64_t stream(uint64_t seed, uint64_t layer, uint64_t count) {
  return mix(mix(seed + 0x9e3779b97f4a7c15ull * (layer + 1)) + 0x9e3779b97f4a7c15ull * count);
}

inline uint64_t draw(uint64_t stream, uint64_t i) { return mix(stream + 0x9e3779b97f4a7c15ull * (i + 1)); }

// Uniform in [0, 1) with 53 bits.
inline double uniform(uint64_t stream, uint64_t i) { return double(draw(stream, i) >> 11) * 0x1p-53; }

// Normal by Box and Muller.
inline double normal(uint64_t stream, uint64_t i) {
  const double u = 1.0 - uniform(stream, 2 * i), v = uniform(stream, 2 * i + 1);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
}

// Decides, four units to a draw, which units a dropout of probability p keeps. p is held to 16 bits, an error below 1e-5.
class Dropout {
 public:
  Dropout(uint64_t stream, float p) : stream_(stream), threshold_(uint32_t(p * 65536.0f + 0.5f)) {}

  // Calls use(unit, kept) for units begin to end. No branch depends on a draw: half of them would be guessed wrongly.
  template <class Use>
  void for_units(uint32_t begin, uint32_t end, Use use) const {
    uint32_t unit = begin;
    while (unit < end) {
      uint64_t bits = draw(stream_, unit / 4) >> (16 * (unit % 4));
      const uint32_t stop = (unit / 4 + 1) * 4 < end ? (unit / 4 + 1) * 4 : end;
      for (; unit < stop; ++unit, bits >>= 16) use(unit, int((bits & 0xffff) >= threshold_));
    }
  }

 private:
  uint64_t stream_;
  uint32_t threshold_;
};

// x where keep is 1, +0 where it is 0, without a branch.
inline float masked(float x, int keep) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits &= uint32_t(-keep);
  std::memcpy(&x, &bits, sizeof bits);
  return x;
}

}  // namespace artesian::deeplearning
