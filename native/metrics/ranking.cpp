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
// Sums and products that run beside each other, so that none waits for another and the compiler takes some at once.
constexpr int64_t kLanes = 8;
static_assert(kBlock % (kLanes * kProduct) == 0);
// Below this the terms of the series that are left out do not count in a double.
constexpr double kSmallStep = 1e-3, kTinyStep = 1e-5;

double log_of_one_and(double x) {
  if (x >= kSmallStep) return std::log1p(x);
  if (x < kTinyStep) return x * (1 - x * (1.0 / 2 - x * (1.0 / 3)));
  return x * (1 - x * (1.0 / 2 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x * (1.0 / 6))))));
}

double number_of(uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

uint64_t bits_of(double number) {
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

// The lowest bit of the exponent: 1 in 1.0, 0 in 0.0.
constexpr int kOneBit = 52;

// The sign's bit is free, and gives its place to the class, 0 or 1; a negative zero becomes zero.
uint64_t key_of(double score, uint64_t actual) { return ~(bits_of(score + 0.0) << 1 | actual); }

// The probability of the actual class, 0 or 1; exact, and without a branch that cannot be foreseen.
double chance_of(double actual, double p) { return actual * p + (1.0 - actual) * (1.0 - p); }

// Whether a row is the last one of its score.
bool ends_point(const uint64_t* keys, int64_t n, int64_t i) { return i + 1 == n || (keys[i] ^ keys[i + 1]) > 1; }

// The area under precision between two points: precision(t) = t / (a t + b), whose integral is (t - b/a log(a t + b)) / a.
double hyperbola(double tp, double fp, double hits, double misses) {
  if (hits == 0) return 0;
  const double slope = misses / hits, a = 1.0 + slope, b = fp - slope * tp;
  const double bend = b == 0 ? 0 : b / a * log_of_one_and(a * hits / (a * tp + b));
  return (hits - bend) / a;
}

// The same between points that are one row apart, whether that is a hit (1) or not (0), without a branch that cannot be foreseen.
double hyperbola_of_row(double tp, double fp, double hit) {
  const double bend = fp == 0 ? 0 : fp * log_of_one_and(1.0 / (tp + fp));
  return hit * (1.0 - bend);
}

// What rows cost, lane by lane; `right` is the probability of each row's actual class.
class RowCosts {
 public:
  explicit RowCosts(double smallest) : smallest_(smallest) { std::fill(products_, products_ + kLanes, 1.0); }

  // The rows of one lane each, of which there may be up to kProduct between two calls of `take_logarithms`.
  void add(const double* right) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const double missed = 1.0 - right[lane];
      squares_[lane] += missed * missed;
      products_[lane] *= std::max(right[lane], smallest_);
    }
  }
  void take_logarithms() {
    for (double& product : products_) {
      logs_ -= std::log(product);
      product = 1.0;
    }
  }
  Costs sum() const {
    Costs found;
    for (double squares : squares_) found.squares += squares;
    found.logs = logs_;
    return found;
  }

 private:
  double smallest_, squares_[kLanes] = {}, products_[kLanes], logs_ = 0;
};

// The costs of up to kBlock rows; `fill(row, count, right)` gives the probabilities of the actual classes of `count` rows.
template <class Fill>
Costs block_costs(int64_t n, double smallest, Fill fill) {
  RowCosts costs(smallest);
  double right[kLanes];
  for (int64_t start = 0; start < n; start += kLanes * kProduct) {
    const int64_t end = std::min(n, start + kLanes * kProduct);
    for (int64_t row = start; row < end; row += kLanes) {
      const int64_t count = std::min(kLanes, end - row);
      if (count == kLanes) {
        fill(row, kLanes, right);
      } else {
        std::fill(right, right + kLanes, 1.0);  // a row that is right costs nothing
        fill(row, count, right);
      }
      costs.add(right);
    }
    costs.take_logarithms();
  }
  return costs.sum();
}

Costs plain_block_costs(const uint8_t* positive, const double* p, int64_t n, double smallest) {
  return block_costs(n, smallest, [=](int64_t row, int64_t count, double* right) {
    for (int64_t i = row; i < row + count; ++i) right[i - row] = chance_of(double(positive[i]), p[i]);
  });
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
                                : plain_block_costs(positive + start, p + start, rows, smallest);
    total.squares += block.squares;
    total.logs += block.logs;
  }
  return total;
}

namespace {

// Whether all of `actual` are 0 or 1, and all of `p` from 0 to 1. What is wrong adds up to more than 0, or to NaN.
bool are_classes_and_chances(const double* actual, const double* p, int64_t n) {
  double wrong[kLanes] = {};
  int64_t i = 0;
  const auto look = [&](int64_t lane, int64_t row) {
    wrong[lane] += std::fabs(actual[row] * (1.0 - actual[row])) + (std::fabs(p[row]) - p[row]) + (std::fabs(1.0 - p[row]) - (1.0 - p[row]));
  };
  for (; i + kLanes <= n; i += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane) look(lane, i + lane);
  for (; i < n; ++i) look(0, i);
  return std::all_of(wrong, wrong + kLanes, [](double found) { return found == 0; });
}

}  // namespace

bool cost_and_rank(const NumberColumn& actual, const double* p, int64_t n, double smallest, Costs* costs, uint64_t* keys) {
  *costs = Costs{};
  double truth[kBlock];
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t rows = std::min(kBlock, n - start);
    const double* chance = p + start;
    with_values(actual, [&](auto values) { std::copy(values + start, values + start + rows, truth); });
    uint64_t* places = keys + start;
    if (!are_classes_and_chances(truth, chance, rows)) return false;
    for (int64_t i = 0; i < rows; ++i) places[i] = key_of(chance[i], bits_of(truth[i]) >> kOneBit & 1);
    const Costs block = block_costs(rows, smallest, [&](int64_t row, int64_t count, double* right) {
      for (int64_t i = row; i < row + count; ++i) right[i - row] = chance_of(truth[i], chance[i]);
    });
    costs->squares += block.squares;
    costs->logs += block.logs;
  }
  return true;
}

void rank_keys(const uint8_t* positive, const double* scores, int64_t n, uint64_t* keys) {
  for (int64_t i = 0; i < n; ++i) keys[i] = key_of(scores[i], positive[i] ? 1 : 0);
}

int64_t count_distinct(const uint64_t* keys, int64_t n) {
  int64_t count = n > 0 ? 1 : 0;
  for (int64_t i = 1; i < n; ++i) count += (keys[i] ^ keys[i - 1]) > 1;
  return count;
}

Outline outline(const uint64_t* keys, int64_t n, int64_t stretch) {
  Outline found;
  Point last{};
  double tp = 0;
  int64_t i = 0;
  while (i < n) {
    double twice_area = 0, precision_area = 0, mass = 0;
    Point point = last;
    for (int64_t k = 0; k < stretch && i < n; ++k) {
      const double tp0 = tp;
      uint64_t key = ~keys[i];
      tp += double(key & 1);
      const bool is_row = ends_point(keys, n, i);
      while (!ends_point(keys, n, i)) tp += double(~keys[++i] & 1);
      const double rows0 = point.tp + point.fp, rows = double(++i), fp = rows - tp;
      twice_area += (fp - point.fp) * (tp + tp0);
      precision_area += is_row ? hyperbola_of_row(tp0, point.fp, tp - tp0) : hyperbola(tp0, point.fp, tp - tp0, fp - point.fp);
      const double score = number_of(key >> 1);
      mass += score * (rows - rows0);
      point = {score, tp, fp, last.mass + mass};
      if (k == 0) found.first.push_back(point);
      ++found.points;
    }
    found.last.push_back(point);
    found.trapezoids += twice_area;
    found.hyperbolas += precision_area;
    last = point;
  }
  return found;
}

int64_t points_behind(const uint64_t* keys, int64_t n, const Point& before, int64_t room, Point* out) {
  int64_t i = int64_t(before.tp + before.fp), k = 0;
  double tp = before.tp, mass = 0;
  for (; k < room && i < n; ++k) {
    const int64_t start = i;
    const double score = number_of(~keys[i] >> 1);
    tp += double(~keys[i] & 1);
    while (!ends_point(keys, n, i)) tp += double(~keys[++i] & 1);
    ++i;
    mass += score * double(i - start);
    out[k] = {score, tp, double(i) - tp, before.mass + mass};
  }
  return k;
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
      sum += hyperbola(tp, fp, tps[i] - tp, fps[i] - fp);
      tp = tps[i];
      fp = fps[i];
    }
    total += sum;
  }
  return total;
}

}  // namespace artesian::metrics
