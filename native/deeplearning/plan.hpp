// How one network is shared out among threads so that a single sample trains on several cores.
//
// Why not Hogwild: threads that write the same weights and ADADELTA state move every cache line between the cores at every
// sample, and two of them are slower than one. Replicas that are averaged now and then do scale, but lose accuracy for the
// samples seen. Here each thread owns units, so that its weights stay in its own cache and training is exactly the
// sequential algorithm:
//
//   columns  every thread has all inputs and computes the outputs of its own units (the first layer, say);
//   rows     the inputs are units that are shared out: each thread adds up the contributions of its own units to all
//            outputs, and the threads exchange these partial sums at a barrier;
//   copy     a small layer: every thread computes it all, in a copy of its own, since that is cheaper than talking.
//
// Columns and rows alternate, so a net of one or two hidden layers meets at one barrier a sample. Partial sums are kept
// for fixed groups of units and always added in the same order; which thread did a group does not show in the result.
#pragma once
#include <algorithm>
#include <vector>

#include "network.hpp"

namespace artesian::deeplearning {

enum class Sharing { kColumns, kRows, kCopy };

// The units of a layer in groups of whole panels: group g has panels [bounds[g], bounds[g + 1]).
struct Groups {
  std::vector<int> bounds;
  int count() const { return int(bounds.size()) - 1; }
  int units_begin(int g) const { return bounds[g] * kPanel; }
};

struct Plan {
  std::vector<Sharing> sharing;  // of each weight matrix
  std::vector<Groups> groups;    // of the output units of each weight matrix
  int most_threads = 1;

  explicit Plan(const Network& network) {
    bool everyone_has_inputs = true;
    const int layers = network.config.layers();
    for (int l = 0; l < layers; ++l) {
      const Layer& layer = network.state.layers[l];
      if (!everyone_has_inputs) {
        sharing.push_back(Sharing::kRows);
        everyone_has_inputs = true;
      } else if (l > 0 && int64_t(layer.n_in) * layer.lanes() <= kSmall) {
        sharing.push_back(Sharing::kCopy);
      } else {
        sharing.push_back(Sharing::kColumns);
        everyone_has_inputs = false;
      }
      groups.push_back(cut(layer.panels));
      most_threads = std::max(most_threads, groups.back().count());
    }
  }

  bool outputs_are_shared_out(int l) const { return sharing[l] == Sharing::kColumns; }

 private:
  static constexpr int64_t kSmall = 4096;  // weights that a core does in less time than two barriers take (about 0.4 us)
  static constexpr int kMostGroups = 8;    // partial sums to add up at each exchange; 16 from 512 units on

  static Groups cut(int panels) {
    const int n = std::min(panels, panels >= 32 ? 2 * kMostGroups : kMostGroups);
    Groups out;
    for (int g = 0; g <= n; ++g) out.bounds.push_back(int(int64_t(g) * panels / n));
    return out;
  }
};

}  // namespace artesian::deeplearning
