#include "fivek/method/policy.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "src/base/fnv1a.h"
#include "src/method/policy_json.h"

namespace fivek {

struct Policy::State {
  PolicyBuilder made_from;
  MethodTables tables;
  std::vector<ScoreRule> score_rules;
  std::string json;
  uint64_t hash = 0;
};

namespace {

absl::Status BadValue(absl::string_view path, absl::string_view what,
                      Reason reason = Reason::kPolicyValue) {
  return Refuse(reason, absl::StrCat(path, ": ", what));
}

std::string LevelPath(int dimension, size_t level, absl::string_view key) {
  return absl::StrCat("/rubric/",
                      kDimensions[static_cast<size_t>(dimension)].key, "/",
                      level, "/", key);
}

std::string ItemPath(int32_t code, absl::string_view key) {
  return absl::StrCat("/evidence/", code, "/", key);
}

absl::Status CheckRubric(const PolicyBuilder& b) {
  for (int d = 0; d < kDimensionCount; ++d) {
    const auto i = static_cast<size_t>(d);
    const DimensionRow& row = kDimensions[i];
    const auto& levels = b.rubric[i];
    if (levels.size() != row.levels) {
      return BadValue(
          absl::StrCat("/rubric/", row.key),
          absl::StrCat(levels.size(), " levels; allowed: exactly ", row.levels,
                       ", as the codes never change meaning"));
    }
    for (size_t level = 0; level < levels.size(); ++level) {
      const int32_t sponsor = levels[level].sponsor;
      const int32_t maker = levels[level].decision_maker;
      const char* const key =
          row.by_decision_maker ? "decision_maker" : "points";
      for (const auto& [points, name] :
           {std::pair(sponsor, row.by_decision_maker ? "sponsor" : "points"),
            std::pair(maker, key)}) {
        if (points < 0 || points > kMaxPoints) {
          return BadValue(
              LevelPath(d, level, name),
              absl::StrCat(points, " points; allowed: 0 to ", kMaxPoints));
        }
      }
      if (row.by_decision_maker ? maker < sponsor : maker != sponsor) {
        return BadValue(
            LevelPath(d, level, key),
            row.by_decision_maker
                ? absl::StrCat(maker, " points are below the sponsor's ",
                               sponsor)
                : absl::StrCat("two numbers of points (", sponsor, " and ",
                               maker, ") in a dimension with one column"),
            Reason::kPointsNotMonotone);
      }
      if (level == 0) continue;
      for (const auto& [now, before, name] :
           {std::tuple(sponsor, levels[level - 1].sponsor,
                       row.by_decision_maker ? "sponsor" : "points"),
            std::tuple(maker, levels[level - 1].decision_maker, key)}) {
        if (now < before) {
          return BadValue(LevelPath(d, level, name),
                          absl::StrCat(now, " points after ", before,
                                       "; a higher level must not earn less"),
                          Reason::kPointsNotMonotone);
        }
      }
    }
  }
  return absl::OkStatus();
}

// An enumerator that a cast made up has no word in the document.
template <typename Enum>
bool IsAbove(Enum value, Enum last) {
  return static_cast<int>(value) > static_cast<int>(last);
}

absl::Status CheckItem(int32_t code, const PolicyBuilder::Item& item) {
  const auto path = [code](absl::string_view key) {
    return ItemPath(code, key);
  };
  if (code < 0 || code >= kEvidenceBits) {
    return BadValue(
        absl::StrCat("/evidence/", code),
        absl::StrCat("evidence ", code, "; allowed: 0 to ", kEvidenceBits - 1));
  }
  if (IsAbove(item.mode, GateMode::kWaivable)) {
    return BadValue(path("mode"), "no such mode; allowed: 0 to 2");
  }
  if (IsAbove(item.witness, Witness::kDecisionMaker)) {
    return BadValue(path("witness"), "no such witness; allowed: 0 to 2");
  }
  if (IsAbove(item.proof, ProofDemand::kSignedOrRecorded)) {
    return BadValue(path("proof"), "no such demand; allowed: 0 to 1");
  }
  if (code == kContractSigned) {
    if (item.gate != static_cast<int32_t>(Milestone::kClosedWon) ||
        item.stage != static_cast<int32_t>(Stage::kPurchase) ||
        item.mode != GateMode::kBlocking || !item.prerequisites.empty()) {
      return BadValue(path("gate"),
                      "the signed contract is always in stage 4, blocking, the "
                      "last gate (6), and needs no other item");
    }
    return absl::OkStatus();
  }
  if (code >= kFirstAfterSales && code < kEvidenceCount) {
    if (item.gate != 0 ||
        item.stage != static_cast<int32_t>(Stage::kExperience) ||
        item.mode != GateMode::kBlocking || !item.prerequisites.empty()) {
      return BadValue(path("gate"),
                      "after-sales items (19-21) are always in stage 5, "
                      "without a gate (0), and need no other item");
    }
    return absl::OkStatus();
  }
  if (item.stage < 0 || item.stage > static_cast<int32_t>(Stage::kPurchase)) {
    return BadValue(path("stage"),
                    absl::StrCat(item.stage, "; allowed: 0 to 4"));
  }
  const bool vendor = code >= kEvidenceCount;
  const int32_t lowest_gate = vendor ? 0 : 1;
  if (item.gate < lowest_gate ||
      item.gate > static_cast<int32_t>(Milestone::kPendingClose)) {
    return BadValue(
        path("gate"),
        absl::StrCat(item.gate, "; allowed: ", lowest_gate, " to 5"));
  }
  return absl::OkStatus();
}

// Depth-first over prerequisites; `open` is the chain being followed.
bool RunsInACircle(const PolicyBuilder& b, int32_t code,
                   std::vector<int32_t>* open, EvidenceMask* done) {
  if (std::find(open->begin(), open->end(), code) != open->end()) {
    open->push_back(code);
    return true;
  }
  if ((*done & Bit(code)) != 0) return false;
  open->push_back(code);
  for (const int32_t next : b.evidence.at(code).prerequisites) {
    if (RunsInACircle(b, next, open, done)) return true;
  }
  open->pop_back();
  *done |= Bit(code);
  return false;
}

absl::Status CheckEvidence(const PolicyBuilder& b) {
  for (int32_t code = 0; code < kEvidenceCount; ++code) {
    if (b.evidence.find(code) == b.evidence.end()) {
      return BadValue(
          "/evidence",
          absl::StrCat("evidence ", code,
                       " is missing; a policy changes or advises "
                       "the method's items, it does not drop them"));
    }
  }
  bool milestone_waits[kMilestoneCount] = {};
  bool stage_waits[kStageCount] = {};
  for (const auto& [code, item] : b.evidence) {
    const absl::Status status = CheckItem(code, item);
    if (!status.ok()) return status;
    for (size_t i = 0; i < item.prerequisites.size(); ++i) {
      const int32_t needed = item.prerequisites[i];
      const bool usable =
          needed >= 0 && needed < kEvidenceBits && needed != kContractSigned &&
          (needed >= kEvidenceCount || needed < kFirstAfterSales) &&
          b.evidence.find(needed) != b.evidence.end();
      const bool again =
          std::find(item.prerequisites.begin(),
                    item.prerequisites.begin() + static_cast<ptrdiff_t>(i),
                    needed) !=
          item.prerequisites.begin() + static_cast<ptrdiff_t>(i);
      if (!usable || again) {
        return BadValue(
            absl::StrCat(ItemPath(code, "requires"), "/", i),
            again ? absl::StrCat("evidence ", needed, " is named twice")
                  : absl::StrCat("evidence ", needed,
                                 "; allowed: items of the policy other than "
                                 "18-21"));
      }
    }
    if (item.mode != GateMode::kAdvisory) {
      milestone_waits[item.gate] = true;
      stage_waits[item.stage] = true;
    }
  }
  EvidenceMask done = 0;
  for (const auto& [code, item] : b.evidence) {
    std::vector<int32_t> chain;
    if (RunsInACircle(b, code, &chain, &done)) {
      return BadValue(ItemPath(chain.back(), "requires"),
                      absl::StrCat("items require each other in a circle: ",
                                   absl::StrJoin(chain, " -> ")),
                      Reason::kGateCycle);
    }
  }
  for (int m = 1; m <= static_cast<int>(Milestone::kPendingClose); ++m) {
    if (!milestone_waits[m]) {
      return BadValue("/evidence",
                      absl::StrCat("milestone ", m,
                                   " waits for no item; at least one must be "
                                   "blocking or waivable"));
    }
  }
  for (int s = 0; s <= static_cast<int>(Stage::kPurchase); ++s) {
    if (!stage_waits[s]) {
      return BadValue("/evidence",
                      absl::StrCat("stage ", s,
                                   " waits for no item; at least one must be "
                                   "blocking or waivable"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckLadder(const PolicyBuilder& b) {
  for (size_t m = 0; m < b.ladder.size(); ++m) {
    const std::string path = absl::StrCat("/ladder/", m, "/yield_ppm");
    if (!IsProbability(b.ladder[m])) {
      return BadValue(path,
                      absl::StrCat(b.ladder[m], "; allowed: 0 to ", kCertain));
    }
    if (m > 0 && b.ladder[m] < b.ladder[m - 1]) {
      return BadValue(path,
                      absl::StrCat(b.ladder[m], " after ", b.ladder[m - 1],
                                   "; a higher milestone must not yield less"),
                      Reason::kYieldFalls);
    }
  }
  if (b.ladder.back() != kCertain) {
    return BadValue("/ladder/6/yield_ppm",
                    absl::StrCat(b.ladder.back(),
                                 "; allowed: 1000000, as a "
                                 "closed deal is certain"));
  }
  return absl::OkStatus();
}

absl::Status CheckTheRest(const PolicyBuilder& b) {
  if (IsAbove(b.unproven, Unproven::kRequire)) {
    return BadValue("/unproven", "no such rule; allowed: 0 to 1");
  }
  if (IsAbove(b.rounding, Rounding::kHalfAwayFromZero)) {
    return BadValue("/rounding", "no such rounding; allowed: 0 to 1");
  }
  for (size_t i = 0; i < b.waiver_reasons.size(); ++i) {
    const int32_t code = b.waiver_reasons[i].code;
    const std::string path = absl::StrCat("/waiver_reasons/", code);
    if (code < 0) {
      return BadValue(path, absl::StrCat(code, "; allowed: 0 or more"));
    }
    for (size_t j = 0; j < i; ++j) {
      if (b.waiver_reasons[j].code == code) {
        return BadValue(path, absl::StrCat("reason ", code, " stands twice"));
      }
    }
  }
  if (b.score_rules.size() > kMaxScoreRules) {
    return BadValue("/score_rules",
                    absl::StrCat(b.score_rules.size(),
                                 " rules; allowed: ", kMaxScoreRules));
  }
  for (size_t i = 0; i < b.score_rules.size(); ++i) {
    const PolicyBuilder::Rule& rule = b.score_rules[i];
    const std::string path = absl::StrCat("/score_rules/", i);
    if (rule.dimension < 0 || rule.dimension >= kDimensionCount) {
      return BadValue(path + "/dimension",
                      absl::StrCat(rule.dimension, "; allowed: 0 to ",
                                   kDimensionCount - 1));
    }
    if (rule.least_points < 0 || rule.least_points > kMaxPoints) {
      return BadValue(
          path + "/least_points",
          absl::StrCat(rule.least_points, "; allowed: 0 to ", kMaxPoints));
    }
    if (rule.only_by_decision_maker &&
        !kDimensions[static_cast<size_t>(rule.dimension)].by_decision_maker) {
      return BadValue(path + "/only_by_decision_maker",
                      "true in a dimension with one column");
    }
    if (b.evidence.find(rule.item) == b.evidence.end()) {
      return BadValue(
          path + "/evidence",
          absl::StrCat(rule.item, "; allowed: items of the policy"));
    }
  }
  if (b.thresholds.claim_tolerance_rungs < 0 ||
      b.thresholds.claim_tolerance_rungs >= kMilestoneCount) {
    return BadValue(
        "/thresholds/claim_tolerance_rungs",
        absl::StrCat(b.thresholds.claim_tolerance_rungs, "; allowed: 0 to 6"));
  }
  if (b.thresholds.roles_met < 0 ||
      b.thresholds.roles_met > static_cast<int32_t>(kRoles.size())) {
    return BadValue("/thresholds/roles_met",
                    absl::StrCat(b.thresholds.roles_met, "; allowed: 0 to 5"));
  }
  for (const auto& [key, text] : b.labels) {
    const auto& [set, code] = key;
    const char* const name = NameOf(set);
    const bool elsewhere =
        set == LabelSet::kEvidence ||
        (set >= LabelSet::kLevelProblem && set <= LabelSet::kLevelControl);
    if (name == nullptr || elsewhere ||
        ::fivek::Label(set, code, Language::kEnglish) == nullptr) {
      return BadValue(
          absl::StrCat("/labels/", name == nullptr ? "?" : name, "/", code),
          elsewhere ? "texts of levels and evidence stand in their own sections"
                    : "no such code in that set");
    }
  }
  for (const auto& [code, digits] : b.currencies) {
    const std::string path = absl::StrCat("/currencies/", code);
    if (!Currency::FromCode(code).ok()) {
      return BadValue(path, "allowed: three capital letters, e.g. USD");
    }
    if (digits < 0 || digits > kMaxMinorDigits) {
      return BadValue(path, absl::StrCat(digits, " decimals; allowed: 0 to ",
                                         kMaxMinorDigits));
    }
  }
  return absl::OkStatus();
}

// A label is a C string, and JSON refuses what one would cut off.
absl::Status CheckTexts(const PolicyBuilder& b) {
  absl::Status status;
  const auto check = [&status](const std::string& text, const auto& path) {
    if (status.ok() && text.find('\0') != std::string::npos) {
      status = BadValue(path(), "holds a NUL character");
    }
  };
  check(b.name, [] { return std::string("/name"); });
  for (int d = 0; d < kDimensionCount; ++d) {
    const auto& levels = b.rubric[static_cast<size_t>(d)];
    for (size_t level = 0; level < levels.size(); ++level) {
      check(levels[level].seen.en, [&] { return LevelPath(d, level, "en"); });
      check(levels[level].seen.zh, [&] { return LevelPath(d, level, "zh"); });
    }
  }
  for (const auto& entry : b.evidence) {
    const int32_t code = entry.first;
    check(entry.second.text.en, [&] { return ItemPath(code, "en"); });
    check(entry.second.text.zh, [&] { return ItemPath(code, "zh"); });
  }
  for (const WaiverReason& reason : b.waiver_reasons) {
    const auto path = [&reason](const char* language) {
      return absl::StrCat("/waiver_reasons/", reason.code, "/", language);
    };
    check(reason.en, [&] { return path("en"); });
    check(reason.zh, [&] { return path("zh"); });
  }
  for (const auto& entry : b.labels) {
    const auto path = [&entry](const char* language) {
      return absl::StrCat("/labels/", NameOf(entry.first.first), "/",
                          entry.first.second, "/", language);
    };
    check(entry.second.en, [&] { return path("en"); });
    check(entry.second.zh, [&] { return path("zh"); });
  }
  return status;
}

MethodTables MakeTables(const PolicyBuilder& b) {
  MethodTables t;
  for (size_t d = 0; d < b.rubric.size(); ++d) {
    t.levels[d] = static_cast<uint8_t>(b.rubric[d].size());
    for (size_t level = 0; level < b.rubric[d].size(); ++level) {
      t.points[d][0][level] = static_cast<uint8_t>(b.rubric[d][level].sponsor);
      t.points[d][1][level] =
          static_cast<uint8_t>(b.rubric[d][level].decision_maker);
    }
  }
  for (const auto& [code, item] : b.evidence) {
    t.attached |= Bit(code);
    t.rule[code] = {static_cast<Stage>(item.stage),
                    static_cast<Milestone>(item.gate), item.witness,
                    item.proof};
    t.mode[code] = item.mode;
    for (const int32_t needed : item.prerequisites) {
      t.prerequisites[code] |= Bit(needed);
    }
  }
  std::copy(b.ladder.begin(), b.ladder.end(), t.yield_ppm);
  t.unproven = b.unproven;
  t.rounding = b.rounding;
  return Derive(t);
}

PolicyBuilder::Text TextOf(const Bilingual& text) { return {text.en, text.zh}; }

const char* In(const PolicyBuilder::Text& text, Language language) {
  return (language == Language::kChinese ? text.zh : text.en).c_str();
}

}  // namespace

PolicyBuilder::PolicyBuilder() {
  for (const DimensionRow& dimension : kDimensions) {
    for (const RubricRow& row : Rubric(dimension.code)) {
      rubric[static_cast<size_t>(dimension.code)].push_back(
          {row.sponsor, row.decision_maker, TextOf(row.seen)});
    }
  }
  for (const EvidenceRow& row : kEvidenceItems) {
    Item item;
    item.stage = static_cast<int32_t>(row.rule.stage);
    item.gate = static_cast<int32_t>(row.rule.gate);
    item.witness = row.rule.witness;
    item.proof = row.rule.proof;
    item.text = TextOf(row.text);
    evidence[row.code] = item;
  }
  for (size_t m = 0; m < kLadder.size(); ++m) ladder[m] = kLadder[m].yield_ppm;
  for (const ScoreRule& rule : kScoreRules) {
    score_rules.push_back({static_cast<int32_t>(rule.dimension),
                           rule.least_points, rule.only_by_decision_maker,
                           rule.item});
  }
}

PolicyBuilder::PolicyBuilder(const Policy& policy) : PolicyBuilder() {
  if (policy.state_ != nullptr) *this = policy.state_->made_from;
}

absl::StatusOr<Policy> PolicyBuilder::Build() const {
  for (const auto& check :
       {CheckRubric, CheckEvidence, CheckLadder, CheckTheRest, CheckTexts}) {
    const absl::Status status = check(*this);
    if (!status.ok()) return status;
  }
  auto state = std::make_shared<Policy::State>();
  state->made_from = *this;
  // What says the same in other words is the same policy.
  for (auto& [code, item] : state->made_from.evidence) {
    std::sort(item.prerequisites.begin(), item.prerequisites.end());
  }
  std::sort(state->made_from.waiver_reasons.begin(),
            state->made_from.waiver_reasons.end(),
            [](const WaiverReason& a, const WaiverReason& b) {
              return a.code < b.code;
            });
  state->tables = MakeTables(*this);
  for (const Rule& rule : score_rules) {
    state->score_rules.push_back({static_cast<Dimension>(rule.dimension),
                                  static_cast<uint8_t>(rule.least_points),
                                  rule.only_by_decision_maker,
                                  static_cast<uint8_t>(rule.item)});
  }
  absl::StatusOr<std::string> json = PolicyToJson(state->made_from);
  if (!json.ok()) return json.status();
  state->json = *std::move(json);
  state->hash = Fnv1a64(state->json);
  return Policy(std::move(state));
}

absl::StatusOr<Policy> Policy::FromJson(absl::string_view json) {
  absl::StatusOr<PolicyBuilder> builder = PolicyFromJson(json);
  if (!builder.ok()) return builder.status();
  return builder->Build();
}

std::string Policy::ToJson() const {
  if (state_ != nullptr) return state_->json;
  return *PolicyToJson(PolicyBuilder());  // ASCII and Chinese: cannot fail.
}

uint64_t Policy::hash() const {
  return state_ != nullptr ? state_->hash : kBuiltInPolicyHash;
}

const MethodTables& Policy::tables() const {
  return state_ != nullptr ? state_->tables : kBuiltInTables;
}

absl::Span<const ScoreRule> Policy::score_rules() const {
  if (state_ != nullptr) return state_->score_rules;
  return kScoreRules;
}

const Thresholds& Policy::thresholds() const {
  static constexpr Thresholds kBuiltIn;
  return state_ != nullptr ? state_->made_from.thresholds : kBuiltIn;
}

absl::Span<const WaiverReason> Policy::waiver_reasons() const {
  if (state_ != nullptr) return state_->made_from.waiver_reasons;
  return {};
}

const char* Policy::Label(LabelSet set, int32_t code, Language language) const {
  if (state_ == nullptr) return ::fivek::Label(set, code, language);
  const PolicyBuilder& own = state_->made_from;
  if (set == LabelSet::kEvidence) {
    const auto item = own.evidence.find(code);
    return item == own.evidence.end() ? nullptr
                                      : In(item->second.text, language);
  }
  if (set >= LabelSet::kLevelProblem && set <= LabelSet::kLevelControl) {
    const auto& levels =
        own.rubric[static_cast<size_t>(set) -
                   static_cast<size_t>(LabelSet::kLevelProblem)];
    return code < 0 || static_cast<size_t>(code) >= levels.size()
               ? nullptr
               : In(levels[static_cast<size_t>(code)].seen, language);
  }
  const auto label = own.labels.find({set, code});
  return label == own.labels.end() ? ::fivek::Label(set, code, language)
                                   : In(label->second, language);
}

absl::StatusOr<int> Policy::MinorDigitsOf(Currency currency) const {
  if (state_ != nullptr) {
    const auto own = state_->made_from.currencies.find(currency.code());
    if (own != state_->made_from.currencies.end()) return own->second;
  }
  return MinorDigits(currency);
}

}  // namespace fivek
