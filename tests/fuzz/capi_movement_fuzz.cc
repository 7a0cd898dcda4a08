// Any rows as snapshots and what moved between two: refused and nothing given,
// or the same snapshot of the rows in any order, which is read back from its
// bytes, and sums that reconcile with the list to the cent.
//
// Input: 4 bytes of the period, then rows of 15 bytes: which book, deal, amount
// (8), close day (2), outcome, milestone, reserved.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/numeric/int128.h"
#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;

namespace {

constexpr size_t kMostRows = 48;

struct Release {
  void operator()(const fivek_snapshot* snapshot) const {
    fivek_snapshot_release(snapshot);
  }
};
using Snapshot = std::unique_ptr<const fivek_snapshot, Release>;

Snapshot Created(const Exact<fivek_snapshot_row>& rows, int64_t taken_at) {
  Exact<const fivek_snapshot*> out(1);
  if (!Accepted(
          [&](const fivek_snapshot** to, fivek_error* error) {
            return fivek_snapshot_create(taken_at, 7, rows.get(), rows.size(),
                                         to, error);
          },
          out)) {
    return nullptr;
  }
  return Snapshot(out[0]);
}

Exact<uint8_t> Written(const fivek_snapshot* snapshot) {
  size_t needed = 0;
  Need(fivek_snapshot_write(snapshot, nullptr, 0, &needed, nullptr) == FIVEK_OK,
       "the length is given");
  Exact<uint8_t> bytes(needed);
  Need(fivek_snapshot_write(snapshot, bytes.get(), needed, &needed, nullptr) ==
           FIVEK_OK,
       "exactly enough is enough");
  return bytes;
}

Snapshot Read(const Exact<uint8_t>& bytes) {
  Exact<const fivek_snapshot*> out(1);
  if (!Accepted(
          [&](const fivek_snapshot** to, fivek_error* error) {
            return fivek_snapshot_read(bytes.get(), bytes.size(), to, error);
          },
          out)) {
    return nullptr;
  }
  return Snapshot(out[0]);
}

// A snapshot of the rows, if they are good.
Snapshot Frozen(const std::vector<fivek_snapshot_row>& list, int64_t taken_at) {
  Exact<fivek_snapshot_row> rows(list.size());
  std::copy(list.begin(), list.end(), rows.begin());
  Snapshot snapshot = Created(rows, taken_at);
  const Snapshot backwards = Created(rows.Reversed(), taken_at);
  Need((snapshot == nullptr) == (backwards == nullptr),
       "rows are good in any order, or in none");
  if (snapshot == nullptr) return nullptr;
  const Exact<uint8_t> bytes = Written(snapshot.get());
  Need(bytes.SameBytes(Written(backwards.get())),
       "any order gives the same bytes");
  const Snapshot read = Read(bytes);
  Need(read != nullptr && bytes.SameBytes(Written(read.get())),
       "what was written is read");
  Exact<uint8_t> damaged(bytes);
  damaged[bytes.size() / 2] ^= 1;
  Need(Read(damaged) == nullptr, "a bit more is found");

  int64_t at = 0;
  uint64_t hash = 0;
  size_t count = 0;
  auto all = Exact<fivek_snapshot_row>::Canary(rows.size());
  Need(fivek_snapshot_rows(snapshot.get(), &at, &hash, all.get(), all.size(),
                           &count, nullptr) == FIVEK_OK &&
           count == rows.size() && at == taken_at && hash == 7,
       "it has as many rows");
  for (size_t i = 1; i < count; ++i) {
    Need(all[i - 1].deal < all[i].deal, "by rising deal");
  }
  return snapshot;
}

void CheckMovement(const fivek_snapshot* then, const fivek_snapshot* now,
                   int32_t from_day, int32_t to_day) {
  auto sums = fivek::SizedCanary<fivek_movement>();
  const bool fits = Accepted(
      [&](fivek_movement* out, fivek_error* error) {
        return fivek_movement_of(then, now, from_day, to_day, out, error);
      },
      sums);
  Exact<size_t> count(1);
  const bool listed = Accepted(
      [&](size_t* out, fivek_error* error) {
        return fivek_movement_list(then, now, from_day, to_day, nullptr, 0, out,
                                   error);
      },
      count);
  Need(from_day < to_day || (!fits && !listed), "a period has days");
  if (!listed) return;
  auto moves = Exact<fivek_deal_movement>::Canary(count[0]);
  Need(fivek_movement_list(then, now, from_day, to_day, moves.get(), count[0],
                           count.get(), nullptr) == FIVEK_OK,
       "as many as were counted");
  absl::int128 amount[FIVEK_MOVED_CLASSES] = {};
  int64_t deals[FIVEK_MOVED_CLASSES] = {};
  for (const fivek_deal_movement& m : moves) {
    Need(0 <= m.movement && m.movement < FIVEK_MOVED_CLASSES, "a class");
    amount[m.movement] += m.amount;
    ++deals[m.movement];
  }
  if (!fits) return;
  const fivek_movement& w = sums[0];
  absl::int128 moved = 0;
  for (int i = 0; i < FIVEK_MOVED_CLASSES; ++i) {
    Need(w.amount[i] == amount[i] && w.count[i] == deals[i],
         "the waterfall adds up the list");
    moved += w.amount[i];
  }
  Need(w.opening_amount + moved == w.closing_amount, "every cent is somewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes in(data, size);
  const int32_t from_day = in.Take<int16_t>();
  const int32_t to_day = in.Take<int16_t>();
  std::vector<fivek_snapshot_row> books[2];
  for (size_t n = 0; n < kMostRows && in.left() > 0; ++n) {
    const auto which = in.Take<uint8_t>();
    fivek_snapshot_row row = {};
    // Few deals, so that they meet; rarely one is given twice.
    row.deal = in.Take<uint8_t>();
    row.amount = in.Take<int64_t>();
    if ((which & 2) == 0) row.amount %= 1000;
    row.close_day = in.Take<int16_t>();
    if ((which & 4) != 0) row.close_day = FIVEK_NO_CLOSE_DAY;
    row.outcome = in.Take<uint8_t>();
    row.milestone = in.Take<uint8_t>();
    if ((which & 8) == 0) {
      row.outcome %= 5;
      row.milestone %= 7;
    }
    row.reserved[which >> 4 & 1] = in.Rarely() ? 1 : 0;
    books[which & 1].push_back(row);
  }
  const Snapshot then = Frozen(books[0], 10);
  const Snapshot now = Frozen(books[1], 20);
  if (then == nullptr || now == nullptr) return 0;
  CheckMovement(then.get(), now.get(), from_day, to_day);
  auto none = fivek::SizedCanary<fivek_movement>();
  Need(!Accepted(
           [&](fivek_movement* out, fivek_error* error) {
             return fivek_movement_of(now.get(), then.get(), 0, 9, out, error);
           },
           none),
       "nothing moves back in time");
  return 0;
}
