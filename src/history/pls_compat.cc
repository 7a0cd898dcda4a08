#include "fivek/history/pls_compat.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "src/base/logit.h"
#include "src/base/serial.h"

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

void PlsCompat::MakeRoom(const Key& key) {
  const auto [team, field, value] = key;
  counts_[key];
  all_[{field, value}];
  sums_[{team, field}];
  all_sums_[field];
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

// What one lead says of its stage, of each field and of its tags is free of the
// rest. So it is enough that no more leads have something than there are, and
// tags can be dealt out in turn, to each lead as many as the others or one
// less.
bool PlsCompat::AreOfLeads(uint32_t team) const {
  const Count all = Find(counts_, Key(team, kPlsStageField, kFirstStage));
  Count before = all;
  for (uint32_t stage = 1; stage < options_.stages; ++stage) {
    const Count count = Find(counts_, Key(team, kPlsStageField, stage));
    if (count.won != all.won || count.lost > before.lost) return false;
    before = count;
  }
  const auto exceeds = [&all](const Count& count, int64_t each) {
    return count.won > each * all.won || count.lost > each * all.lost;
  };
  for (size_t f = 0; f < options_.fields; ++f) {
    const auto field = static_cast<int32_t>(f);
    if (exceeds(Find(sums_, std::make_tuple(team, field)), 1)) return false;
  }
  if (exceeds(Find(sums_, std::make_tuple(team, kPlsTagField)),
              int64_t{kMostPlsTags})) {
    return false;
  }
  for (auto at = counts_.lower_bound(Key(team, kPlsTagField, 0));
       at != counts_.end() && std::get<0>(at->first) == team &&
       std::get<1>(at->first) == kPlsTagField;
       ++at) {
    if (exceeds(at->second, 1)) return false;
  }
  return true;
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
  for (const Key& key : keys) MakeRoom(key);
  std::move(undo).Cancel();
  for (const Key& key : keys) Change(key, won, 1);
  ++leads_;
  return absl::OkStatus();
}

absl::Status PlsCompat::Remove(const PlsLead& lead, bool won) {
  const absl::Status fits = Check(lead);
  if (!fits.ok()) return fits;
  const auto refuse = [won](const auto&... why) {
    return Refuse(
        Reason::kEventNotAllowed,
        absl::StrCat("a ", won ? "won" : "lost",
                     " lead is taken back that was not added: ", why...));
  };
  const std::vector<Key> keys = KeysOf(lead, won);
  for (const Key& key : keys) {
    const Count count = Find(counts_, key);
    if ((won ? count.won : count.lost) < 1) {
      return refuse("none of team ", lead.team, " has value ", std::get<2>(key),
                    " of field ", std::get<1>(key));
    }
  }
  for (const Key& key : keys) Change(key, won, -1);
  if (!AreOfLeads(lead.team)) {
    for (const Key& key : keys) Change(key, won, 1);
    return refuse("no leads have the counts that would be left of team ",
                  lead.team);
  }
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

// ---- The serialised form ----------------------------------------------------

namespace {

constexpr SerialForm kLeadCountsForm = {"lead counts", "5Kcounts", 1};
constexpr size_t kLeadCountsSize = 36;
constexpr size_t kCountSize = 32;
// A lead has no more values of a field, the stages and the tags among them.
constexpr int64_t kMostOfLead = 256;
static_assert(kMostOfLead >= kMostPlsStages && kMostOfLead >= kMostPlsTags);

template <typename... Args>
absl::Status NoCounts(const Args&... why) {
  return Damaged(kLeadCountsForm, absl::StrCat(why...));
}

// Whether a lead may have this value of the field.
bool IsValue(const PlsOptions& options, int32_t field, uint32_t value) {
  if (field == kPlsStageField) return value < options.stages;
  if (field == kPlsTagField) return true;
  return field >= 0 && static_cast<size_t>(field) < options.fields &&
         value != kPlsNoValue;
}

}  // namespace

std::string PlsCompat::Serialise() const {
  SerialWriter out(kLeadCountsForm,
                   kLeadCountsSize + counts_.size() * kCountSize);
  out.Put32(static_cast<uint32_t>(options_.fields));
  out.Put32(options_.stages);
  out.Put32(options_.clamp ? 1 : 0);
  out.Put64(static_cast<uint64_t>(options_.least_tag_leads));
  out.Put64(static_cast<uint64_t>(leads_));
  out.Put64(counts_.size());
  for (const auto& [key, count] : counts_) {
    const auto [team, field, value] = key;
    out.Put32(team);
    out.Put32(static_cast<uint32_t>(field));
    out.Put32(value);
    out.Put32(0);
    out.Put64(static_cast<uint64_t>(count.won));
    out.Put64(static_cast<uint64_t>(count.lost));
  }
  return out.Finish();
}

absl::StatusOr<PlsCompat> PlsCompat::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened =
      SerialReader::Open(kLeadCountsForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  const size_t size = reader.left();
  PlsOptions options;
  options.fields = reader.Take32();
  options.stages = reader.Take32();
  const uint32_t clamp = reader.Take32();
  options.clamp = clamp == 1;
  options.least_tag_leads = reader.TakeSigned64();
  const int64_t leads = reader.TakeSigned64();
  const uint64_t counts = reader.Take64();
  if (size < kLeadCountsSize || (size - kLeadCountsSize) % kCountSize != 0 ||
      (size - kLeadCountsSize) / kCountSize != counts) {
    return NoCounts(bytes.size(), " bytes are not those of ", counts,
                    " counts");
  }
  absl::StatusOr<PlsCompat> created = Create(options);
  if (!created.ok()) return NoCounts(created.status().message());
  if (clamp > 1 || leads < 0 || leads > kMostLeads) {
    return NoCounts("clamp ", clamp, " and ", leads, " leads cannot be");
  }
  PlsCompat& read = *created;
  read.leads_ = leads;

  Key last;
  std::vector<uint32_t> teams;
  for (uint64_t i = 0; i < counts; ++i) {
    const uint32_t team = reader.Take32();
    const int32_t field = reader.TakeSigned32();
    const uint32_t value = reader.Take32();
    const uint32_t zero = reader.Take32();
    const int64_t won = reader.TakeSigned64();
    const int64_t lost = reader.TakeSigned64();
    const Key key(team, field, value);
    if (zero != 0 || !IsValue(options, field, value) ||
        (i > 0 && !(last < key)) || won < 0 || won > leads || lost < 0 ||
        lost > leads - won || won + lost == 0) {
      return NoCounts("count ", i, " cannot be");
    }
    if (teams.empty() || teams.back() != team) teams.push_back(team);
    last = key;
    read.MakeRoom(key);
    read.Change(key, true, won);
    read.Change(key, false, lost);
    // Each sum is part of this one, so none overflows.
    const Count sum = Find(read.all_sums_, field);
    if (sum.won + sum.lost > kMostOfLead * leads) {
      return NoCounts("more counts of field ", field, " than ", leads,
                      " leads have");
    }
  }
  for (const uint32_t team : teams) {
    if (!read.AreOfLeads(team)) {
      return NoCounts("no leads have the counts of team ", team);
    }
  }
  const Count closed =
      Find(read.all_, std::make_tuple(kPlsStageField, kFirstStage));
  if (closed.won + closed.lost != leads) {
    return NoCounts(closed.won + closed.lost, " leads of ", leads);
  }
  return created;
}

}  // namespace fivek
