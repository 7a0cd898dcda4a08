// Probabilities that are published or multiplied with money: int32 parts per
// million (ppm), 0..1 000 000, so that 25 % is 250 000 on every machine.
//
// An explicit 0 % stays 0 %; a missing probability is not a probability of zero
// and is never represented as one.
//
//   *PpmFromRatio(1, 3);                                  // 333333
//   *ParseProbability("75", ProbabilityUnit::kPercent);   // 750000
//   FormatPercent(333333);                                // "33.3333 %"
//
// Errors: kInvalidArgument. Cost: O(1), O(length) for texts. Thread-safety:
// pure functions. Source: design.md §3.
#ifndef FIVEK_BASE_PROBABILITY_H_
#define FIVEK_BASE_PROBABILITY_H_

#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fivek {

inline constexpr int32_t kCertain = 1'000'000;  // 100 % in ppm.

constexpr bool IsProbability(int32_t ppm) {
  return 0 <= ppm && ppm <= kCertain;
}

// part / whole as ppm, rounded half to even once. Needs 0 <= part <= whole and
// whole > 0.
absl::StatusOr<int32_t> PpmFromRatio(int64_t part, int64_t whole);

// How a source writes probabilities (crm-profiles.md §2): Salesforce and Zoho
// 0..100, HubSpot a string 0..1.
enum class ProbabilityUnit : uint8_t { kPercent = 0, kFraction = 1, kPpm = 2 };

// Reads a plain decimal ("75", "0.75", "33.333") without sign; decimals beyond
// a ppm are rounded half to even. Outside 0..100 % is an error, never clamped.
absl::StatusOr<int32_t> ParseProbability(absl::string_view text,
                                         ProbabilityUnit unit);

// "25 %", "63.15 %", "0.0001 %": as many decimals as the value needs, at most
// four. `ppm` may be any int32: differences are printed too.
std::string FormatPercent(int32_t ppm);

}  // namespace fivek

#endif  // FIVEK_BASE_PROBABILITY_H_
