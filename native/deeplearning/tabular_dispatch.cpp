#include "tabular_dispatch.hpp"

#include <string>

#include "dispatch.hpp"

namespace artesian::deeplearning {

const TabularKernels& current_tabular_kernels() {
#if defined(ARTESIAN_X86_KERNELS)
  const std::string name = current_kernels().name;
  if (name == kAvx512Tabular.name) return kAvx512Tabular;
  if (name == kAvx2Tabular.name) return kAvx2Tabular;
#endif
  return kPortableTabular;
}

}  // namespace artesian::deeplearning
