#include "src/tool/sample.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "src/tool/cell.h"

namespace fivek::tool {
namespace {

// SplitMix64's step and output function (Steele, Lea, Flood 2014).
constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;

constexpr uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

// The draws of one row: a SplitMix64 stream that starts at a place given by the
// seed and the number of the row.
class Draws {
 public:
  Draws(uint64_t seed, uint64_t row)
      : state_(Mix(Mix(seed + kGolden) + row * kGolden)) {}

  // 0..n-1.
  int Below(int n) {
    state_ += kGolden;
    return static_cast<int>(((Mix(state_) >> 32) * static_cast<uint64_t>(n)) >>
                            32);
  }
  bool Percent(int chance) { return Below(100) < chance; }
  // `low`..`high`.
  int Between(int low, int high) { return low + Below(high - low + 1); }

  template <typename T, size_t N>
  const T& OneOf(const T (&values)[N]) {
    return values[static_cast<size_t>(Below(static_cast<int>(N)))];
  }

 private:
  uint64_t state_;
};

constexpr absl::string_view kHeader =
    "id,title,account,owner,product,stage,outcome,probability,amount,currency,"
    "created,closed,problem,power,vision,value,control,by_decision_maker,"
    "evidence,note\n";

constexpr absl::string_view kFirstNames[] = {
    "Aldervale",  "Brightmoor", "Cobaltine",  "Drumlow",    "Everfen",
    "Fallowbeck", "Gantrel",    "Hollowmere", "Inglecroft", "Juniperand",
    "Kestrowe",   "Larkspire",  "Mossgate",   "Nethercombe"};
constexpr absl::string_view kTrades[] = {
    "Pumps",    "Foods", "Logistics", "Textiles", "Optics",
    "Castings", "Paper", "Dairies",   "Coatings", "Bearings"};
constexpr absl::string_view kChineseNames[] = {"云岭", "海棠", "青禾", "北溪",
                                               "松原", "明渡", "瑞川", "星湖"};
constexpr absl::string_view kChineseTrades[] = {"机械", "食品", "物流",
                                                "纺织", "仪器", "包装"};
constexpr absl::string_view kOwners[] = {
    "Ada Sample", "Ben Sample",   "Carla Sample", "Dev Sample",
    "Eve Sample", "Faruk Sample", "李样例",       "王样例"};
constexpr absl::string_view kProjects[] = {
    "packaging line renewal",   "warehouse scanners, second site",
    "spare parts portal",       "energy monitoring",
    "quality inspection cells", "\"paperless\" shift handover",
    "cold store controls",      "maintenance planning",
    "order desk, phase 1",      "supplier portal"};
constexpr absl::string_view kProducts[] = {"Line Monitor", "Plant Portal",
                                           "Field Kit", "Service Plan"};
constexpr absl::string_view kStages[] = {
    "Unqualified",       "Qualified prospect",
    "Qualified sponsor", "Qualified decision maker",
    "Decision settled",  "Pending close",
    "Closed won"};
constexpr int kYield[] = {0, 10, 25, 50, 75, 90, 100};  // Percent.

// The milestone that an item is required for (the method's gates); 7: none.
constexpr int kGate[22] = {1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3,
                           3, 3, 4, 4, 5, 5, 5, 6, 7, 7, 7};
constexpr int kSigned = 18;

// Who must have shown an item to prove it: 1 the sponsor (or the decision
// maker), 2 the decision maker, 0 anybody.
constexpr int MustShow(int item) {
  if (item >= 2 && item <= 6) return 1;
  return item >= 7 && item <= 10 ? 2 : 0;
}

// As OutcomeKind.
enum Outcome { kOpen, kHold, kWon, kLost, kVoid };

constexpr std::array<int, 12> kDaysInMonth = {31, 28, 31, 30, 31, 30,
                                              31, 31, 30, 31, 30, 31};

// A day of 2026, counted from 0.
std::string Date(int day) {
  size_t month = 0;
  while (day >= kDaysInMonth[month]) day -= kDaysInMonth[month++];
  return absl::StrFormat("2026-%02d-%02d", month + 1, day + 1);
}

// 2^(k/16) * 2^20, rounded.
constexpr int64_t kSixteenths[16] = {
    1048576, 1095001, 1143480, 1194106, 1246974, 1302182, 1359834, 1420039,
    1482910, 1548564, 1617125, 1688721, 1763487, 1841563, 1923096, 2008239};

// Minor units, 2 000 to 5 000 000 in major ones, the middle at about 85 000:
// a power of two with the sum of four dice, nearly a normal number, as
// exponent.
int64_t DrawAmount(Draws* draws) {
  int sixteenths = 0;  // 0..188
  for (int die = 0; die < 4; ++die) sixteenths += draws->Below(48);
  const int64_t cents =
      (int64_t{150'000} << (sixteenths / 16)) * kSixteenths[sixteenths % 16] >>
      20;
  // Most prices are round, some are the sum of a calculation.
  return draws->Percent(70) ? (cents + 25'000) / 50'000 * 50'000 + 50'000
                            : cents;
}

void AppendCsv(std::string* out, absl::string_view field) {
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) {
    absl::StrAppend(out, field);
    return;
  }
  out->push_back('"');
  for (const char c : field) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

Outcome DrawOutcome(Draws* draws) {
  const int share = draws->Below(100);
  if (share < 60) return kOpen;
  if (share < 68) return kHold;
  if (share < 82) return kWon;
  return share < 96 ? kLost : kVoid;
}

// The rung that the evidence supports, before anything is left out.
int DrawMilestone(Draws* draws, Outcome outcome) {
  if (outcome == kWon) return 6;
  if (outcome == kVoid) return draws->Below(2);
  const int share = draws->Below(100);
  if (share < 26) return 0;
  if (share < 52) return 1;
  if (share < 72) return 2;
  if (share < 87) return 3;
  return share < 95 ? 4 : 5;
}

uint32_t DrawEvidence(Draws* draws, Outcome outcome, int milestone) {
  // A won deal in seven skipped some steps.
  const bool skips = outcome == kWon && draws->Percent(15);
  uint32_t mask = 0;
  for (int item = 0; item < 22; ++item) {
    int chance;
    if (kGate[item] == 7) {
      chance = outcome == kWon ? 45 : 0;
    } else if (kGate[item] <= milestone) {
      chance = skips && item != kSigned ? 70 : 100;
    } else if (item == kSigned) {
      chance = 0;
    } else {
      // Part of the next rung is there, and now and then something ahead of it.
      chance = kGate[item] == milestone + 1 ? 40 : 4;
    }
    if (draws->Percent(chance)) mask |= uint32_t{1} << item;
  }
  // The next rung is not complete, or it would be this one.
  if (milestone < 5) {
    for (int item = 21; item >= 0; --item) {
      if (kGate[item] == milestone + 1) {
        mask &= ~(uint32_t{1} << item);
        break;
      }
    }
  }
  return mask;
}

// ITEM[:SHOWN_BY[:PROOF]] for every item of the mask; two thirds are proven.
std::string DrawProvenance(Draws* draws, uint32_t mask) {
  std::string cell;
  for (int item = 0; item < 22; ++item) {
    if ((mask >> item & 1) == 0) continue;
    absl::StrAppend(&cell, cell.empty() ? "" : " ", item);
    int shown_by = MustShow(item);
    if (shown_by == 0) shown_by = draws->Between(1, 6);
    if (shown_by == 1 && draws->Percent(15)) shown_by = 2;
    if (draws->Percent(item == kSigned ? 92 : 66)) {
      const int proof =
          item == kSigned ? draws->Between(4, 5) : draws->Between(2, 5);
      absl::StrAppend(&cell, ":", shown_by, ":", proof);
    } else if (draws->Percent(60)) {
      absl::StrAppend(&cell, ":7:1");  // The seller's own word.
    } else if (draws->Percent(50)) {
      absl::StrAppend(&cell, ":", shown_by);  // No proof stated.
    }
  }
  return cell;
}

struct Assessment {
  int level[5];
  int by_decision_maker;
};

// What the seller would say with this evidence; mostly fitting.
Assessment DrawAssessment(Draws* draws, uint32_t mask, int milestone) {
  const auto has = [mask](int item) { return (mask >> item & 1) != 0; };
  Assessment a = {};
  a.level[0] = has(2) || has(8) ? 5 : has(1) ? 2 : has(0) ? 1 : 0;
  a.level[1] = has(18)              ? 7
               : has(10) && has(15) ? 6
               : has(10) && has(13) ? 5
               : has(10)            ? 4
               : has(5)             ? 3
               : milestone >= 1     ? 2
                                    : 1;
  a.level[2] = has(9) || has(3) ? 3 : has(0) ? 1 : 0;
  a.level[3] = std::min(milestone + 1, 6);
  a.level[4] = has(7) && has(17)   ? 6
               : has(7) && has(14) ? 5
               : has(7) && has(12) ? 4
               : has(7) && has(8)  ? 3
               : has(7)            ? 2
               : has(2)            ? 1
                                   : 0;
  if (has(8)) a.by_decision_maker |= 1;
  if (has(9)) a.by_decision_maker |= 4;
  if (milestone >= 3) a.by_decision_maker |= 8;
  for (int& level : a.level) {
    if (level > 0 && draws->Percent(20)) --level;
  }
  // A deal in seven is painted rosier than its evidence.
  if (draws->Percent(14)) {
    switch (draws->Below(4)) {
      case 0:
        a.level[1] = std::max(a.level[1], draws->Between(3, 5));
        break;
      case 1:
        a.level[4] = std::max(a.level[4], draws->Between(2, 4));
        break;
      case 2:
        a.by_decision_maker |= 1;
        break;
      default:
        a.by_decision_maker |= 4;
        break;
    }
  }
  for (int& level : a.level) {
    if (draws->Percent(5)) level = -1;  // Not assessed.
  }
  return a;
}

void AppendRow(uint64_t seed, size_t row, std::string* out) {
  Draws draws(seed, row);
  const Outcome outcome = DrawOutcome(&draws);
  const int milestone = DrawMilestone(&draws, outcome);
  const uint32_t mask = DrawEvidence(&draws, outcome, milestone);

  std::string account;
  if (draws.Percent(30)) {
    account = absl::StrCat(draws.OneOf(kChineseNames));
    absl::StrAppend(&account, draws.OneOf(kChineseTrades), "有限公司（虚构）");
  } else {
    account = absl::StrCat(draws.OneOf(kFirstNames), " ");
    absl::StrAppend(&account, draws.OneOf(kTrades), " (invented)");
  }

  // The CRM claims more than the evidence supports, most of the time.
  const int optimism = draws.Below(100);
  const int ahead = optimism < 10   ? -1
                    : optimism < 38 ? 0
                    : optimism < 78 ? 1
                                    : 2;
  const int claim = outcome == kWon ? 6 : std::clamp(milestone + ahead, 0, 5);
  absl::string_view stage = kStages[claim];
  if (outcome == kLost) stage = "Closed lost";
  if (outcome == kVoid) stage = "Void";
  std::string probability = absl::StrCat(kYield[claim]);
  if (outcome == kLost || outcome == kVoid) probability = "0";
  if (outcome == kOpen || outcome == kHold) {
    if (draws.Percent(20)) {
      probability =
          absl::StrCat(std::min(kYield[claim] + draws.Between(1, 3) * 5, 95));
    }
    if (draws.Percent(5)) probability.clear();
  }

  const int64_t cents = DrawAmount(&draws);
  const bool amount_known = outcome == kWon || !draws.Percent(4);
  const int created = draws.Below(270);
  const int closed = std::min(created + draws.Between(10, 160), 364);
  const bool is_closed =
      outcome == kWon || outcome == kLost || outcome == kVoid;

  absl::StrAppendFormat(out, "INV-%04d,", row + 1);
  AppendCsv(out, draws.OneOf(kProjects));
  absl::StrAppend(out, ",", account, ",");
  absl::StrAppend(out, draws.OneOf(kOwners), ",");
  absl::StrAppend(out, draws.OneOf(kProducts), ",", stage, ",",
                  OutcomeName(static_cast<OutcomeKind>(outcome)), ",",
                  probability, ",");
  if (amount_known) {
    absl::StrAppendFormat(out, "%d.%02d", cents / 100, cents % 100);
  }
  absl::StrAppend(out, ",USD,", Date(created), ",",
                  is_closed ? Date(closed) : std::string());

  const Assessment a = DrawAssessment(&draws, mask, milestone);
  const bool assessed = !draws.Percent(4);
  for (const int level : a.level) {
    out->push_back(',');
    if (assessed && level >= 0) absl::StrAppend(out, level);
  }
  absl::StrAppend(out, ",");
  if (assessed) absl::StrAppend(out, a.by_decision_maker);
  absl::StrAppend(out, ",", DrawProvenance(&draws, mask),
                  ",invented sample data\n");
}

}  // namespace

absl::Status WriteSample(
    size_t rows, uint64_t seed,
    absl::FunctionRef<absl::Status(absl::string_view)> write) {
  constexpr size_t kPiece = size_t{64} << 10;
  std::string piece(kHeader);
  for (size_t row = 0; row < rows; ++row) {
    AppendRow(seed, row, &piece);
    if (piece.size() < kPiece) continue;
    if (absl::Status status = write(piece); !status.ok()) return status;
    piece.clear();
  }
  return piece.empty() ? absl::OkStatus() : write(piece);
}

}  // namespace fivek::tool
