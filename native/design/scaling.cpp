#include "scaling.hpp"

#include <algorithm>
#include <cmath>

namespace artesian::design {

namespace {

constexpr int64_t kTileRows = 64;  // so few that a tile of many hundred columns stays in the second-level cache

float scaled(double value, const ScaledColumn& column) {
  const double result = (value - column.shift) * column.scale;
  return std::isfinite(result) ? float(result) : column.filling;
}

// Scales tiles of rows. Where there are many rows, the inputs of 8-bit columns (pixels) are looked up, not computed.
class Scaler {
 public:
  Scaler(const std::vector<ScaledColumn>& columns, int64_t n_rows) : columns_(columns) {
    if (n_rows < kTableRows) return;
    tables_.resize(columns.size());
    for (size_t j = 0; j < columns.size(); ++j) {
      if (columns[j].column.kind != Kind::kUInt8 && columns[j].column.kind != Kind::kInt8) continue;
      tables_[j].resize(256);
      for (int byte = 0; byte < 256; ++byte)
        tables_[j][size_t(byte)] = scaled(columns[j].column.kind == Kind::kUInt8 ? byte : int8_t(byte), columns[j]);
    }
  }

  // The inputs of rows first .. first + count into out [count, columns].
  void fill(int64_t first, int64_t count, float* out) const {
    for (size_t j = 0; j < columns_.size(); ++j) {
      if (!tables_.empty() && !tables_[j].empty())
        look_up(j, first, count, out + j);
      else
        compute(columns_[j], first, count, out + j);
    }
  }

 private:
  static constexpr int64_t kTableRows = 1024;

  void look_up(size_t j, int64_t first, int64_t count, float* out) const {
    const uint8_t* bytes = static_cast<const uint8_t*>(columns_[j].column.values) + first;
    const float* table = tables_[j].data();
    const size_t stride = columns_.size();
    for (int64_t r = 0; r < count; ++r) out[size_t(r) * stride] = table[bytes[r]];
  }

  void compute(const ScaledColumn& column, int64_t first, int64_t count, float* out) const {
    with_values(column.column, [&](auto values) {
      for (int64_t r = 0; r < count; ++r) out[size_t(r) * columns_.size()] = scaled(double(values[first + r]), column);
    });
  }

  const std::vector<ScaledColumn>& columns_;
  std::vector<std::vector<float>> tables_;  // of each column; empty where values are computed
};

}  // namespace

void fill_rows(const std::vector<ScaledColumn>& columns, int64_t n_rows, float* out) {
  const Scaler scaler(columns, n_rows);
  for (int64_t first = 0; first < n_rows; first += kTileRows)
    scaler.fill(first, std::min(kTileRows, n_rows - first), out + size_t(first) * columns.size());
}

Entries list_entries(const std::vector<ScaledColumn>& columns, int64_t n_rows, int32_t first_input) {
  const size_t width = columns.size();
  const Scaler scaler(columns, n_rows);
  Entries entries;
  entries.counts.resize(size_t(n_rows));
  std::vector<float> tile(size_t(kTileRows) * width);
  size_t used = 0;
  for (int64_t first = 0; first < n_rows; first += kTileRows) {
    const int64_t count = std::min(kTileRows, n_rows - first);
    scaler.fill(first, count, tile.data());
    const size_t room = used + size_t(count) * width;  // written without a branch, then counted
    if (entries.indices.size() < room) {
      entries.indices.resize(room + used);
      entries.values.resize(entries.indices.size());
    }
    int32_t* indices = entries.indices.data();
    float* values = entries.values.data();
    for (int64_t r = 0; r < count; ++r) {
      const float* row = tile.data() + size_t(r) * width;
      const size_t start = used;
      for (size_t j = 0; j < width; ++j) {
        indices[used] = first_input + int32_t(j);
        values[used] = row[j];
        used += row[j] != 0.0f;
      }
      entries.counts.data()[first + r] = int64_t(used - start);
    }
  }
  entries.indices.resize(used);
  entries.values.resize(used);
  return entries;
}

}  // namespace artesian::design
