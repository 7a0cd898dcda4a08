#include "fivek/history/visits.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "fivek/history/competing_risks.h"
#include "fivek/method/policy.h"
#include "src/base/serial.h"

namespace fivek {
namespace {

// ---- Checks -----------------------------------------------------------------

// The columns of StageVisit and of StageMove.
enum VisitColumn {
  kStage = 1,
  kEntered,
  kLeft,
  kSpent,
  kEnd,
  kTo,
  kReserved = 10
};
enum MoveColumn { kDay = 1, kSequence, kMoveTo };

constexpr int32_t kLastEnd = static_cast<int32_t>(VisitEnd::kVoid);

bool IsDay(int32_t day) { return kFirstDay <= day && day <= kLastDay; }

bool IsOpen(const StageVisit& visit) {
  return visit.end == static_cast<int32_t>(VisitEnd::kOpen);
}

// Of an open visit the last day it was watched.
int32_t LastDayOf(const StageVisit& visit, int32_t as_of) {
  return IsOpen(visit) ? as_of : visit.left;
}

// The step of a day; days are within 2^22 of each other.
int64_t StepOf(const StageVisit& visit, int32_t day) {
  return int64_t{visit.spent} + (day - visit.entered) + 1;
}

// Whether the milestone afterwards goes with the end. Without jumps, as ends
// come in no order.
bool LeadsSomewhere(const StageVisit& visit) {
  const bool up = visit.end == static_cast<int32_t>(VisitEnd::kAdvanced);
  const bool back = visit.end == static_cast<int32_t>(VisitEnd::kMovedBack);
  const int32_t lowest = up ? visit.stage + 1 : 0;
  const int32_t highest = up ? kRungCount : back ? visit.stage - 1 : 0;
  return lowest <= visit.to && visit.to <= highest;
}

bool IsPlausible(const StageVisit& visit, int32_t as_of) {
  const int32_t last = LastDayOf(visit, as_of);
  return 0 <= visit.stage && visit.stage < kRungCount && IsDay(visit.entered) &&
         visit.entered <= last && last <= as_of && visit.spent >= 0 &&
         0 <= visit.end && visit.end <= kLastEnd && LeadsSomewhere(visit) &&
         StepOf(visit, last) <= kMaxRiskDay && visit.reserved == 0;
}

// Says what of an implausible visit is wrong.
absl::Status ExplainVisit(const StageVisit& visit, int32_t as_of, int64_t row) {
  const auto refuse = [row](VisitColumn column, const auto&... words) {
    return Refuse(
        column == kReserved ? Reason::kReservedNotZero : Reason::kValueRange,
        absl::StrCat(words...), {row, column});
  };
  if (visit.stage < 0 || visit.stage >= kRungCount) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("stage ", visit.stage, "; allowed: 0 to ", kRungCount - 1),
        {row, kStage});
  }
  if (!IsDay(visit.entered) || visit.entered > as_of) {
    return refuse(kEntered, "entered on day ", visit.entered,
                  "; allowed: ", kFirstDay, " to as-of, day ", as_of);
  }
  if (visit.end < 0 || visit.end > kLastEnd) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("end ", visit.end, "; allowed: 0 to ", kLastEnd),
                  {row, kEnd});
  }
  const int32_t last = LastDayOf(visit, as_of);
  if (last < visit.entered || last > as_of) {
    return refuse(kLeft, "left on day ", last,
                  "; allowed: from its entry, day ", visit.entered,
                  ", to as-of, day ", as_of);
  }
  if (visit.spent < 0 || StepOf(visit, last) > kMaxRiskDay) {
    return refuse(kSpent, "spent ", visit.spent, " steps, then ",
                  last - visit.entered + 1, "; allowed: 0 or more, together ",
                  kMaxRiskDay);
  }
  if (!LeadsSomewhere(visit)) {
    return refuse(kTo, "end ", visit.end, " from stage ", visit.stage, " to ",
                  visit.to,
                  "; allowed: advanced to above it, up to 6, moved back to "
                  "below it, else 0");
  }
  return refuse(kReserved, "reserved ", visit.reserved, "; allowed: 0");
}

absl::Status CheckAsOf(int32_t as_of) {
  if (IsDay(as_of)) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat("as-of, day ", as_of, "; allowed: ", kFirstDay,
                             " to ", kLastDay));
}

absl::Status CheckEach(absl::Span<const StageVisit> visits, int32_t as_of) {
  for (size_t i = 0; i < visits.size(); ++i) {
    if (!IsPlausible(visits[i], as_of)) {
      return ExplainVisit(visits[i], as_of, static_cast<int64_t>(i));
    }
  }
  return absl::OkStatus();
}

// ---- Visits from moves ------------------------------------------------------

// One deal's way through its moves.
class Journey {
 public:
  explicit Journey(std::vector<StageVisit>* visits) : visits_(visits) {}

  void Move(const StageMove& move) {
    if (move.to == kMoveLost || move.to == kMoveVoid) {
      if (!on_rung_ || ended_) return;
      ended_ = true;
      visit_.left = move.day;
      visit_.end = static_cast<int32_t>(move.to == kMoveLost ? VisitEnd::kLost
                                                             : VisitEnd::kVoid);
      return;
    }
    if (ended_) {  // The loss is cancelled: the visit goes on.
      ended_ = false;
      visit_.end = static_cast<int32_t>(VisitEnd::kOpen);
      visit_.left = 0;
    }
    if (move.to == kMoveReopened) return;
    if (!on_rung_) {
      used_ = {};
      if (move.to < kRungCount) Enter(move, 0);
      return;
    }
    if (move.to == visit_.stage) return;
    const bool forward = move.to > visit_.stage;
    visit_.left = move.day;
    visit_.to = move.to;
    visit_.end = static_cast<int32_t>(forward ? VisitEnd::kAdvanced
                                              : VisitEnd::kMovedBack);
    used_[Place(visit_.stage)] = static_cast<int32_t>(StepOf(visit_, move.day));
    for (int32_t k = visit_.stage + 1; k < move.to && k < kRungCount; ++k) {
      used_[Place(k)] = 1;
    }
    visits_->push_back(visit_);
    on_rung_ = false;
    if (move.to < kRungCount) Enter(move, forward ? 0 : used_[Place(move.to)]);
  }

  void Finish() {
    if (on_rung_) visits_->push_back(visit_);
  }

 private:
  static size_t Place(int32_t rung) { return static_cast<size_t>(rung); }

  void Enter(const StageMove& move, int32_t spent) {
    visit_ = StageVisit();
    visit_.deal = move.deal;
    visit_.stage = move.to;
    visit_.entered = move.day;
    visit_.spent = spent;
    visit_.segment = move.segment;
    visit_.team = move.team;
    visit_.seller = move.seller;
    on_rung_ = true;
  }

  std::vector<StageVisit>* visits_;
  StageVisit visit_;
  bool on_rung_ = false;
  bool ended_ = false;  // Lost or void, unless it is reopened.
  std::array<int32_t, kRungCount> used_ = {};  // Steps on each rung so far.
};

absl::Status CheckMoves(absl::Span<const StageMove> moves) {
  for (size_t i = 0; i < moves.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (!IsDay(moves[i].day)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("day ", moves[i].day, "; allowed: ", kFirstDay,
                                 " to ", kLastDay),
                    {row, kDay});
    }
    if (moves[i].to < 0 || moves[i].to > kMoveReopened) {
      return Refuse(Reason::kUnknownCode,
                    absl::StrCat("move to ", moves[i].to, "; allowed: 0 to ",
                                 kMoveReopened),
                    {row, kMoveTo});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<StageVisit>> VisitsOfMoves(
    absl::Span<const StageMove> moves, int32_t as_of) {
  absl::Status fits = CheckAsOf(as_of);
  fits.Update(CheckMoves(moves));
  if (!fits.ok()) return fits;
  std::vector<size_t> order(moves.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&moves](size_t i) {
    return std::make_tuple(moves[i].deal, moves[i].day, moves[i].sequence);
  };
  std::sort(order.begin(), order.end(),
            [&key](size_t a, size_t b) { return key(a) < key(b); });
  std::vector<StageVisit> visits;
  Journey journey(&visits);
  for (size_t i = 0; i < order.size(); ++i) {
    const StageMove& move = moves[order[i]];
    if (i > 0 && key(order[i]) == key(order[i - 1])) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("sequence ", move.sequence, " twice on day ", move.day,
                       " for deal ", move.deal, "; allowed: once"),
          {static_cast<int64_t>(std::max(order[i], order[i - 1])), kSequence});
    }
    if (i > 0 && move.deal != moves[order[i - 1]].deal) {
      journey.Finish();
      journey = Journey(&visits);
    }
    if (move.day <= as_of) journey.Move(move);
  }
  journey.Finish();
  fits = CheckEach(visits, as_of);  // Too long: the row is that of a visit.
  if (!fits.ok()) return AtRow(fits, {});
  return visits;
}

absl::Status AppendMoves(const Policy& policy, const StageMove& like,
                         int64_t created_at, absl::Span<const Event> log,
                         std::vector<StageMove>* moves) {
  std::vector<StageMove> made;
  const auto add = [&](int64_t at, int32_t to) {
    const absl::StatusOr<int32_t> day = DayOfInstant(at);
    if (!day.ok()) return day.status();
    StageMove move = like;
    move.day = *day;
    move.sequence = static_cast<int32_t>(made.size());
    move.to = to;
    made.push_back(move);
    return absl::OkStatus();
  };
  Opportunity state = NewOpportunity(created_at);
  absl::Status status = add(created_at, state.milestone);
  for (size_t i = 0; i < log.size() && status.ok(); ++i) {
    const Opportunity before = state;
    status = ApplyEvent(policy, log[i], &state);
    if (status.ok() && state.outcome != before.outcome &&
        state.cycle == before.cycle) {
      switch (static_cast<Outcome>(state.outcome)) {
        case Outcome::kLost:
          status = add(log[i].at, kMoveLost);
          break;
        case Outcome::kVoid:
          status = add(log[i].at, kMoveVoid);
          break;
        case Outcome::kOpen:
          status = add(log[i].at, kMoveReopened);
          break;
        default:  // Won is a milestone; on hold is open.
          break;
      }
    }
    if (status.ok() &&
        (state.milestone != before.milestone || state.cycle != before.cycle)) {
      status = add(log[i].at, state.milestone);
    }
    if (!status.ok()) status = AtRow(status, {static_cast<int64_t>(i), -1});
  }
  if (!status.ok()) return status;
  moves->insert(moves->end(), made.begin(), made.end());
  return absl::OkStatus();
}

absl::Status CheckVisits(absl::Span<const StageVisit> visits, int32_t as_of) {
  absl::Status fits = CheckAsOf(as_of);
  fits.Update(CheckEach(visits, as_of));
  if (!fits.ok()) return fits;
  std::vector<size_t> order(visits.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  // Of visits that begin on one day the open one is last, then the longer; of
  // those that end on it too the lost one.
  const auto key = [&visits, as_of](size_t i) {
    const StageVisit& visit = visits[i];
    const bool lost = static_cast<VisitEnd>(visit.end) == VisitEnd::kLost;
    return std::make_tuple(visit.deal, visit.entered, IsOpen(visit),
                           LastDayOf(visit, as_of), lost, visit.stage, i);
  };
  std::sort(order.begin(), order.end(),
            [&key](size_t a, size_t b) { return key(a) < key(b); });
  for (size_t i = 1; i < order.size(); ++i) {
    const StageVisit& before = visits[order[i - 1]];
    const StageVisit& next = visits[order[i]];
    if (before.deal != next.deal) continue;
    const auto row = static_cast<int64_t>(order[i]);
    const auto end = static_cast<VisitEnd>(before.end);
    if (end == VisitEnd::kOpen || end == VisitEnd::kLost) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("deal ", next.deal, " has a visit from day ",
                                 next.entered, " on, after one that is ",
                                 end == VisitEnd::kOpen ? "open" : "lost",
                                 "; allowed: one that was left for it"),
                    {row, kEntered});
    }
    if (before.left > next.entered) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("deal ", next.deal, " is entered on day ", next.entered,
                       ", before it has left stage ", before.stage, " on day ",
                       before.left, "; allowed: one stage at a time"),
          {row, kEntered});
    }
  }
  return absl::OkStatus();
}

// ---- Statistics -------------------------------------------------------------

namespace {

constexpr SerialForm kVisitsForm = {"visit statistics", "5Kvisits", 1};
constexpr size_t kGroupSize = 20;  // Without its cells.
constexpr size_t kCellSize = 12;

static_assert(kMaxRiskDay < 1 << 17 && kVisitCountKinds <= 8);

constexpr uint32_t CodeOf(int32_t rung, VisitCount kind, int32_t step) {
  return static_cast<uint32_t>(rung) << 20 | static_cast<uint32_t>(kind) << 17 |
         static_cast<uint32_t>(step);
}

// By VisitEnd.
constexpr std::array<VisitCount, 5> kKindOf = {
    VisitCount::kWatched, VisitCount::kAdvanced, VisitCount::kLost,
    VisitCount::kMovedBack, VisitCount::kWatched};

// Calls `take(code)` for what a visit counts in: at most kMostCodes times.
constexpr size_t kMostCodes = 3 + kRungCount;
template <typename Take>
void ForEachCode(const StageVisit& visit, const VisitWindow& window,
                 Take take) {
  const int32_t last = LastDayOf(visit, window.as_of);
  if (last < window.from) return;
  const auto end = static_cast<VisitEnd>(visit.end);
  take(CodeOf(visit.stage, kKindOf[static_cast<size_t>(end)],
              static_cast<int32_t>(StepOf(visit, last))));
  const auto late = static_cast<int32_t>(
      StepOf(visit, std::max(visit.entered, window.from)) - 1);
  if (late > 0) take(CodeOf(visit.stage, VisitCount::kLate, late));
  if (end == VisitEnd::kMovedBack) {
    take(CodeOf(visit.stage, VisitCount::kBackTo, visit.to));
  }
  for (int32_t rung = visit.stage + 1; rung < visit.to; ++rung) {
    take(CodeOf(rung, VisitCount::kAdvanced, 1));  // Passed in a step.
  }
}

struct GroupKey {
  uint32_t segment, team, seller;

  bool operator==(const GroupKey& o) const {
    return segment == o.segment && team == o.team && seller == o.seller;
  }
  bool operator<(const GroupKey& o) const {
    return std::tie(segment, team, seller) <
           std::tie(o.segment, o.team, o.seller);
  }
};

// Numbers for groups, in order of appearance. What was asked for lately is
// found in a table, the rest in a tree.
class GroupIndex {
 public:
  GroupIndex() : recent_(kRecent) {}

  uint32_t size() const { return static_cast<uint32_t>(numbers_.size()); }
  const std::map<GroupKey, uint32_t>& in_order() const { return numbers_; }

  uint32_t Of(const GroupKey& key) {
    const uint64_t mixed =
        ((uint64_t{key.segment} * 0x9E3779B97F4A7C15 + key.team) *
             0x9E3779B97F4A7C15 +
         key.seller) *
        0x9E3779B97F4A7C15;
    Recent& recent = recent_[mixed >> (64 - kRecentBits)];
    if (recent.number == kNone || !(recent.key == key)) {
      recent = {key, numbers_.emplace(key, size()).first->second};
    }
    return recent.number;
  }

  // Undoes what has been added since there were `size` groups.
  void Forget(uint32_t size) {
    if (this->size() == size) return;
    recent_.assign(kRecent, Recent());
    for (auto it = numbers_.begin(); it != numbers_.end();) {
      it = it->second < size ? std::next(it) : numbers_.erase(it);
    }
  }

 private:
  static constexpr int kRecentBits = 12;
  static constexpr size_t kRecent = size_t{1} << kRecentBits;
  static constexpr uint32_t kNone = ~uint32_t{0};
  struct Recent {
    GroupKey key = {};
    uint32_t number = kNone;
  };

  std::vector<Recent> recent_;
  std::map<GroupKey, uint32_t> numbers_;
};

// Group number << 32 | code, and how many.
struct Cell {
  uint64_t code;
  int64_t count;
};
using Run = std::vector<Cell>;  // By rising code, each once.

// Counters side by side, for each group, rung, kind and step. Where they are no
// more than some for each visit, that is quicker than sorting.
constexpr size_t kDensePlaces = 4;

class DenseCounts {
 public:
  DenseCounts(uint32_t groups, int64_t longest)
      : steps_(static_cast<size_t>(std::max<int64_t>(longest, kRungCount)) + 1),
        groups_(groups) {}

  // Below 2^32 x 36 x 10^5.
  size_t size() const { return groups_ * kKinds * steps_; }
  size_t PlaceOf(uint32_t group, uint32_t code) const {
    const uint32_t kind = (code >> 20) * kVisitCountKinds + (code >> 17 & 7);
    return (group * kKinds + kind) * steps_ + (code & 0x1FFFF);
  }
  Run RunOf(const std::vector<uint32_t>& counts) const {
    Run run;
    size_t place = 0;
    for (uint64_t group = 0; group < groups_; ++group) {
      for (uint32_t kind = 0; kind < kKinds; ++kind) {
        const uint64_t code = group << 32 |
                              uint64_t{kind / kVisitCountKinds} << 20 |
                              uint64_t{kind % kVisitCountKinds} << 17;
        for (size_t step = 0; step < steps_; ++step, ++place) {
          if (counts[place] > 0) run.push_back({code | step, counts[place]});
        }
      }
    }
    return run;
  }

 private:
  static constexpr size_t kKinds = size_t{kRungCount} * kVisitCountKinds;
  size_t steps_;
  size_t groups_;
};

// By digits of 11 bits, those only that differ.
void SortCodes(std::vector<uint64_t>* codes) {
  constexpr int kBits = 11;
  constexpr size_t kDigits = size_t{1} << kBits;
  if (codes->size() < kDigits) {
    std::sort(codes->begin(), codes->end());
    return;
  }
  uint64_t any = 0;
  for (const uint64_t code : *codes) any |= code ^ codes->front();
  std::vector<uint64_t> sorted(codes->size());
  for (int shift = 0; shift < 64; shift += kBits) {
    if ((any >> shift & (kDigits - 1)) == 0) continue;
    std::array<size_t, kDigits> place = {};
    for (const uint64_t code : *codes) ++place[code >> shift & (kDigits - 1)];
    size_t before = 0;
    for (size_t& digit : place) {
      const size_t here = digit;
      digit = before;
      before += here;
    }
    for (const uint64_t code : *codes) {
      sorted[place[code >> shift & (kDigits - 1)]++] = code;
    }
    codes->swap(sorted);
  }
}

Run RunOf(std::vector<uint64_t> codes) {
  SortCodes(&codes);
  Run run;
  for (size_t i = 0; i < codes.size();) {
    size_t end = i + 1;
    while (end < codes.size() && codes[end] == codes[i]) ++end;
    run.push_back({codes[i], static_cast<int64_t>(end - i)});
    i = end;
  }
  return run;
}

Run Joined(const Run& a, const Run& b) {
  Run out;
  out.reserve(a.size() + b.size());
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].code < b[j].code)) {
      out.push_back(a[i++]);
    } else if (i == a.size() || b[j].code < a[i].code) {
      out.push_back(b[j++]);
    } else {
      out.push_back({a[i].code, a[i].count + b[j].count});
      ++i;
      ++j;
    }
  }
  return out;
}

// Whether some visits have these counts on a rung: whoever was not watched up
// to a step left or was last seen after it, and each move back leads somewhere.
bool IsPossible(absl::Span<const VisitCell> cells, size_t rung) {
  int64_t back = 0;
  // By falling step: those seen there or later, less those watched from later.
  std::map<int32_t, int64_t> change;
  for (const VisitCell& cell : cells) {
    switch (cell.kind()) {
      case VisitCount::kBackTo:
        if (cell.step() >= static_cast<int32_t>(rung)) return false;
        back -= cell.count;
        break;
      case VisitCount::kLate:
        change[cell.step()] -= cell.count;
        break;
      case VisitCount::kMovedBack:
        back += cell.count;
        [[fallthrough]];
      default:
        change[cell.step() - 1] += cell.count;  // At risk from the one before.
    }
  }
  int64_t seen = 0;
  for (auto step = change.rbegin(); step != change.rend(); ++step) {
    seen += step->second;
    if (seen < 0) return false;
  }
  return back == 0;
}

bool AreCodesSound(absl::Span<const VisitCell> cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    const VisitCell& cell = cells[i];
    const bool back_to = cell.kind() == VisitCount::kBackTo;
    if (cell.rung() >= kRungCount ||
        static_cast<int>(cell.kind()) >= kVisitCountKinds ||
        cell.step() > kMaxRiskDay || (cell.step() == 0 && !back_to) ||
        cell.count < 1 || cell.count > kMaxVisits) {
      return false;
    }
    if (i > 0 && cell.code <= cells[i - 1].code) return false;
  }
  return true;
}

bool IsPossible(const VisitGroup& group) {
  if (!AreCodesSound(group.cells)) return false;
  const absl::Span<const VisitCell> cells(group.cells);
  for (size_t i = 0; i < cells.size();) {
    size_t end = i;
    while (end < cells.size() && cells[end].rung() == cells[i].rung()) ++end;
    if (!IsPossible(cells.subspan(i, end - i), cells[i].rung())) return false;
    i = end;
  }
  return !cells.empty();
}

}  // namespace

struct VisitStatistics::State {
  VisitWindow window;
  int64_t visits = 0;
  GroupIndex groups;
  std::vector<Run> runs;  // Each more than twice as long as the next.

  // Nothing is changed if memory runs out.
  void Push(Run run) {
    std::vector<Run> next;
    next.reserve(runs.size() + 1);
    size_t kept = runs.size();
    while (kept > 0 && runs[kept - 1].size() <= 2 * run.size()) {
      run = Joined(runs[--kept], run);
    }
    for (size_t i = 0; i < kept; ++i) next.push_back(std::move(runs[i]));
    next.push_back(std::move(run));
    runs.swap(next);
  }
  Run All() const {
    Run all;
    for (size_t i = runs.size(); i > 0; --i) {
      all = all.empty() ? runs[i - 1] : Joined(runs[i - 1], all);
    }
    return all;
  }
};

VisitStatistics::VisitStatistics(const VisitWindow& window)
    : state_(new State) {
  state_->window = window;
}
VisitStatistics::VisitStatistics(VisitStatistics&&) noexcept = default;
VisitStatistics& VisitStatistics::operator=(VisitStatistics&&) noexcept =
    default;
VisitStatistics::~VisitStatistics() = default;

absl::StatusOr<VisitStatistics> VisitStatistics::Create(
    const VisitWindow& window) {
  absl::Status fits = CheckAsOf(window.as_of);
  if (!fits.ok()) return fits;
  if (!IsDay(window.from) || window.from > window.as_of) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("from, day ", window.from, "; allowed: ",
                               kFirstDay, " to as-of, day ", window.as_of));
  }
  return VisitStatistics(window);
}

const VisitWindow& VisitStatistics::window() const { return state_->window; }

int64_t VisitStatistics::visits() const { return state_->visits; }

absl::Status VisitStatistics::Add(absl::Span<const StageVisit> visits) {
  const VisitWindow window = state_->window;
  const auto more = static_cast<int64_t>(visits.size());
  if (more > kMaxVisits - state_->visits) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat(more, " visits on top of ", state_->visits,
                               "; allowed: ", kMaxVisits));
  }
  auto undo = absl::MakeCleanup(
      [this, known = state_->groups.size()] { state_->groups.Forget(known); });
  std::vector<uint32_t> groups(visits.size());
  uint32_t most_groups = 0;
  int64_t longest = 0;
  for (size_t i = 0; i < visits.size(); ++i) {
    const StageVisit& visit = visits[i];
    if (!IsPlausible(visit, window.as_of)) {
      return ExplainVisit(visit, window.as_of, static_cast<int64_t>(i));
    }
    groups[i] = state_->groups.Of({visit.segment, visit.team, visit.seller});
    most_groups = std::max(most_groups, groups[i] + 1);
    longest = std::max(longest, StepOf(visit, LastDayOf(visit, window.as_of)));
  }
  Run run;
  const DenseCounts dense(most_groups, longest);
  if (dense.size() <= kDensePlaces * visits.size()) {
    std::vector<uint32_t> counts(dense.size());
    // Some at a time, so that the counters are waited for together.
    std::array<size_t, 1024> places;
    size_t used = 0;
    const auto count = [&] {
      for (size_t i = 0; i < used; ++i) ++counts[places[i]];
      used = 0;
    };
    for (size_t i = 0; i < visits.size(); ++i) {
      if (used + kMostCodes > places.size()) count();
      ForEachCode(visits[i], window, [&](uint32_t code) {
        places[used++] = dense.PlaceOf(groups[i], code);
      });
    }
    count();
    run = dense.RunOf(counts);
  } else {
    std::vector<uint64_t> codes;
    codes.reserve(visits.size() + visits.size() / 4);
    for (size_t i = 0; i < visits.size(); ++i) {
      ForEachCode(visits[i], window, [&](uint32_t code) {
        codes.push_back(uint64_t{groups[i]} << 32 | code);
      });
    }
    run = RunOf(std::move(codes));
  }
  state_->Push(std::move(run));
  state_->visits += more;
  std::move(undo).Cancel();
  return absl::OkStatus();
}

absl::Status VisitStatistics::Merge(const VisitStatistics& other) {
  const VisitWindow& window = state_->window;
  const VisitWindow& theirs = other.state_->window;
  if (window.from != theirs.from || window.as_of != theirs.as_of) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("statistics of days ", theirs.from, " to ",
                               theirs.as_of, "; allowed: ", window.from, " to ",
                               window.as_of, ", as this one"));
  }
  if (other.state_->visits > kMaxVisits - state_->visits) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat(other.state_->visits, " visits on top of ",
                               state_->visits, "; allowed: ", kMaxVisits));
  }
  auto undo = absl::MakeCleanup(
      [this, known = state_->groups.size()] { state_->groups.Forget(known); });
  std::vector<uint64_t> ours(other.state_->groups.size());
  for (const auto& [key, number] : other.state_->groups.in_order()) {
    ours[number] = state_->groups.Of(key);
  }
  Run run = other.state_->All();
  for (Cell& cell : run) {
    cell.code = ours[cell.code >> 32] << 32 | static_cast<uint32_t>(cell.code);
  }
  std::sort(run.begin(), run.end(),
            [](const Cell& a, const Cell& b) { return a.code < b.code; });
  const int64_t more = other.state_->visits;
  state_->Push(std::move(run));
  state_->visits += more;
  std::move(undo).Cancel();
  return absl::OkStatus();
}

std::vector<VisitGroup> VisitStatistics::Groups() const {
  const Run all = state_->All();
  std::vector<VisitGroup> groups;
  for (const auto& [key, number] : state_->groups.in_order()) {
    const auto below = [](const Cell& cell, uint64_t code) {
      return cell.code < code;
    };
    auto cell =
        std::lower_bound(all.begin(), all.end(), uint64_t{number} << 32, below);
    const auto end =
        std::lower_bound(cell, all.end(), (uint64_t{number} + 1) << 32, below);
    if (cell == end) continue;  // Outside the window, all of it.
    groups.push_back({key.segment, key.team, key.seller, {}});
    groups.back().cells.reserve(static_cast<size_t>(end - cell));
    for (; cell != end; ++cell) {
      groups.back().cells.push_back(
          {static_cast<uint32_t>(cell->code), cell->count});
    }
  }
  return groups;
}

std::string VisitStatistics::Serialise() const {
  const std::vector<VisitGroup> groups = Groups();
  size_t size = 24;
  for (const VisitGroup& group : groups) {
    size += kGroupSize + group.cells.size() * kCellSize;
  }
  SerialWriter out(kVisitsForm, size);
  out.Put32(static_cast<uint32_t>(state_->window.from));
  out.Put32(static_cast<uint32_t>(state_->window.as_of));
  out.Put64(static_cast<uint64_t>(state_->visits));
  out.Put64(groups.size());
  for (const VisitGroup& group : groups) {
    out.Put32(group.segment);
    out.Put32(group.team);
    out.Put32(group.seller);
    out.Put64(group.cells.size());
    for (const VisitCell& cell : group.cells) {
      out.Put32(cell.code);
      out.Put64(static_cast<uint64_t>(cell.count));
    }
  }
  return out.Finish();
}

absl::StatusOr<VisitStatistics> VisitStatistics::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened = SerialReader::Open(kVisitsForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  VisitWindow window;
  window.from = static_cast<int32_t>(reader.Take32());
  window.as_of = static_cast<int32_t>(reader.Take32());
  const int64_t visits = reader.TakeSigned64();
  const uint64_t count = reader.Take64();
  absl::StatusOr<VisitStatistics> statistics = Create(window);
  if (reader.overrun() || !statistics.ok() || visits < 0 ||
      visits > kMaxVisits) {
    return Damaged(kVisitsForm,
                   "a window or a number of visits that cannot be");
  }
  State& state = *statistics->state_;
  Run run;
  GroupKey before = {};
  int64_t cells = 0;
  for (uint64_t i = 0; i < count; ++i) {
    VisitGroup group;
    group.segment = reader.Take32();
    group.team = reader.Take32();
    group.seller = reader.Take32();
    const uint64_t size = reader.Take64();
    if (reader.overrun() || size > reader.left() / kCellSize) {
      return Damaged(kVisitsForm, absl::StrCat("ends within group ", i));
    }
    for (uint64_t c = 0; c < size; ++c) {
      const uint32_t code = reader.Take32();
      group.cells.push_back({code, reader.TakeSigned64()});
    }
    const GroupKey key = {group.segment, group.team, group.seller};
    if (i > 0 && !(before < key)) {
      return Damaged(kVisitsForm,
                     absl::StrCat("group ", i, " is out of order"));
    }
    before = key;
    if (!IsPossible(group)) {
      return Damaged(kVisitsForm,
                     absl::StrCat("group ", i, " has counts of no visits"));
    }
    const uint64_t number = state.groups.Of(key);
    for (const VisitCell& cell : group.cells) {
      run.push_back({number << 32 | cell.code, cell.count});
      if (cell.kind() != VisitCount::kLate &&
          cell.kind() != VisitCount::kBackTo) {
        cells += std::min(cell.count, kMaxVisits * kRungCount - cells);
      }
    }
  }
  if (reader.overrun() || reader.left() != 0 || cells > visits * kRungCount) {
    return Damaged(kVisitsForm,
                   absl::StrCat(bytes.size(), " bytes are not those of ", count,
                                " groups of ", visits, " visits"));
  }
  state.visits = visits;
  if (!run.empty()) state.Push(std::move(run));
  return statistics;
}

}  // namespace fivek
