// The loops of tabular networks for the "avx2" path. CMakeLists.txt gives this file its instruction set; tabular_dispatch.cpp
// calls it only where it runs.
#include "tabular_impl.hpp"

namespace artesian::deeplearning {
const TabularKernels kAvx2Tabular = ARTESIAN_TABULAR_KERNELS("avx2");
}
