#include "fivek/accounts/golden_triangle.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr int32_t kLearnedColumn = 4;  // Of item 0.

constexpr uint32_t Bit(Corner corner) {
  return uint32_t{1} << static_cast<int>(corner);
}

absl::Status CheckDays(const char* name, int32_t days, size_t index) {
  if (days >= 0 && days <= kMostIntervalDays) return absl::OkStatus();
  return Refuse(
      Reason::kValueRange,
      absl::StrCat(name, " ", days, "; allowed: 0 to ", kMostIntervalDays),
      {-1, static_cast<int32_t>(index)});
}

absl::Status CheckOptions(const TriangleOptions& options) {
  if (options.as_of < kFirstDay || options.as_of > kLastDay) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("as_of ", options.as_of,
                               "; allowed: ", kFirstDay, " to ", kLastDay));
  }
  for (size_t i = 0; i < options.interval_days.size(); ++i) {
    absl::Status s = CheckDays("interval_days", options.interval_days[i], i);
    if (!s.ok()) return s;
  }
  for (size_t i = 0; i < options.stale_after_days.size(); ++i) {
    absl::Status s =
        CheckDays("stale_after_days", options.stale_after_days[i], i);
    if (!s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status CheckDay(const char* name, int32_t day, int32_t last, size_t row,
                      int32_t column) {
  if (day == kNoDay || (day >= kFirstDay && day <= last)) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", day, "; allowed: ", kFirstDay, " to ",
                             last, ", or none"),
                {static_cast<int64_t>(row), column});
}

absl::Status CheckAccount(const TriangleAccount& account, int32_t as_of,
                          size_t row) {
  absl::Status s = CheckDay("target_day", account.target_day, kLastDay, row, 0);
  if (s.ok()) s = CheckDay("last_contact", account.last_contact, as_of, row, 1);
  if (!s.ok()) return s;
  if (account.grade > 3 && account.grade != kGradeUnknown) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("grade ", int{account.grade},
                               "; allowed: 0 to 3, or ", int{kGradeUnknown}),
                  {static_cast<int64_t>(row), 3});
  }
  return absl::OkStatus();
}

void CheckTarget(const TriangleAccount& account, int32_t as_of,
                 TriangleStatus* status) {
  if (account.target_day == kNoDay) {
    status->missing |= Bit(Corner::kTarget);
  } else if (account.target_day < as_of) {
    status->overdue |= Bit(Corner::kTarget);
  }
}

// `learned` has the days of the account, or is empty.
absl::Status CheckInformation(const TriangleAccount& account,
                              absl::Span<const int32_t> learned,
                              const TriangleOptions& options, size_t row,
                              TriangleStatus* status) {
  status->missing_information =
      options.required_information & ~account.information;
  for (size_t item = 0; item < learned.size(); ++item) {
    if ((account.information >> item & 1) == 0) continue;
    const int32_t day = learned[item];
    absl::Status s = CheckDay("learned_on", day, options.as_of, row,
                              kLearnedColumn + static_cast<int32_t>(item));
    if (!s.ok()) return s;
    const int32_t allowed = options.stale_after_days[item];
    if (allowed == 0 || (options.required_information >> item & 1) == 0) {
      continue;
    }
    if (day == kNoDay) {
      status->undated |= uint32_t{1} << item;
    } else if (options.as_of - day > allowed) {
      status->stale_information |= uint32_t{1} << item;
    }
  }
  if (learned.empty()) {
    // Without days of any, no item that ages has one.
    for (size_t item = 0; item < kInformationItems; ++item) {
      if (options.stale_after_days[item] > 0) {
        status->undated |= uint32_t{1} << item;
      }
    }
    status->undated &= options.required_information & account.information;
  }
  if (status->missing_information != 0) {
    status->missing |= Bit(Corner::kInformation);
  }
  if (status->stale_information != 0) {
    status->overdue |= Bit(Corner::kInformation);
  }
  return absl::OkStatus();
}

void CheckFrequency(const TriangleAccount& account,
                    const TriangleOptions& options, TriangleStatus* status) {
  if (account.grade == kGradeUnknown) {
    status->unknown |= Bit(Corner::kFrequency);
    return;
  }
  const int32_t interval = options.interval_days[account.grade];
  if (interval == 0) return;
  if (account.last_contact == kNoDay) {
    status->missing |= Bit(Corner::kFrequency);
    return;
  }
  // Days of the calendar and an interval of a century fit 32 bits.
  status->contact_due = account.last_contact + interval;
  if (options.as_of > status->contact_due) {
    status->overdue |= Bit(Corner::kFrequency);
    status->days_over = options.as_of - status->contact_due;
  }
}

void Count(const TriangleStatus& status, TriangleBook* book) {
  for (int i = 0; i < kCornerCount; ++i) {
    CornerCount& count = book->corners[static_cast<size_t>(i)];
    const uint32_t bit = uint32_t{1} << i;
    if ((status.missing & bit) != 0) {
      ++count.missing;
    } else if ((status.overdue & bit) != 0) {
      ++count.overdue;
    } else if ((status.unknown & bit) != 0) {
      ++count.unknown;
    } else {
      ++count.present;
    }
  }
  if ((status.missing | status.overdue | status.unknown) == 0) {
    ++book->complete;
  }
}

}  // namespace

absl::StatusOr<TriangleBook> CheckTriangles(
    absl::Span<const TriangleAccount> accounts,
    absl::Span<const int32_t> learned_on, const TriangleOptions& options) {
  absl::Status allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (!learned_on.empty() &&
      (learned_on.size() % kInformationItems != 0 ||
       learned_on.size() / kInformationItems != accounts.size())) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("learned_on has ", learned_on.size(),
                               " days; allowed: none or ", kInformationItems,
                               " for each of ", accounts.size(), " accounts"));
  }
  TriangleBook book;
  book.accounts.reserve(accounts.size());
  for (size_t row = 0; row < accounts.size(); ++row) {
    const TriangleAccount& account = accounts[row];
    allowed = CheckAccount(account, options.as_of, row);
    if (!allowed.ok()) return allowed;
    TriangleStatus status;
    CheckTarget(account, options.as_of, &status);
    allowed = CheckInformation(
        account,
        learned_on.empty()
            ? learned_on
            : learned_on.subspan(row * kInformationItems, kInformationItems),
        options, row, &status);
    if (!allowed.ok()) return allowed;
    CheckFrequency(account, options, &status);
    Count(status, &book);
    book.accounts.push_back(status);
  }
  return book;
}

}  // namespace fivek
