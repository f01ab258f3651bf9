// One pass over lines of delimited text: how many there are, and whatever makes one of them special.
#pragma once
#include <cstdint>
#include <string_view>

namespace artesian::text {

struct Lines {
  int64_t count = 0;
  int64_t longest = 0;      // bytes of the longest line, its newline included
  int64_t longest_row = 0;  // the number of the first line that long
  int64_t few = 0;          // lines with fewer fields than wanted
  int64_t many = 0;         // lines with more
  int64_t first_wrong = -1;  // the number of the first such line
  bool starts = false;      // whether a line starts with one of the characters asked for
};

int64_t count_byte(std::string_view text, char byte);

// Lines end with '\n'; a last line without one counts as well. Fields are what `separator` stands between.
Lines scan_lines(std::string_view text, char separator, std::string_view starts, int64_t fields);

}  // namespace artesian::text
