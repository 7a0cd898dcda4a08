// The C interface of include/fivek/pipeline/rollup.h.
#include "fivek/pipeline/rollup.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/sized_struct.h"

using fivek::Reason;
using fivek::RollupBy;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteBytes;

struct fivek_rollup {
  explicit fivek_rollup(fivek::Rollup r) : rollup(std::move(r)) {}

  // The groups, listed anew if the roll-up has changed.
  const std::vector<fivek::RollupGroup>& Groups() {
    if (!listed) groups = rollup.Groups();
    listed = true;
    return groups;
  }

  fivek::Rollup rollup;
  std::vector<fivek::RollupGroup> groups;
  bool listed = false;
};

namespace {

// Writes nothing unless both totals fit.
fivek_status WriteGroup(const fivek::RollupGroup& group,
                        fivek_rollup_group* out, fivek_error* error) {
  const fivek::RollupSums& sums = group.sums;
  const auto amount = sums.AmountTotal();
  if (!amount.ok()) return Report(amount.status(), error);
  const auto expected = sums.ExpectedRounded(fivek::Rounding::kHalfEven);
  if (!expected.ok()) return Report(expected.status(), error);
  fivek_rollup_group result = {};
  result.owner = group.owner;
  result.milestone = group.milestone;
  result.count = sums.count;
  result.won = sums.won;
  result.lost = sums.lost;
  result.unknown = sums.unknown;
  result.amount = *amount;
  result.expected = *expected;
  Give(result, out);
  return FIVEK_OK;
}

}  // namespace

fivek_status fivek_rollup_create(int32_t by, fivek_rollup** out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    if (by < FIVEK_ROLLUP_BY_MILESTONE || by > FIVEK_ROLLUP_BY_BOTH) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("grouping ", by, "; allowed: 0 to 2"), error);
    }
    *out = new fivek_rollup(fivek::Rollup(static_cast<RollupBy>(by)));
    return FIVEK_OK;
  });
}

void fivek_rollup_release(fivek_rollup* rollup) { delete rollup; }

fivek_status fivek_rollup_add(fivek_rollup* rollup, const fivek_rollup_in* in,
                              size_t rows, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rollup);
    const fivek_status fits = CheckStruct(in, "in", error);
    if (fits != FIVEK_OK) return fits;
    const fivek_rollup_in given = Given(*in);
    if (given.reserved != 0) {
      return Report(Reason::kReservedNotZero, "in.reserved is not zero", error);
    }
    const absl::Status status =
        rollup->rollup.Add({given.milestone, given.outcome, given.amount,
                            given.probability_ppm, given.owner},
                           rows);
    if (status.ok()) rollup->listed = false;
    return Report(status, error);
  });
}

fivek_status fivek_rollup_merge(fivek_rollup* into, const fivek_rollup* from,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(into);
    FIVEK_NOT_NULL(from);
    const absl::Status status = into->rollup.Merge(from->rollup);
    if (status.ok()) into->listed = false;
    return Report(status, error);
  });
}

fivek_status fivek_rollup_groups(fivek_rollup* rollup, size_t* count,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rollup);
    FIVEK_NOT_NULL(count);
    *count = rollup->Groups().size();
    return FIVEK_OK;
  });
}

fivek_status fivek_rollup_group_of(fivek_rollup* rollup, size_t index,
                                   fivek_rollup_group* out,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rollup);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto& groups = rollup->Groups();
    if (index >= groups.size()) {
      return Report(
          Reason::kNotFound,
          absl::StrCat("group ", index, "; the roll-up has ", groups.size()),
          error);
    }
    return WriteGroup(groups[index], out, error);
  });
}

fivek_status fivek_rollup_total(const fivek_rollup* rollup,
                                fivek_rollup_group* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rollup);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    return WriteGroup({0, -1, rollup->rollup.Total()}, out, error);
  });
}

fivek_status fivek_rollup_write(const fivek_rollup* rollup, uint8_t* buf,
                                size_t cap, size_t* needed,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rollup);
    return WriteBytes(rollup->rollup.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_rollup_read(const uint8_t* bytes, size_t len,
                               fivek_rollup** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto rollup = fivek::Rollup::Read(fivek::capi::BytesIn(bytes, len));
    if (!rollup.ok()) return Report(rollup.status(), error);
    *out = new fivek_rollup(*std::move(rollup));
    return FIVEK_OK;
  });
}
