#include "fivek/accounts/round_robin.h"

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

bool IsServed(absl::Span<const int64_t> weight,
              absl::Span<const uint8_t> absent, size_t i) {
  return weight[i] > 0 && (absent.empty() || absent[i] == 0);
}

absl::Status CheckTurn(absl::Span<const int64_t> weight,
                       absl::Span<const uint8_t> absent,
                       absl::Span<const int64_t> credit) {
  const size_t n = weight.size();
  if (n > kMostTurnSellers || credit.size() != n ||
      (!absent.empty() && absent.size() != n)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("weight ", n, ", absent ", absent.size(),
                               ", credit ", credit.size(),
                               " elements; allowed: as many, absent none, at "
                               "most ",
                               kMostTurnSellers));
  }
  bool any = false;
  for (size_t i = 0; i < n; ++i) {
    const auto row = static_cast<int64_t>(i);
    if (weight[i] < 0 || weight[i] > kMostTurnWeight) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("weight ", weight[i], "; allowed: 0 to ",
                                 kMostTurnWeight),
                    {row, 0});
    }
    if (!absent.empty() && absent[i] > 1) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("absent ", absent[i], "; allowed: 0 and 1"),
                    {row, 1});
    }
    if (credit[i] < -kMostCredit || credit[i] > kMostCredit) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("credit ", credit[i], "; allowed: within +-",
                                 kMostCredit),
                    {row, 2});
    }
    any = any || IsServed(weight, absent, i);
  }
  if (!any) {
    return Refuse(
        Reason::kValueRange,
        "weight above 0 has nobody who is present; allowed: somebody");
  }
  return absl::OkStatus();
}

// A turn, after CheckTurn.
size_t Turn(absl::Span<const int64_t> weight, absl::Span<const uint8_t> absent,
            absl::Span<int64_t> credit) {
  size_t next = weight.size();
  int64_t gained = 0;
  for (size_t i = 0; i < weight.size(); ++i) {
    if (!IsServed(weight, absent, i)) continue;
    credit[i] += weight[i];
    gained += weight[i];
    if (next == weight.size() || credit[i] > credit[next]) next = i;
  }
  credit[next] -= gained;
  return next;
}

}  // namespace

absl::StatusOr<size_t> NextInTurn(absl::Span<const int64_t> weight,
                                  absl::Span<const uint8_t> absent,
                                  absl::Span<int64_t> credit) {
  absl::Status allowed = CheckTurn(weight, absent, credit);
  if (!allowed.ok()) return allowed;
  return Turn(weight, absent, credit);
}

absl::Status TakeTurns(absl::Span<const int64_t> weight,
                       absl::Span<const uint8_t> absent,
                       absl::Span<int64_t> credit, absl::Span<int32_t> turns) {
  absl::Status allowed = CheckTurn(weight, absent, credit);
  if (!allowed.ok()) return allowed;
  for (int32_t& turn : turns) {
    turn = static_cast<int32_t>(Turn(weight, absent, credit));
  }
  return absl::OkStatus();
}

}  // namespace fivek
