// NumPy arrays in and out, with a sentence for each way of being wrong. Nothing is converted silently.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "columns.hpp"

namespace artesian {

namespace nb = nanobind;

template <class T>
constexpr const char* dtype_name() {
  if constexpr (std::is_same_v<T, float>) return "float32";
  if constexpr (std::is_same_v<T, int32_t>) return "int32";
  if constexpr (std::is_same_v<T, uint32_t>) return "uint32";
  if constexpr (std::is_same_v<T, int64_t>) return "int64";
  if constexpr (std::is_same_v<T, double>) return "float64";
  if constexpr (std::is_same_v<T, uint8_t>) return "uint8";
  if constexpr (std::is_same_v<T, uint64_t>) return "uint64";
  return "?";
}

inline std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + (shape[i] < 0 ? std::string("any") : std::to_string(shape[i]));
  return text + "]";
}

// A view of a C-contiguous array of the dtype and shape given (-1: any length), valid while the Python object lives.
template <class T>
const T* view(nb::handle object, const std::vector<int64_t>& shape, const char* name, std::vector<int64_t>* found = nullptr) {
  using Array = nb::ndarray<nb::ro, nb::device::cpu>;
  Array array;
  if (!nb::try_cast(object, array))
    throw std::invalid_argument(std::string("'") + name + "' must be a NumPy array of " + dtype_name<T>() + ".");
  if (array.dtype() != nb::dtype<T>())
    throw std::invalid_argument(std::string("'") + name + "' must have dtype " + dtype_name<T>() + ".");
  std::vector<int64_t> actual;
  for (size_t i = 0; i < array.ndim(); ++i) actual.push_back(int64_t(array.shape(i)));
  bool same = actual.size() == shape.size();
  for (size_t i = 0; same && i < shape.size(); ++i) same = shape[i] < 0 || shape[i] == actual[i];
  if (!same)
    throw std::invalid_argument(std::string("'") + name + "' must have shape " + shape_text(shape) + ". Got " + shape_text(actual) + ".");
  int64_t stride = 1;
  for (size_t i = array.ndim(); i-- > 0;) {
    if (array.shape(i) > 1 && array.stride(i) != stride) throw std::invalid_argument(std::string("'") + name + "' must be C-contiguous.");
    stride *= int64_t(array.shape(i));
  }
  if (found) *found = actual;
  return static_cast<const T*>(array.data());
}

inline std::optional<Kind> kind_of(const nb::dlpack::dtype& found) {
  if (found == nb::dtype<uint8_t>()) return Kind::kUInt8;
  if (found == nb::dtype<int8_t>()) return Kind::kInt8;
  if (found == nb::dtype<uint16_t>()) return Kind::kUInt16;
  if (found == nb::dtype<int16_t>()) return Kind::kInt16;
  if (found == nb::dtype<uint32_t>()) return Kind::kUInt32;
  if (found == nb::dtype<int32_t>()) return Kind::kInt32;
  if (found == nb::dtype<uint64_t>()) return Kind::kUInt64;
  if (found == nb::dtype<int64_t>()) return Kind::kInt64;
  if (found == nb::dtype<float>()) return Kind::kFloat32;
  if (found == nb::dtype<double>()) return Kind::kFloat64;
  return std::nullopt;
}

// A view of a contiguous array of `n_rows` numbers (-1: any number of them), valid while the Python object lives.
inline NumberColumn column_of(nb::handle object, const std::string& name, int64_t n_rows, int64_t* found = nullptr) {
  using Array = nb::ndarray<nb::ro, nb::device::cpu, nb::ndim<1>, nb::c_contig>;
  Array array;
  if (!nb::try_cast(object, array, false)) throw std::invalid_argument(name + " must be a contiguous NumPy array of one dimension.");
  const auto kind = kind_of(array.dtype());
  if (!kind) throw std::invalid_argument(name + " must hold integers or floats of 32 or 64 bits.");
  if (n_rows >= 0 && int64_t(array.shape(0)) != n_rows)
    throw std::invalid_argument(name + " must have " + std::to_string(n_rows) + " values. Got " + std::to_string(array.shape(0)) + ".");
  if (found) *found = int64_t(array.shape(0));
  return {array.data(), *kind};
}

constexpr size_t kLargePage = size_t(1) << 21;

// Memory for `bytes`, to be given to std::free.
inline void* large_pages(size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * kLargePage) {
    void* memory = nullptr;
    if (posix_memalign(&memory, kLargePage, bytes) != 0) throw std::bad_alloc();
    madvise(memory, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);  // a wish: where it is not heard, pages are small
    return memory;
  }
#endif
  void* memory = std::malloc(bytes);
  if (!memory) throw std::bad_alloc();
  return memory;
}

enum class Start { kZeros, kUnset };

// A new NumPy array that owns its memory; of zeros unless every value will be written anyway. A large one asks for large pages, as
// NumPy's own do: touching small ones for the first time costs more than what is then done with them.
template <class T>
struct NewArray {
  std::vector<size_t> shape;
  T* data;
  nb::capsule owner;

  explicit NewArray(std::vector<size_t> dims, Start start = Start::kZeros) : shape(std::move(dims)) {
    size_t n = 1;
    for (size_t d : shape) n *= d;
    n = n > 0 ? n : 1;
    data = static_cast<T*>(large_pages(n * sizeof(T)));
    if (start == Start::kZeros) std::fill(data, data + n, T());
    owner = nb::capsule(data, [](void* p) noexcept { std::free(p); });
  }
  nb::object object() { return nb::cast(nb::ndarray<nb::numpy, T>(data, shape.size(), shape.data(), owner)); }
};

}  // namespace artesian
