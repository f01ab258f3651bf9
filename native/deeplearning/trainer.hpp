// Training from end to end: threads, deadline, stop flag, and what is reported.
#pragma once
#include <atomic>
#include <limits>
#include <string>

#include "network.hpp"
#include "worker.hpp"

namespace artesian::deeplearning {

struct TrainResult {
  int64_t samples = 0;
  double loss = std::numeric_limits<double>::quiet_NaN();
  double seconds = 0;
  int threads = 1;
  const char* stopped = "done";
  bool unstable = false;
  std::string unstable_reason;
};

// Off: use all threads allowed that have units to own, whether it pays or not. For tests and benchmarks.
extern std::atomic<bool> adaptive_threads;

TrainResult train(Network& network, const Task& task, int threads, double seconds, const std::atomic<bool>* stop);

}  // namespace artesian::deeplearning
