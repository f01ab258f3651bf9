#include "split.hpp"

#include <algorithm>
#include <cmath>

#include "../deeplearning/random.hpp"

namespace artesian::trees {

namespace {

// What a child lessens the squared error by, apart from what is the same for all splits; s^2 / w when unbounded.
struct Scorer {
  double lower, upper;
  int monotone;
  bool bounded;

  double value(const Sums& sums) const { return std::min(std::max(sums.sum / sums.weight, lower), upper); }
  double score(const Sums& sums) const {
    if (!bounded) return sums.sum * sums.sum / sums.weight;
    const double v = value(sums);
    return (2 * sums.sum - v * sums.weight) * v;
  }
  bool ordered(const Sums& left, const Sums& right) const {
    return monotone == 0 || monotone * value(left) <= monotone * value(right);
  }
};

// Which boundaries between cells i and i + 1 may part: those between bins of equal width, or those that hold a random point.
// False: all may.
bool mark_allowed(const Column& column, const std::vector<Cell>& cells, const Candidates& candidates, bool by_rank,
                  std::vector<uint8_t>& allowed) {
  const size_t k = cells.size();
  const auto position = [&](size_t i) { return by_rank ? double(i) : column.position(cells[i].code); };
  const double low = position(0), high = position(k - 1);
  if (candidates.random) {
    if (k == 2) return false;
    allowed.assign(k, 0);
    for (uint32_t d = 0; d < candidates.bins; ++d) {
      const double point = low + deeplearning::uniform(candidates.stream, d) * (high - low);
      size_t from = 0, to = k - 1;  // the last cell at or below the point
      while (to - from > 1) {
        const size_t middle = (from + to) / 2;
        (position(middle) <= point ? from : to) = middle;
      }
      allowed[from] = 1;
    }
    return true;
  }
  if (by_rank) return false;
  const bool whole = column.integer || !column.positions;
  const double span = whole ? high - low + 1 : high - low;
  if ((whole && span <= candidates.bins) || k <= 2) return false;
  allowed.assign(k, 0);
  const double scale = candidates.bins / span;
  int64_t last = 0;
  for (size_t i = 1; i < k; ++i) {
    const int64_t bin = std::min<int64_t>(int64_t((position(i) - low) * scale), candidates.bins - 1);
    allowed[i - 1] = bin != last;
    last = bin;
  }
  return true;
}

struct Found {
  double gain;
  size_t last = SIZE_MAX;  // the last cell of the left side; SIZE_MAX: missing values alone go right
  bool missing_left = false, any = false;
  Sums left;
};

// Runs the boundary over the cells, with missing values on either side.
template <bool kBounded>
void scan(const std::vector<Cell>& cells, const Sums& missing, const NodeLimits& limits, const Scorer& scorer, double parent,
          const uint8_t* allowed, Found& found) {
  const double min_rows = limits.min_rows;
  const bool saw_missing = missing.count > 0;
  Sums left;
  const auto weigh = [&](const Sums& l, size_t last, bool missing_left) {
    const Sums r = limits.total - l;
    if (l.count < min_rows || r.count < min_rows || !(l.weight > 0) || !(r.weight > 0)) return;
    const double gain = kBounded ? scorer.score(l) + scorer.score(r) - parent
                                 : l.sum * l.sum / l.weight + r.sum * r.sum / r.weight - parent;
    if (gain > found.gain && (!kBounded || scorer.ordered(l, r))) found = {gain, last, missing_left, true, l};
  };
  for (size_t i = 0; i + 1 < cells.size(); ++i) {
    left = left + cells[i].sums;
    if (allowed && !allowed[i]) continue;
    weigh(left, i, false);
    if (saw_missing) weigh(left + missing, i, true);
  }
  if (saw_missing && !cells.empty()) weigh(limits.total - missing, SIZE_MAX, false);
}

// The cells in the order of their mean target.
const std::vector<Cell>& sort_by_mean(const std::vector<Cell>& cells, SplitSpace& space) {
  const size_t k = cells.size();
  space.means.resize(k);
  space.order.resize(k);
  for (size_t i = 0; i < k; ++i) {
    space.means[i] = cells[i].sums.sum / cells[i].sums.weight;
    space.order[i] = uint32_t(i);
  }
  const double* means = space.means.data();
  const auto before = [means](uint32_t a, uint32_t b) { return means[a] < means[b] || (means[a] == means[b] && a < b); };
  if (k <= 12) {
    for (size_t i = 1; i < k; ++i) {
      const uint32_t each = space.order[i];
      size_t j = i;
      for (; j > 0 && before(each, space.order[j - 1]); --j) space.order[j] = space.order[j - 1];
      space.order[j] = each;
    }
  } else {
    std::sort(space.order.begin(), space.order.end(), before);
  }
  space.sorted.resize(k);
  for (size_t i = 0; i < k; ++i) space.sorted[i] = cells[space.order[i]];
  return space.sorted;
}

// The cells in an order drawn at random. Sorted by their means, many levels would be parted nearly as well as the rows
// themselves, however few boundaries were drawn.
const std::vector<Cell>& shuffle(const std::vector<Cell>& cells, uint64_t stream, SplitSpace& space) {
  const size_t k = cells.size();
  space.sorted = cells;
  for (size_t i = k; i > 1; --i) {
    const size_t j = std::min(i - 1, size_t(deeplearning::uniform(~stream, uint32_t(i)) * double(i)));
    std::swap(space.sorted[i - 1], space.sorted[j]);
  }
  return space.sorted;
}

}  // namespace

void consider(const Column& column, int number, int monotone, const std::vector<Cell>& given, const Sums& missing,
              const NodeLimits& limits, const Candidates& candidates, SplitSpace& space, Split& best) {
  if (given.empty() || (given.size() < 2 && !(missing.count > 0))) return;
  const std::vector<Cell>& cells = !column.categorical  ? given
                                   : candidates.random ? shuffle(given, candidates.stream, space)
                                                       : sort_by_mean(given, space);
  const Scorer scorer{limits.lower, limits.upper, monotone,
                      monotone != 0 || limits.lower > -kInfinity || limits.upper < kInfinity};
  const double parent = limits.total.sum * limits.total.sum / limits.total.weight;
  const bool some = cells.size() > 1 && mark_allowed(column, cells, candidates, column.categorical, space.allowed);
  Found found;
  found.gain = std::max(best.gain, limits.least_gain);
  if (scorer.bounded)
    scan<true>(cells, missing, limits, scorer, parent, some ? space.allowed.data() : nullptr, found);
  else
    scan<false>(cells, missing, limits, scorer, parent, some ? space.allowed.data() : nullptr, found);
  if (!found.any) return;
  const Sums right = limits.total - found.left;
  const double left_value = scorer.value(found.left), right_value = scorer.value(right);
  if (float(left_value) == float(right_value)) return;
  best.gain = found.gain;
  best.column = number;
  best.categorical = column.categorical && found.last != SIZE_MAX;
  best.left = found.left;
  best.left_value = left_value;
  best.right_value = right_value;
  best.saw_missing = missing.count > 0;
  best.missing_left = best.saw_missing ? found.missing_left : found.left.count > right.count;
  if (found.last == SIZE_MAX) {
    best.code = column.cells - 1;
  } else if (best.categorical) {
    best.away.clear();
    const size_t from = best.missing_left ? found.last + 1 : 0, to = best.missing_left ? cells.size() : found.last + 1;
    for (size_t i = from; i < to; ++i) best.away.push_back(uint16_t(cells[i].code));
    std::sort(best.away.begin(), best.away.end());
  } else {
    best.code = (cells[found.last].code + cells[found.last + 1].code - 1) / 2;  // midway between the cells that have rows
  }
}

}  // namespace artesian::trees
