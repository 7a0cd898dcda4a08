// The predictive lead scoring of the leading open CRM, done again from its
// description, so that a vendor can compare it with what else is here and move
// over without a jump in the numbers. It is naive Bayes over counts of closed
// leads; it ranks well, but its probabilities are far from what happens
// (scorecard.h has a gate and intervals, this has neither).
//
//   PlsOptions options;
//   options.fields = 3;                         // country, state, source
//   options.stages = 4;                         // the last is the won one
//   PlsCompat pls = *PlsCompat::Create(options);
//   absl::Status s = pls.Add({team, stage, {32, 7, 2}, {}}, /*won=*/true);
//   pls.Probability({team, stage, {32, 9, 2}, {}})->percent;   // 33.49
//   std::string bytes = pls.Serialise();        // PlsCompat::Read(bytes)
//
// The rule
//   Counts   of each team, field and value: won and lost leads, and 0.1 more of
//            both as soon as there is one. A won lead counts in every stage, a
//            lost one in those up to its own.
//   Score    of winning: won / (won + lost) of the first stage, times
//            won(stage) / won(first stage), times, for each field,
//            won(value) / sum of won over the values of that field; of losing
//            likewise. A value that was never seen is left out.
//   Percent  100 x winning / (winning + losing), rounded to 2 decimals.
//   Teams    are not pooled. A lead without a team, or of one that has no
//            closed leads, has the sum of all teams' counts, the 0.1 of each
//            included. Leads without a team count as a team of their own.
//   Tags     a lead has any number; those with fewer than `least_tag_leads`
//            closed leads are left out.
//
// One thing is not as it is there. There the 0.1 is stored when a count is
// first made and stays when it is taken back to nothing, so tables depend on
// the order of events. Here counts are integers, and the 0.1 is added when they
// are read: adding and removing leads, in any order, gives the same bits as a
// rebuild.
//
// What stays as it is, known flaws: fields are taken for independent, so the
// more of them agree, the surer it gets, without reason; open leads tell
// nothing; a team with two leads speaks as loudly as one with thousands; there
// is no interval and no check.
//
// Cost: O(fields log counts) a call, Remove also O(stages + tags of the team).
// Thread-safety: one thread at a time;
// const functions may run in many. Source: statistics.md §2.
#ifndef FIVEK_HISTORY_PLS_COMPAT_H_
#define FIVEK_HISTORY_PLS_COMPAT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace fivek {

inline constexpr uint32_t kPlsNoTeam = 0xFFFFFFFF;
inline constexpr uint32_t kPlsNoValue = 0xFFFFFFFF;  // The field is empty.
inline constexpr size_t kMostPlsFields = 256;
inline constexpr uint32_t kMostPlsStages = 256;
inline constexpr size_t kMostPlsTags = 256;  // Of one lead.

struct PlsOptions {
  size_t fields = 0;
  uint32_t stages = 1;  // In their order; 1 to kMostPlsStages.
  int64_t least_tag_leads = 50;
  // Percent stays from 0.01 to 99.99, as later versions have it.
  bool clamp = false;
};

struct PlsLead {
  uint32_t team = kPlsNoTeam;
  uint32_t stage = 0;                // The one it is in, or was when lost.
  absl::Span<const uint32_t> value;  // One for each field.
  absl::Span<const uint32_t> tag;    // Any order; one twice counts once.
};

struct PlsProbability {
  double percent = 0.0;      // What is shown: rounded, clamped if asked for.
  double raw_percent = 0.0;  // Before that.
};

// What a count is of, beside the fields 0, 1, ...
inline constexpr int32_t kPlsStageField = -2;
inline constexpr int32_t kPlsTagField = -1;

struct PlsCount {
  uint32_t team = 0;
  int32_t field = 0;
  uint32_t value = 0;
  double won = 0.0, lost = 0.0;  // As they are read: 1.1.
};

class PlsCompat {
 public:
  // kInvalidArgument for fields, stages or least_tag_leads out of range.
  static absl::StatusOr<PlsCompat> Create(const PlsOptions& options);

  size_t fields() const { return options_.fields; }

  // A lead has closed, or is taken back: reopened, or changed, to be added
  // again. kInvalidArgument for a stage out of range, for another number of
  // values and for too many tags; kFailedPrecondition for taking back what
  // cannot have been added: the counts are always those of some leads;
  // kOutOfRange beyond 2^40 leads. Nothing is changed then.
  absl::Status Add(const PlsLead& lead, bool won);
  absl::Status Remove(const PlsLead& lead, bool won);

  // None if no lead has closed. Errors as Add.
  absl::StatusOr<absl::optional<PlsProbability>> Probability(
      const PlsLead& lead) const;

  // All counts, by team, field and value.
  std::vector<PlsCount> Counts() const;

  // ---- The serialised form, all numbers little-endian on every machine
  //
  //   offset  bytes
  //        0      8  "5Kcounts"
  //        8      4  version, 1
  //       12     12  fields, stages, 1 to clamp and else 0
  //       24      8  least_tag_leads
  //       32      8  leads
  //       40      8  number of counts, n
  //       48  32 x n counts by team, field and value: team, field, value, 4
  //                  bytes of 0, won, lost
  //                8  FNV-1a, 64 bits, of all bytes before
  //
  // The same leads, added and taken back in any order, have the same bytes.
  // Cost: O(n).
  std::string Serialise() const;
  // Takes more leads and says the same of them as what was written. kDataLoss
  // (kDataDamaged) for anything but what Serialise writes: counts of no leads
  // too. Cost: O(n log n).
  static absl::StatusOr<PlsCompat> Read(absl::string_view bytes);

 private:
  // Of a team, field and value; `rows` is how often 0.1 is added.
  struct Count {
    int64_t won = 0, lost = 0, rows = 0;
  };
  using Key = std::tuple<uint32_t, int32_t, uint32_t>;

  explicit PlsCompat(const PlsOptions& options) : options_(options) {}
  absl::Status Check(const PlsLead& lead) const;
  std::vector<Key> KeysOf(const PlsLead& lead, bool won) const;
  // Makes a count and its sums, empty if they are new.
  void MakeRoom(const Key& key);
  // Of a count that is there.
  void Change(const Key& key, bool won, int64_t by);
  void DropEmpty(const std::vector<Key>& keys);
  // Whether some leads have the counts of the team.
  bool AreOfLeads(uint32_t team) const;

  PlsOptions options_;
  int64_t leads_ = 0;
  std::map<Key, Count> counts_;  // None is empty.
  // Over the teams, without the team; over the values, with none.
  std::map<std::tuple<int32_t, uint32_t>, Count> all_;
  std::map<std::tuple<uint32_t, int32_t>, Count> sums_;
  std::map<int32_t, Count> all_sums_;
};

}  // namespace fivek

#endif  // FIVEK_HISTORY_PLS_COMPAT_H_
