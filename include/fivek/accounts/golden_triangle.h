// The golden triangle of managing an account 客户管理金三角: a target 目标, the
// information that is needed 信息, and how often to be in contact 频率. Which
// corners are missing, and which are overdue on a given day.
//
//   TriangleOptions options;
//   options.as_of = 19000;
//   options.required_information = 0b111;   // three items of the caller's
//   options.interval_days = {14, 30, 90, 0};     // A, B, C, N
//   TriangleAccount a;                           // an A
//   a.target_day = 19030, a.last_contact = 18980, a.information = 0b101;
//   TriangleBook book = *CheckTriangles({a}, {}, options);
//   book.accounts[0].missing;      // bit 1: information
//   book.accounts[0].overdue;      // bit 2: 20 days without contact, of 14
//
// What decides:
// - Target: an open target with the day it is due. None is missing; one due
//   before `as_of` is overdue; one due on that day is not.
// - Information: a required item that is not known is missing. A known one is
//   stale where it was learned more than its item's `stale_after_days` before
//   `as_of`: the corner is overdue. It may be both. An item that is known, but
//   nobody knows since when, is neither: it is named in `undated`.
// - Frequency: never in contact is missing; more days since the last contact
//   than the class's interval is overdue, as many are not. An interval of 0
//   asks for no contact. Of an account of unknown class it is unknown.
// A corner that is none of these is present.
//
// Units: days since 1970. Errors: kInvalidArgument (kValueRange) with row and
// column. Cost: O(n), with days of information O(n items). Thread-safety: a
// pure function. Source: domain.md §8.
#ifndef FIVEK_ACCOUNTS_GOLDEN_TRIANGLE_H_
#define FIVEK_ACCOUNTS_GOLDEN_TRIANGLE_H_

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace fivek {

// Part of the ABI; the label set triangle.corner.
enum class Corner : uint8_t { kTarget = 0, kInformation = 1, kFrequency = 2 };
inline constexpr int kCornerCount = 3;

inline constexpr int32_t kNoDay = std::numeric_limits<int32_t>::min();
inline constexpr int kInformationItems = 32;
inline constexpr int32_t kMostIntervalDays = 36'525;
inline constexpr uint8_t kGradeUnknown = 255;  // Else 0 A, 1 B, 2 C, 3 N.

struct TriangleAccount {
  int32_t target_day = kNoDay;    // Due day of the open target; kNoDay: none.
  int32_t last_contact = kNoDay;  // Up to as_of; kNoDay: never.
  uint32_t information = 0;       // Bit = item that is known.
  uint8_t grade = 0;
};

struct TriangleOptions {
  int32_t as_of = 0;
  uint32_t required_information = 0;
  // Days by item after which it is stale; 0: never.
  std::array<int32_t, kInformationItems> stale_after_days = {};
  // By grade. The default asks for an A each fortnight, for a B each month, for
  // a C each quarter, and leaves an N (returns above purchases) alone: a
  // starting point, to be set to what the team has agreed on.
  std::array<int32_t, 4> interval_days = {14, 30, 90, 0};
};

// Masks of corners have bit = Corner, of information bit = item.
struct TriangleStatus {
  uint32_t missing = 0, overdue = 0, unknown = 0;
  uint32_t missing_information = 0, stale_information = 0, undated = 0;
  int32_t contact_due = kNoDay;  // Last contact + interval; kNoDay: none asked,
                                 // never in contact, or unknown.
  int32_t days_over = 0;         // Days that contact is overdue.
};

struct CornerCount {
  int64_t present = 0, missing = 0, overdue = 0, unknown = 0;
};

struct TriangleBook {
  std::vector<TriangleStatus> accounts;
  // By corner. An account whose information is both missing and overdue counts
  // as missing.
  std::array<CornerCount, kCornerCount> corners;
  int64_t complete = 0;  // Accounts with all three corners present.
};

// `learned_on` is empty or has kInformationItems days for each account: when an
// item was learned, up to as_of, or kNoDay; those of items that are not known
// are not read. kInvalidArgument, naming the row and the column (0 target, 1
// last contact, 2 information, 3 grade, 4 + item of learned_on), unless days
// are within the calendar or kNoDay, contacts and learning not after as_of,
// grades 0 to 3 or kGradeUnknown, and options 0 to kMostIntervalDays.
absl::StatusOr<TriangleBook> CheckTriangles(
    absl::Span<const TriangleAccount> accounts,
    absl::Span<const int32_t> learned_on, const TriangleOptions& options);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_GOLDEN_TRIANGLE_H_
