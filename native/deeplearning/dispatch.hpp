// Which instruction set the kernels use: the best that this machine runs, unless a caller chose another.
#pragma once
#include <string>
#include <vector>

#include "kernels.hpp"

namespace artesian::deeplearning {

std::vector<const Kernels*> runnable_kernels();  // best first, never empty
const Kernels& current_kernels();
void choose_kernels(const std::string& name);  // throws std::invalid_argument when this machine cannot run it

}  // namespace artesian::deeplearning
