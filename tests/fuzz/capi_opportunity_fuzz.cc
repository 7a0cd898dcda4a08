// Any events over any table: fivek_apply_events with and without statuses and
// fivek_opportunity_apply do the same; a refused event changes nothing; a state
// that began with init stands where its evidence says.
//
// Input: one byte of options, one of rows, then 24 bytes for each event. With
// the first option the table begins with bytes of the input instead of init.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/need.h"

using fivek::Bytes;
using fivek::Need;

namespace {

constexpr uint8_t kWildTable = 1;
constexpr uint8_t kOwnPolicy = 2;
constexpr uint8_t kWildEvents = 4;

const fivek_policy* Strict() {
  static const fivek_policy* const kPolicy = [] {
    constexpr char kJson[] =
        R"({"fivek_policy": 1, "unproven": "require", "evidence": {
            "3": {"mode": "advisory"}, "22": {"stage": 1, "gate": 2,
            "requires": [5], "en": "pilot agreed", "zh": "同意试点"}}})";
    const fivek_policy* policy = nullptr;
    Need(fivek_policy_from_json(kJson, sizeof kJson - 1, &policy, nullptr) ==
             FIVEK_OK,
         "the policy is read");
    return policy;
  }();
  return kPolicy;
}

// Mostly values that are near their ranges, or the fuzzer finds nothing else
// but refusals.
fivek_event EventOf(Bytes* bytes, bool wild, int64_t* now) {
  fivek_event event = {};
  if (wild) {
    event.at = bytes->Take<int64_t>();
    event.kind = bytes->Take<int32_t>();
    event.code = bytes->Take<int32_t>();
    event.shown_by = bytes->Take<int32_t>();
    event.proof = bytes->Take<int32_t>();
  } else {
    *now += bytes->Take<int8_t>() % 8 + 4;
    event.at = *now;
    event.kind = bytes->Take<int8_t>() % 12;
    event.code = bytes->Take<int8_t>() % 34;
    event.shown_by = bytes->Take<int8_t>() % 9;
    event.proof = bytes->Take<int8_t>() % 7;
  }
  event.reference = static_cast<uint64_t>(event.at) * 31;
  return event;
}

bool Same(const fivek_opportunity& a, const fivek_opportunity& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

void CheckStanding(const fivek_policy* policy, const fivek_opportunity& deal) {
  int32_t stage = -1;
  int32_t milestone = -1;
  int32_t yield_ppm = -1;
  uint32_t missing = 0;
  Need(fivek_milestone_of(policy, deal.evidence, &stage, &milestone, &yield_ppm,
                          &missing, nullptr) == FIVEK_OK,
       "a mask has a milestone");
  Need(deal.stage == stage, "the stage follows from the evidence");
  Need(deal.milestone == milestone, "the milestone follows from the evidence");
  Need(deal.highest_milestone >= milestone, "the highest is not below");
  Need((deal.proven & ~deal.evidence) == 0, "what is proven is evidence");
  Need(deal.cycle >= 1 && deal.regressions >= 0, "counts do not fall");
  Need(deal.reserved == 0, "reserved stays 0");
  Need(deal.stage_since <= deal.last_event_at &&
           deal.milestone_since <= deal.last_event_at,
       "nothing is newer than the last event");
  Need((deal.lost_reason >= 0) == (deal.outcome == FIVEK_OUTCOME_LOST ||
                                   deal.outcome == FIVEK_OUTCOME_VOID),
       "who is lost has a reason");
  Need((deal.outcome == FIVEK_OUTCOME_WON) <= (milestone == 6),
       "who won has signed");
}

void CheckError(const fivek_error& error, fivek_status status) {
  Need(error.status == status, "the error has the call's status");
  Need(error.reason != FIVEK_REASON_NONE &&
           error.reason != FIVEK_REASON_INTERNAL,
       "a refusal has a reason");
  Need(error.message_len > 0 && error.message_len < sizeof error.message &&
           std::strlen(error.message) == error.message_len,
       "the message is a C string");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  const auto options = bytes.Take<uint8_t>();
  const bool wild_table = (options & kWildTable) != 0;
  const fivek_policy* const policy =
      (options & kOwnPolicy) != 0 ? Strict() : nullptr;
  std::vector<fivek_opportunity> start(bytes.Take<uint8_t>() % 8);
  int64_t now = 1000;
  for (fivek_opportunity& deal : start) {
    if (wild_table) {
      deal = bytes.Take<fivek_opportunity>();
    } else {
      Need(fivek_opportunity_init(&deal, now, nullptr) == FIVEK_OK, "init");
    }
  }
  std::vector<fivek_event> events;
  std::vector<uint32_t> rows;
  while (bytes.left() > 0 && events.size() < 3000) {
    const bool wild_row = (options & kWildEvents) != 0;
    rows.push_back(wild_row ? bytes.Take<uint32_t>()
                            : bytes.Take<uint8_t>() % 9U);
    events.push_back(EventOf(&bytes, wild_row, &now));
  }
  const size_t n = events.size();

  // One by one: the meaning of the other two ways.
  std::vector<fivek_opportunity> table = start;
  std::vector<fivek_opportunity> until_refused;
  std::vector<fivek_status> statuses;
  size_t refused = 0;
  size_t first_refused = n;
  for (size_t i = 0; i < n; ++i) {
    fivek_error error = {};
    error.struct_size = sizeof error;
    if (rows[i] >= table.size()) {
      statuses.push_back(FIVEK_INVALID_ARGUMENT);
    } else {
      fivek_opportunity& deal = table[rows[i]];
      const fivek_opportunity before = deal;
      statuses.push_back(
          fivek_opportunity_apply(policy, &deal, &events[i], &error));
      if (statuses.back() != FIVEK_OK) {
        Need(Same(deal, before), "a refused event changes nothing");
        CheckError(error, statuses.back());
      } else {
        Need(deal.last_event_at == events[i].at, "an event leaves its time");
        if (!wild_table) CheckStanding(policy, deal);
      }
    }
    if (statuses.back() != FIVEK_OK) {
      if (refused == 0) {
        first_refused = i;
        until_refused = table;
      }
      ++refused;
    }
  }

  std::vector<fivek_opportunity> bulk = start;
  std::vector<fivek_status> bulk_statuses(n, -1);
  size_t bulk_refused = n + 1;
  Need(fivek_apply_events(policy, bulk.data(), bulk.size(), rows.data(),
                          events.data(), n, bulk_statuses.data(), &bulk_refused,
                          nullptr) == FIVEK_OK,
       "with statuses the call is fine");
  Need(bulk_statuses == statuses, "each event has its own status");
  Need(bulk_refused == refused, "refused events are counted");
  Need(std::equal(bulk.begin(), bulk.end(), table.begin(), Same),
       "all at once is one by one");

  bulk = start;
  fivek_error error = {};
  error.struct_size = sizeof error;
  const fivek_status status =
      fivek_apply_events(policy, bulk.data(), bulk.size(), rows.data(),
                         events.data(), n, nullptr, &bulk_refused, &error);
  if (refused == 0) {
    Need(status == FIVEK_OK && bulk_refused == 0, "nothing was refused");
    Need(std::equal(bulk.begin(), bulk.end(), table.begin(), Same),
         "all at once is one by one");
  } else {
    Need(status == statuses[first_refused], "the first refusal is the call's");
    Need(error.row == static_cast<int64_t>(first_refused), "and names its row");
    CheckError(error, status);
    Need(bulk_refused == 1, "the call ends there");
    Need(std::equal(bulk.begin(), bulk.end(), until_refused.begin(), Same),
         "what went before stays, what comes after is not done");
  }
  return 0;
}
