// A number learned from history, and what it is worth: never published bare.
//
//   Estimate e;
//   e.value;                   // 0.5155
//   e.low, e.high;             // 0.3438 and 0.6854: 90 % of what is believed
//   e.effective_n;             // 12: as many closed deals would tell as much
//   e.source;                  // kShrunk: history, pulled towards the prior
//
// Thread-safety: plain values. Source: statistics.md §0.
#ifndef FIVEK_HISTORY_ESTIMATE_H_
#define FIVEK_HISTORY_ESTIMATE_H_

#include <cstdint>

namespace fivek {

// Where a number comes from. Part of the ABI: append, never renumber.
enum class Source : uint8_t {
  kPrior = 0,     // The method's prior: history says too little or nothing.
  kShrunk = 1,    // History and the prior, each by its weight.
  kLearned = 2,   // History alone.
  kNoSignal = 3,  // A model was tried, the gate refused it: the simpler source.
};

// low <= value <= high; of a probability all three in [0, 1].
struct Estimate {
  double value = 0.0;
  double low = 0.0;   // 90 % of what is believed lies between: from the 5 %
  double high = 1.0;  // quantile to that of 95 %, if nothing else is said.
  // Independent observations that would tell as much: 0 of the prior alone.
  double effective_n = 0.0;
  Source source = Source::kPrior;
};

}  // namespace fivek

#endif  // FIVEK_HISTORY_ESTIMATE_H_
