#include "fivek/pipeline/movement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "fivek/method/milestone.h"
#include "src/base/serial.h"

namespace fivek {
namespace {

// In the order of SnapshotRow, as errors number them.
enum SnapshotColumn : int32_t {
  kSnapshotDealColumn = 0,
  kSnapshotOutcomeColumn = 3,
  kSnapshotMilestoneColumn = 4,
};

bool HasOutcome(const SnapshotRow& row) {
  return static_cast<int>(row.outcome) < kOutcomeCount;
}

bool HasMilestone(const SnapshotRow& row) {
  return row.milestone < kMilestoneCount || row.milestone == kNoMilestone;
}

bool IsBefore(const SnapshotRow& x, const SnapshotRow& y) {
  return x.deal < y.deal;
}

absl::Status CheckRow(const SnapshotRow& row, size_t i) {
  const auto place = static_cast<int64_t>(i);
  if (!HasOutcome(row)) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("row ", i, ": outcome ", static_cast<int>(row.outcome),
                     "; allowed: 0 to ", kOutcomeCount - 1),
        {place, kSnapshotOutcomeColumn});
  }
  if (!HasMilestone(row)) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("row ", i, ": milestone ", row.milestone,
                     "; allowed: 0 to ", kMilestoneCount - 1, ", 255 for none"),
        {place, kSnapshotMilestoneColumn});
  }
  return absl::OkStatus();
}

// The last row whose deal an earlier one has.
absl::Status RefuseTwice(absl::Span<const SnapshotRow> rows, uint64_t deal) {
  size_t i = rows.size();
  while (rows[i - 1].deal != deal) --i;
  return Refuse(Reason::kValueRange,
                absl::StrCat("row ", i - 1, ": deal ", deal,
                             " is given twice; allowed: once"),
                {static_cast<int64_t>(i - 1), kSnapshotDealColumn});
}

// ---- The serialised form ----------------------------------------------------

constexpr SerialForm kSnapshotForm = {"snapshot", "5Ksnapsh", 1};
constexpr size_t kSnapshotSize = 28;
constexpr size_t kRowSize = 24;

// Outcome, milestone and two bytes of zero.
uint32_t PackCodes(const SnapshotRow& row) {
  return static_cast<uint32_t>(row.outcome) | uint32_t{row.milestone} << 8;
}

// ---- Movement ---------------------------------------------------------------

bool IsDue(const SnapshotRow& row, ClosePeriod period) {
  return row.close_day != kNoCloseDay && period.from <= row.close_day &&
         row.close_day < period.to;
}

bool Counts(const SnapshotRow* row, ClosePeriod period) {
  return row != nullptr && row->outcome == Outcome::kOpen &&
         IsDue(*row, period);
}

// Where a deal of the period that no longer counts has gone.
Movement LeftBy(Outcome now) {
  switch (now) {
    case Outcome::kOpen:
      return Movement::kPushed;
    case Outcome::kOnHold:
      return Movement::kOnHold;
    case Outcome::kWon:
      return Movement::kWon;
    case Outcome::kLost:
      return Movement::kLost;
    case Outcome::kVoid:
      return Movement::kVoid;
  }
  return Movement::kRemoved;
}

absl::Status Check(const Snapshot& then, const Snapshot& now,
                   ClosePeriod period) {
  if (period.from >= period.to) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("period from day ", period.from, " to ",
                               period.to, "; allowed: from before to"));
  }
  if (now.stamp().taken_at < then.stamp().taken_at) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("the second snapshot was taken at ",
                               now.stamp().taken_at, ", the first at ",
                               then.stamp().taken_at, "; allowed: no earlier"));
  }
  return absl::OkStatus();
}

// Calls of each deal of either: visit(row then, row now), of which one may be
// null.
template <typename Visit>
void ForEachDeal(const Snapshot& then, const Snapshot& now,
                 const Visit& visit) {
  const absl::Span<const SnapshotRow> a = then.rows();
  const absl::Span<const SnapshotRow> b = now.rows();
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool has_then =
        j == b.size() || (i < a.size() && !IsBefore(b[j], a[i]));
    const bool has_now =
        i == a.size() || (j < b.size() && !IsBefore(a[i], b[j]));
    visit(has_then ? &a[i] : nullptr, has_now ? &b[j] : nullptr);
    i += has_then ? 1 : 0;
    j += has_now ? 1 : 0;
  }
}

// The table of the header: calls of each movement, move(class, amount).
template <typename Move>
void Attribute(const SnapshotRow* then, const SnapshotRow* now,
               ClosePeriod period, const Move& move) {
  const bool counted = Counts(then, period);
  const bool counts = Counts(now, period);
  if (!counted && !counts) return;
  if (now == nullptr) {
    move(Movement::kRemoved, -absl::int128(then->amount));
    return;
  }
  const absl::int128 amount = now->amount;
  if (!counted) {
    if (then == nullptr) {
      move(Movement::kNew, amount);
    } else if (then->outcome == Outcome::kOpen) {
      move(Movement::kPulledIn, amount);
    } else {
      move(Movement::kReopened, amount);
    }
    return;
  }
  const absl::int128 change = amount - then->amount;
  if (change > 0) move(Movement::kGrown, change);
  if (change < 0) move(Movement::kShrunk, change);
  if (!counts) move(LeftBy(now->outcome), -amount);
}

void AddTo(MovedSums* sums, absl::int128 amount) {
  ++sums->count;
  sums->amount += amount;
}

void Join(MovedSums* sums, const MovedSums& more) {
  sums->count += more.count;
  sums->amount += more.amount;
}

// What a movement does to the number of deals.
int SignOf(Movement movement) {
  switch (movement) {
    case Movement::kNew:
    case Movement::kPulledIn:
    case Movement::kReopened:
      return 1;
    case Movement::kGrown:
    case Movement::kShrunk:
      return 0;
    default:
      return -1;
  }
}

}  // namespace

// ---- Snapshots --------------------------------------------------------------

absl::StatusOr<Snapshot> Snapshot::Of(SnapshotStamp stamp,
                                      absl::Span<const SnapshotRow> rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::Status good = CheckRow(rows[i], i);
    if (!good.ok()) return good;
  }
  Snapshot snapshot;
  snapshot.stamp_ = stamp;
  snapshot.rows_.assign(rows.begin(), rows.end());
  std::vector<SnapshotRow>& sorted = snapshot.rows_;
  if (!std::is_sorted(sorted.begin(), sorted.end(), IsBefore)) {
    std::sort(sorted.begin(), sorted.end(), IsBefore);
  }
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].deal == sorted[i - 1].deal) {
      return RefuseTwice(rows, sorted[i].deal);
    }
  }
  return snapshot;
}

std::string Snapshot::Serialise() const {
  SerialWriter out(kSnapshotForm, kSnapshotSize + rows_.size() * kRowSize);
  out.Put32(0);
  out.Put64(static_cast<uint64_t>(stamp_.taken_at));
  out.Put64(stamp_.policy_hash);
  out.Put64(rows_.size());
  for (const SnapshotRow& row : rows_) {
    out.Put64(row.deal);
    out.Put64(static_cast<uint64_t>(row.amount));
    out.Put32(static_cast<uint32_t>(row.close_day));
    out.Put32(PackCodes(row));
  }
  return out.Finish();
}

absl::StatusOr<Snapshot> Snapshot::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened =
      SerialReader::Open(kSnapshotForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  const uint32_t zero = reader.Take32();
  Snapshot snapshot;
  snapshot.stamp_.taken_at = reader.TakeSigned64();
  snapshot.stamp_.policy_hash = reader.Take64();
  const uint64_t count = reader.Take64();
  if (reader.overrun() || reader.left() % kRowSize != 0 ||
      count != reader.left() / kRowSize) {
    return Damaged(kSnapshotForm,
                   absl::StrCat(bytes.size(), " bytes are not those of ", count,
                                " deals"));
  }
  if (zero != 0) {
    return Damaged(kSnapshotForm, absl::StrCat("a reserved number is ", zero));
  }
  snapshot.rows_.reserve(static_cast<size_t>(count));
  for (uint64_t i = 0; i < count; ++i) {
    SnapshotRow row;
    row.deal = reader.Take64();
    row.amount = reader.TakeSigned64();
    row.close_day = reader.TakeSigned32();
    const uint32_t codes = reader.Take32();
    row.outcome = static_cast<Outcome>(codes & 0xFF);
    row.milestone = static_cast<uint8_t>(codes >> 8 & 0xFF);
    if (!HasOutcome(row) || !HasMilestone(row) || codes != PackCodes(row)) {
      return Damaged(kSnapshotForm,
                     absl::StrCat("row ", i, " has an unknown code"));
    }
    if (i > 0 && !IsBefore(snapshot.rows_.back(), row)) {
      return Damaged(kSnapshotForm,
                     absl::StrCat("row ", i, " is out of order"));
    }
    snapshot.rows_.push_back(row);
  }
  return snapshot;
}

// ---- Movement ---------------------------------------------------------------

absl::StatusOr<int64_t> MovedSums::AmountTotal() const {
  if (amount < std::numeric_limits<int64_t>::min() ||
      amount > std::numeric_limits<int64_t>::max()) {
    return Refuse(Reason::kOverflow,
                  "the total does not fit 64-bit minor units");
  }
  return static_cast<int64_t>(amount);
}

absl::int128 Waterfall::MovedAmount() const {
  absl::int128 sum = 0;
  for (const MovedSums& sums : by) sum += sums.amount;
  return sum;
}

int64_t Waterfall::MovedCount() const {
  int64_t sum = 0;
  for (int i = 0; i < kMovementCount; ++i) {
    const auto movement = static_cast<Movement>(i);
    sum += SignOf(movement) * by[movement].count;
  }
  return sum;
}

absl::Status Waterfall::Merge(const Waterfall& other) {
  if (other.period.from != period.from || other.period.to != period.to) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("a period from day ", other.period.from, " to ",
                     other.period.to, "; allowed: that of the other, ",
                     period.from, " to ", period.to));
  }
  // It may be this one.
  const Waterfall more = other;
  Join(&opening, more.opening);
  Join(&closing, more.closing);
  for (int i = 0; i < kMovementCount; ++i) {
    const auto movement = static_cast<Movement>(i);
    Join(&by[movement], more.by[movement]);
  }
  return absl::OkStatus();
}

absl::StatusOr<Waterfall> MeasureMovement(const Snapshot& then,
                                          const Snapshot& now,
                                          ClosePeriod period) {
  absl::Status good = Check(then, now, period);
  if (!good.ok()) return good;
  Waterfall waterfall;
  waterfall.period = period;
  ForEachDeal(then, now, [&](const SnapshotRow* a, const SnapshotRow* b) {
    if (Counts(a, period)) AddTo(&waterfall.opening, a->amount);
    if (Counts(b, period)) AddTo(&waterfall.closing, b->amount);
    Attribute(a, b, period, [&](Movement movement, absl::int128 amount) {
      AddTo(&waterfall.by[movement], amount);
    });
  });
  return waterfall;
}

absl::StatusOr<std::vector<DealMovement>> ListMovements(const Snapshot& then,
                                                        const Snapshot& now,
                                                        ClosePeriod period) {
  absl::Status good = Check(then, now, period);
  if (!good.ok()) return good;
  std::vector<DealMovement> movements;
  ForEachDeal(then, now, [&](const SnapshotRow* a, const SnapshotRow* b) {
    const uint64_t deal = a != nullptr ? a->deal : b->deal;
    Attribute(a, b, period, [&](Movement movement, absl::int128 amount) {
      movements.push_back({deal, movement, amount});
    });
  });
  return movements;
}

}  // namespace fivek
