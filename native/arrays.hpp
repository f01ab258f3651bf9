// NumPy arrays in and out, with a sentence for each way of being wrong. Nothing is converted silently.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

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

enum class Start { kZeros, kUnset };

// A new NumPy array that owns its memory; of zeros unless every value will be written anyway.
template <class T>
struct NewArray {
  std::vector<size_t> shape;
  T* data;
  nb::capsule owner;

  explicit NewArray(std::vector<size_t> dims, Start start = Start::kZeros) : shape(std::move(dims)) {
    size_t n = 1;
    for (size_t d : shape) n *= d;
    n = n > 0 ? n : 1;
    data = start == Start::kZeros ? new T[n]() : new T[n];
    owner = nb::capsule(data, [](void* p) noexcept { delete[] static_cast<T*>(p); });
  }
  nb::object object() { return nb::cast(nb::ndarray<nb::numpy, T>(data, shape.size(), shape.data(), owner)); }
};

}  // namespace artesian
