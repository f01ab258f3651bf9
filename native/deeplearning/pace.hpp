// How many threads to train with. Threads that meet every few microseconds are fast on idle cores and hopeless when something
// else runs on one of them, which may change at any time: so several numbers are timed, and the fastest is taken.
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

namespace artesian::deeplearning {

// Candidates are 1, 2, 4, ... and the most allowed. The neighbours of the best one are tried now and then, the less often the
// more often they lose. Kept with the network from one call of `train` to the next, since calls may be short.
class Pace {
 public:
  explicit Pace(int most = 1, bool adaptive = true) {
    for (int t = 1; t < most && adaptive; t *= 2) threads_.push_back(t);
    threads_.push_back(most);
    seconds_.resize(threads_.size(), 0);
  }
  int most() const { return threads_.back(); }
  bool tries() const { return threads_.size() > 1; }
  int threads() const { return threads_[now_]; }
  bool trying() const { return now_ != best_; }

  // What a segment, or part of one, took for each of its samples with `threads()`.
  void measured(double seconds_per_sample) {
    if (!tries()) return;
    double& known = seconds_[now_];
    if (known == 0)
      known = seconds_per_sample;
    else  // a mean of the last few, in which one interrupted segment does not weigh too much
      known += 0.25 * (std::min(seconds_per_sample, 2 * known) - known);
    if (trying() && ++tried_ < kTrial) return;
    choose();
    if (++since_ < patience_) return;
    since_ = 0;
    up_ = !up_ || best_ == 0;
    now_ = up_ && best_ + 1 < threads_.size() ? best_ + 1 : best_ - 1;
    if (seconds_[now_] > 0) seconds_[now_] = std::min(seconds_[now_], 1.5 * seconds_[best_]);  // give it a chance
  }

 private:
  static constexpr int kTrial = 3;                          // segments of a trial
  static constexpr int kPatience = 4, kMostPatience = 512;  // segments between trials
  static constexpr double kWorthwhile = 0.8;                // more threads must take at most so much of the time

  void choose() {
    const size_t before = best_;
    best_ = 0;
    for (size_t i = 1; i < threads_.size(); ++i)
      if (seconds_[i] > 0 && seconds_[i] < kWorthwhile * seconds_[best_]) best_ = i;
    if (best_ != before)
      patience_ = kPatience;
    else if (tried_ > 0)
      patience_ = std::min(2 * patience_, kMostPatience);
    tried_ = 0;
    now_ = best_;
  }

  std::vector<int> threads_;
  std::vector<double> seconds_;  // per sample, by candidate; 0 is not known
  size_t best_ = 0, now_ = 0;
  int tried_ = 0, since_ = kPatience - 1, patience_ = kPatience;  // the first trial comes after the first segment
  bool up_ = false;
};

}  // namespace artesian::deeplearning
