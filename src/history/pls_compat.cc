#include "fivek/history/pls_compat.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "src/history/logit.h"

namespace fivek {
namespace {

constexpr int64_t kMostLeads = int64_t{1} << 40;
constexpr uint32_t kFirstStage = 0;

// The count, or an empty one.
template <typename Map, typename Key>
typename Map::mapped_type Find(const Map& map, const Key& key) {
  const auto at = map.find(key);
  return at == map.end() ? typename Map::mapped_type{} : at->second;
}

template <typename Map, typename Key>
void AddTo(Map* map, const Key& key, bool won, int64_t by, int64_t rows) {
  auto& count = map->find(key)->second;
  (won ? count.won : count.lost) += by;
  count.rows += rows;
}

}  // namespace

absl::StatusOr<PlsCompat> PlsCompat::Create(const PlsOptions& options) {
  if (options.fields > kMostPlsFields || options.stages < 1 ||
      options.stages > kMostPlsStages || options.least_tag_leads < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(options.fields, " fields, ", options.stages,
                               " stages, tags from ", options.least_tag_leads,
                               " leads on; allowed: up to ", kMostPlsFields,
                               ", 1 to ", kMostPlsStages, ", 0 or more"));
  }
  return PlsCompat(options);
}

absl::Status PlsCompat::Check(const PlsLead& lead) const {
  if (lead.stage >= options_.stages) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("stage ", lead.stage, "; allowed: 0 to ",
                               options_.stages - 1));
  }
  if (lead.value.size() != options_.fields) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(lead.value.size(), " values; allowed: ",
                               options_.fields, ", one a field"));
  }
  if (lead.tag.size() > kMostPlsTags) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(lead.tag.size(),
                               " tags; allowed: ", kMostPlsTags, " or fewer"));
  }
  return absl::OkStatus();
}

std::vector<PlsCompat::Key> PlsCompat::KeysOf(const PlsLead& lead,
                                              bool won) const {
  std::vector<Key> keys;
  const uint32_t last = won ? options_.stages - 1 : lead.stage;
  for (uint32_t stage = 0; stage <= last; ++stage) {
    keys.emplace_back(lead.team, kPlsStageField, stage);
  }
  for (size_t f = 0; f < lead.value.size(); ++f) {
    if (lead.value[f] == kPlsNoValue) continue;
    keys.emplace_back(lead.team, static_cast<int32_t>(f), lead.value[f]);
  }
  for (const uint32_t tag : lead.tag) {
    keys.emplace_back(lead.team, kPlsTagField, tag);
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void PlsCompat::Change(const Key& key, bool won, int64_t by) {
  const auto [team, field, value] = key;
  const Count before = Find(counts_, key);
  const int64_t leads = before.won + before.lost;
  const int64_t rows = (leads + by > 0 ? 1 : 0) - (leads > 0 ? 1 : 0);
  AddTo(&counts_, key, won, by, rows);
  AddTo(&all_, std::make_tuple(field, value), won, by, rows);
  AddTo(&sums_, std::make_tuple(team, field), won, by, rows);
  AddTo(&all_sums_, field, won, by, rows);
}

void PlsCompat::DropEmpty(const std::vector<Key>& keys) {
  const auto drop = [](auto* map, const auto& key) {
    const auto at = map->find(key);
    if (at != map->end() && at->second.rows == 0) map->erase(at);
  };
  for (const Key& key : keys) {
    const auto [team, field, value] = key;
    drop(&counts_, key);
    drop(&all_, std::make_tuple(field, value));
    drop(&sums_, std::make_tuple(team, field));
    drop(&all_sums_, field);
  }
}

absl::Status PlsCompat::Add(const PlsLead& lead, bool won) {
  const absl::Status fits = Check(lead);
  if (!fits.ok()) return fits;
  if (leads_ >= kMostLeads) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat("more than ", kMostLeads, " leads"));
  }
  const std::vector<Key> keys = KeysOf(lead, won);
  // First what may fail, then the counts.
  auto undo = absl::MakeCleanup([&] { DropEmpty(keys); });
  for (const Key& key : keys) {
    const auto [team, field, value] = key;
    counts_[key];
    all_[{field, value}];
    sums_[{team, field}];
    all_sums_[field];
  }
  std::move(undo).Cancel();
  for (const Key& key : keys) Change(key, won, 1);
  ++leads_;
  return absl::OkStatus();
}

absl::Status PlsCompat::Remove(const PlsLead& lead, bool won) {
  const absl::Status fits = Check(lead);
  if (!fits.ok()) return fits;
  const std::vector<Key> keys = KeysOf(lead, won);
  for (const Key& key : keys) {
    const Count count = Find(counts_, key);
    if ((won ? count.won : count.lost) < 1) {
      return Refuse(Reason::kEventNotAllowed,
                    absl::StrCat("a ", won ? "won" : "lost",
                                 " lead is taken back that was not added: none "
                                 "of team ",
                                 lead.team, " has value ", std::get<2>(key),
                                 " of field ", std::get<1>(key)));
    }
  }
  for (const Key& key : keys) Change(key, won, -1);
  DropEmpty(keys);
  --leads_;
  return absl::OkStatus();
}

absl::StatusOr<absl::optional<PlsProbability>> PlsCompat::Probability(
    const PlsLead& lead) const {
  const absl::Status fits = Check(lead);
  if (!fits.ok()) return fits;
  const uint32_t team = lead.team;
  const bool by_team =
      team != kPlsNoTeam &&
      Find(counts_, Key(team, kPlsStageField, kFirstStage)).rows > 0;
  const auto count_of = [&](int32_t field, uint32_t value) {
    return by_team ? Find(counts_, Key(team, field, value))
                   : Find(all_, std::make_tuple(field, value));
  };
  const auto sum_of = [&](int32_t field) {
    return by_team ? Find(sums_, std::make_tuple(team, field))
                   : Find(all_sums_, field);
  };
  const auto read = [](int64_t leads, int64_t rows) {
    return static_cast<double>(leads) + static_cast<double>(rows) / 10.0;
  };
  const Count first = count_of(kPlsStageField, kFirstStage);
  if (first.rows == 0) return absl::optional<PlsProbability>();

  // In logs: a product of hundreds of factors may be too small for a double.
  RunningSum log_odds;
  const auto multiply = [&](const Count& count, const Count& total) {
    if (count.rows == 0) return;
    log_odds.Add(Log(read(count.won, count.rows)));
    log_odds.Add(-Log(read(count.lost, count.rows)));
    log_odds.Add(-Log(read(total.won, total.rows)));
    log_odds.Add(Log(read(total.lost, total.rows)));
  };
  log_odds.Add(Log(read(first.won, first.rows)));
  log_odds.Add(-Log(read(first.lost, first.rows)));
  multiply(count_of(kPlsStageField, lead.stage), first);
  for (size_t f = 0; f < lead.value.size(); ++f) {
    if (lead.value[f] == kPlsNoValue) continue;
    const auto field = static_cast<int32_t>(f);
    multiply(count_of(field, lead.value[f]), sum_of(field));
  }
  std::vector<uint32_t> tags(lead.tag.begin(), lead.tag.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  for (const uint32_t tag : tags) {
    const Count count = count_of(kPlsTagField, tag);
    if (count.won + count.lost < options_.least_tag_leads) continue;
    multiply(count, sum_of(kPlsTagField));
  }

  PlsProbability probability;
  probability.raw_percent = 100.0 * Sigmoid(log_odds.Total());
  probability.percent =
      std::floor(probability.raw_percent * 100.0 + 0.5) / 100.0;
  if (options_.clamp) {
    probability.percent = std::min(std::max(probability.percent, 0.01), 99.99);
  }
  return absl::optional<PlsProbability>(probability);
}

std::vector<PlsCount> PlsCompat::Counts() const {
  std::vector<PlsCount> counts;
  for (const auto& [key, count] : counts_) {
    const auto& [team, field, value] = key;
    counts.push_back({team, field, value, static_cast<double>(count.won) + 0.1,
                      static_cast<double>(count.lost) + 0.1});
  }
  return counts;
}

}  // namespace fivek
