// Zeroed memory on cache-line bounds; large blocks ask for huge pages, which weights that are visited row by row profit from.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace artesian::deeplearning {

template <class T>
class Block {
 public:
  Block() = default;
  explicit Block(size_t n) : size_(n) {
    if (n == 0) return;
    constexpr size_t kLine = 64, kHuge = size_t(2) << 20;
    const size_t align = n * sizeof(T) >= kHuge / 8 ? kHuge : kLine;
    const size_t bytes = (n * sizeof(T) + align - 1) / align * align;
    data_ = static_cast<T*>(std::aligned_alloc(align, bytes));
    if (!data_) throw std::bad_alloc();
#if defined(__linux__)
    if (align == kHuge) madvise(data_, bytes, MADV_HUGEPAGE);  // a wish: failing it changes nothing but speed
#endif
    std::memset(data_, 0, bytes);
  }
  Block(const Block& other) : Block(other.size_) {
    if (size_) std::memcpy(data_, other.data_, size_ * sizeof(T));
  }
  Block(Block&& other) noexcept : data_(other.data_), size_(other.size_) { other.data_ = nullptr, other.size_ = 0; }
  Block& operator=(Block other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Block() { std::free(data_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  void zero() {
    if (size_) std::memset(data_, 0, size_ * sizeof(T));
  }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace artesian::deeplearning
