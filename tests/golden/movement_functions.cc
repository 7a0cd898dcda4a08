// The golden vectors of snapshots and movement, through the C++ interface.
#include <cstdint>
#include <string>
#include <vector>

#include "fivek/base/reason.h"
#include "fivek/pipeline/movement.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;

absl::StatusOr<Snapshot> SnapshotOf(const Json& book) {
  std::vector<SnapshotRow> rows;
  for (const Json& row : book.at("rows")) {
    SnapshotRow one;
    one.deal = Uint64Of(row[0]);
    one.amount = Int64Of(row[1]);
    if (!row[2].is_null()) one.close_day = row[2];
    one.outcome = static_cast<Outcome>(row[3].get<int>());
    if (!row[4].is_null()) one.milestone = row[4];
    rows.push_back(one);
  }
  return Snapshot::Of(
      {Int64Of(book.at("taken_at")), Uint64Of(book.at("policy_hash"))}, rows);
}

Json SnapshotJson(const Snapshot& snapshot) {
  Json rows = Json::array();
  for (const SnapshotRow& row : snapshot.rows()) {
    const bool has_day = row.close_day != kNoCloseDay;
    const bool has_milestone = row.milestone != kNoMilestone;
    rows.push_back({std::to_string(row.deal), Text(row.amount),
                    has_day ? Json(row.close_day) : Json(),
                    static_cast<int>(row.outcome),
                    has_milestone ? Json(row.milestone) : Json()});
  }
  return Result(0,
                {{"taken_at", Text(snapshot.stamp().taken_at)},
                 {"policy_hash", std::to_string(snapshot.stamp().policy_hash)},
                 {"rows", rows},
                 {"bytes", HexOf(snapshot.Serialise())}});
}

Json SnapshotCreate(const Json& input) {
  const auto snapshot = SnapshotOf(input);
  if (!snapshot.ok()) return Refused(snapshot.status());
  return SnapshotJson(*snapshot);
}

Json SnapshotRead(const Json& input) {
  const auto snapshot = Snapshot::Read(BytesOf(input.at("bytes")));
  if (!snapshot.ok()) {
    return Refusal(static_cast<int>(snapshot.status().code()));
  }
  return SnapshotJson(*snapshot);
}

ClosePeriod PeriodOf(const Json& input) {
  return {input.at("from_day"), input.at("to_day")};
}

Json MovementOf(const Json& input) {
  const auto waterfall =
      MeasureMovement(*SnapshotOf(input.at("then")),
                      *SnapshotOf(input.at("now")), PeriodOf(input));
  if (!waterfall.ok()) return Refused(waterfall.status());
  EXPECT_EQ(waterfall->opening.amount + waterfall->MovedAmount(),
            waterfall->closing.amount);
  EXPECT_EQ(waterfall->opening.count + waterfall->MovedCount(),
            waterfall->closing.count);
  // Here totals have 128 bits; the vectors say what 64 do.
  const auto opening = waterfall->opening.AmountTotal();
  const auto closing = waterfall->closing.AmountTotal();
  if (!opening.ok()) return Refused(opening.status());
  if (!closing.ok()) return Refused(closing.status());
  Json fields = {{"opening_count", waterfall->opening.count},
                 {"opening_amount", Text(*opening)},
                 {"closing_count", waterfall->closing.count},
                 {"closing_amount", Text(*closing)}};
  for (const MovedSums& sums : waterfall->by) {
    const auto amount = sums.AmountTotal();
    if (!amount.ok()) return Refused(amount.status());
    fields["count"].push_back(sums.count);
    fields["amount"].push_back(Text(*amount));
  }
  return Result(0, fields);
}

Json MovementList(const Json& input) {
  const auto movements =
      ListMovements(*SnapshotOf(input.at("then")), *SnapshotOf(input.at("now")),
                    PeriodOf(input));
  if (!movements.ok()) return Refused(movements.status());
  Json moves = Json::array();
  for (const DealMovement& m : *movements) {
    const auto amount = MovedSums{1, m.amount}.AmountTotal();
    if (!amount.ok()) return Refused(amount.status());
    moves.push_back(
        {std::to_string(m.deal), static_cast<int>(m.movement), Text(*amount)});
  }
  return Result(0, {{"moves", moves}});
}

}  // namespace

GoldenFunctions MovementFunctions() {
  return {
      {"fivek_snapshot_create", SnapshotCreate},
      {"fivek_snapshot_read", SnapshotRead},
      {"fivek_movement_of", MovementOf},
      {"fivek_movement_list", MovementList},
  };
}

}  // namespace fivek
