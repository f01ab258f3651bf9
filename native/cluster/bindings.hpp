// The Python face of this folder; its types and docstrings are in src/artesian/_native.pyi.
#pragma once
#include <nanobind/nanobind.h>

namespace artesian::cluster {
void bind(nanobind::module_& m);
}
