// The loops of tabular networks for the "portable" path. CMakeLists.txt gives this file its instruction set; tabular_dispatch.cpp
// calls it only where it runs.
#include "tabular_impl.hpp"

namespace artesian::deeplearning {
const TabularKernels kPortableTabular = ARTESIAN_TABULAR_KERNELS("portable");
}
