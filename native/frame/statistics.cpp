#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace artesian::frame {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Values that are looked at together: their doubles stay in the first-level cache.
constexpr int64_t kBlock = 1024;
// Sums that run beside each other, so that none waits for another and the compiler takes some at once.
constexpr int64_t kLanes = 8;

// Calls use(lane, value) for each value, the lanes in turn.
template <class Use>
void in_lanes(const double* values, int64_t count, Use use) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane) use(lane, values[i + lane]);
  for (int64_t lane = 0; i < count; ++i, ++lane) use(lane, values[i]);
}

struct Glance {
  double sum = 0, least = kInfinity, most = -kInfinity;
  bool is_finite = true;
};

Glance glance(const double* values, int64_t count) {
  double sums[kLanes] = {}, least[kLanes], most[kLanes], strange[kLanes] = {};
  std::fill(least, least + kLanes, kInfinity);
  std::fill(most, most + kLanes, -kInfinity);
  in_lanes(values, count, [&](int64_t lane, double value) {
    sums[lane] += value;
    least[lane] = value < least[lane] ? value : least[lane];
    most[lane] = value > most[lane] ? value : most[lane];
    strange[lane] += value - value;  // NaN of what is not finite
  });
  Glance found;
  for (int64_t lane = 0; lane < kLanes; ++lane) {
    found.sum += sums[lane];
    found.least = std::min(found.least, least[lane]);
    found.most = std::max(found.most, most[lane]);
    found.is_finite = found.is_finite && strange[lane] == 0;
  }
  return found;
}

double squares_about(const double* values, int64_t count, double mean) {
  double sums[kLanes] = {}, total = 0;
  in_lanes(values, count, [&](int64_t lane, double value) { sums[lane] += (value - mean) * (value - mean); });
  for (double sum : sums) total += sum;
  return total;
}

// The first values in the order of `before`.
template <class Before>
class Extremes {
 public:
  explicit Extremes(int64_t room) : room_(size_t(room)) { kept_.reserve(room_ + 1); }
  bool takes(double value) const { return kept_.size() < room_ || (room_ > 0 && Before()(value, kept_.back())); }
  void add(double value) {
    if (!takes(value)) return;
    kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), value, Before()), value);
    if (kept_.size() > room_) kept_.pop_back();
  }
  std::vector<double> taken() { return std::move(kept_); }

 private:
  size_t room_;
  std::vector<double> kept_;
};

class Collector {
 public:
  explicit Collector(int64_t extremes) : least_(extremes), most_(extremes) {}

  // A block of values, whose places may be written to.
  void add(double* values, int64_t count) {
    Glance seen = glance(values, count);
    if (!seen.is_finite) {
      count = keep_finite(values, count);
      seen = glance(values, count);
    }
    if (count == 0) return;
    const bool is_constant = seen.least == seen.most;
    const double mean = is_constant ? seen.least : seen.sum / double(count);
    if (std::isfinite(mean))
      combine(count, mean, is_constant ? 0.0 : squares_about(values, count, mean));
    else  // each is finite, their sum is not
      for (int64_t i = 0; i < count; ++i) combine(1, values[i], 0.0);
    if (seen.least <= 0 && seen.most >= 0) found_.zeros += std::count(values, values + count, 0.0);
    if (least_.takes(seen.least))
      for (int64_t i = 0; i < count; ++i) least_.add(values[i]);
    if (most_.takes(seen.most))
      for (int64_t i = 0; i < count; ++i) most_.add(values[i]);
  }

  Statistics taken() {
    found_.least = least_.taken();
    found_.most = most_.taken();
    return std::move(found_);
  }

 private:
  // Counts infinite values, and moves the finite ones to the front; how many these are.
  int64_t keep_finite(double* values, int64_t count) {
    int64_t kept = 0;
    for (int64_t i = 0; i < count; ++i) {
      const double value = values[i];
      found_.positive += value == kInfinity;
      found_.negative += value == -kInfinity;
      if (std::isfinite(value)) values[kept++] = value;
    }
    return kept;
  }

  // Both together (Chan, Golub and LeVeque, 1983).
  void combine(int64_t count, double mean, double squares) {
    const double before = double(found_.count);
    found_.count += count;
    const double share = double(count) / double(found_.count), apart = mean - found_.mean;
    found_.mean += share * apart;
    found_.squares += squares + share * before * apart * apart;
  }

  Statistics found_;
  Extremes<std::less<double>> least_;
  Extremes<std::greater<double>> most_;
};

}  // namespace

Statistics statistics(const NumberColumn& column, int64_t n, int64_t extremes) {
  Collector collector(extremes);
  double block[kBlock];
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t count = std::min(kBlock, n - start);
    with_values(column, [&](auto values) { std::copy(values + start, values + start + count, block); });
    collector.add(block, count);
  }
  return collector.taken();
}

void count_bytes(const uint8_t* bytes, int64_t n, int64_t counts[256]) {
  constexpr int kTables = 4;  // neighbours that are equal do not wait for each other
  std::vector<int64_t> tables(256 * kTables);
  int64_t i = 0;
  for (; i + kTables <= n; i += kTables)
    for (int table = 0; table < kTables; ++table) ++tables[size_t(256 * table + bytes[i + table])];
  for (; i < n; ++i) ++tables[bytes[i]];
  for (int byte = 0; byte < 256; ++byte) {
    counts[byte] = 0;
    for (int table = 0; table < kTables; ++table) counts[byte] += tables[size_t(256 * table + byte)];
  }
}

}  // namespace artesian::frame
