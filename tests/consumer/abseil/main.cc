// A program that works with its own Abseil and with fivek in the same breath,
// from several threads: each of the two Abseils keeps what is its own.
#include <fivek.h>

#include <cstdint>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"

namespace {

constexpr char kPolicy[] = R"({"fivek_policy": 1, "name": "ours",
  "labels": {"stage": {"0": {"en": "sees it", "zh": "发现"}}}})";

// An error of fivek as one of the host's, with a payload.
absl::Status StatusOf(fivek_status status, const fivek_error& error) {
  if (status == FIVEK_OK) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status), error.message);
  result.SetPayload("host/reason", absl::Cord(absl::StrCat(error.reason)));
  return result;
}

absl::StatusOr<int32_t> DayOf(const std::string& text) {
  fivek_error error = {};
  error.struct_size = sizeof error;
  int32_t day = 0;
  const fivek_status status =
      fivek_day_parse(text.data(), text.size(), &day, &error);
  if (status != FIVEK_OK) return StatusOf(status, error);
  return day;
}

absl::Mutex mutex;
absl::flat_hash_map<std::string, int64_t> totals;  // Guarded by mutex.

#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      std::cerr << __LINE__ << ": does not hold: " << #condition << "\n"; \
      return false;                                                       \
    }                                                                     \
  } while (false)

bool Work(int thread) {
  const fivek_policy* policy = nullptr;
  CHECK(fivek_policy_from_json(kPolicy, sizeof kPolicy - 1, &policy, nullptr) ==
        FIVEK_OK);
  fivek_rollup* rollup = nullptr;
  CHECK(fivek_rollup_create(FIVEK_ROLLUP_BY_OWNER, &rollup, nullptr) ==
        FIVEK_OK);
  for (int i = 0; i < 300; ++i) {
    // A date by both.
    const absl::CivilDay civil = absl::CivilDay(2024, 1, 1) + i;
    const absl::StatusOr<int32_t> day = DayOf(absl::FormatCivilTime(civil));
    CHECK(day.ok() && *day == civil - absl::CivilDay(1970, 1, 1));
    const absl::StatusOr<int32_t> bad =
        DayOf(absl::StrFormat("2024-%02d-31", 2 + 2 * (i % 3)));
    CHECK(bad.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(bad.status().GetPayload("host/reason") ==
          absl::Cord(absl::StrCat(FIVEK_REASON_VALUE_RANGE)));

    const int64_t amount = 100 * i;
    const auto owner = static_cast<uint32_t>(i % 7);
    fivek_rollup_in in = {};
    in.struct_size = sizeof in;
    in.amount = &amount;
    in.owner = &owner;
    CHECK(fivek_rollup_add(rollup, &in, 1, nullptr) == FIVEK_OK);
    const absl::MutexLock lock(&mutex);
    totals[absl::StrCat(thread, "/", owner)] += amount;
    totals[absl::StrJoin(std::vector<std::string>{"all", "of", "them"}, "/")] +=
        amount;
  }
  for (size_t i = 0; i < 7; ++i) {
    fivek_rollup_group group = {};
    group.struct_size = sizeof group;
    CHECK(fivek_rollup_group_of(rollup, i, &group, nullptr) == FIVEK_OK);
    const absl::MutexLock lock(&mutex);
    CHECK(totals.at(absl::StrCat(thread, "/", group.owner)) == group.amount);
  }
  CHECK(std::strcmp(fivek_policy_label(policy, "stage", 0, "en"), "sees it") ==
        0);
  fivek_rollup_release(rollup);
  fivek_policy_release(policy);
  return true;
}

}  // namespace

int main() {
  constexpr int kThreads = 4;
  std::vector<int> good(kThreads, 0);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back(
        [t, &good] { good[static_cast<size_t>(t)] = Work(t) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int one : good) {
    if (one == 0) return 1;
  }
  const absl::MutexLock lock(&mutex);
  const int64_t all = totals.at("all/of/them");
  if (all != int64_t{kThreads} * 100 * (299 * 300 / 2)) return 1;
  std::cout << "fivek and the program's own Abseil work: " << totals.size()
            << " sums\n";
  return 0;
}
