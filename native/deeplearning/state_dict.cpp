// The state dictionary of a network.
#include "state_dict.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "../arrays.hpp"

namespace artesian::deeplearning {

namespace {

// Names of the slots behind the weight, by optimiser.
std::vector<std::string> slot_names(const Network& network) {
  switch (network.config.optimizer()) {
    case Optimizer::kAdadelta: return {"", "_g2", "_dx2"};
    case Optimizer::kSgd: return {""};
    case Optimizer::kMomentum:
    case Optimizer::kNesterov: return {"", "_velocity"};
  }
  return {};
}

std::string key(const std::string& name, int layer) { return name + "." + std::to_string(layer); }

}  // namespace

nb::object read_weights(const Network& network, int l, int slot) {
  const Layer& layer = network.state.layers[l];
  NewArray<float> out({size_t(layer.outputs()), size_t(layer.n_in)});
  for (int o = 0; o < layer.outputs(); ++o)
    for (int i = 0; i < layer.n_in; ++i) out.data[size_t(o) * layer.n_in + i] = layer.at(i, layer.lane_of(o), slot);
  return out.object();
}

nb::object read_biases(const Network& network, int l, int slot) {
  const Layer& layer = network.state.layers[l];
  NewArray<float> out({size_t(layer.outputs())});
  for (int o = 0; o < layer.outputs(); ++o) out.data[o] = layer.at(layer.n_in, layer.lane_of(o), slot);
  return out.object();
}

void write_weights(Network& network, int l, int slot, nb::object values, const char* name) {
  Layer& layer = network.state.layers[l];
  const float* from = view<float>(values, {layer.outputs(), layer.n_in}, name);
  for (int o = 0; o < layer.outputs(); ++o)
    for (int i = 0; i < layer.n_in; ++i) layer.at(i, layer.lane_of(o), slot) = from[size_t(o) * layer.n_in + i];
}

void write_biases(Network& network, int l, int slot, nb::object values, const char* name) {
  Layer& layer = network.state.layers[l];
  const float* from = view<float>(values, {layer.outputs()}, name);
  for (int o = 0; o < layer.outputs(); ++o) layer.at(layer.n_in, layer.lane_of(o), slot) = from[o];
}

nb::dict read_state(const Network& network) {
  nb::dict out;
  const std::vector<std::string> slots = slot_names(network);
  for (int l = 0; l < network.config.layers(); ++l)
    for (size_t slot = 0; slot < slots.size(); ++slot) {
      out[key("weights" + slots[slot], l).c_str()] = read_weights(network, l, int(slot));
      out[key("biases" + slots[slot], l).c_str()] = read_biases(network, l, int(slot));
    }
  for (size_t l = 0; l < network.state.average_activation.size(); ++l) {
    NewArray<float> average({size_t(network.config.units[l + 1])});
    std::copy_n(network.state.average_activation[l].data(), average.shape[0], average.data);
    out[key("average_activation", int(l)).c_str()] = average.object();
  }
  NewArray<int64_t> samples({1});
  samples.data[0] = network.state.samples;
  out["samples"] = samples.object();
  return out;
}

void write_state(Network& network, nb::dict state) {
  // Into a network of its own first, so that a bad entry changes nothing.
  Network fresh(network);
  const std::vector<std::string> slots = slot_names(network);
  std::set<std::string> known = {"samples"};
  const auto take = [&](const std::string& name, bool required, auto write) {
    known.insert(name);
    if (state.contains(name.c_str()))
      write(nb::object(state[name.c_str()]), name.c_str());
    else if (required)
      throw std::invalid_argument("The state has no '" + name + "'.");
  };
  for (int l = 0; l < network.config.layers(); ++l) {
    fresh.state.layers[l].data.zero();
    for (size_t slot = 0; slot < slots.size(); ++slot) {
      take(key("weights" + slots[slot], l), slot == 0,
           [&](nb::object v, const char* name) { write_weights(fresh, l, int(slot), v, name); });
      take(key("biases" + slots[slot], l), slot == 0,
           [&](nb::object v, const char* name) { write_biases(fresh, l, int(slot), v, name); });
    }
  }
  for (size_t l = 0; l < fresh.state.average_activation.size(); ++l) {
    fresh.state.average_activation[l].zero();
    take(key("average_activation", int(l)), false, [&](nb::object v, const char* name) {
      const int64_t n = network.config.units[l + 1];
      std::copy_n(view<float>(v, {n}, name), n, fresh.state.average_activation[l].data());
    });
  }
  fresh.state.samples = 0;
  take("samples", false, [&](nb::object v, const char* name) { fresh.state.samples = *view<int64_t>(v, {1}, name); });
  for (auto item : state) {
    const std::string name = nb::cast<std::string>(item.first);
    if (!known.count(name)) throw std::invalid_argument("The state has an entry '" + name + "' that this network has no place for.");
  }
  network.state = std::move(fresh.state);
}

void restore(Network& network, const State& snapshot) {
  bool same = snapshot.layers.size() == network.state.layers.size() &&
              snapshot.average_activation.size() == network.state.average_activation.size();
  for (size_t l = 0; same && l < snapshot.layers.size(); ++l) {
    const Layer &a = snapshot.layers[l], &b = network.state.layers[l];
    same = a.n_in == b.n_in && a.n_out == b.n_out && a.channels == b.channels && a.slots == b.slots;
  }
  if (!same) throw std::invalid_argument("The snapshot is of a network with other units or another optimiser.");
  network.state = snapshot;
}

}  // namespace artesian::deeplearning
