// Scoring: forward passes over many rows, no dropout, rows shared out among threads.
#pragma once
#include "network.hpp"
#include "rows.hpp"

namespace artesian::deeplearning {

// Activations after weight matrix `layer` (the last: the outputs) for the rows named, or all when order is null, into
// out [n][units]. Softmax is applied, inverse links are not; offsets (by row, may be null) are added to a linear output.
void score(const Network& network, const Rows& rows, const int64_t* order, int64_t n, const float* offsets, int layer, int threads,
           float* out);

}  // namespace artesian::deeplearning
