#include "src/tool/review_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fivek/base/probability.h"
#include "src/tool/display_width.h"
#include "src/tool/messages.h"
#include "src/tool/text_table.h"

namespace fivek::tool {
namespace {

constexpr size_t kBarWidth = 20;

class ReviewTextWriter {
 public:
  ReviewTextWriter(const Review& review, Language language, bool colour)
      : review_(review), language_(language), colour_(colour) {}

  std::string Write(absl::string_view file) {
    Header(file);
    Outcomes();
    Stages();
    Book();
    Evidence();
    Claims();
    Strengths();
    RuleBreaks();
    return std::move(out_);
  }

 private:
  const char* S(Say what) const { return In(language_, what); }

  std::string L(LabelSet set, int32_t code) const {
    const char* const label = review_.policy.Label(set, code, language_);
    return label == nullptr ? absl::StrCat(code) : label;
  }

  void Line(absl::string_view text) { absl::StrAppend(&out_, text, "\n"); }

  void Heading(absl::string_view text) {
    Line("");
    Line(Painted(text, Ink::kBold, colour_));
  }

  void Print(const TextTable& table) { out_ += table.Render(colour_); }

  void Fact(Say what, const std::string& value) {
    Line(absl::StrCat("  ", S(what), ": ", value));
  }

  std::string Total(const ExactTotal& total, int minor_digits) const {
    const auto rounded = total.Rounded(review_.policy.tables().rounding);
    return rounded.ok() ? GroupedAmount(*rounded, minor_digits)
                        : S(Say::kOverflow);
  }

  // "-" where a currency has no amounts at all: unknown is not zero.
  std::string AmountOf(const MoneySum& sum, const ExactTotal& total) const {
    return sum.deals == sum.unknown ? "-" : Total(total, sum.minor_digits);
  }

  std::string Items(EvidenceMask mask) const {
    return mask == 0 ? S(Say::kNone) : DescribeItems(mask);
  }

  void Header(absl::string_view file) {
    Line(Painted(absl::StrCat(S(Say::kTitle), " ", EscapeControls(file)),
                 Ink::kBold, colour_));
    Line(absl::StrCat(
        "  ", S(Say::kRows), ": ", GroupedCount(review_.rows_reviewed), " ",
        S(Say::kRowsOf), " ", GroupedCount(review_.rows_read), "   ",
        S(Say::kMap), ": ", EscapeControls(review_.map_name), "   ",
        S(Say::kPolicyHash), ": ", PolicyHashText(review_.policy)));
    if (!review_.has_evidence && !review_.has_assessments) {
      Line(Painted(S(Say::kNothingVerified), Ink::kYellow, colour_));
    }
  }

  void Outcomes() {
    Heading(S(Say::kByOutcome));
    TextTable table({{S(Say::kOutcome)},
                     {S(Say::kDeals), Align::kRight},
                     {S(Say::kCurrency)},
                     {S(Say::kAmount), Align::kRight},
                     {S(Say::kNoAmount), Align::kRight}});
    for (size_t outcome = 0; outcome < review_.outcomes.size(); ++outcome) {
      const Group& group = review_.outcomes[outcome];
      if (group.deals == 0) continue;
      std::string name = L(LabelSet::kOutcome, static_cast<int32_t>(outcome));
      for (const auto& [currency, sum] : group.money) {
        table.AddRow({name, GroupedCount(sum.deals), currency,
                      AmountOf(sum, sum.amount), GroupedCount(sum.unknown)});
        name.clear();
      }
    }
    Print(table);
    const int64_t won =
        review_.outcomes[static_cast<size_t>(Outcome::kWon)].deals;
    const int64_t closed =
        won + review_.outcomes[static_cast<size_t>(Outcome::kLost)].deals;
    const auto rate = PpmFromRatio(won, closed);
    Line(rate.ok()
             ? absl::StrCat(S(Say::kWinRate), " = ", GroupedCount(won), " / ",
                            GroupedCount(closed), " = ", PercentText(*rate, 2))
             : S(Say::kWinRateNone));
  }

  void Stages() {
    Heading(S(Say::kByStage));
    TextTable table({{S(Say::kStage), Align::kLeft, kNameWidth},
                     {S(Say::kKind)},
                     {S(Say::kDeals), Align::kRight}});
    for (const auto& [name, count] : review_.stages) {
      table.AddRow({name,
                    L(LabelSet::kOutcome, static_cast<int32_t>(count.kind)),
                    GroupedCount(count.deals)});
    }
    Print(table);
  }

  void Book() {
    Heading(S(Say::kBook));
    TextTable table({{S(Say::kMilestone)},
                     {S(Say::kYield), Align::kRight},
                     {S(Say::kDeals), Align::kRight},
                     {S(Say::kCurrency)},
                     {S(Say::kAmount), Align::kRight},
                     {S(Say::kExpected), Align::kRight},
                     {S(Say::kNoAmount), Align::kRight},
                     {""}});
    int64_t most = 0;
    std::map<std::string, MoneySum> totals;
    for (const Group& group : review_.book) {
      most = std::max(most, group.deals);
      for (const auto& [currency, sum] : group.money) {
        MoneySum& total = totals[currency];
        total.minor_digits = sum.minor_digits;
        total.deals += sum.deals;
        total.unknown += sum.unknown;
        total.amount.Merge(sum.amount);
        total.expected.Merge(sum.expected);
      }
    }
    for (size_t m = 0; m < review_.book.size(); ++m) {
      const Group& group = review_.book[m];
      std::string name = L(LabelSet::kMilestone, static_cast<int32_t>(m));
      const std::string yield =
          FormatPercent(review_.policy.tables().yield_ppm[m]);
      if (group.deals == 0) {
        table.AddRow({name, yield, "0"}, Ink::kDim);
        continue;
      }
      std::string bar = Bar(group.deals, most, kBarWidth);
      for (const auto& [currency, sum] : group.money) {
        table.AddRow({name, name.empty() ? "" : yield, GroupedCount(sum.deals),
                      currency, AmountOf(sum, sum.amount),
                      AmountOf(sum, sum.expected), GroupedCount(sum.unknown),
                      bar});
        name.clear();
        bar.clear();
      }
    }
    table.AddRule();
    std::string name = S(Say::kTotal);
    for (const auto& [currency, sum] : totals) {
      table.AddRow({name, "", GroupedCount(sum.deals), currency,
                    AmountOf(sum, sum.amount), AmountOf(sum, sum.expected),
                    GroupedCount(sum.unknown)},
                   Ink::kBold);
      name.clear();
    }
    Print(table);
    for (const auto& [currency, claimed] : review_.claimed.money) {
      if (claimed.deals == claimed.unknown) continue;
      const MoneySum& total = totals[currency];
      Line(absl::StrCat(S(Say::kClaimExpected), ": ", currency, " ",
                        Total(claimed.expected, claimed.minor_digits), "; ",
                        S(Say::kEvidenceExpected), ": ", currency, " ",
                        Total(total.expected, total.minor_digits)));
    }
  }

  void Evidence() {
    Heading(S(Say::kEvidence));
    Fact(Say::kItemsConfirmed, GroupedCount(review_.items_confirmed));
    const auto share =
        PpmFromRatio(review_.items_proven, review_.items_confirmed);
    Fact(Say::kItemsProven,
         share.ok() ? absl::StrCat(GroupedCount(review_.items_proven), " (",
                                   PercentText(*share, 1), ")")
                    : GroupedCount(review_.items_proven));
    if (review_.items_refused > 0) {
      Fact(Say::kItemsRefused, GroupedCount(review_.items_refused));
    }
    Fact(Say::kDealsWithEvidence, GroupedCount(review_.deals_with_evidence));
    Fact(Say::kDealsWithoutEvidence,
         GroupedCount(review_.deals_without_evidence));
    Fact(Say::kCarriedByClaims, GroupedCount(review_.carried_by_claims));
  }

  void Claims() {
    Heading(S(Say::kClaims));
    if (!review_.has_claims) {
      Line(S(Say::kNoClaims));
      return;
    }
    TextTable table({{S(Say::kClaimed)},
                     {S(Say::kDeals), Align::kRight},
                     {S(Say::kOverClaimed), Align::kRight},
                     {S(Say::kInLine), Align::kRight},
                     {S(Say::kUnderClaimed), Align::kRight}});
    const int32_t tolerance = review_.policy.thresholds().claim_tolerance_rungs;
    for (int claimed = 0; claimed < kMilestoneCount; ++claimed) {
      int64_t over = 0;
      int64_t in_line = 0;
      int64_t under = 0;
      for (int supported = 0; supported < kMilestoneCount; ++supported) {
        const int64_t deals = review_.claims[static_cast<size_t>(claimed)]
                                            [static_cast<size_t>(supported)];
        if (claimed - supported > tolerance) {
          over += deals;
        } else if (supported - claimed > tolerance) {
          under += deals;
        } else {
          in_line += deals;
        }
      }
      if (over + in_line + under == 0) continue;
      table.AddRow({L(LabelSet::kMilestone, claimed),
                    GroupedCount(over + in_line + under), GroupedCount(over),
                    GroupedCount(in_line), GroupedCount(under)});
    }
    table.AddRule();
    table.AddRow(
        {S(Say::kTotal),
         GroupedCount(review_.over_claimed + review_.in_line +
                      review_.under_claimed),
         GroupedCount(review_.over_claimed), GroupedCount(review_.in_line),
         GroupedCount(review_.under_claimed)},
        Ink::kBold);
    Print(table);
    if (review_.widest_gaps.empty()) return;
    Heading(S(Say::kWidestGaps));
    TextTable gaps({{S(Say::kId), Align::kLeft, kNameWidth},
                    {S(Say::kAccount), Align::kLeft, kNameWidth},
                    {S(Say::kOwner), Align::kLeft, kNameWidth},
                    {S(Say::kAmount), Align::kRight},
                    {S(Say::kClaimed), Align::kRight},
                    {S(Say::kSupported), Align::kRight},
                    {S(Say::kMissing)}});
    for (const NamedDeal& deal : review_.widest_gaps) {
      const auto yield = [this](Milestone milestone) {
        return FormatPercent(
            review_.policy.tables().yield_ppm[static_cast<int>(milestone)]);
      };
      gaps.AddRow({deal.id, deal.account, deal.owner, AmountText(deal),
                   yield(deal.claim.claimed), yield(deal.claim.supported),
                   Items(deal.claim.missing)});
    }
    Print(gaps);
  }

  std::string AmountText(const NamedDeal& deal) const {
    return deal.has_amount
               ? absl::StrCat(GroupedAmount(deal.amount, deal.minor_digits),
                              " ", deal.currency)
               : "-";
  }

  void Strengths() {
    Heading(S(Say::kStrongest));
    if (!review_.has_assessments) {
      Line(S(Say::kNoAssessments));
      return;
    }
    DealTable(review_.strongest);
    Heading(S(Say::kWeakest));
    DealTable(review_.weakest);
    if (review_.not_assessed > 0) {
      Fact(Say::kNotAssessed, GroupedCount(review_.not_assessed));
    }
    if (review_.partly_assessed > 0) {
      Fact(Say::kPartlyAssessed, GroupedCount(review_.partly_assessed));
    }
  }

  void DealTable(const std::vector<NamedDeal>& deals) {
    TextTable table({{S(Say::kId), Align::kLeft, kNameWidth},
                     {S(Say::kAccount), Align::kLeft, kNameWidth},
                     {S(Say::kAmount), Align::kRight},
                     {S(Say::kStrength), Align::kRight},
                     {S(Say::kProduct), Align::kRight},
                     {S(Say::kMilestone)}});
    for (const NamedDeal& deal : deals) {
      table.AddRow({deal.id, deal.account, AmountText(deal),
                    absl::StrCat(deal.strength.total),
                    PercentText(deal.strength.product_ppm, 1),
                    L(LabelSet::kMilestone,
                      static_cast<int32_t>(deal.standing.milestone))});
    }
    Print(table);
    for (const NamedDeal& deal : deals) {
      Line(absl::StrCat("  ", EscapeControls(deal.id), "  ", NextStep(deal)));
    }
  }

  // The evidence to get next, and the level to climb in the weakest dimension.
  std::string NextStep(const NamedDeal& deal) const {
    std::vector<std::string> steps;
    const EvidenceMask missing = deal.standing.missing_for_next;
    for (int item = 0; item < kEvidenceBits; ++item) {
      if ((missing & Bit(item)) == 0) continue;
      steps.push_back(absl::StrCat(S(Say::kNextEvidence), ": ", item, " ",
                                   L(LabelSet::kEvidence, item)));
      break;
    }
    const Strength& s = deal.strength;
    if (s.next_level >= 0) {
      steps.push_back(absl::StrCat(
          S(Say::kNextLevel), ": ", L(LabelSet::kDimension, s.weakest), " ",
          s.next_level, " ",
          L(LevelSet(static_cast<Dimension>(s.weakest)), s.next_level), " (+",
          s.next_gain, ")"));
    }
    return absl::StrJoin(steps, "; ");
  }

  void RuleBreaks() {
    Heading(S(Say::kRuleBreaks));
    TextTable table({{S(Say::kRule)},
                     {S(Say::kDeals), Align::kRight},
                     {S(Say::kExamples)}});
    bool any = false;
    const auto add = [&table, &any](const std::string& text,
                                    const RuleBreak& rule) {
      if (rule.deals == 0) return;
      any = true;
      table.AddRow(
          {text, GroupedCount(rule.deals), absl::StrJoin(rule.examples, " ")});
    };
    const auto rules = review_.policy.score_rules();
    for (size_t i = 0; i < rules.size(); ++i) {
      add(ScoreRuleText(rules[i]), review_.score_rules[i]);
    }
    add(S(Say::kWonWithoutContract), review_.won_without_contract);
    add(S(Say::kSignedButNotWon), review_.signed_but_not_won);
    add(S(Say::kWonWithSkippedSteps), review_.won_with_skipped_steps);
    add(S(Say::kClosedBeforeCreated), review_.closed_before_created);
    if (any) {
      Print(table);
    } else {
      Line(S(Say::kNoRuleBreaks));
    }
  }

  std::string ScoreRuleText(const ScoreRule& rule) const {
    std::string text =
        L(LabelSet::kDimension, static_cast<int32_t>(rule.dimension));
    if (rule.least_points > 0) {
      absl::StrAppend(&text, " ", static_cast<int>(rule.least_points), " ",
                      S(Say::kFromPoints));
    }
    if (rule.only_by_decision_maker) {
      absl::StrAppend(&text, " ", S(Say::kByDecisionMaker));
    }
    return absl::StrCat(text, ": ", S(Say::kNeedsEvidence), " ",
                        static_cast<int>(rule.item), " ",
                        L(LabelSet::kEvidence, rule.item));
  }

  const Review& review_;
  const Language language_;
  const bool colour_;
  std::string out_;
};

}  // namespace

std::string PolicyHashText(const Policy& policy) {
  return absl::StrFormat("%016x", policy.hash());
}

std::string ReviewText(const Review& review, absl::string_view file,
                       Language language, bool colour) {
  return ReviewTextWriter(review, language, colour).Write(file);
}

std::string RowErrorsText(absl::Span<const std::string> messages, int64_t count,
                          Language language) {
  if (count == 0) return "";
  std::string out =
      absl::StrCat(In(language, Say::kErrors), ": ", GroupedCount(count), "\n");
  for (const std::string& error : messages) {
    absl::StrAppend(&out, "  ", EscapeControls(error), "\n");
  }
  const auto shown = static_cast<int64_t>(messages.size());
  if (count > shown) {
    absl::StrAppend(&out, "  + ", GroupedCount(count - shown), " ",
                    In(language, Say::kMoreErrors), "\n");
  }
  return out;
}

std::string ReviewErrors(const Review& review, Language language) {
  std::string out = RowErrorsText(review.errors, review.error_count, language);
  if (!review.unmapped_stages.empty()) {
    absl::StrAppend(&out, In(language, Say::kUnmapped), ":\n");
    for (const auto& [stage, rows] : review.unmapped_stages) {
      absl::StrAppend(&out, "  \"", EscapeControls(stage),
                      "\": ", GroupedCount(rows), "\n");
    }
    absl::StrAppend(&out, "  ", In(language, Say::kUnmappedHint), "\n");
  }
  return out;
}

}  // namespace fivek::tool
