// Bytes in, numbers out.
#include "bindings.hpp"

#include <cstring>
#include <stdexcept>
#include <string>

#include "../arrays.hpp"
#include "levels.hpp"
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

// What the object's `__arrow_c_stream__` gives; the capsule releases it.
ArrowArrayStream& stream_of(const nb::capsule& capsule) {
  if (std::strcmp(capsule.name(), "arrow_array_stream") != 0) throw std::invalid_argument("'texts' must be an Arrow stream.");
  return *static_cast<ArrowArrayStream*>(capsule.data());
}

nb::object numbers_of(LevelNumbers& levels, nb::object texts, size_t count) {
  const auto capsule = nb::cast<nb::capsule>(texts.attr("__arrow_c_stream__")());
  NewArray<uint32_t> out({count});
  {
    nb::gil_scoped_release released;
    size_t done = 0;
    for_each_chunk(stream_of(capsule), [&](const TextViews& chunk) {
      if (done + size_t(chunk.size()) > count) throw std::invalid_argument("The stream has more texts than 'count'.");
      levels.number(chunk, out.data + done);
      done += size_t(chunk.size());
    });
    if (done != count) throw std::invalid_argument("The stream has fewer texts than 'count'.");
  }
  return out.object();
}

nb::tuple levels_of(const LevelNumbers& levels) {
  NewArray<int64_t> ends({levels.size() + 1});
  std::string text;
  for (size_t i = 0; i < levels.size(); ++i) {
    text.append(levels.level(i));
    ends.data[i + 1] = int64_t(text.size());
  }
  return nb::make_tuple(ends.object(), nb::bytes(text.data(), text.size()));
}

}  // namespace

void bind(nb::module_& m) {
  nb::class_<LevelNumbers>(m, "LevelNumbers")
      .def(nb::init<uint64_t>(), nb::arg("seed"))
      .def("add", &numbers_of, nb::arg("texts"), nb::arg("count"))
      .def("levels", &levels_of)
      .def("__len__", &LevelNumbers::size);
  m.def("count_byte", &count, nb::arg("text"), nb::arg("byte"));
  m.def("scan_lines", &scan, nb::arg("text"), nb::arg("separator"), nb::arg("starts"), nb::arg("fields"));
}

}  // namespace artesian::text
