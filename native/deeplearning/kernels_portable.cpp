// The inner loops for the "portable" path. CMakeLists.txt gives this file its instruction set; dispatch.cpp calls it only where it runs.
#define ARTESIAN_PORTABLE
#include "kernels_impl.hpp"

namespace artesian::deeplearning {
const Kernels kPortableKernels = ARTESIAN_KERNELS("portable");
}
