// Weights and optimiser state as NumPy arrays and back, [n_out, n_in] as the rest of the world has them.
#pragma once
#include <nanobind/nanobind.h>

#include "network.hpp"

namespace artesian::deeplearning {

// `slot` 0 is the weight, the others are the optimiser's.
nanobind::object read_weights(const Network& network, int layer, int slot);
nanobind::object read_biases(const Network& network, int layer, int slot);
void write_weights(Network& network, int layer, int slot, nanobind::object values, const char* name);
void write_biases(Network& network, int layer, int slot, nanobind::object values, const char* name);

nanobind::dict read_state(const Network& network);
void write_state(Network& network, nanobind::dict state);
void restore(Network& network, const State& snapshot);

}  // namespace artesian::deeplearning
