// The C interface of include/fivek/pipeline/movement.h.
#include "fivek/pipeline/movement.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/counted.h"
#include "capi/fivek.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"

using fivek::MovedSums;
using fivek::Reason;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteBytes;
using fivek::capi::WriteList;

static_assert(FIVEK_MOVED_CLASSES == fivek::kMovementCount);
static_assert(FIVEK_NO_CLOSE_DAY == fivek::kNoCloseDay);
static_assert(FIVEK_UNKNOWN == fivek::kNoMilestone);

struct fivek_snapshot : fivek::capi::Counted {
  explicit fivek_snapshot(fivek::Snapshot s) : snapshot(std::move(s)) {}

  fivek::Snapshot snapshot;
};

namespace {

// Writes nothing unless the total fits.
fivek_status WriteSums(const MovedSums& sums, int64_t* count, int64_t* amount,
                       fivek_error* error) {
  const auto total = sums.AmountTotal();
  if (!total.ok()) return Report(total.status(), error);
  *count = sums.count;
  *amount = *total;
  return FIVEK_OK;
}

}  // namespace

// ---- Snapshots --------------------------------------------------------------

fivek_status fivek_snapshot_create(int64_t taken_at, uint64_t policy_hash,
                                   const fivek_snapshot_row* rows, size_t n,
                                   const fivek_snapshot** out,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rows);
    FIVEK_NOT_NULL(out);
    std::vector<fivek::SnapshotRow> given;
    given.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      const fivek_snapshot_row& row = rows[i];
      if (row.reserved[0] != 0 || row.reserved[1] != 0) {
        return Report(Reason::kReservedNotZero,
                      absl::StrCat("row ", i, ": reserved is not zero"), error,
                      {static_cast<int64_t>(i), -1});
      }
      given.push_back({row.deal, row.amount, row.close_day,
                       static_cast<fivek::Outcome>(row.outcome),
                       row.milestone});
    }
    auto snapshot = fivek::Snapshot::Of({taken_at, policy_hash}, given);
    if (!snapshot.ok()) return Report(snapshot.status(), error);
    *out = new fivek_snapshot(*std::move(snapshot));
    return FIVEK_OK;
  });
}

void fivek_snapshot_retain(const fivek_snapshot* snapshot) {
  fivek::capi::Retain(snapshot);
}

void fivek_snapshot_release(const fivek_snapshot* snapshot) {
  fivek::capi::Release(snapshot);
}

fivek_status fivek_snapshot_rows(const fivek_snapshot* snapshot,
                                 int64_t* taken_at, uint64_t* policy_hash,
                                 fivek_snapshot_row* rows, size_t cap,
                                 size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(snapshot);
    FIVEK_NOT_NULL(taken_at);
    FIVEK_NOT_NULL(policy_hash);
    FIVEK_LIST_NOT_NULL(rows, cap, count);
    std::vector<fivek_snapshot_row> list;
    list.reserve(snapshot->snapshot.rows().size());
    for (const fivek::SnapshotRow& row : snapshot->snapshot.rows()) {
      list.push_back({row.deal,
                      row.amount,
                      row.close_day,
                      static_cast<uint8_t>(row.outcome),
                      row.milestone,
                      {0, 0}});
    }
    const fivek_status written = WriteList(list, rows, cap, count, error);
    if (written != FIVEK_OK) return written;
    *taken_at = snapshot->snapshot.stamp().taken_at;
    *policy_hash = snapshot->snapshot.stamp().policy_hash;
    return FIVEK_OK;
  });
}

fivek_status fivek_snapshot_write(const fivek_snapshot* snapshot, uint8_t* buf,
                                  size_t cap, size_t* needed,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(snapshot);
    return WriteBytes(snapshot->snapshot.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_snapshot_read(const uint8_t* bytes, size_t len,
                                 const fivek_snapshot** out,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto snapshot = fivek::Snapshot::Read(fivek::capi::BytesIn(bytes, len));
    if (!snapshot.ok()) return Report(snapshot.status(), error);
    *out = new fivek_snapshot(*std::move(snapshot));
    return FIVEK_OK;
  });
}

// ---- Movement ---------------------------------------------------------------

fivek_status fivek_movement_of(const fivek_snapshot* then,
                               const fivek_snapshot* now, int32_t from_day,
                               int32_t to_day, fivek_movement* out,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(then);
    FIVEK_NOT_NULL(now);
    fivek_status status = CheckStruct(out, "out", error);
    if (status != FIVEK_OK) return status;
    const auto waterfall = fivek::MeasureMovement(then->snapshot, now->snapshot,
                                                  {from_day, to_day});
    if (!waterfall.ok()) return Report(waterfall.status(), error);
    fivek_movement result = {};
    status = WriteSums(waterfall->opening, &result.opening_count,
                       &result.opening_amount, error);
    if (status != FIVEK_OK) return status;
    status = WriteSums(waterfall->closing, &result.closing_count,
                       &result.closing_amount, error);
    if (status != FIVEK_OK) return status;
    for (int i = 0; i < FIVEK_MOVED_CLASSES; ++i) {
      status = WriteSums(waterfall->by[static_cast<fivek::Movement>(i)],
                         &result.count[i], &result.amount[i], error);
      if (status != FIVEK_OK) return status;
    }
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_movement_list(const fivek_snapshot* then,
                                 const fivek_snapshot* now, int32_t from_day,
                                 int32_t to_day, fivek_deal_movement* out,
                                 size_t cap, size_t* count,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(then);
    FIVEK_NOT_NULL(now);
    FIVEK_LIST_NOT_NULL(out, cap, count);
    const auto movements =
        fivek::ListMovements(then->snapshot, now->snapshot, {from_day, to_day});
    if (!movements.ok()) return Report(movements.status(), error);
    std::vector<fivek_deal_movement> list;
    list.reserve(movements->size());
    for (const fivek::DealMovement& m : *movements) {
      const auto amount = MovedSums{1, m.amount}.AmountTotal();
      if (!amount.ok()) return Report(amount.status(), error);
      list.push_back({m.deal, *amount, static_cast<int32_t>(m.movement), 0});
    }
    return WriteList(list, out, cap, count, error);
  });
}
