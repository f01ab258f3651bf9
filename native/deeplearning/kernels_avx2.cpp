// The inner loops for the "avx2" path. CMakeLists.txt gives this file its instruction set; dispatch.cpp calls it only where it runs.
#define ARTESIAN_AVX2
#include "kernels_impl.hpp"

namespace artesian::deeplearning {
const Kernels kAvx2Kernels = ARTESIAN_KERNELS("avx2");
}
