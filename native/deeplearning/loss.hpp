// Losses of one output: value and derivative in the linear output f. Formulas stand in _native.pyi; they are H2O's deviances
// (without terms that do not depend on f), save that modified_huber is the textbook's, whose gradient H2O has in part only.
#pragma once
#include <algorithm>
#include <cmath>

#include "network.hpp"

namespace artesian::deeplearning {

struct LossTerm {
  double value, slope;
};

inline double capped_exp(double x) { return std::min(1e19, std::exp(x)); }

inline LossTerm loss_term(const Config& c, double y, double f) {
  const double d = f - y;
  switch (c.loss) {
    case Loss::kAbsolute:
      return {std::fabs(d), d > 0 ? 1.0 : -1.0};
    case Loss::kHuber:
      if (std::fabs(d) <= c.huber_delta) return {d * d, 2 * d};
      return {(2 * std::fabs(d) - c.huber_delta) * c.huber_delta, d > 0 ? 2 * c.huber_delta : -2 * c.huber_delta};
    case Loss::kQuantile:
      return y > f ? LossTerm{c.quantile_alpha * -d, -c.quantile_alpha} : LossTerm{(1 - c.quantile_alpha) * d, 1 - c.quantile_alpha};
    case Loss::kPoisson: {
      const double mean = capped_exp(f);
      return {2 * (mean - y * f), 2 * (mean - y)};
    }
    case Loss::kGamma: {
      const double ratio = y * capped_exp(-f);
      return {2 * (f + ratio), 2 * (1 - ratio)};
    }
    case Loss::kTweedie: {
      const double p = c.tweedie_power, a = capped_exp(f * (2 - p)), b = y * capped_exp(f * (1 - p));
      return {2 * (a / (2 - p) - b / (1 - p)), 2 * (a - b)};
    }
    case Loss::kModifiedHuber: {
      const double s = 2 * y - 1, m = s * f;
      if (m > 1) return {0, 0};
      if (m < -1) return {-4 * m, -4 * s};
      return {(1 - m) * (1 - m), -2 * s * (1 - m)};
    }
    case Loss::kQuadratic:
    case Loss::kCrossEntropy:  // refused for linear outputs by Config::check
      break;
  }
  return {d * d, 2 * d};
}

}  // namespace artesian::deeplearning
