// Any bytes as a roll-up through the C interface, and any columns added to it,
// beside sums kept in a map.
//
// Input: 1 byte each of grouping, columns given, repetitions and flags, 2 of
// the length of the serialised form, that form, then rows of 18 bytes:
// milestone, outcome, amount, probability, owner.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "capi/fivek.h"
#include "src/base/fnv1a.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

constexpr int64_t kMostRows = int64_t{1} << 43;
constexpr size_t kHeader = 24;
constexpr size_t kGroup = 72;
constexpr size_t kChecksum = 8;

enum Flag : unsigned {
  kSealed = 1,      // The checksum is set right.
  kGoodRows = 2,    // Codes and probabilities are brought into their ranges.
  kFewOwners = 4,   // Owners below 256.
  kMisaligned = 8,  // The amounts start at an odd address.
};

struct Release {
  void operator()(fivek_rollup* rollup) const { fivek_rollup_release(rollup); }
};
using Rollup = std::unique_ptr<fivek_rollup, Release>;

fivek_error NoError() {
  fivek_error error;
  std::memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  return error;
}

void NeedReason(const fivek_error& error, fivek_status status) {
  Need(error.status == status, "the error has the call's status");
  Need(error.reason != FIVEK_REASON_NONE &&
           error.reason != FIVEK_REASON_INTERNAL,
       "a refusal has a reason");
  Need(error.message_len > 0 && std::strlen(error.message) == error.message_len,
       "a refusal has a message");
}

// ---- The oracle -------------------------------------------------------------

struct Sums {
  int64_t count = 0, won = 0, lost = 0, unknown = 0;
  absl::int128 amount = 0, expected = 0;  // Expected in millionths.

  void Join(const Sums& more) {
    count += more.count;
    won += more.won;
    lost += more.lost;
    unknown += more.unknown;
    amount += more.amount;
    expected += more.expected;
  }
};

// By owner, then milestone.
using Groups = std::map<std::pair<uint32_t, uint32_t>, Sums>;

Sums TotalOf(const Groups& groups) {
  Sums total;
  for (const auto& group : groups) total.Join(group.second);
  return total;
}

uint64_t Number(const std::string& bytes, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t i = size; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

void Append(uint64_t number, size_t size, std::string* bytes) {
  for (size_t i = 0; i < size; ++i) {
    bytes->push_back(static_cast<char>(number >> 8 * i & 0xFF));
  }
}

std::string Sealed(std::string bytes) {
  Append(fivek::Fnv1a64(bytes), kChecksum, &bytes);
  return bytes;
}

std::string Serialised(uint32_t by, const Groups& groups) {
  std::string bytes = "5Krollup";
  Append(1, 4, &bytes);
  Append(by, 4, &bytes);
  Append(groups.size(), 8, &bytes);
  for (const auto& [key, sums] : groups) {
    Append(key.first, 4, &bytes);
    Append(key.second, 4, &bytes);
    for (const int64_t count :
         {sums.count, sums.won, sums.lost, sums.unknown}) {
      Append(static_cast<uint64_t>(count), 8, &bytes);
    }
    for (const absl::int128 total : {sums.amount, sums.expected}) {
      Append(absl::Int128Low64(total), 8, &bytes);
      Append(static_cast<uint64_t>(absl::Int128High64(total)), 8, &bytes);
    }
  }
  return Sealed(bytes);
}

// That some rows have these sums.
void NeedPossible(const Sums& sums) {
  const auto part = [&](int64_t n) { return 0 <= n && n <= sums.count; };
  Need(1 <= sums.count && sums.count <= kMostRows, "a group has rows");
  Need(part(sums.won) && part(sums.lost) && part(sums.unknown) &&
           sums.won + sums.lost <= sums.count,
       "no row is counted twice");
  const auto of = [](absl::int128 amounts, absl::int128 sum) {
    return amounts * std::numeric_limits<int64_t>::min() <= sum &&
           sum <= amounts * std::numeric_limits<int64_t>::max();
  };
  Need(of(sums.count, sums.amount) &&
           of(absl::int128(sums.count - sums.unknown) * 1'000'000,
              sums.expected),
       "amounts add up to the totals");
}

// Of bytes that were accepted.
Groups Parsed(const std::string& bytes) {
  Groups groups;
  for (size_t at = kHeader; at + kChecksum < bytes.size(); at += kGroup) {
    const auto count = [&](size_t offset) {
      return static_cast<int64_t>(Number(bytes, at + offset, 8));
    };
    const auto wide = [&](size_t offset) {
      return absl::MakeInt128(count(offset + 8), Number(bytes, at + offset, 8));
    };
    const Sums sums = {count(8),  count(16), count(24),
                       count(32), wide(40),  wide(56)};
    const auto owner = static_cast<uint32_t>(Number(bytes, at, 4));
    const auto milestone = static_cast<uint32_t>(Number(bytes, at + 4, 4));
    const auto key = std::make_pair(owner, milestone);
    Need(groups.empty() || groups.rbegin()->first < key,
         "groups are in order and none stands twice");
    NeedPossible(sums);
    groups[key] = sums;
  }
  Need(TotalOf(groups).count <= kMostRows, "a roll-up has a bound");
  return groups;
}

// Millionths to the nearest whole, ties to even.
absl::int128 Rounded(absl::int128 millionths) {
  const absl::int128 million = 1'000'000;
  absl::int128 whole = millionths / million;
  absl::int128 rest = millionths % million;
  if (rest < 0) {
    whole -= 1;
    rest += million;
  }
  const absl::int128 twice = rest * 2;
  if (twice > million || (twice == million && whole % 2 != 0)) whole += 1;
  return whole;
}

bool Fits(absl::int128 total) {
  return std::numeric_limits<int64_t>::min() <= total &&
         total <= std::numeric_limits<int64_t>::max();
}

// ---- What is read -----------------------------------------------------------

std::string Written(const fivek_rollup* rollup) {
  size_t needed = 0;
  Need(fivek_rollup_write(rollup, nullptr, 0, &needed, nullptr) == FIVEK_OK,
       "the length is given");
  std::vector<uint8_t> bytes(needed, 0xA5);
  size_t again = 0;
  Need(fivek_rollup_write(rollup, bytes.data(), needed - 1, &again, nullptr) ==
               FIVEK_RESOURCE_EXHAUSTED &&
           again == needed && bytes[0] == 0xA5 && bytes[needed - 2] == 0xA5,
       "too little room is refused and nothing is written");
  Need(fivek_rollup_write(rollup, bytes.data(), needed, &again, nullptr) ==
               FIVEK_OK &&
           again == needed,
       "exactly enough is enough");
  return std::string(bytes.begin(), bytes.end());
}

void NeedGroup(fivek_status status, const fivek_rollup_group& got,
               uint32_t owner, int32_t milestone, const Sums& want) {
  if (!Fits(want.amount) || !Fits(Rounded(want.expected))) {
    Need(status == FIVEK_OUT_OF_RANGE, "a total that does not fit is refused");
    Need(got.count == -7, "and changes nothing");
    return;
  }
  Need(status == FIVEK_OK, "a group can be read");
  Need(got.owner == owner && got.milestone == milestone && got.reserved == 0,
       "whose group it is");
  Need(got.count == want.count && got.won == want.won &&
           got.lost == want.lost && got.unknown == want.unknown,
       "its counts");
  Need(got.amount == want.amount && got.expected == Rounded(want.expected),
       "its totals");
}

// All that a roll-up says.
void NeedGroups(fivek_rollup* rollup, uint32_t by, const Groups& want) {
  Need(Written(rollup) == Serialised(by, want), "the bytes of these sums");
  fivek_rollup_group group = {};
  group.struct_size = sizeof group;
  size_t count = 0;
  Need(fivek_rollup_groups(rollup, &count, nullptr) == FIVEK_OK &&
           count == want.size(),
       "as many groups");
  size_t i = 0;
  for (const auto& [key, sums] : want) {
    group.count = -7;
    const fivek_status status =
        fivek_rollup_group_of(rollup, i++, &group, nullptr);
    const int32_t milestone =
        by == FIVEK_ROLLUP_BY_OWNER ? -1 : static_cast<int32_t>(key.second);
    NeedGroup(status, group, key.first, milestone, sums);
  }
  Need(fivek_rollup_group_of(rollup, count, &group, nullptr) == FIVEK_NOT_FOUND,
       "no group behind the last");
  group.count = -7;
  const fivek_status status = fivek_rollup_total(rollup, &group, nullptr);
  NeedGroup(status, group, 0, -1, TotalOf(want));
}

// From memory of exactly this size. Null if it is refused, as DATA_LOSS.
Rollup Read(const std::string& bytes) {
  const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  auto* const before = reinterpret_cast<fivek_rollup*>(alignof(void*));
  fivek_rollup* out = before;
  fivek_error error = NoError();
  const fivek_status status =
      fivek_rollup_read(exact.data(), exact.size(), &out, &error);
  if (status == FIVEK_OK) {
    Need(error.status == 0 && error.message_len == 0, "no failure, no error");
    return Rollup(out);
  }
  Need(status == FIVEK_DATA_LOSS, "what is refused is damaged");
  Need(error.reason == FIVEK_REASON_DATA_DAMAGED, "and that is the reason");
  NeedReason(error, status);
  Need(out == before, "a refusal changes nothing");
  return nullptr;
}

void ReadNothing(size_t length) {
  fivek_rollup* out = nullptr;
  fivek_error error = NoError();
  const fivek_status status = fivek_rollup_read(nullptr, length, &out, &error);
  Need(status == (length == 0 ? FIVEK_DATA_LOSS : FIVEK_INVALID_ARGUMENT),
       "NULL is empty or refused");
  NeedReason(error, status);
  const uint8_t byte = 0;
  Need(fivek_rollup_read(&byte, 1, nullptr, nullptr) == FIVEK_INVALID_ARGUMENT,
       "there has to be a place for the roll-up");
  Need(out == nullptr, "a refusal changes nothing");
}

void NeedTruncatedRefused(const std::string& bytes) {
  // Every length of a short one, some of a long one.
  const size_t step = bytes.size() < 400 ? 1 : bytes.size() / 97;
  for (size_t size = 0; size < bytes.size(); size += step) {
    Need(Read(bytes.substr(0, size)) == nullptr, "a part is no roll-up");
  }
  Need(Read(bytes.substr(0, bytes.size() - 1)) == nullptr,
       "a part is no roll-up");
  Need(Read(bytes + '\0') == nullptr, "nor is more");
}

// Into itself: twice the sums, until there is no room for so many rows.
void NeedDoubled(const std::string& bytes, uint32_t by, const Groups& groups) {
  const Rollup rollup = Read(bytes);
  Groups want = groups;
  fivek_error error = NoError();
  while (!want.empty() && TotalOf(want).count <= kMostRows / 2) {
    Need(fivek_rollup_merge(rollup.get(), rollup.get(), &error) == FIVEK_OK,
         "there is room");
    for (auto& group : want) group.second.Join(Sums(group.second));
    if (TotalOf(want).count < 8 * TotalOf(groups).count) {
      NeedGroups(rollup.get(), by, want);
    }
  }
  if (!want.empty()) {
    Need(fivek_rollup_merge(rollup.get(), rollup.get(), &error) ==
             FIVEK_OUT_OF_RANGE,
         "a roll-up has a bound");
    NeedReason(error, FIVEK_OUT_OF_RANGE);
  }
  NeedGroups(rollup.get(), by, want);

  fivek_rollup* other = nullptr;
  Need(fivek_rollup_create(static_cast<int32_t>((by + 1) % 3), &other,
                           nullptr) == FIVEK_OK,
       "a grouping");
  const Rollup owned(other);
  Need(fivek_rollup_merge(rollup.get(), other, nullptr) ==
           FIVEK_INVALID_ARGUMENT,
       "groupings have to be the same");
  NeedGroups(rollup.get(), by, want);
}

// ---- What is added ----------------------------------------------------------

struct Columns {
  std::vector<uint8_t> milestone, outcome;
  std::vector<int64_t> amount;
  std::vector<int32_t> ppm;
  std::vector<uint32_t> owner;
};

constexpr size_t kRowBytes = 18;
constexpr size_t kMaxRows = 5000;

Columns ColumnsOf(const uint8_t* data, size_t size, size_t times,
                  unsigned flags) {
  Columns columns;
  const size_t rows = size / kRowBytes;
  for (size_t i = 0; i < std::min(rows * times, kMaxRows); ++i) {
    const uint8_t* const row = data + i % rows * kRowBytes;
    uint8_t milestone = row[0];
    uint8_t outcome = row[1];
    int64_t amount = 0;
    int32_t ppm = 0;
    uint32_t owner = 0;
    std::memcpy(&amount, row + 2, 8);
    std::memcpy(&ppm, row + 10, 4);
    std::memcpy(&owner, row + 14, 4);
    if ((flags & kGoodRows) != 0) {
      milestone %= 7;
      outcome %= 5;
      ppm = static_cast<int32_t>(static_cast<uint32_t>(ppm) % 1'000'002) - 1;
    }
    if ((flags & kFewOwners) != 0) owner &= 0xFF;
    columns.milestone.push_back(milestone);
    columns.outcome.push_back(outcome);
    columns.amount.push_back(amount);
    columns.ppm.push_back(ppm);
    columns.owner.push_back(owner);
  }
  return columns;
}

// Adds the columns to both; refused whole or added whole.
void AddColumns(const Columns& columns, unsigned given, bool misaligned,
                uint32_t by, fivek_rollup* rollup, Groups* groups) {
  const size_t rows = columns.milestone.size();
  const auto has = [given](unsigned c) { return (given >> c & 1) != 0; };
  fivek_rollup_in in = {};
  in.struct_size = sizeof in;
  if (has(0)) in.milestone = columns.milestone.data();
  if (has(1)) in.outcome = columns.outcome.data();
  if (has(2)) in.amount = columns.amount.data();
  if (has(3)) in.probability_ppm = columns.ppm.data();
  if (has(4)) in.owner = columns.owner.data();
  fivek_error error = NoError();
  if (misaligned && has(2)) {
    in.amount = reinterpret_cast<const int64_t*>(
        reinterpret_cast<const char*>(in.amount) + 1);
    Need(fivek_rollup_add(rollup, &in, rows, &error) == FIVEK_INVALID_ARGUMENT,
         "a misaligned column is refused");
    NeedReason(error, FIVEK_INVALID_ARGUMENT);
    in.amount = columns.amount.data();
    error = NoError();
  }
  const fivek_status status = fivek_rollup_add(rollup, &in, rows, &error);

  Groups added = *groups;
  fivek_status want = FIVEK_OK;
  int64_t bad_row = -1;
  int32_t bad_column = -1;
  if (rows > static_cast<uint64_t>(kMostRows - TotalOf(*groups).count)) {
    want = FIVEK_OUT_OF_RANGE;
  }
  for (size_t i = 0; i < rows && want == FIVEK_OK; ++i) {
    const unsigned milestone = has(0) ? columns.milestone[i] : 0;
    const unsigned outcome = has(1) ? columns.outcome[i] : 0;
    const int32_t ppm = has(3) ? columns.ppm[i] : -1;
    if (milestone > 6 || outcome > 4 || ppm < -1 || ppm > 1'000'000) {
      want = FIVEK_INVALID_ARGUMENT;
      bad_row = static_cast<int64_t>(i);
      bad_column = milestone > 6 ? 0 : (outcome > 4 ? 1 : 3);
      break;
    }
    Sums one;
    one.count = 1;
    one.won = outcome == FIVEK_OUTCOME_WON ? 1 : 0;
    one.lost = outcome == FIVEK_OUTCOME_LOST ? 1 : 0;
    one.unknown = ppm < 0 ? 1 : 0;
    one.amount = has(2) ? columns.amount[i] : 0;
    one.expected = one.amount * std::max(ppm, 0);
    const uint32_t owner =
        by != FIVEK_ROLLUP_BY_MILESTONE && has(4) ? columns.owner[i] : 0;
    added[{owner, by == FIVEK_ROLLUP_BY_OWNER ? 0 : milestone}].Join(one);
  }
  Need(status == want, "rows are added or refused");
  if (status == FIVEK_OK) {
    *groups = added;
  } else {
    NeedReason(error, status);
    Need(error.row == bad_row && error.column == bad_column,
         "the first bad row is named");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 6) return 0;
  auto by = uint32_t{data[0]} % 3;
  const unsigned given = data[1];
  const size_t times = 1 + data[2];
  const unsigned flags = data[3];
  const size_t length =
      std::min<size_t>(data[4] | size_t{data[5]} << 8, size - 6);
  std::string bytes(reinterpret_cast<const char*>(data) + 6, length);
  if ((flags & kSealed) != 0 && length >= kChecksum) {
    bytes = Sealed(bytes.substr(0, length - kChecksum));
  }

  ReadNothing(length);
  Groups groups;
  Rollup rollup = Read(bytes);
  if (rollup != nullptr) {
    by = static_cast<uint32_t>(Number(bytes, 12, 4));
    groups = Parsed(bytes);
    Need(Written(rollup.get()) == bytes, "what was read is written again");
    NeedGroups(rollup.get(), by, groups);
    NeedTruncatedRefused(bytes);
    NeedDoubled(bytes, by, groups);
  } else {
    fivek_rollup* fresh = nullptr;
    Need(fivek_rollup_create(static_cast<int32_t>(by), &fresh, nullptr) ==
             FIVEK_OK,
         "a grouping");
    rollup.reset(fresh);
  }

  const size_t rest = size - 6 - length;
  if (rest < kRowBytes) return 0;
  const Columns columns = ColumnsOf(data + 6 + length, rest, times, flags);
  AddColumns(columns, given, (flags & kMisaligned) != 0, by, rollup.get(),
             &groups);
  NeedGroups(rollup.get(), by, groups);
  return 0;
}
