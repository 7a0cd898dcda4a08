#include "fivek/pipeline/rollup.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "src/base/aligned.h"
#include "src/base/serial.h"
#include "src/pipeline/key_index.h"
#include "src/pipeline/rollup_kernels.h"
#include "src/pipeline/rollup_scalar.h"

namespace fivek {
namespace {

// Rows that are looked at together: their columns fit the first cache.
constexpr size_t kRollupTile = 1024;
static_assert(kRollupTile % kRollupBlock == 0);

// Owners below this are found in a table, others in a KeyIndex.
constexpr uint32_t kDirectKeys = 1 << 16;
constexpr size_t kFirstDirectKeys = 1 << 10;

// Without owners the sums have copies and rows take turns, since an addition
// has to wait for the one before to the same sums.
constexpr uint32_t kCopies = 8;

// ---- Columns that are not given ---------------------------------------------

template <typename T, size_t kPeriod>
constexpr std::array<T, kRollupTile> Column(T first, T step) {
  std::array<T, kRollupTile> column = {};
  for (size_t i = 0; i < kRollupTile; ++i) {
    column[i] = static_cast<T>(first + step * static_cast<T>(i % kPeriod));
  }
  return column;
}
constexpr auto kZeroBytes = Column<uint8_t, 1>(0, 0);
constexpr auto kZeroAmounts = Column<int64_t, 1>(0, 0);
constexpr auto kZeroKeys = Column<uint32_t, 1>(0, 0);
constexpr auto kUnknownPpm = Column<int32_t, 1>(-1, 0);
constexpr auto kCopySlots = Column<uint32_t, kCopies>(0, kMilestoneCount);

template <typename T>
const T* BlockAt(const T* column, size_t row,
                 const std::array<T, kRollupTile>& absent) {
  return column == nullptr ? absent.data() : column + row;
}

// ---- Sums -------------------------------------------------------------------

struct Row {
  uint8_t milestone, outcome;
  int32_t ppm;
  int64_t amount;
};

Row RowAt(const RollupTile& tile, size_t i) {
  return {tile.milestone[i], tile.outcome[i], tile.ppm[i], tile.amount[i]};
}

constexpr auto kWon = static_cast<uint8_t>(Outcome::kWon);
constexpr auto kLost = static_cast<uint8_t>(Outcome::kLost);
static_assert(kWon == 2 && kLost == 3 && kOutcomeCount == 5 &&
                  kMilestoneCount == 7 && kCertain == 1'000'000,
              "rollup_avx2.cc has them as numbers");

void Join(RollupSums* sums, const RollupSums& more) {
  sums->count += more.count;
  sums->won += more.won;
  sums->lost += more.lost;
  sums->unknown += more.unknown;
  sums->amount += more.amount;
  sums->expected_millionths += more.expected_millionths;
}

// Adds a row, or takes it away again.
void AddWide(const Row& row, int sign, RollupSums* sums) {
  sums->count += sign;
  sums->won += row.outcome == kWon ? sign : 0;
  sums->lost += row.outcome == kLost ? sign : 0;
  sums->unknown += row.ppm < 0 ? sign : 0;
  const absl::int128 amount = absl::int128(row.amount) * sign;
  sums->amount += amount;
  sums->expected_millionths += amount * std::max(row.ppm, 0);
}

bool IsNarrow(const Row& row) {
  return -kNarrowAmount <= row.amount && row.amount < kNarrowAmount;
}

void AddNarrow(const Row& row, NarrowSums* sums) {
  constexpr uint64_t kTally[kOutcomeCount] = {0, 0, 1, 1 << kLostShift, 0};
  const auto unknown = static_cast<uint64_t>(row.ppm < 0);
  const auto product = static_cast<uint64_t>(row.amount * std::max(row.ppm, 0));
  sums->amount += static_cast<uint64_t>(row.amount);
  sums->won_lost_unknown += kTally[row.outcome] + (unknown << kUnknownShift);
  sums->count_low += (uint64_t{1} << kCountShift) +
                     (product & ((uint64_t{1} << kLowBits) - 1));
  sums->high += (product + kProductBias) >> kLowBits;
}

RollupSums Widen(const NarrowSums& narrow) {
  constexpr uint64_t kTallyMask = (uint64_t{1} << kLostShift) - 1;
  const uint64_t count = narrow.count_low >> kCountShift;
  const auto tally = [&narrow](int shift) {
    return static_cast<int64_t>(narrow.won_lost_unknown >> shift & kTallyMask);
  };
  RollupSums sums;
  sums.count = static_cast<int64_t>(count);
  sums.won = tally(0);
  sums.lost = tally(kLostShift);
  sums.unknown = tally(kUnknownShift);
  sums.amount = static_cast<int64_t>(narrow.amount);
  const auto high =
      static_cast<int64_t>(narrow.high - count * (kProductBias >> kLowBits));
  const uint64_t low = narrow.count_low & ((uint64_t{1} << kCountShift) - 1);
  sums.expected_millionths =
      absl::int128(high) * (1 << kLowBits) + absl::int128(low);
  return sums;
}

// What fits kNarrowRows rows of the largest kind.
static_assert(kNarrowRows <= 1 << kLowBits);
static_assert((kNarrowRows << kLowBits) <= int64_t{1} << kCountShift);
static_assert(kNarrowRows < 1 << kLostShift);
static_assert(kUnknownShift == 2 * kLostShift);
static_assert(kCertain < 1 << kLowBits);
static_assert(kNarrowAmountBits + kLowBits <= 62);

// ---- Checks -----------------------------------------------------------------

const char* NameOf(RollupBy by) {
  switch (by) {
    case RollupBy::kMilestone:
      return "milestone";
    case RollupBy::kOwner:
      return "owner";
    case RollupBy::kBoth:
      return "owner and milestone";
  }
  return "";
}

// In the order of RollupColumns, as errors number them.
enum RollupColumn : int32_t {
  kRollupMilestoneColumn = 0,
  kRollupOutcomeColumn = 1,
  kRollupProbabilityColumn = 3,
};

bool IsGood(const Row& row) {
  return row.milestone < kMilestoneCount && row.outcome < kOutcomeCount &&
         (row.ppm == -1 || IsProbability(row.ppm));
}

absl::Status ExplainRow(const Row& row, size_t i) {
  const auto place = static_cast<int64_t>(i);
  if (row.milestone >= kMilestoneCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("row ", i, ": milestone ", row.milestone,
                               "; allowed: 0 to ", kMilestoneCount - 1),
                  {place, kRollupMilestoneColumn});
  }
  if (row.outcome >= kOutcomeCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("row ", i, ": outcome ", row.outcome,
                               "; allowed: 0 to ", kOutcomeCount - 1),
                  {place, kRollupOutcomeColumn});
  }
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("row ", i, ": probability ", row.ppm, " ppm; allowed: 0 to ",
                   kCertain, ", -1 for unknown"),
      {place, kRollupProbabilityColumn});
}

absl::Status CheckColumns(const RollupColumns& columns) {
  const char* name = nullptr;
  if (!IsAligned(columns.amount)) name = "amount";
  if (!IsAligned(columns.probability_ppm)) name = "probability_ppm";
  if (!IsAligned(columns.owner)) name = "owner";
  if (name == nullptr) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("column ", name,
                             " is not aligned to the size of its elements"));
}

absl::Status CheckRows(int64_t have, uint64_t more) {
  if (more <= static_cast<uint64_t>(kMaxRollupRows - have)) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kOverflow,
                absl::StrCat(have, " rows and ", more,
                             " more; a roll-up has room for ", kMaxRollupRows));
}

absl::StatusOr<int64_t> Int64Of(absl::int128 total) {
  if (total < std::numeric_limits<int64_t>::min() ||
      total > std::numeric_limits<int64_t>::max()) {
    return Refuse(Reason::kOverflow,
                  "the total does not fit 64-bit minor units");
  }
  return static_cast<int64_t>(total);
}

RollupKernel BestKernel() {
#if defined(FIVEK_SCORE_X86)
  if (__builtin_cpu_supports("avx2") != 0) return AddBlocksAvx2;
#endif
  return nullptr;
}

// ---- The serialised form ----------------------------------------------------

constexpr SerialForm kRollupForm = {"roll-up", "5Krollup", 1};
constexpr size_t kGroupsAt = 12;  // Grouping and number come before.
constexpr size_t kGroupSize = 72;

// Whether so many amounts can have this sum.
bool IsSumOf(absl::int128 amounts, absl::int128 sum) {
  using Limits = std::numeric_limits<int64_t>;
  return amounts * Limits::min() <= sum && sum <= amounts * Limits::max();
}

// Whether some rows have these sums. kMaxRollupRows keeps all in 128 bits.
bool IsPossible(const RollupSums& sums) {
  const int64_t count = sums.count;
  const auto part = [count](int64_t n) { return 0 <= n && n <= count; };
  if (count < 1 || count > kMaxRollupRows) return false;
  if (!part(sums.won) || !part(sums.lost) || !part(sums.unknown)) return false;
  if (sums.won + sums.lost > count) return false;
  return IsSumOf(count, sums.amount) &&
         IsSumOf(absl::int128(count - sums.unknown) * kCertain,
                 sums.expected_millionths);
}

}  // namespace

// ---- The state --------------------------------------------------------------

// Each group has `stride` slots of sums, one for each milestone if they are
// kept apart. The sums of a slot are those in `wide` and those in `narrow`.
struct Rollup::State {
  State(RollupBy grouping, RollupKernel best)
      : by(grouping),
        kernel(best),
        stride(by == RollupBy::kOwner ? 1 : kMilestoneCount) {
    // With owners, the first group is where rows go whose owner is not known;
    // they do not stay there.
    owner.resize(has_owners() ? 1 : kCopies);
    wide.resize(owner.size() * stride);
    narrow.resize(wide.size());
    settled = narrow.size();
    if (has_owners()) slot_of_key.resize(kFirstDirectKeys);
  }

  bool has_owners() const { return by != RollupBy::kMilestone; }

  uint32_t SlotOf(uint32_t key) const;
  uint32_t AddOwner(uint32_t key);
  uint32_t FindOrAddOwner(uint32_t key);

  RollupTile TileAt(const RollupColumns& columns, size_t row) const;
  void Put(const RollupTile& tile, size_t i, uint32_t slot);
  void Settle(const RollupTile& tile, const uint32_t* keys, size_t rows);
  absl::Status AddTile(const RollupColumns& columns, size_t begin, size_t end,
                       size_t* added);
  void TakeBack(const RollupColumns& columns, size_t added);
  void Flush();

  RollupSums SumsAt(size_t slot) const {
    RollupSums sums = wide[slot];
    Join(&sums, Widen(narrow[slot]));
    return sums;
  }

  RollupBy by;
  RollupKernel kernel;  // Null: rows are added one by one.
  uint32_t stride;
  int64_t rows = 0;
  int64_t narrow_rows = 0;  // At most these are in `narrow`.
  size_t settled =
      0;  // Slots from here on: some of their rows may be nobody's.

  std::vector<uint32_t> owner;  // By group.
  // By slot; `wide` may be longer, if memory ran out.
  std::vector<RollupSums> wide;
  std::vector<NarrowSums> narrow;

  // 0: not seen.
  std::vector<uint32_t> slot_of_key;
  KeyIndex slot_of_large_key;
};

uint32_t Rollup::State::SlotOf(uint32_t key) const {
  if (!has_owners()) return 0;
  if (key < slot_of_key.size()) return slot_of_key[key];
  if (key < kDirectKeys) return 0;
  return slot_of_large_key.Find(key);
}

// If memory runs out, an empty group that nobody finds may be left.
uint32_t Rollup::State::AddOwner(uint32_t key) {
  if (owner.size() >= std::numeric_limits<uint32_t>::max() / stride) {
    throw std::bad_alloc();  // Half a terabyte.
  }
  const auto slot = static_cast<uint32_t>(owner.size() * stride);
  owner.push_back(key);
  wide.resize(owner.size() * stride);
  narrow.resize(wide.size());
  if (key >= kDirectKeys) {
    slot_of_large_key.Add(key, slot);
    return slot;
  }
  size_t keys = slot_of_key.size();
  while (keys <= key) keys *= 2;
  slot_of_key.resize(keys);
  slot_of_key[key] = slot;
  return slot;
}

uint32_t Rollup::State::FindOrAddOwner(uint32_t key) {
  uint32_t slot = SlotOf(key);
  if (slot == 0 && has_owners()) {
    slot = AddOwner(key);
    settled = narrow.size();
  }
  return slot;
}

RollupTile Rollup::State::TileAt(const RollupColumns& columns,
                                 size_t row) const {
  RollupTile tile = {};
  tile.milestone = BlockAt(columns.milestone, row, kZeroBytes);
  tile.rung = by == RollupBy::kOwner ? kZeroBytes.data() : tile.milestone;
  tile.outcome = BlockAt(columns.outcome, row, kZeroBytes);
  tile.amount = BlockAt(columns.amount, row, kZeroAmounts);
  tile.ppm = BlockAt(columns.probability_ppm, row, kUnknownPpm);
  tile.key = BlockAt(columns.owner, row, kZeroKeys);
  return tile;
}

void Rollup::State::Put(const RollupTile& tile, size_t i, uint32_t slot) {
  const Row row = RowAt(tile, i);
  const size_t at = slot + tile.rung[i];
  if (IsNarrow(row)) {
    AddNarrow(row, &narrow[at]);
  } else {
    AddWide(row, 1, &wide[at]);
  }
}

// Gives the rows that the kernel left at nobody's slots to their owners.
void Rollup::State::Settle(const RollupTile& tile, const uint32_t* keys,
                           size_t rows_added) {
  const auto none = [](const NarrowSums& sums) { return sums.count_low == 0; };
  if (std::all_of(narrow.data(), narrow.data() + stride, none)) return;
  for (size_t i = 0; i < rows_added; ++i) {
    if (SlotOf(keys[i]) == 0) AddOwner(keys[i]);
  }
  for (size_t i = 0; i < rows_added; ++i) {
    const uint32_t slot = SlotOf(keys[i]);
    if (slot >= settled) Put(tile, i, slot);
  }
  std::fill_n(narrow.begin(), stride, NarrowSums());
  settled = narrow.size();
}

absl::Status Rollup::State::AddTile(const RollupColumns& columns, size_t begin,
                                    size_t end, size_t* added) {
  if (narrow_rows + static_cast<int64_t>(kRollupTile) > kNarrowRows) Flush();
  narrow_rows += static_cast<int64_t>(kRollupTile);
  std::array<uint32_t, kRollupTile> slots;
  for (size_t row = begin; row < end;) {
    const RollupTile tile = TileAt(columns, row);
    if (kernel != nullptr && end - row >= kRollupBlock) {
      RollupTile block = tile;
      block.sums = narrow.data();
      if (!has_owners()) {
        block.key = kCopySlots.data();
      } else if (slot_of_large_key.empty()) {
        block.slot_of_key = slot_of_key.data();
        block.keys = static_cast<uint32_t>(slot_of_key.size());
      } else {
        for (size_t i = 0; i < end - row; ++i) slots[i] = SlotOf(tile.key[i]);
        block.key = slots.data();
      }
      const size_t rows_added = kernel(block, end - row);
      *added += rows_added;
      row += rows_added;
      if (has_owners()) Settle(tile, tile.key, rows_added);
      if (rows_added > 0) continue;
    }
    const size_t some = std::min(kRollupBlock, end - row);
    for (size_t i = 0; i < some; ++i) {
      if (!IsGood(RowAt(tile, i))) return ExplainRow(RowAt(tile, i), row + i);
      Put(tile, i, FindOrAddOwner(tile.key[i]));
      ++*added;
    }
    row += some;
  }
  return absl::OkStatus();
}

// Undoes the first `added` rows of a call.
void Rollup::State::TakeBack(const RollupColumns& columns, size_t added) {
  for (size_t begin = 0; begin < added; begin += kRollupTile) {
    const RollupTile tile = TileAt(columns, begin);
    for (size_t i = 0; i < std::min(kRollupTile, added - begin); ++i) {
      const uint32_t slot = SlotOf(tile.key[i]);
      if (slot >= settled) continue;  // Nobody's; see below.
      AddWide(RowAt(tile, i), -1, &wide[slot + tile.rung[i]]);
    }
  }
  if (has_owners()) {
    std::fill_n(wide.begin(), stride, RollupSums());
    std::fill_n(narrow.begin(), stride, NarrowSums());
  }
  settled = narrow.size();
}

void Rollup::State::Flush() {
  for (size_t slot = 0; slot < narrow.size(); ++slot) {
    if (narrow[slot].count_low == 0) continue;
    Join(&wide[slot], Widen(narrow[slot]));
    narrow[slot] = NarrowSums();
  }
  narrow_rows = 0;
}

// ---- Rollup -----------------------------------------------------------------

absl::StatusOr<int64_t> RollupSums::AmountTotal() const {
  return Int64Of(amount);
}

absl::StatusOr<int64_t> RollupSums::ExpectedRounded(Rounding rounding) const {
  return Int64Of(DivideRounded(expected_millionths, kCertain, rounding));
}

Rollup::Rollup(RollupBy by)
    : state_(std::make_unique<State>(by, BestKernel())) {}
Rollup::Rollup(Rollup&&) noexcept = default;
Rollup& Rollup::operator=(Rollup&&) noexcept = default;
Rollup::~Rollup() = default;

Rollup ScalarRollup(RollupBy by) {
  Rollup rollup(by);
  rollup.state_->kernel = nullptr;
  return rollup;
}

RollupBy Rollup::by() const { return state_->by; }

absl::Status Rollup::Add(const RollupColumns& columns, size_t rows) {
  absl::Status status = CheckColumns(columns);
  if (status.ok()) status = CheckRows(state_->rows, rows);
  if (!status.ok()) return status;
  size_t added = 0;
  // On a refusal, and if memory runs out.
  auto undo = absl::MakeCleanup([&] { state_->TakeBack(columns, added); });
  for (size_t begin = 0; begin < rows; begin += kRollupTile) {
    const size_t end = std::min(begin + kRollupTile, rows);
    status = state_->AddTile(columns, begin, end, &added);
    if (!status.ok()) return status;
  }
  std::move(undo).Cancel();
  state_->rows += static_cast<int64_t>(rows);
  return absl::OkStatus();
}

absl::Status Rollup::Merge(const Rollup& other) {
  State& to = *state_;
  const State& from = *other.state_;
  if (to.by != from.by) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("a roll-up by ", NameOf(from.by),
                               " cannot merge into one by ", NameOf(to.by)));
  }
  const absl::Status status =
      CheckRows(to.rows, static_cast<uint64_t>(from.rows));
  if (!status.ok()) return status;
  // First what may fail, then the sums. Both may be the same.
  const size_t slots = from.narrow.size();
  for (size_t slot = 0; slot < slots; slot += to.stride) {
    if (from.has_owners() && slot == 0) continue;
    to.FindOrAddOwner(from.owner[slot / to.stride]);
  }
  for (size_t slot = 0; slot < slots; ++slot) {
    const RollupSums sums = from.SumsAt(slot);
    const uint32_t base = to.SlotOf(from.owner[slot / to.stride]);
    Join(&to.wide[base + slot % to.stride], sums);
  }
  to.rows += from.rows;
  return absl::OkStatus();
}

std::vector<RollupGroup> Rollup::Groups() const {
  const State& s = *state_;
  std::vector<RollupGroup> groups;
  for (size_t slot = 0; slot < s.narrow.size(); ++slot) {
    const RollupSums sums = s.SumsAt(slot);
    // A copy without rows may have sums: rows are taken back from the first.
    if (sums.count == 0 && s.has_owners()) continue;
    const int32_t milestone =
        s.by == RollupBy::kOwner ? -1 : static_cast<int32_t>(slot % s.stride);
    groups.push_back({s.owner[slot / s.stride], milestone, sums});
  }
  const auto key = [](const RollupGroup& group) {
    return std::make_pair(group.owner, group.milestone);
  };
  std::sort(groups.begin(), groups.end(),
            [key](const auto& a, const auto& b) { return key(a) < key(b); });
  // Copies become one.
  size_t kept = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i > 0 && key(groups[i]) == key(groups[kept - 1])) {
      Join(&groups[kept - 1].sums, groups[i].sums);
    } else {
      groups[kept++] = groups[i];
    }
  }
  groups.resize(kept);
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const auto& g) { return g.sums.count == 0; }),
               groups.end());
  return groups;
}

RollupSums Rollup::Total() const {
  RollupSums total;
  for (size_t slot = 0; slot < state_->narrow.size(); ++slot) {
    Join(&total, state_->SumsAt(slot));
  }
  return total;
}

std::string Rollup::Serialise() const {
  const std::vector<RollupGroup> groups = Groups();
  SerialWriter out(kRollupForm, kGroupsAt + groups.size() * kGroupSize);
  out.Put32(static_cast<uint32_t>(state_->by));
  out.Put64(groups.size());
  for (const RollupGroup& group : groups) {
    out.Put32(group.owner);
    out.Put32(static_cast<uint32_t>(std::max(group.milestone, 0)));
    for (const int64_t count : {group.sums.count, group.sums.won,
                                group.sums.lost, group.sums.unknown}) {
      out.Put64(static_cast<uint64_t>(count));
    }
    out.Put128(group.sums.amount);
    out.Put128(group.sums.expected_millionths);
  }
  return out.Finish();
}

absl::StatusOr<Rollup> Rollup::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened = SerialReader::Open(kRollupForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  const uint32_t by = reader.Take32();
  const uint64_t count = reader.Take64();
  if (by > static_cast<uint32_t>(RollupBy::kBoth)) {
    return Damaged(kRollupForm,
                   absl::StrCat("grouping ", by, "; known: 0 to 2"));
  }
  if (reader.overrun() || reader.left() % kGroupSize != 0 ||
      count != reader.left() / kGroupSize) {
    return Damaged(kRollupForm,
                   absl::StrCat(bytes.size(), " bytes are not those of ", count,
                                " groups"));
  }

  Rollup rollup(static_cast<RollupBy>(by));
  State& state = *rollup.state_;
  uint64_t before = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint32_t owner = reader.Take32();
    const uint32_t milestone = reader.Take32();
    RollupSums sums;
    for (int64_t* const number :
         {&sums.count, &sums.won, &sums.lost, &sums.unknown}) {
      *number = reader.TakeSigned64();
    }
    sums.amount = reader.Take128();
    sums.expected_millionths = reader.Take128();
    if (milestone >= state.stride || (owner != 0 && !state.has_owners())) {
      return Damaged(kRollupForm, absl::StrCat("group ", i, " is owner ", owner,
                                               ", milestone ", milestone,
                                               " by ", NameOf(state.by)));
    }
    const uint64_t place = uint64_t{owner} << 32 | milestone;
    if (i > 0 && place <= before) {
      return Damaged(kRollupForm,
                     absl::StrCat("group ", i, " is out of order"));
    }
    before = place;
    if (!IsPossible(sums) || sums.count > kMaxRollupRows - state.rows) {
      return Damaged(kRollupForm,
                     absl::StrCat("group ", i, " has sums that no rows have"));
    }
    state.rows += sums.count;
    const uint32_t slot = state.FindOrAddOwner(owner);
    state.wide[slot + milestone] = sums;
  }
  return rollup;
}

}  // namespace fivek
