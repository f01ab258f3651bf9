#include "levels.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace artesian::text {

namespace {

constexpr size_t kPageBytes = size_t(1) << 20;
constexpr uint64_t kFirst = 0x9E3779B97F4A7C15u, kSecond = 0xD6E8FEB86659FD93u;

uint64_t mixed(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return uint64_t(product) ^ uint64_t(product >> 64);
}

uint64_t word(const void* from) {
  uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace

LevelNumbers::LevelNumbers(uint64_t seed) : seed_(seed), slots_(1024) {}

uint64_t LevelNumbers::hash(const TextView& view, std::string_view text) const {
  if (view.is_inlined()) {
    const char* bytes = reinterpret_cast<const char*>(&view);
    return mixed(mixed(word(bytes) ^ seed_, kFirst) ^ word(bytes + 8), kSecond ^ seed_);
  }
  uint64_t state = mixed(seed_ ^ text.size(), kFirst);
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) state = mixed(state ^ word(text.data() + at), kSecond);
  // the last eight bytes once more, which covers what is left over; a long text has at least thirteen
  return mixed(state ^ word(text.data() + text.size() - 8), kFirst ^ seed_);
}

bool LevelNumbers::equal(const Level& level, const TextView& view, std::string_view text) const {
  if (level.view.length != view.length) return false;
  if (view.is_inlined()) return std::memcmp(&level.view, &view, sizeof view) == 0;
  return std::memcmp(level.start, text.data(), text.size()) == 0;
}

uint32_t LevelNumbers::find(const TextView& view, std::string_view text) {
  const uint64_t hashed = hash(view, text);
  const uint32_t tag = uint32_t(hashed >> 32);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hashed & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (!slot.following) return add(view, text, hashed, at);
    if (slot.tag == tag && equal(levels_[slot.following - 1], view, text)) return slot.following - 1;
  }
}

uint32_t LevelNumbers::add(const TextView& view, std::string_view text, uint64_t hash, size_t slot) {
  if (levels_.size() >= kMissing - 1) throw std::length_error("A column has more different texts than 32 bits can number.");
  const char* start = nullptr;
  if (!view.is_inlined()) {
    if (pages_.empty() || pages_.back().capacity() - pages_.back().size() < text.size()) {
      pages_.emplace_back();
      pages_.back().reserve(std::max(kPageBytes, text.size()));
    }
    start = pages_.back().data() + pages_.back().size();
    pages_.back().append(text);
  }
  levels_.push_back({view, start, hash});
  slots_[slot] = {uint32_t(hash >> 32), uint32_t(levels_.size())};
  const uint32_t number = uint32_t(levels_.size() - 1);
  if (2 * levels_.size() > slots_.size()) grow();
  return number;
}

void LevelNumbers::grow() {
  slots_.assign(4 * slots_.size(), Slot{});
  const size_t mask = slots_.size() - 1;
  for (size_t i = 0; i < levels_.size(); ++i) {
    size_t at = levels_[i].hash & mask;
    while (slots_[at].following) at = (at + 1) & mask;
    slots_[at] = {uint32_t(levels_[i].hash >> 32), uint32_t(i + 1)};
  }
}

void LevelNumbers::number(const TextViews& texts, uint32_t* out) {
  const bool missing = texts.has_missing();
  for (int64_t i = 0; i < texts.size(); ++i)
    out[i] = missing && texts.is_missing(i) ? kMissing : find(texts[i], texts.text(i));
}

std::string_view LevelNumbers::level(size_t number) const {
  const Level& level = levels_[number];
  return {level.view.is_inlined() ? level.view.inlined : level.start, size_t(level.view.length)};
}

}  // namespace artesian::text
