// Which fold an id is in: by its hash, so that it is the same in every run and
// in every table the deal is in.
#ifndef FIVEK_SRC_HISTORY_FOLD_H_
#define FIVEK_SRC_HISTORY_FOLD_H_

#include <cstdint>

namespace fivek {

inline constexpr int kFolds = 5;

// The finish of SplitMix64: a bijection in which every bit depends on every
// bit.
constexpr uint64_t MixBits(uint64_t z) {
  z += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

constexpr int FoldOf(uint64_t id) {
  return static_cast<int>(MixBits(id) % kFolds);
}

}  // namespace fivek

#endif  // FIVEK_SRC_HISTORY_FOLD_H_
