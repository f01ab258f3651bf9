// Columns of numbers to scaled rows of float32: (value - shift) * scale.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "../columns.hpp"

namespace artesian::design {

// One column and how it is scaled; `filling` is the input where the scaled value is NaN or infinite.
struct ScaledColumn {
  NumberColumn column;
  double shift, scale;
  float filling;
};

// An array of plain numbers that grows without touching the new part; growing a large one moves its pages, not its bytes.
template <class T>
class GrowingArray {
 public:
  GrowingArray() = default;
  GrowingArray(GrowingArray&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  GrowingArray& operator=(GrowingArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~GrowingArray() { std::free(data_); }
  void resize(size_t size) {
    void* moved = std::realloc(data_, (size ? size : 1) * sizeof(T));
    if (!moved) throw std::bad_alloc();
    data_ = static_cast<T*>(moved);
    size_ = size;
  }
  size_t size() const { return size_; }
  T* data() { return data_; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

// The non-zero inputs of rows, in order of row and of column.
struct Entries {
  GrowingArray<int64_t> counts;  // of each row
  GrowingArray<int32_t> indices;
  GrowingArray<float> values;
};

// All inputs of `n_rows` rows, row by row, into out [n_rows, columns.size()].
void fill_rows(const std::vector<ScaledColumn>& columns, int64_t n_rows, float* out);

// The non-zero inputs (NaN is not zero); column j is input `first_input + j`.
Entries list_entries(const std::vector<ScaledColumn>& columns, int64_t n_rows, int32_t first_input);

}  // namespace artesian::design
