#include "dispatch.hpp"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace artesian::deeplearning {

float gradient_scale(const StepConstants& step) {
  return step.optimizer == Optimizer::kAdadelta ? std::sqrt(1.0f - step.rho) : 1.0f;
}

std::vector<const Kernels*> runnable_kernels() {
  std::vector<const Kernels*> found;
#if defined(ARTESIAN_X86_KERNELS)
  // These look at the operating system's saving of the registers too, not at the processor alone.
  if (__builtin_cpu_supports("avx512f")) found.push_back(&kAvx512Kernels);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(&kAvx2Kernels);
#endif
  found.push_back(&kPortableKernels);
  return found;
}

namespace {

const Kernels* find(const std::string& name) {
  for (const Kernels* kernels : runnable_kernels())
    if (name == kernels->name) return kernels;
  return nullptr;
}

const Kernels* at_start() {
  const char* wish = std::getenv("ARTESIAN_SIMD");
  const Kernels* kernels = wish ? find(wish) : nullptr;
  return kernels ? kernels : runnable_kernels().front();
}

std::atomic<const Kernels*>& current() {
  static std::atomic<const Kernels*> kernels{at_start()};
  return kernels;
}

}  // namespace

const Kernels& current_kernels() { return *current().load(); }

void choose_kernels(const std::string& name) {
  const Kernels* kernels = find(name);
  if (kernels) {
    current().store(kernels);
    return;
  }
  std::string names;
  for (const Kernels* each : runnable_kernels()) names += std::string(names.empty() ? "" : ", ") + each->name;
  throw std::invalid_argument("This machine cannot run the instruction set '" + name + "'; it runs: " + names + ".");
}

}  // namespace artesian::deeplearning
