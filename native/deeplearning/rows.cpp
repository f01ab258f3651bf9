// Reading the design matrix.
#include "rows.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace artesian::deeplearning {

namespace {
[[noreturn]] void bad_row(int64_t row, const std::string& what) {
  throw std::invalid_argument("Row " + std::to_string(row) + " of the design matrix " + what + ".");
}
}  // namespace

void Rows::check(int64_t n_entries) {
  if (dense_start < 0 || int64_t(dense_start) + n_dense > n_inputs)
    throw std::invalid_argument("The dense block fills columns " + std::to_string(dense_start) + " to " +
                                std::to_string(int64_t(dense_start) + n_dense) + ", outside 0 to " + std::to_string(n_inputs) + ".");
  longest = 0;
  if (indptr) {
    if (indptr[0] != 0) throw std::invalid_argument("indptr must begin with 0.");
    for (int64_t r = 0; r < n_rows; ++r) {
      if (indptr[r + 1] < indptr[r] || indptr[r + 1] > n_entries) bad_row(r, "has an indptr that goes back or beyond the entries");
      int32_t last = -1;
      for (int64_t k = indptr[r]; k < indptr[r + 1]; ++k) {
        const int32_t i = indices[k];
        if (i <= last) bad_row(r, "has indices that are negative or not strictly increasing");
        if (i >= n_inputs) bad_row(r, "has index " + std::to_string(i) + ", beyond the last column " + std::to_string(n_inputs - 1));
        if (n_dense > 0 && i >= dense_start && i < dense_start + n_dense) bad_row(r, "has a sparse index inside the dense block");
        last = i;
      }
      longest = std::max(longest, indptr[r + 1] - indptr[r]);
    }
  }
  longest += n_dense;
}

void Rows::list_nonzero(int64_t row, InputList& out) const {
  int32_t* index = out.index.data();
  float* value = out.value.data();
  int n = out.size;
  int64_t k = indptr ? indptr[row] : 0;
  const int64_t end = indptr ? indptr[row + 1] : 0;
  // Writing first and counting after keeps the loops free of branches that would be guessed wrongly.
  const auto sparse_until = [&](int64_t stop) {
    for (; k < stop; ++k) {
      const float x = values ? values[k] : 1.0f;
      index[n] = indices[k];
      value[n] = x;
      n += (x < 0.0f) | (x > 0.0f);  // false for NaN
    }
  };
  if (n_dense == 0) {
    sparse_until(end);
  } else {
    sparse_until(k + (std::lower_bound(indices + k, indices + end, dense_start) - (indices + k)));
    const float* x = dense + row * n_dense;
    for (int32_t i = 0; i < n_dense; ++i) {
      index[n] = dense_start + i;
      value[n] = x[i];
      n += (x[i] < 0.0f) | (x[i] > 0.0f);
    }
    sparse_until(end);
  }
  out.size = n;
}

void Rows::list_all(int64_t row, InputList& out) const {
  int32_t* index = out.index.data() + out.size;
  float* value = out.value.data() + out.size;
  fill(row, value);
  for (int32_t i = 0; i < n_inputs; ++i) {
    index[i] = i;
    if (std::isnan(value[i])) value[i] = 0.0f;
  }
  out.size += n_inputs;
}

void Rows::fill(int64_t row, float* out) const {
  std::fill(out, out + n_inputs, 0.0f);
  if (indptr)
    for (int64_t k = indptr[row]; k < indptr[row + 1]; ++k) out[indices[k]] = values ? values[k] : 1.0f;
  if (n_dense) std::copy(dense + row * n_dense, dense + (row + 1) * n_dense, out + dense_start);
}

void Rows::prefetch(int64_t row, int64_t after) const {
  constexpr int64_t kLine = 16, kMost = 64;  // entries to a cache line; lines beyond these the hardware finds by itself
  if (indptr) {
    __builtin_prefetch(indptr + after);
    const int64_t begin = indptr[row], end = std::min(indptr[row + 1], begin + kLine * kMost);
    for (int64_t k = begin; k < end; k += kLine) {
      __builtin_prefetch(indices + k);
      if (values) __builtin_prefetch(values + k);
    }
  }
  if (n_dense) {
    const float* x = dense + row * n_dense;
    for (int64_t i = 0; i < std::min<int64_t>(n_dense, kLine * kMost); i += kLine) __builtin_prefetch(x + i);
  }
}

}  // namespace artesian::deeplearning
