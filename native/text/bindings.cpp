// Bytes in, numbers out.
#include "bindings.hpp"

#include <stdexcept>
#include <string>

#include "lines.hpp"

namespace artesian::text {

namespace {

namespace nb = nanobind;

std::string_view view(const nb::bytes& bytes) {
  return {bytes.c_str(), bytes.size()};
}

char one(const nb::bytes& byte, const char* name) {
  if (byte.size() != 1) throw std::invalid_argument("'" + std::string(name) + "' must be one byte.");
  return byte.c_str()[0];
}

int64_t count(nb::bytes text, nb::bytes byte) {
  const char wanted = one(byte, "byte");
  nb::gil_scoped_release released;
  return count_byte(view(text), wanted);
}

nb::tuple scan(nb::bytes text, nb::bytes separator, nb::bytes starts, int64_t fields) {
  const char between = one(separator, "separator");
  Lines found;
  {
    nb::gil_scoped_release released;
    found = scan_lines(view(text), between, view(starts), fields);
  }
  return nb::make_tuple(found.count, found.longest, found.longest_row, found.few, found.many, found.first_wrong, found.starts);
}

}  // namespace

void bind(nb::module_& m) {
  m.def("count_byte", &count, nb::arg("text"), nb::arg("byte"));
  m.def("scan_lines", &scan, nb::arg("text"), nb::arg("separator"), nb::arg("starts"), nb::arg("fields"));
}

}  // namespace artesian::text
