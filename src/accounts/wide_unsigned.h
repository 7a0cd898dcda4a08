// Unsigned integers of 256 bits, for products of sums of squares of money.
#ifndef FIVEK_SRC_ACCOUNTS_WIDE_UNSIGNED_H_
#define FIVEK_SRC_ACCOUNTS_WIDE_UNSIGNED_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"

namespace fivek {

// What does not fit wraps: callers bound what they do with it.
class WideUnsigned {
 public:
  WideUnsigned() = default;
  explicit WideUnsigned(absl::uint128 x)
      : words_{absl::Uint128Low64(x), absl::Uint128High64(x), 0, 0} {}

  static WideUnsigned Square(absl::uint128 x) {
    WideUnsigned low(x);
    low.MultiplyBy(absl::Uint128Low64(x));
    WideUnsigned high(x);
    high.MultiplyBy(absl::Uint128High64(x));
    for (size_t i = high.words_.size() - 1; i > 0; --i) {
      high.words_[i] = high.words_[i - 1];
    }
    high.words_[0] = 0;
    low.Add(high);
    return low;
  }

  void Add(const WideUnsigned& other) {
    uint64_t carry = 0;
    for (size_t i = 0; i < words_.size(); ++i) {
      const absl::uint128 sum =
          absl::uint128(words_[i]) + other.words_[i] + carry;
      words_[i] = absl::Uint128Low64(sum);
      carry = absl::Uint128High64(sum);
    }
  }
  void Subtract(const WideUnsigned& other) {
    uint64_t borrow = 0;
    for (size_t i = 0; i < words_.size(); ++i) {
      const absl::uint128 rest =
          absl::uint128(words_[i]) - other.words_[i] - borrow;
      words_[i] = absl::Uint128Low64(rest);
      borrow = absl::Uint128High64(rest) == 0 ? 0 : 1;
    }
  }
  void MultiplyBy(uint64_t factor) {
    uint64_t carry = 0;
    for (uint64_t& word : words_) {
      const absl::uint128 product = absl::uint128(word) * factor + carry;
      word = absl::Uint128Low64(product);
      carry = absl::Uint128High64(product);
    }
  }

  friend bool operator<=(const WideUnsigned& a, const WideUnsigned& b) {
    for (size_t i = a.words_.size(); i-- > 0;) {
      if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i];
    }
    return true;
  }

  // Within two ulp.
  double AsDouble() const {
    constexpr double kWord = 18446744073709551616.0;  // 2^64
    double sum = 0.0;
    for (size_t i = words_.size(); i-- > 0;) {
      sum = sum * kWord + static_cast<double>(words_[i]);
    }
    return sum;
  }

 private:
  std::array<uint64_t, 4> words_ = {};  // The lowest first.
};

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_WIDE_UNSIGNED_H_
