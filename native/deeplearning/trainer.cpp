// Threads of one training run.
//
// The order is trained in segments of a millisecond or two. Between segments the deadline and the stop flag are looked at, and
// the number of threads for the next one is chosen (pace.hpp). Results do not depend on that choice (plan.hpp).
#include "trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "dispatch.hpp"

namespace artesian::deeplearning {

std::atomic<bool> adaptive_threads{true};

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The workers and their threads; helpers wait here between segments, awake for a moment, then asleep.
class Crew {
 public:
  explicit Crew(Shared& shared) : shared_(shared) {}
  ~Crew() {
    command(0, 0, 0);
    for (std::thread& thread : threads_) thread.join();
  }

  void train(int64_t begin, int64_t end, int threads) {
    while (int(workers_.size()) < threads) enlist();
    if (threads != joined_) {
      for (int i = 0; i < threads; ++i) workers_[i]->join(threads);
      joined_ = threads;
      shared_.barrier.reset(threads);
    }
    if (threads > 1) command(begin, end, threads);
    workers_[0]->train(begin, end);
    if (threads > 1) wait_until([&] { return busy_.load(std::memory_order_acquire) == 0; });
  }

 private:
  // Memory and threads are for those who are needed.
  void enlist() {
    const int me = int(workers_.size());
    workers_.push_back(std::make_unique<Worker>(shared_, me));
    if (me > 0) threads_.emplace_back([this, worker = workers_.back().get(), me, seen = number_.load()] { help(worker, me, seen); });
  }

  void command(int64_t begin, int64_t end, int threads) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      begin_ = begin, end_ = end, wanted_ = threads;
      busy_.store(std::max(0, threads - 1), std::memory_order_relaxed);
      number_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
  }

  void help(Worker* worker, int me, uint64_t seen) {
    constexpr int kSpins = 2000;
    while (true) {
      for (int i = 0; i < kSpins && number_.load(std::memory_order_acquire) == seen; ++i) pause_core();
      int64_t begin, end;
      int wanted;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return number_.load(std::memory_order_relaxed) != seen; });
        seen = number_.load(std::memory_order_relaxed);
        begin = begin_, end = end_, wanted = wanted_;
      }
      if (wanted == 0) return;
      if (me >= wanted) continue;
      worker->train(begin, end);
      busy_.fetch_sub(1, std::memory_order_release);
    }
  }

  Shared& shared_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<uint64_t> number_{0};
  std::atomic<int> busy_{0};
  int64_t begin_ = 0, end_ = 0;
  int wanted_ = 0, joined_ = 0;
};

// Rough time of one sample on one core, to tell work worth sharing from work that is not.
double estimated_microseconds(const Network& network, const Task& task) {
  const Rows& rows = task.rows;
  const double entries = rows.indptr && rows.n_rows ? double(rows.indptr[rows.n_rows]) / double(rows.n_rows) : 0;
  double inputs = (entries + rows.n_dense) * (1 - network.config.input_dropout), weights = 0;
  for (const Layer& layer : network.state.layers) {
    weights += inputs * layer.lanes();
    inputs = layer.n_out * 0.6;
  }
  return weights / 2500;  // weights a microsecond, ADADELTA, AVX2
}

int useful_threads(const Network& network, const Task& task, const Plan& plan, int allowed) {
  constexpr double kLeastShare = 1.5;  // microseconds of work a thread needs between meetings
  constexpr double kLeastRun = 5000;   // microseconds of work worth starting threads for
  if (!adaptive_threads) return std::min(allowed, plan.most_threads);
  const double each = estimated_microseconds(network, task);
  if (each * double(task.n) < kLeastRun) return 1;
  const int by_work = int(each * task.batch / kLeastShare);
  return std::max(1, std::min({allowed, plan.most_threads, by_work}));
}

}  // namespace

TrainResult train(Network& network, const Task& task, int allowed, double seconds, const std::atomic<bool>* stop) {
  constexpr double kSegment = 0.002;  // seconds
  constexpr int64_t kTrialPart = 4;   // of a segment is enough to try another number of threads
  const auto start = Clock::now();
  TrainResult result;
  const int most = useful_threads(network, task, Plan(network), allowed);
  Shared shared(network, task, current_kernels(), most);
  std::vector<int64_t> samples_by_threads(most + 1, 0);
  {
    Crew crew(shared);
    if (network.pace.most() != most || network.pace.tries() != (most > 1 && adaptive_threads)) network.pace = Pace(most, adaptive_threads);
    Pace& pace = network.pace;
    const double guess = std::max(0.1, estimated_microseconds(network, task)) * 1e-6;
    int64_t segment = std::max<int64_t>(1, int64_t(kSegment / 4 / guess));
    while (result.samples < task.n) {
      if (stop && stop->load(std::memory_order_relaxed)) {
        result.stopped = "token";
        break;
      }
      if (seconds_since(start) >= seconds) {
        result.stopped = "deadline";
        break;
      }
      const int64_t begin = result.samples;
      const int64_t size = pace.trying() ? segment / kTrialPart : segment;
      const int64_t batches = std::max<int64_t>(1, (size + task.batch - 1) / task.batch);
      const int64_t end = std::min(task.n, begin + batches * task.batch);
      const int threads = pace.threads();
      const bool tried = pace.trying();
      const auto segment_start = Clock::now();
      crew.train(begin, end, threads);
      const double each = std::max(1e-9, seconds_since(segment_start) / double(end - begin));
      pace.measured(each);
      samples_by_threads[threads] += end - begin;
      result.samples = end;
      if (!tried) segment = std::clamp<int64_t>(int64_t(kSegment / each), std::max<int64_t>(1, segment / 2), segment * 4);
      double loss = 0;
      for (double part : shared.loss) loss += part;
      if (!std::isfinite(loss)) {
        result.stopped = "unstable";
        result.unstable_reason = "the training loss is not finite";
        break;
      }
    }
  }
  shared.finish();
  network.state.samples += result.samples;
  double loss = 0;
  for (double part : shared.loss) loss += part;
  if (shared.weight > 0) result.loss = loss / shared.weight;
  const std::string reason = network.instability();
  if (!reason.empty()) result.unstable_reason = reason;
  result.unstable = !result.unstable_reason.empty();
  if (result.unstable) result.stopped = "unstable";
  result.threads = int(std::max_element(samples_by_threads.begin(), samples_by_threads.end()) - samples_by_threads.begin());
  result.threads = std::max(1, result.threads);
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace artesian::deeplearning
