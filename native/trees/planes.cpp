#include "planes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pool.hpp"

namespace artesian::trees {

namespace {

constexpr size_t kLanes = 4;      // coordinates are filled up with zeros to a multiple, so that several are multiplied at once
constexpr size_t kBlock = 256;    // rows that take each step together: their walks do not wait for one another
constexpr size_t kTask = 1 << 13;  // rows that a thread takes

struct Walk {
  float shift;         // what the sum of normal * x is compared with
  uint32_t child[2];
};

// The nodes as walks read them.
class Layout {
 public:
  explicit Layout(const PlaneTrees& trees) : padded_((trees.width + kLanes - 1) / kLanes * kLanes), nodes_(trees.nodes) {
    normal_.assign(trees.nodes * padded_, 0.0f);
    for (size_t i = 0; i < trees.nodes; ++i) {
      const float* normal = trees.normal + i * trees.width;
      const float* point = trees.point + i * trees.width;
      float shift = 0;
      for (size_t j = 0; j < trees.width; ++j) {
        normal_[i * padded_ + j] = normal[j];
        shift += normal[j] * point[j];
      }
      nodes_[i] = {shift, {uint32_t(trees.left[i]), uint32_t(trees.right[i])}};
    }
  }

  size_t padded() const { return padded_; }
  const Walk& node(size_t i) const { return nodes_[i]; }

  float dot(size_t node, const float* row) const {
    const float* normal = normal_.data() + node * padded_;
    float sums[kLanes] = {0, 0, 0, 0};
    for (size_t j = 0; j < padded_; j += kLanes)
      for (size_t l = 0; l < kLanes; ++l) sums[l] += normal[j + l] * row[j + l];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

 private:
  const size_t padded_;
  std::vector<float> normal_;
  std::vector<Walk> nodes_;
};

// The rows of a task, a missing value as 0; whether a row has any.
struct Table {
  std::vector<float> values;
  std::vector<uint8_t> incomplete;

  void load(const float* rows, size_t count, size_t width, size_t padded) {
    values.assign(count * padded, 0.0f);
    incomplete.assign(count, 0);
    for (size_t i = 0; i < count; ++i)
      for (size_t j = 0; j < width; ++j) {
        const float value = rows[i * width + j];
        const bool missing = std::isnan(value);
        values[i * padded + j] = missing ? 0.0f : value;
        incomplete[i] |= uint8_t(missing);
      }
  }
};

// What the points of a node come to in the coordinates that a row has.
float shift_of(const PlaneTrees& trees, size_t node, const float* row) {
  const float* normal = trees.normal + node * trees.width;
  const float* point = trees.point + node * trees.width;
  float shift = 0;
  for (size_t j = 0; j < trees.width; ++j) shift += std::isnan(row[j]) ? 0.0f : normal[j] * point[j];
  return shift;
}

void walk(const PlaneTrees& trees, const Layout& layout, const float* rows, size_t count, double* out) {
  const size_t padded = layout.padded();
  Table table;
  table.load(rows, count, trees.width, padded);
  uint32_t at[kBlock];
  for (size_t begin = 0; begin < count; begin += kBlock) {
    const size_t n = std::min(kBlock, count - begin);
    bool complete = true;
    for (size_t i = 0; i < n; ++i) complete &= !table.incomplete[begin + i];
    for (size_t t = 0; t < trees.trees; ++t) {
      std::fill(at, at + n, uint32_t(trees.first[t]));
      for (int step = 0; step < trees.height; ++step)
        for (size_t i = 0; i < n; ++i) {
          const Walk& node = layout.node(at[i]);
          float shift = node.shift;
          if (!complete && table.incomplete[begin + i]) shift = shift_of(trees, at[i], rows + (begin + i) * trees.width);
          at[i] = node.child[layout.dot(at[i], table.values.data() + (begin + i) * padded) - shift > 0];
        }
      for (size_t i = 0; i < n; ++i) out[begin + i] += trees.length[at[i]];
    }
  }
}

}  // namespace

void plane_lengths(const PlaneTrees& trees, const float* values, size_t n_rows, int threads, double* out) {
  const Layout layout(trees);
  std::fill(out, out + n_rows, 0.0);
  const size_t tasks = (n_rows + kTask - 1) / kTask;
  Pool pool(int(std::min<size_t>(size_t(std::max(threads, 1)), std::max<size_t>(tasks, 1))));
  pool.run(tasks, [&](size_t task, int) {
    const size_t first = task * kTask;
    walk(trees, layout, values + first * trees.width, std::min(kTask, n_rows - first), out + first);
  });
}

}  // namespace artesian::trees
