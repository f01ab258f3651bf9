#include "ranking.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace artesian::metrics {

namespace {

// Rows whose sum is kept apart from the others', so that long sums stay exact to the last digits.
constexpr int64_t kBlock = 4096;
// Probabilities are multiplied before the logarithm: 16 of at least 1e-15 are far above the smallest double.
constexpr int64_t kProduct = 16;
// Below this the terms of the series that are left out do not count in a double.
constexpr double kSmallStep = 1e-3;

double log_of_one_and(double x) {
  if (x >= kSmallStep) return std::log1p(x);
  return x * (1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x * (1.0 / 6))))));
}

double number_of(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

Costs block_costs(const uint8_t* positive, const double* p, int64_t n, double smallest) {
  Costs sums;
  double actual[kProduct];
  for (int64_t start = 0; start < n; start += kProduct) {
    const int64_t rows = std::min(kProduct, n - start);
    for (int64_t i = 0; i < rows; ++i) actual[i] = positive[start + i] ? p[start + i] : 1.0 - p[start + i];
    double product = 1;
    for (int64_t i = 0; i < rows; ++i) {
      const double missed = 1.0 - actual[i];
      sums.squares += missed * missed;
      product *= std::max(actual[i], smallest);
    }
    sums.logs -= std::log(product);
  }
  return sums;
}

Costs weighted_block_costs(const uint8_t* positive, const double* p, const double* weights, int64_t n, double smallest) {
  Costs sums;
  for (int64_t i = 0; i < n; ++i) {
    const double actual = positive[i] ? p[i] : 1.0 - p[i];
    sums.squares += weights[i] * (1.0 - actual) * (1.0 - actual);
    sums.logs -= weights[i] * std::log(std::max(actual, smallest));
  }
  return sums;
}

}  // namespace

Costs class_costs(const uint8_t* positive, const double* p, const double* weights, int64_t n, double smallest) {
  Costs total;
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t rows = std::min(kBlock, n - start);
    const Costs block = weights ? weighted_block_costs(positive + start, p + start, weights + start, rows, smallest)
                                : block_costs(positive + start, p + start, rows, smallest);
    total.squares += block.squares;
    total.logs += block.logs;
  }
  return total;
}

void rank_keys(const uint8_t* positive, const double* scores, int64_t n, uint64_t* keys) {
  for (int64_t i = 0; i < n; ++i) {
    const double score = scores[i] + 0.0;  // a negative zero becomes zero
    uint64_t bits;
    std::memcpy(&bits, &score, sizeof bits);
    keys[i] = ~(bits << 1 | (positive[i] ? 1 : 0));  // the sign's bit is free
  }
}

int64_t count_distinct(const uint64_t* keys, int64_t n) {
  int64_t count = n > 0 ? 1 : 0;
  for (int64_t i = 1; i < n; ++i) count += (keys[i] ^ keys[i - 1]) > 1;
  return count;
}

void fill_curve(const uint64_t* keys, int64_t n, double* thresholds, double* tps, double* fps) {
  int64_t point = 0, positives = 0;
  for (int64_t i = 0; i < n; ++i) {
    const uint64_t key = ~keys[i];
    positives += int64_t(key & 1);
    thresholds[point] = number_of(key >> 1);
    tps[point] = double(positives);
    fps[point] = double(i + 1 - positives);
    point += i + 1 < n && (keys[i] ^ keys[i + 1]) > 1;
  }
}

double trapezoids(const double* tps, const double* fps, int64_t k) {
  double total = k > 0 ? fps[0] * tps[0] : 0;
  for (int64_t start = 1; start < k; start += kBlock) {
    double sum = 0;
    for (int64_t i = start; i < std::min(start + kBlock, k); ++i) sum += (fps[i] - fps[i - 1]) * (tps[i] + tps[i - 1]);
    total += sum;
  }
  return total;
}

double hyperbolas(const double* tps, const double* fps, int64_t k) {
  double total = 0, tp = 0, fp = 0;
  for (int64_t start = 0; start < k; start += kBlock) {
    double sum = 0;
    for (int64_t i = start; i < std::min(start + kBlock, k); ++i) {
      const double hits = tps[i] - tp;
      if (hits > 0) {
        // precision(t) = t / (a t + b), whose integral is (t - b/a log(a t + b)) / a
        const double slope = (fps[i] - fp) / hits, a = 1.0 + slope, b = fp - slope * tp;
        const double bend = b == 0 ? 0 : b / a * log_of_one_and(a * hits / (a * tp + b));
        sum += (hits - bend) / a;
      }
      tp = tps[i];
      fp = fps[i];
    }
    total += sum;
  }
  return total;
}

double score_mass(const double* thresholds, const double* tps, const double* fps, int64_t start, int64_t end) {
  double total = 0, before = start > 0 ? tps[start - 1] + fps[start - 1] : 0;
  for (int64_t from = start; from < end; from += kBlock) {
    double sum = 0;
    for (int64_t i = from; i < std::min(from + kBlock, end); ++i) {
      const double rows = tps[i] + fps[i];
      sum += thresholds[i] * (rows - before);
      before = rows;
    }
    total += sum;
  }
  return total;
}

}  // namespace artesian::metrics
