// Trees whose splits are planes: the lengths of the paths that rows take.
#pragma once
#include <cstddef>
#include <cstdint>

namespace artesian::trees {

// Nodes of all trees, one tree behind the other. Rows with sum_j normal_j * (x_j - point_j) > 0 go right, where a missing x_j
// counts as on the plane; a leaf is its own child.
struct PlaneTrees {
  const float* normal;   // [nodes, width]
  const float* point;    // [nodes, width]
  const int64_t* left;   // [nodes]
  const int64_t* right;  // [nodes]
  const double* length;  // [nodes]
  const int64_t* first;  // [trees]: the roots
  size_t nodes, trees, width;
  int height;  // most splits on a path
};

// Sums over the trees of the lengths at the leaves of rows [n_rows, width] (NaN: missing), into out [n_rows].
void plane_lengths(const PlaneTrees& trees, const float* values, size_t n_rows, int threads, double* out);

}  // namespace artesian::trees
