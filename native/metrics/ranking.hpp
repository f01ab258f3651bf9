// What metrics of two classes need of every row: their costs, the curve over all thresholds and the areas under it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../columns.hpp"

namespace artesian::metrics {

struct Costs {
  double squares = 0, logs = 0;
};

// Sums over rows of the squared error and of minus the logarithm of the probability of the actual class, which counts as at least
// `smallest`. `p` is that of the second class; `weights` may be null.
Costs class_costs(const uint8_t* positive, const double* p, const double* weights, int64_t n, double smallest);

// The same of rows that each count once, and their keys: numbers that order as the probabilities do, the largest first, with the class in
// their last bit. False where a row does not count: `actual` is neither 0 nor 1, or `p` not between 0 and 1.
bool cost_and_rank(const NumberColumn& actual, const double* p, int64_t n, double smallest, Costs* costs, uint64_t* keys);

// Numbers that order as the scores (>= 0) do, the largest first, with the class in their last bit.
void rank_keys(const uint8_t* positive, const double* scores, int64_t n, uint64_t* keys);

// How many distinct scores sorted keys hold.
int64_t count_distinct(const uint64_t* keys, int64_t n);

// One point of the curve: a score, how many rows of each class are at or above it, and the sum of the scores of all those rows.
struct Point {
  double threshold, tp, fp, mass;
};

// The curve of sorted keys in short: the first and the last point of each stretch of so many points, and the areas under all of it.
struct Outline {
  int64_t points = 0;
  std::vector<Point> first, last;
  double trapezoids = 0, hyperbolas = 0;
};
Outline outline(const uint64_t* keys, int64_t n, int64_t stretch);

// The points of a stretch that begins behind the point `before`, into `out`, at most `room`; how many there are.
int64_t points_behind(const uint64_t* keys, int64_t n, const Point& before, int64_t room, Point* out);

// Of each distinct score of sorted keys: itself, and how many rows of each class are at or above.
void fill_curve(const uint64_t* keys, int64_t n, double* thresholds, double* tps, double* fps);

// Twice the area under the trapezoids of (fps, tps) [k], from the origin.
double trapezoids(const double* tps, const double* fps, int64_t k);

// The area under precision by true positives, precision following the hyperbola of linear false positives between two points.
double hyperbolas(const double* tps, const double* fps, int64_t k);

}  // namespace artesian::metrics
