// One row through the C interface, which has ways of its own: it is what the
// same row is in a book, and it is refused as one.
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"

namespace {

constexpr uint8_t kLevels[5] = {6, 8, 4, 7, 7};
constexpr size_t kRows = 256;  // More than any kernel's block.

// Columns, of one row or many.
struct Book {
  std::vector<uint8_t> level[5], by, outcome;
  std::vector<uint32_t> evidence;
  std::vector<int64_t> amount;
};

template <typename T>
const T* At(const std::vector<T>& column, size_t row, bool given) {
  return given ? column.data() + row : nullptr;
}
// `given`: a bit for each column.
fivek_score_in InputOf(const Book& book, size_t row, uint32_t given) {
  const auto has = [given](int bit) { return (given >> bit & 1) != 0; };
  return {sizeof(fivek_score_in),         0,
          At(book.level[0], row, has(0)), At(book.level[1], row, has(1)),
          At(book.level[2], row, has(2)), At(book.level[3], row, has(3)),
          At(book.level[4], row, has(4)), At(book.by, row, has(5)),
          At(book.evidence, row, has(6)), At(book.outcome, row, has(7)),
          At(book.amount, row, has(8))};
}

// One in 16 is unknown, bad or huge.
Book MakeBook(std::minstd_rand& random) {
  Book book;
  const auto rare = [&random] { return random() % 16 == 0; };
  for (size_t i = 0; i < kRows; ++i) {
    for (size_t d = 0; d < 5; ++d) {
      book.level[d].push_back(static_cast<uint8_t>(random() % kLevels[d]));
    }
    if (rare()) book.level[random() % 5].back() = FIVEK_UNKNOWN;
    if (rare()) book.level[random() % 5].back() = random() % 256 & 0xFF;
    book.by.push_back(static_cast<uint8_t>(random() & 0b01101));
    if (rare()) book.by.back() = static_cast<uint8_t>(random());
    book.evidence.push_back(static_cast<uint32_t>(random()) << random() % 20);
    if (rare()) book.evidence.back() = ~0U >> random() % 32;
    book.outcome.push_back(random() % 5 & 0xFF);
    if (rare()) book.outcome.back() = static_cast<uint8_t>(random());
    book.amount.push_back(static_cast<int64_t>(random() % 1'000'000'000) *
                          (random() % 2 == 0 ? 1 : -1));
    if (rare()) {
      book.amount.back() = std::numeric_limits<int64_t>::min() >> random() % 24;
    }
  }
  return book;
}

struct Results {
  std::vector<uint8_t> strength, weakest, stage, milestone;
  std::vector<int32_t> product, probability;
  std::vector<fivek_status> status;
  std::vector<int64_t> expected;

  explicit Results(size_t rows)
      : strength(rows, 0xAB),
        weakest(rows, 0xAB),
        stage(rows, 0xAB),
        milestone(rows, 0xAB),
        product(rows, 0x5A),
        probability(rows, 0x5A),
        status(rows, 0x5A),
        expected(rows, 0x5A) {}

  fivek_score_out Get(size_t row, uint32_t wanted) {
    const auto at = [row, wanted](auto& column, int bit) {
      return (wanted >> bit & 1) != 0 ? column.data() + row : nullptr;
    };
    return {sizeof(fivek_score_out), 0,
            at(strength, 0),         at(weakest, 1),
            at(product, 2),          at(stage, 3),
            at(milestone, 4),        at(probability, 5),
            at(expected, 6),         at(status, 7)};
  }
  bool operator==(const Results& other) const {
    return strength == other.strength && weakest == other.weakest &&
           stage == other.stage && milestone == other.milestone &&
           product == other.product && probability == other.probability &&
           status == other.status && expected == other.expected;
  }
};

const fivek_policy* MakePolicy(const std::string& json) {
  const fivek_policy* policy = nullptr;
  fivek_error error = {};
  error.struct_size = sizeof error;
  EXPECT_EQ(fivek_policy_from_json(json.data(), json.size(), &policy, &error),
            FIVEK_OK)
      << error.message;
  return policy;
}

class EachPolicy : public testing::TestWithParam<const char*> {
 protected:
  EachPolicy()
      : policy_(*GetParam() == '\0' ? nullptr : MakePolicy(GetParam())) {}
  ~EachPolicy() override { fivek_policy_release(policy_); }

  const fivek_policy* const policy_;
};

// Any columns given, any wanted.
TEST_P(EachPolicy, OneRowIsWhatItIsInABook) {
  std::minstd_rand random(5);
  for (int round = 0; round < 200; ++round) {
    const Book book = MakeBook(random);
    // Mostly all.
    const uint32_t given = 0x1FF & ~(round % 2 == 0 ? 0 : 1U << random() % 9);
    const uint32_t wanted = 0x80 | (round % 4 < 2 ? 0x7F : random() % 0x80);
    Results expected(kRows);
    Results one(kRows);
    const fivek_score_in in = InputOf(book, 0, given);
    const fivek_score_out out = expected.Get(0, wanted);
    ASSERT_EQ(fivek_score_columns(policy_, &in, &out, kRows, nullptr, nullptr),
              FIVEK_OK);
    for (size_t i = 0; i < kRows; ++i) {
      const fivek_score_in row = InputOf(book, i, given);
      const fivek_score_out to = one.Get(i, wanted);
      size_t bad = 77;
      ASSERT_EQ(fivek_score_columns(policy_, &row, &to, 1, &bad, nullptr),
                FIVEK_OK);
      ASSERT_EQ(bad, expected.status[i] == FIVEK_OK ? 0U : 1U);
    }
    ASSERT_TRUE(one == expected) << round;
  }
}

TEST_P(EachPolicy, OneDealIsWhatItsRowIs) {
  std::minstd_rand random(6);
  for (int round = 0; round < 100; ++round) {
    const Book book = MakeBook(random);
    Results expected(kRows);
    const fivek_score_in in = InputOf(book, 0, 0x1FF);
    const fivek_score_out out = expected.Get(0, 0xFF);
    ASSERT_EQ(fivek_score_columns(policy_, &in, &out, kRows, nullptr, nullptr),
              FIVEK_OK);
    for (size_t i = 0; i < kRows; ++i) {
      fivek_deal deal = {};
      for (size_t d = 0; d < 5; ++d) {
        deal.assessment.level[d] = book.level[d][i];
      }
      deal.assessment.by_decision_maker = book.by[i];
      deal.evidence = book.evidence[i];
      deal.outcome = book.outcome[i];
      deal.amount = book.amount[i];
      fivek_deal_score score;
      std::memset(&score, 0x77, sizeof score);
      const fivek_deal_score before = score;
      ASSERT_EQ(fivek_score_deal(policy_, &deal, &score, nullptr),
                expected.status[i]);
      if (expected.status[i] != FIVEK_OK) {
        ASSERT_EQ(std::memcmp(&score, &before, sizeof score), 0);
        continue;
      }
      ASSERT_EQ(score.strength, expected.strength[i]);
      ASSERT_EQ(score.weakest, expected.weakest[i]);
      ASSERT_EQ(score.product_ppm, expected.product[i]);
      ASSERT_EQ(score.stage, expected.stage[i]);
      ASSERT_EQ(score.milestone, expected.milestone[i]);
      ASSERT_EQ(score.probability_ppm, expected.probability[i]);
      ASSERT_EQ(score.expected_amount, expected.expected[i]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, EachPolicy,
    testing::Values(
        "", R"({"fivek_policy": 1, "ladder": {"1": {"yield_ppm": 123457}}})",
        R"({"fivek_policy": 1, "rounding": "half_away_from_zero"})"));

// What the short way must not take.
TEST(OneRowTest, IsRefusedAsABookIs) {
  std::minstd_rand random(7);
  Book book = MakeBook(random);
  alignas(8) unsigned char room[32] = {};
  const fivek_score_in good_in = InputOf(book, 0, 0x1FF);
  const fivek_score_out none = {sizeof none, 0,       nullptr, nullptr,
                                nullptr,     nullptr, nullptr, nullptr,
                                nullptr,     nullptr};
  const auto status_of = [](const fivek_score_in* in,
                            const fivek_score_out* out) {
    return fivek_score_columns(nullptr, in, out, 1, nullptr, nullptr);
  };
  ASSERT_EQ(status_of(nullptr, &none), FIVEK_INVALID_ARGUMENT);
  ASSERT_EQ(status_of(&good_in, nullptr), FIVEK_INVALID_ARGUMENT);
  for (size_t off = 0; off < 8; ++off) {
    fivek_score_in in = good_in;
    for (size_t d = 0; d < 5; ++d) book.level[d][0] = 0;
    book.by[0] = book.outcome[0] = 0;
    const fivek_status four = off % 4 == 0 ? FIVEK_OK : FIVEK_INVALID_ARGUMENT;
    const fivek_status eight = off == 0 ? FIVEK_OK : FIVEK_INVALID_ARGUMENT;
    unsigned char* const at = room + off;
    in.evidence = reinterpret_cast<const uint32_t*>(at);
    EXPECT_EQ(status_of(&in, &none), four) << off;
    in = good_in;
    in.amount = reinterpret_cast<const int64_t*>(at);
    EXPECT_EQ(status_of(&in, &none), eight) << off;
    fivek_score_out out = none;
    out.product_ppm = reinterpret_cast<int32_t*>(at);
    EXPECT_EQ(status_of(&good_in, &out), four) << off;
    out = none;
    out.probability_ppm = reinterpret_cast<int32_t*>(at);
    EXPECT_EQ(status_of(&good_in, &out), four) << off;
    out = none;
    out.expected_amount = reinterpret_cast<int64_t*>(at);
    EXPECT_EQ(status_of(&good_in, &out), eight) << off;
    out = none;
    out.row_status = reinterpret_cast<fivek_status*>(at);
    EXPECT_EQ(status_of(&good_in, &out), four) << off;
  }
  fivek_score_in in = good_in;
  in.struct_size -= 1;
  EXPECT_EQ(status_of(&in, &none), FIVEK_INVALID_ARGUMENT);
  in = good_in;
  in.reserved = 1;
  EXPECT_EQ(status_of(&in, &none), FIVEK_INVALID_ARGUMENT);
  fivek_score_out out = none;
  out.struct_size += 4097;
  EXPECT_EQ(status_of(&good_in, &out), FIVEK_INVALID_ARGUMENT);
  out = none;
  out.reserved = 1;
  EXPECT_EQ(status_of(&good_in, &out), FIVEK_INVALID_ARGUMENT);
}

}  // namespace
