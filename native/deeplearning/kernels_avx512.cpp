// The inner loops for the "avx512" path. CMakeLists.txt gives this file its instruction set; dispatch.cpp calls it only where it runs.
#define ARTESIAN_AVX512
#include "kernels_impl.hpp"

namespace artesian::deeplearning {
const Kernels kAvx512Kernels = ARTESIAN_KERNELS("avx512");
}
