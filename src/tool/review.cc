#include "src/tool/review.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/calendar.h"
#include "fivek/base/probability.h"
#include "src/tool/cell.h"
#include "src/tool/kept_texts.h"

namespace fivek::tool {
namespace {

// Finds an id that stood before.
class SeenIds {
 public:
  // The row where `id` stood before; 0 if it is new, and then it is kept.
  int64_t Add(absl::string_view id, int64_t row) {
    const auto found = rows_.find(id);
    if (found != rows_.end()) return found->second;
    rows_.emplace(ids_.Keep(id), row);
    return 0;
  }

 private:
  KeptTexts ids_;
  absl::flat_hash_map<absl::string_view, int64_t> rows_;
};

// One row, read.
struct Deal {
  absl::string_view id, account, owner, stage;
  OutcomeKind stage_kind = OutcomeKind::kOpen;  // What the stage says;
  OutcomeKind outcome = OutcomeKind::kOpen;     // an outcome cell overrides it.
  std::string currency;
  int minor_digits = 2;
  absl::optional<int64_t> amount;
  absl::optional<int32_t> claimed_milestone;
  absl::optional<int32_t> claimed_ppm;
  absl::optional<int32_t> created, closed;
  Assessment assessment;
  EvidenceMask evidence = 0, proven = 0;
  int64_t refused_items = 0;
};

bool IsAssessed(const Assessment& assessment) {
  return std::any_of(assessment.level.begin(), assessment.level.end(),
                     [](uint8_t level) { return level != kUnknown; });
}

// Puts `deal` into a list of the best `size` by `before`, which must order any
// two deals.
template <typename Before>
void KeepBest(const NamedDeal& deal, size_t size, Before before,
              std::vector<NamedDeal>* list) {
  const auto at = std::upper_bound(list->begin(), list->end(), deal, before);
  if (static_cast<size_t>(at - list->begin()) >= size) return;
  list->insert(at, deal);
  if (list->size() > size) list->pop_back();
}

// The file's order decides between equals.
bool Stronger(const NamedDeal& a, const NamedDeal& b) {
  return std::make_tuple(-a.strength.total, -a.strength.product_ppm, a.row) <
         std::make_tuple(-b.strength.total, -b.strength.product_ppm, b.row);
}
bool Weaker(const NamedDeal& a, const NamedDeal& b) {
  return std::make_tuple(a.strength.total, a.strength.product_ppm, a.row) <
         std::make_tuple(b.strength.total, b.strength.product_ppm, b.row);
}
bool WiderGap(const NamedDeal& a, const NamedDeal& b) {
  return std::make_tuple(-a.claim.rungs, !a.has_amount, -a.amount, a.row) <
         std::make_tuple(-b.claim.rungs, !b.has_amount, -b.amount, b.row);
}

class Reviewer {
 public:
  Reviewer(const ReviewOptions& options, const ColumnMap& map,
           const ColumnBinding& columns)
      : options_(options),
        tables_(options.policy.tables()),
        map_(map),
        columns_(columns) {
    review_.map_name = std::string(map.name());
    review_.policy = options.policy;
    review_.score_rules.resize(options.policy.score_rules().size());
  }

  void Read(const CsvReader& reader) {
    ++review_.rows_read;
    if (!reader.status().ok()) {
      AddError(reader.status());
      return;
    }
    Deal deal;
    const absl::Status status = ReadDeal(reader, &deal);
    if (!status.ok()) {
      AddError(status);
      return;
    }
    if (unmapped_) {
      ++review_.unmapped_stages[std::string(deal.stage)];
      return;
    }
    ++review_.rows_reviewed;
    Judge(reader.record().row, deal);
  }

  Review Finish() { return std::move(review_); }

 private:
  void AddError(const absl::Status& status) {
    ++review_.error_count;
    if (review_.errors.size() < options_.errors_kept) {
      review_.errors.emplace_back(status.message());
    }
  }

  // The text of a field without blanks around it.
  absl::string_view Text(const CsvReader& reader, Field field) const {
    return absl::StripAsciiWhitespace(
        columns_.text(field, reader.record().fields));
  }

  absl::Status At(const CsvReader& reader, Field field,
                  absl::string_view what) const {
    return reader.FieldError(static_cast<size_t>(columns_.index(field)), what);
  }

  // Reads a cell that may be blank with `parse` into `out`.
  template <typename Parse, typename Out>
  absl::Status ReadCell(const CsvReader& reader, Field field, Parse parse,
                        Out* out) const {
    const absl::string_view text = Text(reader, field);
    if (text.empty()) return absl::OkStatus();
    const auto value = parse(text);
    if (!value.ok()) return At(reader, field, value.status().message());
    *out = *value;
    return absl::OkStatus();
  }

  absl::Status ReadDeal(const CsvReader& reader, Deal* deal) {
    unmapped_ = false;
    deal->id = Text(reader, Field::kId);
    deal->account = Text(reader, Field::kAccount);
    deal->owner = Text(reader, Field::kOwner);
    deal->stage = Text(reader, Field::kStage);
    if (deal->id.empty()) return At(reader, Field::kId, "the id is blank");
    const int64_t before = seen_.Add(deal->id, reader.record().row);
    if (before != 0) {
      return At(reader, Field::kId,
                absl::StrCat("id \"", deal->id,
                             "\" stands twice; first in row ", before));
    }
    for (const auto read :
         {&Reviewer::ReadOutcomeAndClaim, &Reviewer::ReadAmount,
          &Reviewer::ReadDates, &Reviewer::ReadAssessment,
          &Reviewer::ReadEvidence}) {
      const absl::Status status = (this->*read)(reader, deal);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadOutcomeAndClaim(const CsvReader& reader, Deal* deal) {
    bool has_outcome = false;
    if (columns_.has(Field::kStage)) {
      const StageMeaning* const meaning = map_.FindStage(deal->stage);
      if (meaning != nullptr) {
        has_outcome = true;
        deal->stage_kind = meaning->kind;
        deal->outcome = meaning->kind;
        if (meaning->milestone >= 0)
          deal->claimed_milestone = meaning->milestone;
        if (meaning->probability >= 0) deal->claimed_ppm = meaning->probability;
      } else {
        unmapped_ = true;
      }
    }
    absl::optional<OutcomeKind> outcome;
    absl::Status status =
        ReadCell(reader, Field::kOutcome, ParseOutcome, &outcome);
    if (!status.ok()) return status;
    if (outcome.has_value()) {
      has_outcome = true;
      deal->outcome = *outcome;
    }
    if (!has_outcome && !unmapped_) {
      return At(reader, Field::kId, "neither a stage nor an outcome");
    }
    status = ReadCell(
        reader, Field::kProbability,
        [this](absl::string_view text) {
          return ParseProbability(text, map_.probability_unit());
        },
        &deal->claimed_ppm);
    if (!status.ok()) return status;
    status = ReadCell(
        reader, Field::kMilestone,
        [this](absl::string_view text) {
          return ParseMilestone(text, options_.policy);
        },
        &deal->claimed_milestone);
    if (!status.ok()) return status;
    if (!deal->claimed_milestone.has_value() && deal->claimed_ppm.has_value()) {
      const auto rung = ClaimedMilestone(options_.policy, *deal->claimed_ppm);
      if (!rung.ok()) return At(reader, Field::kId, rung.status().message());
      deal->claimed_milestone = static_cast<int32_t>(*rung);
    }
    if (deal->outcome == OutcomeKind::kWon) {
      deal->claimed_milestone = static_cast<int32_t>(Milestone::kClosedWon);
    }
    return absl::OkStatus();
  }

  absl::Status ReadAmount(const CsvReader& reader, Deal* deal) {
    deal->currency = std::string(columns_.has(Field::kCurrency)
                                     ? Text(reader, Field::kCurrency)
                                     : map_.currency());
    if (!columns_.has(Field::kAmount)) return absl::OkStatus();
    const absl::string_view text = Text(reader, Field::kAmount);
    if (deal->currency.empty()) {
      return text.empty()
                 ? absl::OkStatus()
                 : At(reader, Field::kAmount, "an amount without a currency");
    }
    const Field currency_field =
        columns_.has(Field::kCurrency) ? Field::kCurrency : Field::kAmount;
    const auto digits = DigitsOf(deal->currency);
    if (!digits.ok()) {
      return At(reader, currency_field, digits.status().message());
    }
    deal->minor_digits = *digits;
    return ReadCell(
        reader, Field::kAmount,
        [this, deal](absl::string_view cell) {
          return ParseAmount(cell, map_.amount_unit() == AmountUnit::kMajor
                                       ? deal->minor_digits
                                       : 0);
        },
        &deal->amount);
  }

  absl::StatusOr<int> DigitsOf(absl::string_view code) {
    const auto known = digits_.find(code);
    if (known != digits_.end()) return known->second;
    const auto currency = Currency::FromCode(code);
    if (!currency.ok()) return currency.status();
    const auto digits = options_.policy.MinorDigitsOf(*currency);
    if (digits.ok()) digits_.emplace(std::string(code), *digits);
    return digits;
  }

  absl::Status ReadDates(const CsvReader& reader, Deal* deal) {
    const absl::Status status =
        ReadCell(reader, Field::kCreated, ParseDay, &deal->created);
    if (!status.ok()) return status;
    return ReadCell(reader, Field::kClosed, ParseDay, &deal->closed);
  }

  absl::Status ReadAssessment(const CsvReader& reader, Deal* deal) {
    static constexpr Field kLevels[kDimensionCount] = {
        Field::kProblem, Field::kPower, Field::kVision, Field::kValue,
        Field::kControl};
    for (size_t d = 0; d < kDimensionCount; ++d) {
      const absl::Status status = ReadCell(
          reader, kLevels[d],
          [d](absl::string_view text) {
            return ParseLevel(text,
                              static_cast<uint8_t>(kDimensions[d].levels - 1));
          },
          &deal->assessment.level[d]);
      if (!status.ok()) return status;
    }
    return ReadCell(reader, Field::kByDecisionMaker, ParseByDecisionMaker,
                    &deal->assessment.by_decision_maker);
  }

  absl::Status ReadEvidence(const CsvReader& reader, Deal* deal) {
    const absl::string_view text = Text(reader, Field::kEvidence);
    if (text.empty()) return absl::OkStatus();
    const absl::Status status = ParseEvidence(text, &entries_);
    if (!status.ok()) return At(reader, Field::kEvidence, status.message());
    for (const EvidenceEntry& entry : entries_) {
      const EvidenceMask item = Bit(entry.item);
      const bool proves =
          (tables_.proven_by[entry.shown_by][entry.proof] & item) != 0;
      if (!proves && tables_.unproven == Unproven::kRequire) {
        ++deal->refused_items;
        continue;
      }
      deal->evidence |= item;
      if (proves) deal->proven |= item;
    }
    return absl::OkStatus();
  }

  void AddTo(Group* group, const Deal& deal, int32_t ppm) {
    ++group->deals;
    MoneySum& sum = group->money[deal.currency];
    sum.minor_digits = deal.minor_digits;
    ++sum.deals;
    if (!deal.amount.has_value()) {
      ++sum.unknown;
      return;
    }
    sum.amount.Add(*deal.amount);
    sum.expected.AddExpected(*deal.amount, ppm);
  }

  void AddTo(RuleBreak* rule, const Deal& deal) {
    ++rule->deals;
    if (rule->examples.size() < options_.named_deals) {
      rule->examples.emplace_back(deal.id);
    }
  }

  void Judge(int64_t row, const Deal& deal) {
    StageCount& stage = review_.stages[std::string(deal.stage)];
    stage.kind = deal.stage_kind;
    ++stage.deals;
    const Standing standing = StandingOf(tables_, deal.evidence);
    const bool won = deal.outcome == OutcomeKind::kWon;
    const int32_t ppm = won ? kCertain
                        : deal.outcome == OutcomeKind::kLost ||
                                deal.outcome == OutcomeKind::kVoid
                            ? 0
                            : standing.yield_ppm;
    AddTo(&review_.outcomes[static_cast<size_t>(deal.outcome)], deal, ppm);
    if (deal.outcome == OutcomeKind::kVoid) return;

    JudgeEvidence(deal, standing);
    NamedDeal named;
    named.row = row;
    named.standing = standing;
    named.assessment = deal.assessment;
    named.has_amount = deal.amount.has_value();
    named.amount = deal.amount.value_or(0);
    named.currency = deal.currency;
    named.minor_digits = deal.minor_digits;
    const auto fill_texts = [&deal](NamedDeal* to) {
      to->id = std::string(deal.id);
      to->account = std::string(deal.account);
      to->owner = std::string(deal.owner);
    };
    fill_texts(&named);
    if (deal.outcome != OutcomeKind::kLost) JudgeClaim(deal, &named);
    if (deal.outcome == OutcomeKind::kOpen) {
      AddTo(&review_.book[static_cast<size_t>(standing.milestone)], deal, ppm);
      JudgeStrength(&named);
    }
    JudgeRules(deal, standing);
  }

  void JudgeEvidence(const Deal& deal, const Standing& standing) {
    review_.items_confirmed += CountOf(deal.evidence);
    review_.items_proven += CountOf(deal.proven);
    review_.items_refused += deal.refused_items;
    if (deal.evidence == 0) {
      ++review_.deals_without_evidence;
      return;
    }
    ++review_.deals_with_evidence;
    review_.has_evidence = true;
    if (PositionOf(tables_, deal.proven).milestone <
        static_cast<uint8_t>(standing.milestone)) {
      ++review_.carried_by_claims;
    }
  }

  void JudgeClaim(const Deal& deal, NamedDeal* named) {
    if (!deal.claimed_milestone.has_value()) return;
    review_.has_claims = true;
    const auto audit = AuditClaim(options_.policy, *deal.claimed_milestone,
                                  deal.evidence, deal.proven);
    if (!audit.ok()) return;  // Cannot be: code and masks were checked.
    named->claim = *audit;
    ++review_.claims[static_cast<size_t>(audit->claimed)]
                    [static_cast<size_t>(audit->supported)];
    switch (audit->verdict) {
      case ClaimVerdict::kInLine:
        ++review_.in_line;
        break;
      case ClaimVerdict::kOverClaimed:
        ++review_.over_claimed;
        break;
      case ClaimVerdict::kUnderClaimed:
        ++review_.under_claimed;
        break;
    }
    if (deal.outcome != OutcomeKind::kOpen) return;
    AddTo(
        &review_.claimed, deal,
        deal.claimed_ppm.value_or(tables_.yield_ppm[*deal.claimed_milestone]));
    if (audit->verdict == ClaimVerdict::kOverClaimed) {
      KeepBest(*named, options_.named_deals, WiderGap, &review_.widest_gaps);
    }
  }

  void JudgeStrength(NamedDeal* named) {
    if (!IsAssessed(named->assessment)) {
      ++review_.not_assessed;
      return;
    }
    review_.has_assessments = true;
    if (TryStrength(tables_, named->assessment, &named->strength) !=
        Reason::kNone) {
      return;  // Cannot be: levels and flags were checked.
    }
    if (named->strength.unknown_mask != 0) {
      ++review_.partly_assessed;
      return;
    }
    ++review_.fully_assessed;
    KeepBest(*named, options_.named_deals, Stronger, &review_.strongest);
    KeepBest(*named, options_.named_deals, Weaker, &review_.weakest);
  }

  void JudgeRules(const Deal& deal, const Standing& standing) {
    const auto broken =
        BrokenScoreRules(options_.policy, deal.assessment, deal.evidence);
    for (size_t i = 0; broken.ok() && i < review_.score_rules.size(); ++i) {
      if ((*broken >> i & 1) != 0) AddTo(&review_.score_rules[i], deal);
    }
    const bool is_signed = (deal.evidence & Bit(kContractSigned)) != 0;
    const bool won = deal.outcome == OutcomeKind::kWon;
    if (won && !is_signed) AddTo(&review_.won_without_contract, deal);
    if (!won && is_signed) AddTo(&review_.signed_but_not_won, deal);
    if (won && standing.skipped != 0) {
      AddTo(&review_.won_with_skipped_steps, deal);
    }
    if (deal.created.has_value() && deal.closed.has_value() &&
        *deal.closed < *deal.created) {
      AddTo(&review_.closed_before_created, deal);
    }
  }

  const ReviewOptions& options_;
  const MethodTables& tables_;
  const ColumnMap& map_;
  const ColumnBinding& columns_;
  Review review_;
  SeenIds seen_;
  absl::flat_hash_map<std::string, int> digits_;
  std::vector<EvidenceEntry> entries_;
  bool unmapped_ = false;  // The row at hand has a stage the map lacks.
};

}  // namespace

bool Review::HasFindings() const {
  const bool breaks_score_rules =
      std::any_of(score_rules.begin(), score_rules.end(),
                  [](const RuleBreak& rule) { return rule.deals > 0; });
  return breaks_score_rules || over_claimed > 0 || under_claimed > 0 ||
         carried_by_claims > 0 || items_refused > 0 ||
         won_without_contract.deals > 0 || signed_but_not_won.deals > 0 ||
         won_with_skipped_steps.deals > 0 || closed_before_created.deals > 0;
}

absl::StatusOr<Review> ReviewExport(CsvSource source,
                                    const ReviewOptions& options) {
  CsvReader reader(std::move(source));
  const absl::Status header = reader.ReadHeader();
  if (!header.ok()) return header;
  absl::optional<ColumnMap> chosen;
  if (options.map == nullptr) {
    auto fitting = ChooseMap(BuiltinMaps(), reader.header());
    if (!fitting.ok()) return fitting.status();
    chosen = *std::move(fitting);
  }
  const ColumnMap& map = options.map == nullptr ? *chosen : *options.map;
  const auto columns = ColumnBinding::Bind(map, reader.header());
  if (!columns.ok()) return columns.status();
  Reviewer reviewer(options, map, *columns);
  while (reader.Next()) {
    if (!reader.status().ok() &&
        reader.status().code() != absl::StatusCode::kInvalidArgument) {
      return reader.status();  // The source failed.
    }
    reviewer.Read(reader);
    options.progress(reader.bytes_read());
  }
  return reviewer.Finish();
}

}  // namespace fivek::tool
