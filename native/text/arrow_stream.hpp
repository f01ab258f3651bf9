// The Arrow C stream interface (its struct layouts are fixed by the Arrow specification), for columns of texts as views.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace artesian::text {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema* out);
  int (*get_next)(ArrowArrayStream*, ArrowArray* out);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

// What is owned is released in the end.
template <class T>
struct Owned : T {
  Owned() : T{} {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    if (this->release) this->release(this);
  }
};

// One text of a view array: its length, then the text itself if it has at most 12 bytes (zeros behind it), else its first four
// bytes, the number of a buffer and the place in it.
struct TextView {
  int32_t length;
  char inlined[4];
  int32_t buffer;
  int32_t offset;

  bool is_inlined() const { return length <= 12; }
};
static_assert(sizeof(TextView) == 16);

// A chunk of a column of texts.
class TextViews {
 public:
  explicit TextViews(const ArrowArray& array)
      : array_(array), views_(static_cast<const TextView*>(array.buffers[1]) + array.offset) {}
  int64_t size() const { return array_.length; }
  const TextView& operator[](int64_t i) const { return views_[i]; }
  bool has_missing() const { return array_.null_count != 0 && array_.buffers[0] != nullptr; }
  bool is_missing(int64_t i) const {
    const int64_t bit = i + array_.offset;
    return !(static_cast<const uint8_t*>(array_.buffers[0])[bit / 8] >> (bit % 8) & 1);
  }
  std::string_view text(int64_t i) const {
    const TextView& view = views_[i];
    if (view.is_inlined()) return {view.inlined, size_t(view.length)};
    return {static_cast<const char*>(array_.buffers[2 + view.buffer]) + view.offset, size_t(view.length)};
  }

 private:
  const ArrowArray& array_;
  const TextView* views_;
};

// Calls `take(const TextViews&)` with each chunk of a stream of texts.
template <class Take>
void for_each_chunk(ArrowArrayStream& stream, Take take) {
  Owned<ArrowSchema> schema;
  if (stream.get_schema(&stream, &schema)) throw std::invalid_argument("The stream of texts has no schema.");
  if (std::string_view(schema.format) != "vu")
    throw std::invalid_argument("A stream of texts as views is needed. Got Arrow format '" + std::string(schema.format) + "'.");
  while (true) {
    Owned<ArrowArray> array;
    if (stream.get_next(&stream, &array)) throw std::invalid_argument("The stream of texts breaks off.");
    if (!array.release) return;
    take(TextViews(array));
  }
}

}  // namespace artesian::text
