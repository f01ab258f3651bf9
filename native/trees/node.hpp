// How a tree is laid out: nodes in preorder, so that the left child of node i is node i + 1.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

namespace artesian::trees {

// `number` is the value of a leaf, the threshold of a split at a number (left: !(value >= threshold), so that a threshold of
// NaN sends every number left and leaves the right to missing values), or the CellSet of a split by category.
struct Node {
  double number;
  uint32_t right;  // 0 for a leaf
  uint32_t meta;   // flags and, in the low bits, the column

  static constexpr uint32_t kLeaf = 1u << 31, kCategorical = 1u << 30, kMissingLeft = 1u << 29, kColumn = (1u << 24) - 1;
  bool is_leaf() const { return (meta & kLeaf) != 0; }
  bool is_categorical() const { return (meta & kCategorical) != 0; }
  bool missing_left() const { return (meta & kMissingLeft) != 0; }
  uint32_t column() const { return meta & kColumn; }
};
static_assert(sizeof(Node) == 16, "a node is 16 bytes in files too");

// The categories that part from missing values: bit c % 8 of byte `start` + c / 8 - `first` tells of cell c; beyond: no.
struct CellSet {
  uint32_t start;
  uint16_t first, bytes;

  bool contains(const uint8_t* bits, uint32_t cell) const {
    const uint32_t byte = (cell >> 3) - first;
    return byte < bytes && ((bits[start + byte] >> (cell & 7)) & 1);
  }
};
static_assert(sizeof(CellSet) == sizeof(double), "a set of cells lies in a node's number");

inline CellSet cell_set(double number) {
  CellSet set;
  std::memcpy(&set, &number, sizeof set);
  return set;
}
inline double as_number(CellSet set) {
  double number;
  std::memcpy(&number, &set, sizeof number);
  return number;
}

struct Tree {
  std::vector<Node> nodes;
  std::vector<uint8_t> bits;
  std::vector<float> gain, cover;     // of each node: by how much its split lessens the squared error (0: leaf); its weight
  std::vector<double> lower, upper;   // bounds of monotone constraints; empty without
};

}  // namespace artesian::trees
