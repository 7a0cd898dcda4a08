// The golden vectors of snapshots and movement, through the C interface and
// nothing but it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;

struct Release {
  void operator()(const fivek_snapshot* snapshot) const {
    fivek_snapshot_release(snapshot);
  }
};
using Snapshot = std::unique_ptr<const fivek_snapshot, Release>;

int Create(const Json& book, Snapshot* snapshot, Failure* failure) {
  std::vector<fivek_snapshot_row> rows;
  for (const Json& row : book.at("rows")) {
    fivek_snapshot_row one = {};
    one.deal = Uint64Of(row[0]);
    one.amount = Int64Of(row[1]);
    one.close_day =
        row[2].is_null() ? FIVEK_NO_CLOSE_DAY : row[2].get<int32_t>();
    one.outcome = row[3];
    one.milestone =
        row[4].is_null() ? uint8_t{FIVEK_UNKNOWN} : row[4].get<uint8_t>();
    rows.push_back(one);
  }
  const fivek_snapshot* created = nullptr;
  const int status = fivek_snapshot_create(
      Int64Of(book.at("taken_at")), Uint64Of(book.at("policy_hash")),
      Start(rows), rows.size(), &created, failure->get());
  snapshot->reset(created);
  return status;
}

Json SnapshotJson(const Snapshot& snapshot) {
  int64_t taken_at = 0;
  uint64_t policy_hash = 0;
  std::vector<fivek_snapshot_row> list;
  EXPECT_EQ(TakeList(
                [&](fivek_snapshot_row* rows, size_t cap, size_t* count) {
                  return fivek_snapshot_rows(snapshot.get(), &taken_at,
                                             &policy_hash, rows, cap, count,
                                             nullptr);
                },
                &list),
            FIVEK_OK);
  std::vector<uint8_t> form;
  EXPECT_EQ(TakeList(
                [&](uint8_t* bytes, size_t cap, size_t* needed) {
                  return fivek_snapshot_write(snapshot.get(), bytes, cap,
                                              needed, nullptr);
                },
                &form),
            FIVEK_OK);
  Json rows = Json::array();
  for (const fivek_snapshot_row& row : list) {
    EXPECT_EQ(row.reserved[0] | row.reserved[1], 0);
    const bool has_day = row.close_day != FIVEK_NO_CLOSE_DAY;
    const bool has_milestone = row.milestone != FIVEK_UNKNOWN;
    rows.push_back({std::to_string(row.deal), Text(row.amount),
                    has_day ? Json(row.close_day) : Json(), row.outcome,
                    has_milestone ? Json(row.milestone) : Json()});
  }
  return Result(0, {{"taken_at", Text(taken_at)},
                    {"policy_hash", std::to_string(policy_hash)},
                    {"rows", rows},
                    {"bytes", HexOf({form.begin(), form.end()})}});
}

Json SnapshotCreate(const Json& input) {
  Snapshot snapshot;
  Failure failure;
  const int status = Create(input, &snapshot, &failure);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return SnapshotJson(snapshot);
}

Json SnapshotRead(const Json& input) {
  const std::string form = BytesOf(input.at("bytes"));
  const std::vector<uint8_t> bytes(form.begin(), form.end());
  const fivek_snapshot* read = nullptr;
  const int status =
      fivek_snapshot_read(Start(bytes), bytes.size(), &read, nullptr);
  const Snapshot snapshot(read);
  if (status != FIVEK_OK) return Refusal(status);
  return SnapshotJson(snapshot);
}

// Both books of a case.
struct Books {
  explicit Books(const Json& input) {
    Failure failure;
    EXPECT_EQ(Create(input.at("then"), &then, &failure), FIVEK_OK);
    EXPECT_EQ(Create(input.at("now"), &now, &failure), FIVEK_OK);
  }

  Snapshot then, now;
};

Json MovementOf(const Json& input) {
  const Books books(input);
  auto m = Sized<fivek_movement>();
  Failure failure;
  const int status =
      fivek_movement_of(books.then.get(), books.now.get(), input.at("from_day"),
                        input.at("to_day"), &m, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = {{"opening_count", m.opening_count},
                 {"opening_amount", Text(m.opening_amount)},
                 {"closing_count", m.closing_count},
                 {"closing_amount", Text(m.closing_amount)}};
  for (int i = 0; i < FIVEK_MOVED_CLASSES; ++i) {
    fields["count"].push_back(m.count[i]);
    fields["amount"].push_back(Text(m.amount[i]));
  }
  return Result(0, fields);
}

Json MovementList(const Json& input) {
  const Books books(input);
  std::vector<fivek_deal_movement> list;
  Failure failure;
  const int status = TakeList(
      [&](fivek_deal_movement* out, size_t cap, size_t* count) {
        return fivek_movement_list(books.then.get(), books.now.get(),
                                   input.at("from_day"), input.at("to_day"),
                                   out, cap, count, failure.get());
      },
      &list);
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json moves = Json::array();
  for (const fivek_deal_movement& m : list) {
    EXPECT_EQ(m.reserved, 0U);
    moves.push_back({std::to_string(m.deal), m.movement, Text(m.amount)});
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
