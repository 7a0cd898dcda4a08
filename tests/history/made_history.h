// Histories made by a seed, for tests of what is learned from them.
#ifndef FIVEK_TESTS_HISTORY_MADE_HISTORY_H_
#define FIVEK_TESTS_HISTORY_MADE_HISTORY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "fivek/history/visits.h"

namespace fivek {

// SplitMix64, as the reference vectors have it.
class Seeded {
 public:
  explicit Seeded(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  int32_t Below(int32_t n) {
    return static_cast<int32_t>(Next() % static_cast<uint64_t>(n));
  }

 private:
  uint64_t state_;
};

struct MadeHistory {
  std::array<double, kRungCount> conversion = {};
  std::array<double, kRungCount> back =
      {};  // Share of moves to the rung below.
  int32_t first_rung = 1;
  int32_t days_up = 40, days_lost = 40, days_back = 10;  // At most, less 1;
  bool long_tails = false;  // or, geometric, on average.
  int32_t as_of = 270;
  int32_t deals = 0;
  uint32_t sellers = 1, teams = 1, segments = 1;
};

inline int32_t DaysOf(int32_t days, bool long_tails, Seeded* random) {
  if (!long_tails) return random->Below(days);
  int32_t n = 0;
  while (random->Unit() * (days + 1) >= 1.0) ++n;
  return n;
}

// Deals that begin evenly from day 0 to as-of, as they are known then.
inline std::vector<StageVisit> MakeVisits(const MadeHistory& made,
                                          uint64_t seed) {
  Seeded random(seed);
  std::vector<StageVisit> visits;
  for (int32_t deal = 0; deal < made.deals; ++deal) {
    StageVisit visit;
    visit.deal = static_cast<uint64_t>(deal);
    visit.stage = made.first_rung;
    visit.entered = random.Below(made.as_of + 1);
    visit.segment = static_cast<uint32_t>(random.Next() % made.segments);
    visit.team = static_cast<uint32_t>(random.Next() % made.teams);
    visit.seller = static_cast<uint32_t>(random.Next() % made.sellers);
    std::array<int32_t, kRungCount> used = {};
    for (;;) {
      const auto s = static_cast<size_t>(visit.stage);
      const bool back = random.Unit() < made.back[s];
      const bool up = random.Unit() < made.conversion[s];
      const int32_t days = DaysOf(back ? made.days_back
                                  : up ? made.days_up
                                       : made.days_lost,
                                  made.long_tails, &random);
      const int32_t left = visit.entered + days;
      if (left > made.as_of) {
        visits.push_back(visit);
        break;
      }
      visit.left = left;
      visit.end = static_cast<int32_t>(back ? VisitEnd::kMovedBack
                                       : up ? VisitEnd::kAdvanced
                                            : VisitEnd::kLost);
      visit.to = back ? visit.stage - 1 : up ? visit.stage + 1 : 0;
      visits.push_back(visit);
      used[s] = visit.spent + days + 1;
      if (!back && (!up || visit.to == kRungCount)) break;
      const int32_t to = visit.to;
      const StageVisit before = visit;
      visit = StageVisit();
      visit.deal = before.deal;
      visit.segment = before.segment;
      visit.team = before.team;
      visit.seller = before.seller;
      visit.stage = to;
      visit.entered = left;
      visit.spent = back ? used[static_cast<size_t>(to)] : 0;
    }
  }
  return visits;
}

// The probability of winning from each milestone, where nothing moves back.
inline std::array<double, kMilestoneCount> TrueLadder(const MadeHistory& made) {
  std::array<double, kMilestoneCount> won;
  won[kRungCount] = 1.0;
  for (size_t s = kRungCount; s-- > 0;) {
    won[s] = made.conversion[s] * won[s + 1];
  }
  return won;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_HISTORY_MADE_HISTORY_H_
