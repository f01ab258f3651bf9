// Columns of numbers of any width, as NumPy holds them.
#pragma once
#include <cstdint>

namespace artesian {

enum class Kind { kUInt8, kInt8, kUInt16, kInt16, kUInt32, kInt32, kUInt64, kInt64, kFloat32, kFloat64 };

inline bool is_whole(Kind kind) { return kind != Kind::kFloat32 && kind != Kind::kFloat64; }

struct NumberColumn {
  const void* values;
  Kind kind;
};

// Calls `use` with the column's values as what they are.
template <class Use>
void with_values(const NumberColumn& column, Use use) {
  switch (column.kind) {
    case Kind::kUInt8: return use(static_cast<const uint8_t*>(column.values));
    case Kind::kInt8: return use(static_cast<const int8_t*>(column.values));
    case Kind::kUInt16: return use(static_cast<const uint16_t*>(column.values));
    case Kind::kInt16: return use(static_cast<const int16_t*>(column.values));
    case Kind::kUInt32: return use(static_cast<const uint32_t*>(column.values));
    case Kind::kInt32: return use(static_cast<const int32_t*>(column.values));
    case Kind::kUInt64: return use(static_cast<const uint64_t*>(column.values));
    case Kind::kInt64: return use(static_cast<const int64_t*>(column.values));
    case Kind::kFloat32: return use(static_cast<const float*>(column.values));
    case Kind::kFloat64: return use(static_cast<const double*>(column.values));
  }
}

}  // namespace artesian
