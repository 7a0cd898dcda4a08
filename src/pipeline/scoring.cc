#include "fivek/pipeline/scoring.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/aligned.h"
#include "src/pipeline/score_calibrated.h"
#include "src/pipeline/score_kernels.h"
#include "src/pipeline/score_row.h"

namespace fivek {
namespace {

// Columns in the order of ScoreInput, as errors number them; then the
// calibration's.
enum ScoreColumn : int32_t {
  kScoreByDecisionMakerColumn = 5,
  kScoreOutcomeColumn = 7,
  kScoreAgeBucketColumn = 9,
};

struct Book {
  const MethodTables& tables;
  bool calibrated;
  OpenProbability open;  // The policy's yields, if not calibrated.
  const uint8_t* age_bucket;
  const ScoreInput& in;
  const ScoreOutput& out;
};

// Says what is wrong with a bad deal; the column is that of ScoreInput. `name`
// is "row 3: " or so.
absl::Status ExplainBad(const MethodTables& tables, const DealRow& deal,
                        absl::string_view name, int64_t row) {
  Strength strength;
  const Reason reason = TryStrength(tables, deal.assessment, &strength);
  if (reason != Reason::kNone) {
    const absl::Status status = ExplainRefusal(deal.assessment, reason);
    const int32_t column = reason == Reason::kUnknownLevel
                               ? WhereOf(status).column
                               : int32_t{kScoreByDecisionMakerColumn};
    return Refuse(reason, absl::StrCat(name, status.message()), {row, column});
  }
  if (deal.outcome >= 0 && deal.outcome < kOutcomeCount) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kUnknownCode,
                absl::StrCat(name, "outcome ", deal.outcome, "; allowed: 0 to ",
                             kOutcomeCount - 1),
                {row, kScoreOutcomeColumn});
}

absl::Status ExplainRow(const Book& book, size_t i) {
  const auto row = static_cast<int64_t>(i);
  const std::string name = absl::StrCat("row ", i, ": ");
  const absl::Status status =
      ExplainBad(book.tables, RowAt(book.in, i), name, row);
  if (!status.ok()) return status;
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, "age bucket ", book.age_bucket[i],
                             "; allowed: 0 to ", book.open.buckets - 1),
                {row, kScoreAgeBucketColumn});
}

// Scores a plain row; a calibration says of it what depends on age.
bool ComputePlainRow(const Book& book, const DealRow& deal, uint32_t age,
                     DealScore* out) {
  if (age >= book.open.buckets || !ComputePlainDeal(book.tables, deal, out)) {
    return false;
  }
  if (book.calibrated) {
    out->probability_ppm =
        ProbabilityOf(book.open, static_cast<uint32_t>(out->milestone), age,
                      static_cast<uint32_t>(deal.outcome));
    out->expected_amount = ExpectedHalfEven(deal.amount, out->probability_ppm);
  }
  return true;
}

// Scores rows one by one. Stops at a bad row if there is no place for its
// status, and returns where.
size_t ScoreRows(const Book& given, size_t row, size_t end, size_t* bad) {
  // Copies, which no store can change.
  const ScoreInput in = given.in;
  const ScoreOutput out = given.out;
  const Book book = {
      given.tables, given.calibrated, given.open, given.age_bucket, in, out};
  for (; row < end; ++row) {
    DealScore score;
    const DealRow deal = RowAt(in, row);
    const uint32_t age = At(book.age_bucket, row, uint8_t{0});
    if (ComputePlainRow(book, deal, age, &score) ||
        ComputeAnyDeal(book.tables, book.open, deal, age, &score)) {
      PutRow(out, row, score, absl::StatusCode::kOk);
      continue;
    }
    ++*bad;
    if (out.row_status == nullptr) return row;
    PutRow(out, row, DealScore(), absl::StatusCode::kInvalidArgument);
  }
  return row;
}

// ---- Kernels ----------------------------------------------------------------

constexpr ScoreTargetInfo kTargets[] = {
#if defined(FIVEK_SCORE_X86)
    {"avx512", ScoreBlocksAvx512, 64},
    {"avx2", ScoreBlocksAvx2, 32},
#elif defined(FIVEK_SCORE_NEON)
    {"neon", ScoreBlocksNeon, 16},
#endif
    {"scalar", ScoreBlocksScalar, kScalarBlock},
};

// The first of kTargets that this processor can run: it can run the others too.
size_t BestTarget() {
#if defined(FIVEK_SCORE_X86)
  const bool has_fma = __builtin_cpu_supports("fma") != 0;
  if (has_fma && __builtin_cpu_supports("avx512f") != 0 &&
      __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512cd") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0) {
    return 0;
  }
  return has_fma && __builtin_cpu_supports("avx2") != 0 ? 1 : 2;
#else
  return 0;
#endif
}

// Whether doubles are as in a new thread: rounded to nearest, without traps.
// The vector kernels need that, and a host may have set something else.
bool HasUsualArithmetic() {
#if defined(FIVEK_SCORE_X86)
  constexpr unsigned kRounding = 0x6000;
  constexpr unsigned kMaskedTraps = 0x1F80;
  return (__builtin_ia32_stmxcsr() & (kRounding | kMaskedTraps)) ==
         kMaskedTraps;
#elif defined(FIVEK_SCORE_NEON)
  constexpr uint64_t kRoundingAndTraps = 0xC09F00;
  uint64_t control = 0;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  return (control & kRoundingAndTraps) == 0;
#else
  return true;
#endif
}

static_assert(kBlockContractItem == kContractSigned &&
              kBlockOutcomes == kOutcomeCount &&
              kBlockNotByDecisionMaker == (~kTwoColumnDimensions & 0xFF) &&
              kNoneMissing == EvidenceMask{1} << 31 &&
              kBlockPlaceSigned ==
                  static_cast<int>(Stage::kExperience) +
                      16 * static_cast<int>(Milestone::kClosedWon) &&
              std::size(BlockTables().milestone_rungs) == kMilestoneCount - 1 &&
              std::size(BlockTables().stage_rungs) == kStageCount);

// What all policies have in common: which levels there are, what outcomes do to
// a milestone.
constexpr BlockTables MakeCommonTables() {
  constexpr uint8_t kWonCode = kMilestoneCount - 1;
  constexpr uint8_t kLostCode = kMilestoneCount;
  BlockTables block = {};
  for (const DimensionRow& row : kDimensions) {
    for (int i = 0; i < 2 * kMaxLevels; ++i) {
      const bool exists = i % kMaxLevels < row.levels;
      block.points[static_cast<size_t>(row.code)][i] =
          static_cast<uint8_t>(exists ? 0 : kNoPoints);
    }
  }
  for (size_t o = 0; o < kOutcomeCount; ++o) {
    const OutcomeProbability& outcome = kOutcomeProbability[o];
    block.open[o] = static_cast<uint8_t>(outcome.open);
    block.closed[o] = outcome.open != 0
                          ? 0
                          : (outcome.closed_ppm == 0 ? kLostCode : kWonCode);
  }
  return block;
}
constexpr BlockTables kCommonTables = MakeCommonTables();

BlockTables MakeBlockTables(const MethodTables& t) {
  BlockTables block = kCommonTables;
  // Eight at a time, which matters for books of a few blocks.
  uint64_t common[sizeof block.points / 8];
  uint64_t points[sizeof t.points / 8];
  static_assert(sizeof common == sizeof points);
  std::memcpy(common, block.points, sizeof common);
  std::memcpy(points, t.points, sizeof points);
  for (size_t i = 0; i < std::size(points); ++i) points[i] |= common[i];
  std::memcpy(block.points, points, sizeof points);
  block.in_order = t.needed_in_order != 0;
  block.needed = t.needed_in_order;
  for (size_t item = 0; item < kEvidenceBits; ++item) {
    const uint64_t place = t.place_if_first_missing[item];
    block.place[item] = static_cast<uint8_t>(place | place >> 28);
  }
  // Nothing is needed for milestone 0.
  std::copy_n(&t.needed_through_milestone[1], std::size(block.milestone_rungs),
              block.milestone_rungs);
  std::copy_n(t.needed_through_stage, std::size(block.stage_rungs),
              block.stage_rungs);
  const Position nothing = ComputePosition(t, 0);
  block.place_of_nothing =
      static_cast<uint8_t>(nothing.stage + 16 * nothing.milestone);
  for (size_t m = 0; m < kMilestoneCount; ++m) block.ppm[m] = t.yield_ppm[m];
  return block;
}

// Past the cache is better for columns that are more than it keeps, as its
// lines are then not read before they are written. About the size of a shared
// cache; between half and twice of it neither way is much faster.
bool ExceedsCache(const ScoreInput& in, const ScoreOutput& out, size_t rows) {
  constexpr size_t kCacheBytes = size_t{24} << 20;
  size_t width = 0;
  const auto add = [&width](const auto* column) {
    if (column != nullptr) width += sizeof *column;
  };
  add(in.problem), add(in.power), add(in.vision), add(in.value);
  add(in.control), add(in.by_decision_maker), add(in.evidence);
  add(in.outcome), add(in.amount);
  add(out.strength), add(out.weakest), add(out.product_ppm), add(out.stage);
  add(out.milestone), add(out.probability_ppm), add(out.expected_amount);
  add(out.row_status);
  return width != 0 && rows > kCacheBytes / width;
}

ScorePlan PlanOf(const ScoreInput& in, const ScoreOutput& out, size_t rows) {
  const std::array<const uint8_t*, 6> levels = {
      in.problem, in.power,   in.vision,
      in.value,   in.control, in.by_decision_maker};
  const auto given =
      levels.size() -
      static_cast<size_t>(std::count(levels.begin(), levels.end(), nullptr));
  ScorePlan plan = {};
  plan.levels = given != 0 || out.strength != nullptr ||
                out.weakest != nullptr || out.product_ppm != nullptr;
  plan.all_levels = given == levels.size();
  plan.deal = in.outcome != nullptr || out.stage != nullptr ||
              out.milestone != nullptr || out.probability_ppm != nullptr ||
              out.expected_amount != nullptr;
  plan.only_strength = plan.all_levels && !plan.deal &&
                       out.strength != nullptr && out.weakest == nullptr &&
                       out.product_ppm == nullptr && out.row_status == nullptr;
  plan.stream = ExceedsCache(in, out, rows);
  return plan;
}

// ---- Checks -----------------------------------------------------------------

absl::Status ExplainMisaligned(const ScoreInput& in, const ScoreOutput& out) {
  const char* name = "in.evidence";
  if (!IsAligned(in.amount)) name = "in.amount";
  if (!IsAligned(out.product_ppm)) name = "out.product_ppm";
  if (!IsAligned(out.probability_ppm)) name = "out.probability_ppm";
  if (!IsAligned(out.expected_amount)) name = "out.expected_amount";
  if (!IsAligned(out.row_status)) name = "out.row_status";
  return Refuse(Reason::kValueRange,
                absl::StrCat("column ", name,
                             " is not aligned to the size of its elements"));
}

absl::Status CheckColumns(const ScoreInput& in, const ScoreOutput& out,
                          size_t rows) {
  if (!AreAligned(in, out)) return ExplainMisaligned(in, out);
  constexpr size_t kMost =
      std::numeric_limits<ptrdiff_t>::max() / sizeof(int64_t);
  if (rows > kMost) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(rows, " rows; allowed: 0 to ", kMost));
  }
  return absl::OkStatus();
}

absl::Status CheckCalibration(const Calibration& calibration) {
  if (calibration.ppm == nullptr) {
    return Refuse(Reason::kNullPointer, "calibration.ppm is NULL");
  }
  if (!IsAligned(calibration.ppm)) {
    return Refuse(Reason::kValueRange,
                  "calibration.ppm is not aligned to its type");
  }
  if (calibration.buckets < 1 || calibration.buckets > 256) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(calibration.buckets, " age buckets; allowed: 1 to 256"));
  }
  const auto buckets = static_cast<size_t>(calibration.buckets);
  for (size_t i = 0; i < kMilestoneCount * buckets; ++i) {
    if (IsProbability(calibration.ppm[i])) continue;
    return Refuse(Reason::kValueRange,
                  absl::StrCat("milestone ", i / buckets, ", age bucket ",
                               i % buckets, ": ", calibration.ppm[i],
                               " ppm; allowed: 0 to ", kCertain));
  }
  return absl::OkStatus();
}

// ---- Many rows --------------------------------------------------------------

// Rows before `row` are scored, `bad` of them are bad. Stopped: the bad row
// there fails the call.
struct Progress {
  size_t row = 0, bad = 0;
  bool stopped = false;

  // Scores rows one by one up to `end`.
  void ScoreOneByOne(const Book& book, size_t end) {
    row = ScoreRows(book, row, end, &bad);
    stopped = row != end;
  }
};

// Block by block, with the policy's yields. The rows left are scored if they
// can be, as part of a block that begins among those before.
Progress ScoreBlocks(const Book& book, const ScoreTargetInfo& target,
                     size_t rows) {
  const BlockTables blocks = MakeBlockTables(book.tables);
  ScorePlan plan = PlanOf(book.in, book.out, rows);
  Progress progress;
  while (rows - progress.row >= target.block) {
    progress.row =
        target.kernel(blocks, book.in, book.out, progress.row, rows, plan);
    if (rows - progress.row < target.block) break;
    progress.ScoreOneByOne(book, progress.row + target.block);
    if (progress.stopped) return progress;
  }
  plan.stream = false;
  if (progress.row != rows &&
      target.kernel(blocks, book.in, book.out, rows - target.block, rows,
                    plan) == rows) {
    progress.row = rows;
  }
  return progress;
}

template <typename T>
T* Behind(T* column, size_t row) {
  return column == nullptr ? nullptr : column + row;
}

// Tile by tile, with learned probabilities: the kernel finds the milestones of
// a tile, the calibration says the rest.
Progress ScoreTiles(const Book& book, const ScoreTargetInfo& target,
                    size_t rows) {
  constexpr size_t kTile = 1024;
  static_assert(kTile % kScalarBlock == 0);
  const BlockTables blocks = MakeBlockTables(book.tables);
  std::array<uint8_t, kTile> unwanted;
  Progress progress;
  while (rows - progress.row >= kTile) {
    const size_t row = progress.row;
    const ScoreInput in = {
        Behind(book.in.problem, row),  Behind(book.in.power, row),
        Behind(book.in.vision, row),   Behind(book.in.value, row),
        Behind(book.in.control, row),  Behind(book.in.by_decision_maker, row),
        Behind(book.in.evidence, row), Behind(book.in.outcome, row),
        Behind(book.in.amount, row),
    };
    ScoreOutput out;
    out.strength = Behind(book.out.strength, row);
    out.weakest = Behind(book.out.weakest, row);
    out.product_ppm = Behind(book.out.product_ppm, row);
    out.stage = Behind(book.out.stage, row);
    out.milestone = book.out.milestone == nullptr ? unwanted.data()
                                                  : book.out.milestone + row;
    out.row_status = Behind(book.out.row_status, row);
    const uint8_t* const age_bucket = Behind(book.age_bucket, row);
    if (AreBuckets(age_bucket, book.open.buckets, kTile) &&
        target.kernel(blocks, in, out, 0, kTile, PlanOf(in, out, kTile)) ==
            kTile) {
      ScoreCalibrated(book.open,
                      {out.milestone, in.outcome, age_bucket, in.amount,
                       Behind(book.out.probability_ppm, row),
                       Behind(book.out.expected_amount, row)},
                      kTile);
      progress.row += kTile;
      continue;
    }
    progress.ScoreOneByOne(book, row + kTile);
    if (progress.stopped) break;
  }
  return progress;
}

}  // namespace

bool ComputeAnyDeal(const MethodTables& tables, const OpenProbability& open,
                    const DealRow& deal, uint32_t age_bucket, DealScore* out) {
  const auto code = static_cast<uint32_t>(deal.outcome);
  if (code >= kOutcomeCount || age_bucket >= open.buckets) return false;
  Strength strength;
  if (TryStrength(tables, deal.assessment, &strength) != Reason::kNone) {
    return false;
  }
  bool known_zero = false;
  for (const int32_t points : strength.points) known_zero |= points == 0;
  out->strength = strength.total;
  out->weakest = strength.weakest;
  out->product_ppm =
      strength.unknown_mask == 0 || known_zero ? strength.product_ppm : -1;
  const Position position = ComputePosition(tables, deal.evidence);
  out->stage = position.stage;
  out->milestone = position.milestone;
  out->probability_ppm =
      ProbabilityOf(open, position.milestone, age_bucket, code);
  out->expected_amount =
      ExpectedOf(deal.amount, out->probability_ppm, tables.rounding);
  return true;
}

absl::Status ExplainDeal(const MethodTables& tables, const DealRow& deal) {
  return ExplainBad(tables, deal, "", -1);
}

absl::StatusOr<DealScore> ScoreDeal(const MethodTables& tables,
                                    const Deal& deal) {
  const DealRow row = {deal.assessment, deal.evidence,
                       static_cast<int32_t>(deal.outcome), deal.amount};
  DealScore score;
  if (ComputePlainDeal(tables, row, &score) ||
      ComputeAnyDeal(tables, {tables.yield_ppm, 1}, row, 0, &score)) {
    return score;
  }
  return ExplainDeal(tables, row);
}

absl::Span<const ScoreTargetInfo> ScoreTargets() {
  return absl::MakeConstSpan(kTargets).subspan(BestTarget());
}

const char* ScoreTarget() { return kTargets[BestTarget()].name; }

absl::Status ScoreColumnsOn(const ScoreTargetInfo& target,
                            const MethodTables& tables, const ScoreInput& in,
                            const ScoreOutput& out, size_t rows,
                            size_t* bad_rows, const Calibration* calibration) {
  absl::Status status = CheckColumns(in, out, rows);
  if (status.ok() && calibration != nullptr) {
    status = CheckCalibration(*calibration);
  }
  if (!status.ok()) return status;

  Book book = {tables, false, {tables.yield_ppm, 1}, nullptr, in, out};
  if (calibration != nullptr) {
    book.calibrated = true;
    book.open = {calibration->ppm, static_cast<uint32_t>(calibration->buckets)};
    book.age_bucket = calibration->age_bucket;
  }
  // The last target has no doubles.
  const bool usual = target.kernel == nullptr || HasUsualArithmetic();
  const ScoreTargetInfo& used =
      usual ? target : kTargets[std::size(kTargets) - 1];
  Progress progress;
  if (used.kernel != nullptr && rows >= used.block &&
      tables.rounding == Rounding::kHalfEven) {
    progress = calibration == nullptr ? ScoreBlocks(book, used, rows)
                                      : ScoreTiles(book, used, rows);
  }
  if (!progress.stopped) progress.ScoreOneByOne(book, rows);
  if (bad_rows != nullptr) *bad_rows = progress.bad;
  return progress.stopped ? ExplainRow(book, progress.row) : absl::OkStatus();
}

absl::Status ScoreColumns(const MethodTables& tables, const ScoreInput& in,
                          const ScoreOutput& out, size_t rows, size_t* bad_rows,
                          const Calibration* calibration) {
  return ScoreColumnsOn(kTargets[BestTarget()], tables, in, out, rows, bad_rows,
                        calibration);
}

}  // namespace fivek
