#include "src/tool/review_json.h"

#include <utility>

#include "fivek/base/probability.h"
#include "src/tool/display_width.h"
#include "src/tool/json_writer.h"
#include "src/tool/review_text.h"

namespace fivek::tool {
namespace {

class ReviewJsonWriter {
 public:
  ReviewJsonWriter(const Review& review, Language language)
      : review_(review), language_(language), json_(&out_) {}

  absl::StatusOr<std::string> Write(absl::string_view file) {
    json_.BeginObject();
    // A file's name may be any bytes.
    json_.Key("file").String(EscapeControls(file));
    json_.Key("map").String(review_.map_name);
    json_.Key("policy_hash").String(PolicyHashText(review_.policy));
    json_.Key("rows").BeginObject();
    json_.Key("read").Int(review_.rows_read);
    json_.Key("reviewed").Int(review_.rows_reviewed);
    json_.EndObject();
    Outcomes();
    Stages();
    Book();
    Evidence();
    Claims();
    Strengths();
    RuleBreaks();
    Errors();
    json_.EndObject();
    const absl::Status status = json_.Finish();
    if (!status.ok()) return status;
    return std::move(out_);
  }

 private:
  void Label(const char* key, LabelSet set, int32_t code) {
    const char* const label = review_.policy.Label(set, code, language_);
    json_.Key(key);
    if (label == nullptr) {
      json_.Null();
    } else {
      json_.String(label);
    }
  }

  // Null where the total does not fit, or where no amount is known.
  void Total(const char* key, const MoneySum& sum, const ExactTotal& total) {
    const auto rounded = total.Rounded(review_.policy.tables().rounding);
    json_.Key(key);
    if (rounded.ok() && sum.deals > sum.unknown) {
      json_.Int(*rounded);
    } else {
      json_.Null();
    }
  }

  void Money(const Group& group) {
    json_.Key("amounts").BeginArray();
    for (const auto& [currency, sum] : group.money) {
      json_.BeginObject();
      json_.Key("currency").String(currency);
      json_.Key("minor_digits").Int(sum.minor_digits);
      json_.Key("deals").Int(sum.deals);
      json_.Key("without_amount").Int(sum.unknown);
      Total("amount", sum, sum.amount);
      Total("expected", sum, sum.expected);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Outcomes() {
    json_.Key("outcomes").BeginArray();
    for (size_t code = 0; code < review_.outcomes.size(); ++code) {
      json_.BeginObject();
      json_.Key("code").Int(static_cast<int64_t>(code));
      Label("name", LabelSet::kOutcome, static_cast<int32_t>(code));
      json_.Key("deals").Int(review_.outcomes[code].deals);
      Money(review_.outcomes[code]);
      json_.EndObject();
    }
    json_.EndArray();
    const int64_t won =
        review_.outcomes[static_cast<size_t>(Outcome::kWon)].deals;
    const int64_t closed =
        won + review_.outcomes[static_cast<size_t>(Outcome::kLost)].deals;
    json_.Key("win_rate").BeginObject();
    json_.Key("won").Int(won);
    json_.Key("closed").Int(closed);
    Ppm("ppm", won, closed);
    json_.EndObject();
  }

  void Ppm(const char* key, int64_t part, int64_t whole) {
    const auto ppm = PpmFromRatio(part, whole);
    json_.Key(key);
    if (ppm.ok()) {
      json_.Int(*ppm);
    } else {
      json_.Null();
    }
  }

  void Stages() {
    json_.Key("stages").BeginArray();
    for (const auto& [name, count] : review_.stages) {
      json_.BeginObject();
      json_.Key("name").String(name);
      json_.Key("outcome").Int(static_cast<int64_t>(count.kind));
      json_.Key("deals").Int(count.deals);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Book() {
    json_.Key("book").BeginArray();
    for (size_t code = 0; code < review_.book.size(); ++code) {
      json_.BeginObject();
      json_.Key("milestone").Int(static_cast<int64_t>(code));
      Label("name", LabelSet::kMilestone, static_cast<int32_t>(code));
      json_.Key("yield_ppm").Int(review_.policy.tables().yield_ppm[code]);
      json_.Key("deals").Int(review_.book[code].deals);
      Money(review_.book[code]);
      json_.EndObject();
    }
    json_.EndArray();
    json_.Key("claimed_book").BeginObject();
    json_.Key("deals").Int(review_.claimed.deals);
    Money(review_.claimed);
    json_.EndObject();
  }

  void Evidence() {
    json_.Key("evidence").BeginObject();
    json_.Key("verified").Bool(review_.has_evidence);
    json_.Key("items_confirmed").Int(review_.items_confirmed);
    json_.Key("items_proven").Int(review_.items_proven);
    Ppm("proven_ppm", review_.items_proven, review_.items_confirmed);
    json_.Key("items_refused").Int(review_.items_refused);
    json_.Key("deals_with_evidence").Int(review_.deals_with_evidence);
    json_.Key("deals_without_evidence").Int(review_.deals_without_evidence);
    json_.Key("milestones_on_a_sellers_word").Int(review_.carried_by_claims);
    json_.EndObject();
  }

  void Items(const char* key, EvidenceMask mask) {
    json_.Key(key).BeginArray();
    for (int item = 0; item < kEvidenceBits; ++item) {
      if ((mask & Bit(item)) != 0) json_.Int(item);
    }
    json_.EndArray();
  }

  void Claims() {
    json_.Key("claims").BeginObject();
    json_.Key("over_claimed").Int(review_.over_claimed);
    json_.Key("in_line").Int(review_.in_line);
    json_.Key("under_claimed").Int(review_.under_claimed);
    json_.Key("claimed_by_supported").BeginArray();
    for (const auto& row : review_.claims) {
      json_.BeginArray();
      for (const int64_t deals : row) json_.Int(deals);
      json_.EndArray();
    }
    json_.EndArray();
    json_.Key("widest_gaps").BeginArray();
    for (const NamedDeal& deal : review_.widest_gaps) {
      json_.BeginObject();
      Deal(deal);
      json_.Key("claimed").Int(static_cast<int64_t>(deal.claim.claimed));
      json_.Key("supported").Int(static_cast<int64_t>(deal.claim.supported));
      json_.Key("proven").Int(
          static_cast<int64_t>(deal.claim.proven_milestone));
      Items("missing", deal.claim.missing);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
  }

  void Deal(const NamedDeal& deal) {
    json_.Key("row").Int(deal.row);
    json_.Key("id").String(deal.id);
    json_.Key("account").String(deal.account);
    json_.Key("owner").String(deal.owner);
    json_.Key("currency").String(deal.currency);
    json_.Key("amount");
    if (deal.has_amount) {
      json_.Int(deal.amount);
    } else {
      json_.Null();
    }
  }

  void Strengths() {
    json_.Key("strength").BeginObject();
    json_.Key("fully_assessed").Int(review_.fully_assessed);
    json_.Key("partly_assessed").Int(review_.partly_assessed);
    json_.Key("not_assessed").Int(review_.not_assessed);
    for (const auto& [key, deals] : {std::pair("strongest", &review_.strongest),
                                     std::pair("weakest", &review_.weakest)}) {
      json_.Key(key).BeginArray();
      for (const NamedDeal& deal : *deals) {
        json_.BeginObject();
        Deal(deal);
        json_.Key("strength").Int(deal.strength.total);
        json_.Key("product_ppm").Int(deal.strength.product_ppm);
        json_.Key("balanced").Int(deal.strength.balanced);
        json_.Key("milestone")
            .Int(static_cast<int64_t>(deal.standing.milestone));
        Items("missing_for_next", deal.standing.missing_for_next);
        json_.Key("weakest").Int(deal.strength.weakest);
        json_.Key("next_level").Int(deal.strength.next_level);
        json_.Key("next_gain").Int(deal.strength.next_gain);
        json_.EndObject();
      }
      json_.EndArray();
    }
    json_.EndObject();
  }

  void Break(const RuleBreak& rule) {
    json_.Key("deals").Int(rule.deals);
    json_.Key("examples").BeginArray();
    for (const std::string& id : rule.examples) json_.String(id);
    json_.EndArray();
  }

  void RuleBreaks() {
    json_.Key("rule_breaks").BeginObject();
    json_.Key("score_rules").BeginArray();
    const auto rules = review_.policy.score_rules();
    for (size_t i = 0; i < rules.size(); ++i) {
      json_.BeginObject();
      json_.Key("dimension").Int(static_cast<int64_t>(rules[i].dimension));
      json_.Key("least_points").Int(rules[i].least_points);
      json_.Key("only_by_decision_maker").Bool(rules[i].only_by_decision_maker);
      json_.Key("needs_evidence").Int(rules[i].item);
      Break(review_.score_rules[i]);
      json_.EndObject();
    }
    json_.EndArray();
    for (const auto& [key, rule] :
         {std::pair("won_without_contract", &review_.won_without_contract),
          std::pair("signed_but_not_won", &review_.signed_but_not_won),
          std::pair("won_with_skipped_steps", &review_.won_with_skipped_steps),
          std::pair("closed_before_created", &review_.closed_before_created)}) {
      json_.Key(key).BeginObject();
      Break(*rule);
      json_.EndObject();
    }
    json_.EndObject();
  }

  void Errors() {
    json_.Key("errors").BeginObject();
    json_.Key("rows").Int(review_.error_count);
    json_.Key("messages").BeginArray();
    // A message may quote bytes that are not UTF-8.
    for (const std::string& error : review_.errors) {
      json_.String(EscapeControls(error));
    }
    json_.EndArray();
    json_.Key("unmapped_stages").BeginArray();
    for (const auto& [stage, rows] : review_.unmapped_stages) {
      json_.BeginObject();
      json_.Key("stage").String(stage);
      json_.Key("rows").Int(rows);
      json_.EndObject();
    }
    json_.EndArray();
    json_.EndObject();
  }

  const Review& review_;
  const Language language_;
  std::string out_;
  JsonWriter json_;
};

}  // namespace

absl::StatusOr<std::string> ReviewJson(const Review& review,
                                       absl::string_view file,
                                       Language language) {
  return ReviewJsonWriter(review, language).Write(file);
}

}  // namespace fivek::tool
