// The same pseudo-random input in every benchmark run, on every machine.
#ifndef FIVEK_BENCH_SEEDED_H_
#define FIVEK_BENCH_SEEDED_H_

#include <cstdint>

namespace fivek::bench {

class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  uint32_t Below(uint32_t limit) {
    return static_cast<uint32_t>((Next() >> 32) * limit >> 32);
  }

 private:
  uint64_t state_;
};

}  // namespace fivek::bench

#endif  // FIVEK_BENCH_SEEDED_H_
