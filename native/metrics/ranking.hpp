// What metrics of two classes need of every row: their costs, the curve over all thresholds and the areas under it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace artesian::metrics {

struct Costs {
  double squares = 0, logs = 0;
};

// Sums over rows of the squared error and of minus the logarithm of the probability of the actual class, which counts as at least
// `smallest`. `p` is that of the second class; `weights` may be null.
Costs class_costs(const uint8_t* positive, const double* p, const double* weights, int64_t n, double smallest);

// Numbers that order as the scores (>= 0) do, the largest first, with the class in their last bit.
void rank_keys(const uint8_t* positive, const double* scores, int64_t n, uint64_t* keys);

// How many distinct scores sorted keys hold.
int64_t count_distinct(const uint64_t* keys, int64_t n);

// Of each distinct score of sorted keys: itself, and how many rows of each class are at or above.
void fill_curve(const uint64_t* keys, int64_t n, double* thresholds, double* tps, double* fps);

// Twice the area under the trapezoids of (fps, tps) [k], from the origin.
double trapezoids(const double* tps, const double* fps, int64_t k);

// The area under precision by true positives, precision following the hyperbola of linear false positives between two points.
double hyperbolas(const double* tps, const double* fps, int64_t k);

// The sum of score times rows over the points start ... end - 1.
double score_mass(const double* thresholds, const double* tps, const double* fps, int64_t start, int64_t end);

}  // namespace artesian::metrics
