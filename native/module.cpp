// artesian._native: the compiled kernels that no library serves.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

NB_MODULE(_native, m) { m.doc() = "Compiled kernels of Artesian."; }
