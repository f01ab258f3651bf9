#include "lines.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace artesian::text {

int64_t count_byte(std::string_view text, char byte) {
  return std::count(text.begin(), text.end(), byte);
}

Lines scan_lines(std::string_view text, char separator, std::string_view starts, int64_t fields) {
  std::array<bool, 256> special{};
  for (const char c : starts) special[uint8_t(c)] = true;
  Lines found;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const auto* newline = static_cast<const char*>(std::memchr(at, '\n', size_t(end - at)));
    const char* const next = newline ? newline + 1 : end;
    found.starts |= special[uint8_t(*at)];
    if (next - at > found.longest) {
      found.longest = next - at;
      found.longest_row = found.count;
    }
    const int64_t given = std::count(at, next, separator) + 1;
    if (given != fields) {
      (given < fields ? found.few : found.many) += 1;
      if (found.first_wrong < 0) found.first_wrong = found.count;
    }
    ++found.count;
    at = next;
  }
  return found;
}

}  // namespace artesian::text
