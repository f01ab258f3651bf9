// artesian._native: the compiled kernels that no library serves.
#include <nanobind/nanobind.h>

#include "cluster/bindings.hpp"
#include "deeplearning/bindings.hpp"
#include "design/bindings.hpp"
#include "frame/bindings.hpp"
#include "linear/bindings.hpp"
#include "metrics/bindings.hpp"
#include "text/bindings.hpp"
#include "trees/bindings.hpp"

NB_MODULE(_native, m) {
  m.doc() = "Compiled kernels of Artesian.";
  artesian::cluster::bind(m);
  artesian::design::bind(m);
  artesian::deeplearning::bind(m);
  artesian::deeplearning::bind_tabular(m);
  artesian::frame::bind(m);
  artesian::linear::bind(m);
  artesian::metrics::bind(m);
  artesian::text::bind(m);
  artesian::trees::bind(m);
}
