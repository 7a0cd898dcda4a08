#include "fivek/base/apportion.h"

#include <algorithm>
#include <cstddef>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

using absl::uint128;

struct Party {
  uint64_t weight;
  int64_t least, most;  // After its weight: the most of 0 is its least.
};

absl::Status CheckLengths(size_t weights, size_t least, size_t most) {
  if ((least == 0 || least == weights) && (most == 0 || most == weights)) {
    return absl::OkStatus();
  }
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("weight ", weights, ", least ", least, ", most ", most,
                   " elements; allowed: as many, or none of "
                   "least and most"));
}

absl::Status CheckBounds(int64_t least, int64_t most, size_t row) {
  const auto at = static_cast<int64_t>(row);
  if (least < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("least ", least, "; allowed: 0 or more"),
                  {at, 1});
  }
  if (most < least) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("most ", most, "; allowed: the least, ", least,
                               ", or more"),
                  {at, 2});
  }
  return absl::OkStatus();
}

absl::Status RefuseSeats(int64_t seats, absl::string_view what, uint128 bound,
                         absl::string_view side) {
  // More than 2^64 is no number that a message has to give exactly.
  const uint64_t shown = absl::Uint128High64(bound) == 0
                             ? absl::Uint128Low64(bound)
                             : ~uint64_t{0};
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("seats ", seats, "; allowed: ", what, shown, side));
}

// A threshold of quotients with 53 bits: mantissa x 2^exponent. In steps: the
// next larger step is the next larger threshold.
struct Threshold {
  static constexpr int kBits = 52;
  static constexpr int kLeastExponent = -128;

  explicit Threshold(uint64_t step)
      : mantissa((uint64_t{1} << kBits) |
                 (step & ((uint64_t{1} << kBits) - 1))),
        exponent(static_cast<int>(step >> kBits) + kLeastExponent) {}

  uint64_t mantissa;
  int exponent;
};
// Thresholds from 2^-76 to beyond 2^64: below the quotients of the last seats
// of kMostSeats, and above all.
constexpr uint64_t kThresholds = uint64_t{145} << Threshold::kBits;

// How many seats of a party have a quotient weight / (2 s - 1) at or above the
// threshold: the largest s with (2 s - 1) mantissa 2^exponent <= weight, up to
// its most.
int64_t SeatsAtOrAbove(const Party& party, Threshold threshold) {
  uint128 quotient = 0;  // weight / threshold, rounded down.
  if (threshold.exponent >= 0) {
    quotient =
        threshold.exponent >= 64
            ? 0
            : uint128(party.weight >> threshold.exponent) / threshold.mantissa;
  } else {
    const int shift = -threshold.exponent;
    // Shifted as far as 128 bits go; what does not fit is more than any most.
    const uint128 weight = party.weight;
    if (shift >= 128 || (weight >> (128 - shift)) != 0) {
      quotient = party.weight == 0 ? 0 : 2 * uint128(kMostSeats);
    } else {
      quotient = (weight << shift) / threshold.mantissa;
    }
  }
  const uint128 seats = (quotient + 1) / 2;
  const auto most = static_cast<uint128>(party.most);
  return std::max(party.least, static_cast<int64_t>(std::min(seats, most)));
}

uint128 SeatsAtOrAbove(const std::vector<Party>& parties, Threshold threshold) {
  uint128 seats = 0;
  for (const Party& party : parties) {
    seats += static_cast<uint128>(SeatsAtOrAbove(party, threshold));
  }
  return seats;
}

// The last seats one by one, from a heap of those who can have more.
void GiveOneByOne(const std::vector<Party>& parties, int64_t left,
                  std::vector<int64_t>* seats) {
  const auto after = [&](size_t i, size_t j) {
    // weight[i] / (2 x[i] + 1) < weight[j] / (2 x[j] + 1), or as large and
    // later.
    const uint128 of_i =
        uint128(parties[i].weight) * static_cast<uint64_t>(2 * (*seats)[j] + 1);
    const uint128 of_j =
        uint128(parties[j].weight) * static_cast<uint64_t>(2 * (*seats)[i] + 1);
    return of_i != of_j ? of_i < of_j : i > j;
  };
  std::vector<size_t> heap;
  for (size_t i = 0; i < parties.size(); ++i) {
    if ((*seats)[i] < parties[i].most) heap.push_back(i);
  }
  std::make_heap(heap.begin(), heap.end(), after);
  for (; left > 0; --left) {
    std::pop_heap(heap.begin(), heap.end(), after);
    const size_t next = heap.back();
    if (++(*seats)[next] == parties[next].most) {
      heap.pop_back();
    } else {
      std::push_heap(heap.begin(), heap.end(), after);
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<int64_t>> ApportionSeats(
    int64_t seats, absl::Span<const uint64_t> weight,
    absl::Span<const int64_t> least, absl::Span<const int64_t> most) {
  if (seats < 0 || seats > kMostSeats) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("seats ", seats, "; allowed: 0 to ", kMostSeats));
  }
  absl::Status allowed = CheckLengths(weight.size(), least.size(), most.size());
  if (!allowed.ok()) return allowed;
  std::vector<Party> parties;
  parties.reserve(weight.size());
  uint128 fewest = 0;
  uint128 highest = 0;
  for (size_t i = 0; i < weight.size(); ++i) {
    const int64_t at_least = least.empty() ? 0 : least[i];
    const int64_t at_most = most.empty() ? std::max(seats, at_least) : most[i];
    allowed = CheckBounds(at_least, at_most, i);
    if (!allowed.ok()) return allowed;
    // Nobody can have more than all seats.
    const int64_t useful = weight[i] == 0
                               ? at_least
                               : std::max(at_least, std::min(at_most, seats));
    parties.push_back({weight[i], at_least, useful});
    fewest += static_cast<uint128>(at_least);
    highest += static_cast<uint128>(useful);
  }
  const auto all = static_cast<uint128>(seats);
  if (all < fewest) {
    return RefuseSeats(seats, "the sum of least, ", fewest, ", or more");
  }
  if (all > highest) {
    return RefuseSeats(seats, "the sum of most of those who weigh above 0, ",
                       highest, ", or fewer");
  }
  // The least threshold at which not more seats are earned than there are. All
  // that are earned there are given, as nobody else's quotient is as large.
  uint64_t low = 0;
  uint64_t high = kThresholds;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (SeatsAtOrAbove(parties, Threshold(middle)) <= all) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  std::vector<int64_t> result;
  result.reserve(parties.size());
  int64_t left = seats;
  for (const Party& party : parties) {
    result.push_back(SeatsAtOrAbove(party, Threshold(low)));
    left -= result.back();
  }
  GiveOneByOne(parties, left, &result);
  return result;
}

}  // namespace fivek
