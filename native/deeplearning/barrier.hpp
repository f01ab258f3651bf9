// Where the threads of one network meet: every few microseconds, so waiting is spinning, until it takes suspiciously long.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace artesian::deeplearning {

inline void pause_core() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Spin, then give the core away: when others want it too, the thread that is waited for may need this very core.
template <class Done>
void wait_until(Done done) {
  constexpr int kSpins = 4000, kYields = 200;  // about 50 us, then about 100 us if nobody else wants to run
  for (int i = 0; i < kSpins; ++i) {
    if (done()) return;
    pause_core();
  }
  for (int i = 0; i < kYields; ++i) {
    if (done()) return;
    std::this_thread::yield();
  }
  while (!done()) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

class Barrier {
 public:
  explicit Barrier(int threads) : slots_(threads) {}
  // Only while nobody is inside.
  void reset(int threads) {
    threads_ = threads;
    for (Slot& slot : slots_) slot.round.store(0, std::memory_order_relaxed);
  }
  // `round` counts the caller's meetings from 1. What others wrote before they came is visible after.
  void meet(int me, uint64_t round) {
    slots_[me].round.store(round, std::memory_order_release);
    for (int t = 0; t < threads_; ++t)
      if (t != me) wait_until([&] { return slots_[t].round.load(std::memory_order_acquire) >= round; });
  }

 private:
  struct alignas(128) Slot {  // two cache lines: the prefetcher fetches them in pairs
    std::atomic<uint64_t> round{0};
  };
  std::vector<Slot> slots_;
  int threads_ = 1;
};

}  // namespace artesian::deeplearning
