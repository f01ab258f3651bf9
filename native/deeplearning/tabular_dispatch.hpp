// Which of the loops of tabular networks run: those of the instruction set that all kernels use.
#pragma once
#include "tabular_kernels.hpp"

namespace artesian::deeplearning {

const TabularKernels& current_tabular_kernels();

}  // namespace artesian::deeplearning
