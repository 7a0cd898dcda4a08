// Memory runs out at the first allocation of a call, at the second, and so on:
// each time the call says so, changes nothing and loses nothing. What is meant
// to allocate nothing does not.
//
// The whole of c_test.c is run so too: see refuse_each.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "capi/fivek_arrow.h"
#include "gtest/gtest.h"
#include "tests/capi/refusing_new.h"

using fivek::memory::left;
using fivek::memory::live;
using fivek::memory::made;
using fivek::memory::refused;

namespace {

constexpr char kOurs[] = R"({"fivek_policy": 1, "name": "a name, not short",
  "rubric": {"power": {"7": {"points": 18}}},
  "evidence": {"6": {"mode": "waivable"},
               "22": {"stage": 1, "gate": 2, "requires": [5, 1],
                      "en": "a pilot was agreed", "zh": "客户同意先行试点"}},
  "waiver_reasons": {"3": {"en": "a known customer", "zh": "多年的老客户"}},
  "ladder": {"2": {"yield_ppm": 300000}},
  "score_rules": [{"dimension": "value", "least_points": 16, "evidence": 22}],
  "thresholds": {"roles_met": 3},
  "labels": {"stage": {"0": {"en": "sees a problem", "zh": "发现了一个问题"}}},
  "currencies": {"USD": 3, "XTS": 1}})";

using Call = std::function<fivek_status(fivek_error*)>;

// Makes the call with ever more allocations granted until none is refused.
// `want` is its status then. Gives how many allocations it makes.
int64_t FailEachAllocation(const char* what, fivek_status want,
                           const Call& call) {
  SCOPED_TRACE(what);
  for (int64_t granted = 0; granted < 1000000; ++granted) {
    fivek_error error;
    std::memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    const int64_t before = live;
    refused = false;
    left = granted;
    const fivek_status status = call(&error);
    left = -1;
    const int64_t after = live;
    if (!refused) {
      EXPECT_EQ(status, want) << error.message;
      EXPECT_EQ(after, before) << "allocations are lost";
      return granted;
    }
    EXPECT_EQ(status, FIVEK_RESOURCE_EXHAUSTED) << granted;
    EXPECT_EQ(error.status, FIVEK_RESOURCE_EXHAUSTED) << granted;
    EXPECT_EQ(error.reason, FIVEK_REASON_OUT_OF_MEMORY) << granted;
    EXPECT_STREQ(error.message, "out of memory");
    EXPECT_EQ(after, before) << granted << " granted: allocations are lost";
    if (testing::Test::HasFailure()) return granted;
  }
  ADD_FAILURE() << "does not end";
  return 0;
}

const fivek_policy* Ours() {
  const fivek_policy* policy = nullptr;
  EXPECT_EQ(fivek_policy_from_json(kOurs, std::strlen(kOurs), &policy, nullptr),
            FIVEK_OK);
  return policy;
}

TEST(MemoryTest, TheTestSeesTheLibrarysAllocations) {
  made = 0;
  const fivek_policy* const ours = Ours();
  EXPECT_GT(made, 100);
  fivek_policy_release(ours);
}

// A buffer that is too small and a missing pointer are said without memory:
// they are what a caller meets who has none.
TEST(MemoryTest, WhatIsWrongWithTheCallIsSaidWithoutMemory) {
  size_t needed = 0;
  char text[4];
  made = 0;
  EXPECT_EQ(fivek_amount_format(123456, 2, text, sizeof text, &needed, nullptr),
            FIVEK_RESOURCE_EXHAUSTED);
  EXPECT_EQ(fivek_amount_format(1, 2, nullptr, 4, &needed, nullptr),
            FIVEK_INVALID_ARGUMENT);
  EXPECT_EQ(fivek_strength_of(nullptr, nullptr, nullptr, nullptr),
            FIVEK_INVALID_ARGUMENT);
  EXPECT_EQ(made, 0);
}

TEST(MemoryTest, ResultsAllocateNothing) {
  const fivek_policy* const ours = Ours();
  const fivek_assessment assessment = {{3, 3, 2, 4, 255}, 5, {0, 0}};
  fivek_strength strength = {};
  strength.struct_size = sizeof strength;
  fivek_evidence_rule rule = {};
  rule.struct_size = sizeof rule;
  fivek_standing standing = {};
  standing.struct_size = sizeof standing;
  fivek_alignment alignment = {};
  alignment.struct_size = sizeof alignment;
  fivek_claim claim = {};
  claim.struct_size = sizeof claim;
  fivek_score_rule score_rule = {};
  score_rule.struct_size = sizeof score_rule;
  int32_t a = 0;
  int32_t b = 0;
  int32_t c = 0;
  int64_t amount = 0;
  uint32_t mask = 0;
  size_t refused_events = 0;
  const int64_t amounts[6] = {1, 2, 3, 4, 5, 6};
  const int32_t ppm[6] = {1, 2, 3, 4, 5, 6};
  int32_t shares[6];
  int32_t differences[6];
  const uint8_t codes[6] = {0, 1, 2, 3, 4, 5};
  std::vector<fivek_opportunity> table(3);
  std::vector<fivek_event> events(5000);
  std::vector<uint32_t> rows(events.size());
  std::vector<fivek_status> statuses(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    rows[i] = static_cast<uint32_t>(i % 4);  // One row is not in the table.
    events[i] = {static_cast<int64_t>(i),
                 static_cast<int32_t>(i % 11),
                 static_cast<int32_t>(i % 7),
                 2,
                 4,
                 0};
  }

  // Blocks of all kinds, and two bad rows.
  constexpr size_t kBook = 1000;
  std::vector<uint8_t> levels(kBook, 2);
  levels[300] = 99;
  levels[700] = FIVEK_UNKNOWN;
  levels[999] = 8;
  std::vector<int64_t> expected(kBook, int64_t{1} << 60);
  std::vector<fivek_status> row_status(kBook);
  fivek_score_in score_in = {};
  score_in.struct_size = sizeof score_in;
  score_in.power = levels.data();
  const std::vector<int64_t> wide = expected;
  score_in.amount = wide.data();
  fivek_score_out score_out = {};
  score_out.struct_size = sizeof score_out;
  score_out.expected_amount = expected.data();
  score_out.row_status = row_status.data();
  const int32_t learned[7] = {0, 1, 2, 3, 4, 5, 6};
  const fivek_calibration calibration = {sizeof calibration, 1, learned,
                                         nullptr};
  size_t bad = 0;

  made = 0;
  for (const fivek_policy* const policy :
       {static_cast<const fivek_policy*>(nullptr), ours}) {
    EXPECT_EQ(fivek_strength_of(policy, &assessment, &strength, nullptr), 0);
    EXPECT_EQ(fivek_rubric_points(policy, 0, 0, 0, &a, nullptr), 0);
    EXPECT_EQ(fivek_milestone_of(policy, 0xFF, &a, &b, &c, &mask, nullptr), 0);
    EXPECT_EQ(fivek_standing_of(policy, 1, nullptr, 0, &standing, nullptr), 0);
    EXPECT_EQ(fivek_evidence_rule_of(policy, 7, &rule, nullptr), 0);
    EXPECT_EQ(fivek_evidence_is_proven(policy, 7, 2, 4, &a, nullptr), 0);
    for (fivek_opportunity& deal : table) {
      EXPECT_EQ(fivek_opportunity_init(&deal, 0, nullptr), 0);
    }
    EXPECT_EQ(fivek_opportunity_apply(policy, &table[0], &events[0], nullptr),
              0);
    EXPECT_EQ(fivek_apply_events(policy, table.data(), table.size(),
                                 rows.data(), events.data(), events.size(),
                                 statuses.data(), &refused_events, nullptr),
              0);
    EXPECT_GT(refused_events, 0U);  // Refused without words, so for nothing.
    EXPECT_EQ(
        fivek_apply_events(policy, table.data(), table.size(), rows.data(),
                           events.data(), 0, nullptr, &refused_events, nullptr),
        0);
    EXPECT_EQ(fivek_claim_audit(policy, 4, 3, 1, &claim, nullptr), 0);
    EXPECT_EQ(fivek_claim_milestone(policy, 600000, &a, nullptr), 0);
    EXPECT_EQ(fivek_score_rules_broken(policy, &assessment, 0, &mask, nullptr),
              0);
    EXPECT_EQ(fivek_score_rule_of(policy, 0, &score_rule, nullptr), 0);
    const fivek_deal deal = {assessment, 3, 0, 100};
    fivek_deal_score deal_score = {};
    EXPECT_EQ(fivek_score_deal(policy, &deal, &deal_score, nullptr), 0);
    EXPECT_EQ(fivek_score_columns(policy, &score_in, &score_out, kBook, &bad,
                                  nullptr),
              0);
    EXPECT_EQ(bad, 2U);
    EXPECT_EQ(fivek_score_columns_calibrated(policy, &calibration, &score_in,
                                             &score_out, kBook, &bad, nullptr),
              0);
    EXPECT_EQ(bad, 2U);
    EXPECT_EQ(fivek_buying_center_gaps(policy, 3, 1, 1, &mask, nullptr), 0);
    EXPECT_EQ(fivek_amount_expect(policy, 5, 500000, &amount, nullptr), 0);
    EXPECT_EQ(fivek_amount_total(policy, amounts, ppm, 6, &amount, nullptr), 0);
    EXPECT_EQ(fivek_currency_minor_digits(policy, "JPY", &a, nullptr), 0);
    EXPECT_NE(fivek_policy_label(policy, "stage", 0, "zh"), nullptr);
    EXPECT_NE(fivek_policy_hash(policy), 0U);
    fivek_policy_retain(policy);
    fivek_policy_release(policy);
  }
  EXPECT_NE(fivek_label("evidence", 3, "en"), nullptr);
  EXPECT_EQ(fivek_label_code("signal", 4), 16);
  EXPECT_EQ(fivek_action_align(3, 0, &a, nullptr), 0);
  EXPECT_EQ(fivek_actions_measure(codes, codes, 6, &alignment, nullptr), 0);
  EXPECT_EQ(fivek_market_compare(amounts, shares, differences, nullptr), 0);
  EXPECT_EQ(fivek_step_stage(3, &a, nullptr), 0);
  EXPECT_EQ(fivek_signal_group(16, &a, nullptr), 0);
  EXPECT_EQ(fivek_contact_qualify(1, 1, 255, &a, &b, nullptr), 0);
  EXPECT_EQ(fivek_money_sum(1, "EUR", 2, "EUR", &amount, nullptr), 0);
  EXPECT_EQ(fivek_amount_parse("1234.50", 7, 2, &amount, nullptr), 0);
  EXPECT_EQ(fivek_probability_parse("75", 2, 0, &a, nullptr), 0);
  EXPECT_EQ(fivek_probability_ratio(1, 3, &a, nullptr), 0);
  EXPECT_EQ(fivek_day_from_date(2024, 2, 29, &a, nullptr), 0);
  EXPECT_EQ(fivek_day_to_date(a, &a, &b, &c, nullptr), 0);
  EXPECT_EQ(fivek_day_parse("2024-02-29", 10, &a, nullptr), 0);
  EXPECT_EQ(fivek_day_of_instant(0, &a, nullptr), 0);
  EXPECT_EQ(fivek_instant_parse("2024-02-29T12:00Z", 17, &amount, nullptr), 0);
  EXPECT_EQ(made, 0);
  fivek_policy_release(ours);
}

// ---- Roll-ups ---------------------------------------------------------------

// Rows in two tiles, of owners below and above what a table holds.
struct RollupRows {
  explicit RollupRows(uint32_t first_owner) {
    std::memset(&in, 0, sizeof in);
    in.struct_size = sizeof in;
    for (uint32_t i = 0; i < 1500; ++i) {
      const uint32_t key = first_owner + i / 10;
      owner.push_back(i % 3 == 0 ? key * 2654435761U : key);
      amount.push_back(i % 7 == 0 ? INT64_MIN : int64_t{i});
      milestone.push_back(static_cast<uint8_t>(i % 7));
    }
    in.owner = owner.data();
    in.amount = amount.data();
    in.milestone = milestone.data();
  }
  fivek_rollup_in in;
  std::vector<uint32_t> owner;
  std::vector<int64_t> amount;
  std::vector<uint8_t> milestone;
};

std::vector<uint8_t> BytesOf(const fivek_rollup* rollup) {
  size_t needed = 0;
  EXPECT_EQ(fivek_rollup_write(rollup, nullptr, 0, &needed, nullptr), 0);
  std::vector<uint8_t> bytes(needed);
  EXPECT_EQ(fivek_rollup_write(rollup, bytes.data(), needed, &needed, nullptr),
            0);
  return bytes;
}

// Makes the call on a roll-up of some rows with ever more allocations granted:
// it leaves the sums as they were, or as they are to be.
template <typename Change>
void FailEachAllocationOfAChange(const Change& change) {
  const RollupRows first(0);
  std::vector<uint8_t> want;
  for (int64_t granted = 100000; granted != 100001; ++granted) {
    fivek_rollup* rollup = nullptr;
    ASSERT_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, nullptr), 0);
    ASSERT_EQ(fivek_rollup_add(rollup, &first.in, 1500, nullptr), 0);
    const std::vector<uint8_t> before = BytesOf(rollup);
    refused = false;
    left = granted;
    const fivek_status status = change(rollup);
    left = -1;
    if (refused) {
      ASSERT_EQ(status, FIVEK_RESOURCE_EXHAUSTED) << granted;
      ASSERT_EQ(BytesOf(rollup), before) << granted;
      ASSERT_EQ(change(rollup), FIVEK_OK);
    } else {
      ASSERT_EQ(status, FIVEK_OK);
      // The first round, with as many as it takes, says what is to be.
      if (want.empty()) {
        want = BytesOf(rollup);
        granted = -1;
      } else {
        EXPECT_GT(granted, 5);
        granted = 100000;
      }
    }
    ASSERT_EQ(BytesOf(rollup), want);
    fivek_rollup_release(rollup);
  }
}

TEST(MemoryTest, RowsAreAddedOrNot) {
  const RollupRows more(70);
  FailEachAllocationOfAChange([&more](fivek_rollup* rollup) {
    return fivek_rollup_add(rollup, &more.in, 1500, nullptr);
  });
}

TEST(MemoryTest, RollupsAreMergedOrNot) {
  const RollupRows more(70);
  fivek_rollup* from = nullptr;
  ASSERT_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &from, nullptr), 0);
  ASSERT_EQ(fivek_rollup_add(from, &more.in, 1500, nullptr), 0);
  FailEachAllocationOfAChange([from](fivek_rollup* rollup) {
    return fivek_rollup_merge(rollup, from, nullptr);
  });
  fivek_rollup_release(from);
}

TEST(MemoryTest, ARollupIsMadeReadAndListedOrNot) {
  const RollupRows rows(0);
  fivek_rollup* rollup = nullptr;
  ASSERT_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, nullptr), 0);
  ASSERT_EQ(fivek_rollup_add(rollup, &rows.in, 1500, nullptr), 0);
  std::vector<uint8_t> bytes = BytesOf(rollup);
  fivek_rollup_release(rollup);
  EXPECT_GT(FailEachAllocation("read and list", FIVEK_OK,
                               [&bytes](fivek_error* error) {
                                 fivek_rollup* read = nullptr;
                                 size_t count = 0;
                                 fivek_status status = fivek_rollup_read(
                                     bytes.data(), bytes.size(), &read, error);
                                 EXPECT_EQ(read != nullptr, status == FIVEK_OK);
                                 if (status == FIVEK_OK) {
                                   status =
                                       fivek_rollup_groups(read, &count, error);
                                   EXPECT_EQ(count > 0, status == FIVEK_OK);
                                 }
                                 fivek_rollup_release(read);
                                 return status;
                               }),
            10);
  EXPECT_GT(FailEachAllocation("create", FIVEK_OK,
                               [](fivek_error* error) {
                                 fivek_rollup* made_one = nullptr;
                                 const fivek_status status =
                                     fivek_rollup_create(1, &made_one, error);
                                 fivek_rollup_release(made_one);
                                 return status;
                               }),
            2);
  bytes.back() ^= 1;
  fivek_rollup* none = nullptr;
  FailEachAllocation("damaged", FIVEK_DATA_LOSS, [&](fivek_error* error) {
    return fivek_rollup_read(bytes.data(), bytes.size(), &none, error);
  });
  EXPECT_EQ(none, nullptr);
}

TEST(MemoryTest, KnownOwnersTakeNoMemory) {
  const RollupRows rows(0);
  for (const int32_t by : {0, 1, 2}) {
    fivek_rollup* rollup = nullptr;
    ASSERT_EQ(fivek_rollup_create(by, &rollup, nullptr), 0);
    ASSERT_EQ(fivek_rollup_add(rollup, &rows.in, 1500, nullptr), 0);
    made = 0;
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(fivek_rollup_add(rollup, &rows.in, 1500, nullptr), 0);
    }
    EXPECT_EQ(made, 0);
    fivek_rollup_release(rollup);
  }
}

// A batch of levels with nulls, outcomes in words by a dictionary and decimal
// amounts, so that nothing is scored in place. Its buffers are this object's.
class ArrowBatch {
 public:
  explicit ArrowBatch(int64_t rows) {
    Set(0, "problem", "l", rows, {valid_, levels_});
    Set(1, "outcome", "i", rows, {nullptr, indices_});
    Set(2, "amount", "d:18,2", rows, {nullptr, amounts_});
    Set(3, "", "u", 2, {nullptr, offsets_, "openlost"});
    schema_[1].dictionary = &schema_[3];
    array_[1].dictionary = &array_[3];
    Set(4, "", "+s", rows, {nullptr});
    schema_[4].n_children = array_[4].n_children = 3;
    schema_[4].children = schema_list_;
    array_[4].children = array_list_;
  }
  ArrowBatch(const ArrowBatch&) = delete;
  ArrowBatch& operator=(const ArrowBatch&) = delete;

  void Rename(const char* name) { schema_[0].name = name; }
  void Retype(const char* format) { schema_[2].format = format; }
  void OfNulls() {
    for (size_t i = 0; i < 3; ++i) {
      schema_[i].format = "n";
      schema_[i].dictionary = nullptr;
      array_[i].dictionary = nullptr;
      array_[i].n_buffers = 0;
    }
  }
  const ArrowSchema* schema() const { return &schema_[4]; }
  const ArrowArray* array() const { return &array_[4]; }

 private:
  static void Keep(ArrowSchema* /*schema*/) { ADD_FAILURE() << "borrowed"; }
  static void Keep(ArrowArray* /*array*/) { ADD_FAILURE() << "borrowed"; }

  void Set(size_t i, const char* name, const char* format, int64_t length,
           std::initializer_list<const void*> buffers) {
    std::copy(buffers.begin(), buffers.end(), buffers_[i]);
    schema_[i] = {format, name, nullptr, 0, 0, nullptr, nullptr, Keep, nullptr};
    array_[i] = {
        length, -1,          0,       static_cast<int64_t>(buffers.size()),
        0,      buffers_[i], nullptr, nullptr,
        Keep,   nullptr};
  }

  uint8_t valid_[8] = {0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  int64_t levels_[64] = {1, 2, 3, 4, 5, 6, 1 << 20};
  int32_t indices_[64] = {1, 0, 1, 0, 1, 0, 1, 2};
  int64_t amounts_[128] = {1000, 0, 2000, 0, 0, 99};
  int32_t offsets_[3] = {0, 4, 8};
  const void* buffers_[5][3] = {};
  ArrowSchema schema_[5] = {};
  ArrowArray array_[5] = {};
  ArrowSchema* schema_list_[3] = {&schema_[0], &schema_[1], &schema_[2]};
  ArrowArray* array_list_[3] = {&array_[0], &array_[1], &array_[2]};
};

TEST(MemoryTest, ABatchIsScoredOrNot) {
  const fivek_policy* const ours = Ours();
  for (const fivek_policy* const policy :
       {ours, (const fivek_policy*)nullptr}) {
    for (const int64_t rows : {0, 1, 64}) {
      const ArrowBatch batch(rows);
      const auto call = [&](fivek_error* error) {
        ArrowSchema schema;
        ArrowArray array;
        std::memset(static_cast<void*>(&schema), 0xA5, sizeof schema);
        std::memset(static_cast<void*>(&array), 0xA5, sizeof array);
        const ArrowSchema schema_before = schema;
        const ArrowArray array_before = array;
        const fivek_status status = fivek_score_arrow(
            policy, batch.schema(), batch.array(), &schema, &array, error);
        if (status != FIVEK_OK) {
          EXPECT_EQ(std::memcmp(&schema, &schema_before, sizeof schema), 0);
          EXPECT_EQ(std::memcmp(&array, &array_before, sizeof array), 0);
          return status;
        }
        EXPECT_EQ(array.length, rows);
        // A part that was moved out holds the rest, and no longer.
        ArrowArray moved = *array.children[3];
        ArrowSchema moved_schema = *schema.children[3];
        array.children[3]->release = nullptr;
        schema.children[3]->release = nullptr;
        array.release(&array);
        schema.release(&schema);
        moved.release(&moved);
        moved_schema.release(&moved_schema);
        return status;
      };
      EXPECT_GE(FailEachAllocation("a batch", FIVEK_OK, call), 3);
    }
  }
  fivek_policy_release(ours);
}

TEST(MemoryTest, ARefusedBatchIsRefused) {
  const auto check = [](const ArrowBatch& batch, const char* what) {
    EXPECT_GT(FailEachAllocation(what, FIVEK_INVALID_ARGUMENT,
                                 [&batch](fivek_error* error) {
                                   ArrowSchema schema;
                                   ArrowArray array;
                                   return fivek_score_arrow(
                                       nullptr, batch.schema(), batch.array(),
                                       &schema, &array, error);
                                 }),
              0);
  };
  ArrowBatch named_twice(64);
  named_twice.Rename("amount");
  check(named_twice, "a name twice");
  ArrowBatch of_doubles(64);
  of_doubles.Retype("g");
  check(of_doubles, "a type that is not taken");
}

// Lengths that are possible and have no memory. A field of nulls has no
// buffers, so that none is too short.
TEST(MemoryTest, ABatchOfMoreRowsThanAnyMemoryHolds) {
  for (const int64_t rows : {INT64_MAX / 40, INT64_MAX / 64}) {
    ArrowBatch batch(rows);
    batch.OfNulls();
    const int64_t before = live;
    fivek_error error;
    std::memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    ArrowSchema schema;
    ArrowArray array;
    EXPECT_EQ(fivek_score_arrow(nullptr, batch.schema(), batch.array(), &schema,
                                &array, &error),
              FIVEK_RESOURCE_EXHAUSTED);
    EXPECT_EQ(error.reason, FIVEK_REASON_OUT_OF_MEMORY);
    EXPECT_STREQ(error.message, "out of memory");
    EXPECT_EQ(live, before);
  }
}

}  // namespace
