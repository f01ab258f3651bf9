// The loops of tabular networks for the "avx512" path. CMakeLists.txt gives this file its instruction set; tabular_dispatch.cpp
// calls it only where it runs.
#include "tabular_impl.hpp"

namespace artesian::deeplearning {
const TabularKernels kAvx512Tabular = ARTESIAN_TABULAR_KERNELS("avx512");
}
