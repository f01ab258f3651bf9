// Threads that share out numbered tasks. What a task does must not depend on who does it.
#pragma once
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace artesian::trees {

class Pool {
 public:
  explicit Pool(int threads) : size_(threads < 1 ? 1 : threads) {
    for (int t = 1; t < size_; ++t) workers_.emplace_back([this, t] { serve(t); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
    }
    start_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int size() const { return size_; }

  // Calls work(task, thread) for all tasks; returns when all are done. Not to be called from within a task.
  void run(size_t tasks, const std::function<void(size_t, int)>& work) {
    if (size_ == 1 || tasks <= 1) {
      for (size_t task = 0; task < tasks; ++task) work(task, 0);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      tasks_ = tasks;
      next_.store(0);
      busy_ = size_ - 1;
      ++round_;
    }
    start_.notify_all();
    take(0);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
    work_ = nullptr;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  void take(int thread) {
    try {
      for (size_t task; (task = next_.fetch_add(1)) < tasks_;) (*work_)(task, thread);
    } catch (...) {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      next_.store(tasks_);
    }
  }
  void serve(int thread) {
    uint64_t seen = 0;
    for (;;) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        start_.wait(lock, [&] { return ending_ || round_ != seen; });
        if (ending_) return;
        seen = round_;
      }
      take(thread);
      {
        std::lock_guard<std::mutex> lock(mutex_);
        --busy_;
      }
      done_.notify_one();
    }
  }

  const int size_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable start_, done_;
  const std::function<void(size_t, int)>* work_ = nullptr;
  std::atomic<size_t> next_{0};
  size_t tasks_ = 0;
  int busy_ = 0;
  uint64_t round_ = 0;
  bool ending_ = false;
  std::exception_ptr failure_;
};

}  // namespace artesian::trees
