// The design matrix as the kernels read it: a view of the caller's arrays, checked once.
#pragma once
#include <cstddef>
#include <cstdint>

#include "memory.hpp"

namespace artesian::deeplearning {

// A list of active inputs that can grow to a capacity fixed beforehand.
struct InputList {
  Block<int32_t> index;
  Block<float> value;
  int size = 0;
  InputList() = default;
  explicit InputList(size_t capacity) : index(capacity), value(capacity) {}
  void add(int32_t i, float x) {
    index[size] = i;
    value[size] = x;
    ++size;
  }
};

struct Rows {
  int64_t n_rows = 0;
  int32_t n_inputs = 0;
  const int64_t* indptr = nullptr;  // null: no sparse part
  const int32_t* indices = nullptr;
  const float* values = nullptr;  // null: all ones
  const float* dense = nullptr;   // null: no dense block
  int32_t n_dense = 0, dense_start = 0;
  int64_t longest = 0;  // most active inputs of any row; set by check()

  // Throws std::invalid_argument that names the first bad row.
  void check(int64_t n_entries);

  // Append the non-zero inputs of a row in order of column; NaN reads as 0. `out` needs room for `longest` more, and one.
  void list_nonzero(int64_t row, InputList& out) const;
  // Append all inputs of a row, zeros too.
  void list_all(int64_t row, InputList& out) const;
  // The row in full, NaN kept; out has n_inputs places.
  void fill(int64_t row, float* out) const;
  // Start fetching the row that is needed next, and where the one after it begins: rows come in random order.
  void prefetch(int64_t next, int64_t after) const;
};

}  // namespace artesian::deeplearning
