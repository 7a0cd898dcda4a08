// The same pseudo-random numbers in every run, on every machine, and reference
// vectors that stand beside the project.
#ifndef FIVEK_TESTS_ACCOUNTS_RANDOM_H_
#define FIVEK_TESTS_ACCOUNTS_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace fivek {

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
  int64_t Below(int64_t limit) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(limit));
  }

 private:
  uint64_t state_;
};

// 0 to n - 1 in some order.
inline std::vector<size_t> Shuffled(size_t n, SplitMix64* random) {
  std::vector<size_t> order;
  for (size_t i = 0; i < n; ++i) order.push_back(i);
  for (size_t i = n; i > 1; --i) {
    std::swap(
        order[i - 1],
        order[static_cast<size_t>(random->Below(static_cast<int64_t>(i)))]);
  }
  return order;
}

template <typename T>
std::vector<T> Picked(const std::vector<T>& from,
                      const std::vector<size_t>& order) {
  std::vector<T> result;
  for (const size_t i : order) result.push_back(from[i]);
  return result;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_ACCOUNTS_RANDOM_H_
