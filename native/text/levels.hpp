// Numbers for texts in the order in which they are first met: a hash table that keeps each text once.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_stream.hpp"

namespace artesian::text {

class LevelNumbers {
 public:
  static constexpr uint32_t kMissing = UINT32_MAX;

  // `seed` makes the hashes of one table worthless for crafting collisions in another.
  explicit LevelNumbers(uint64_t seed);

  // The number of each text of the chunk, kMissing where it is missing.
  void number(const TextViews& texts, uint32_t* out);

  size_t size() const { return levels_.size(); }
  // The text of a number.
  std::string_view level(size_t number) const;

 private:
  struct Slot {
    uint32_t tag;        // part of the hash
    uint32_t following;  // the number plus one; 0: the slot is free
  };
  // A text of at most 12 bytes lies in its view; a longer one in `pages_`, as many characters from `start` on.
  struct Level {
    TextView view;
    const char* start;
    uint64_t hash;
  };

  uint64_t hash(const TextView& view, std::string_view text) const;
  uint32_t find(const TextView& view, std::string_view text);
  uint32_t add(const TextView& view, std::string_view text, uint64_t hash, size_t slot);
  bool equal(const Level& level, const TextView& view, std::string_view text) const;
  void grow();

  uint64_t seed_;
  std::vector<Slot> slots_;
  std::vector<Level> levels_;
  std::deque<std::string> pages_;
};

}  // namespace artesian::text
