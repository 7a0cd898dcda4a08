#include "fivek/accounts/golden_triangle.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

constexpr uint32_t kTargetBit = 1, kInformationBit = 2, kFrequencyBit = 4;

TriangleOptions Options() {
  TriangleOptions options;
  options.as_of = 19000;
  options.required_information = 0b111;
  return options;
}

TriangleAccount Complete() {
  TriangleAccount a;
  a.target_day = 19030;
  a.last_contact = 18990;
  a.information = 0b111;
  return a;
}

TriangleStatus Only(const TriangleAccount& account,
                    const TriangleOptions& options = Options(),
                    const std::vector<int32_t>& learned = {}) {
  return CheckTriangles({account}, learned, options)->accounts[0];
}

TEST(GoldenTriangleTest, Complete) {
  const TriangleBook book = *CheckTriangles({Complete()}, {}, Options());
  EXPECT_EQ(book.complete, 1);
  for (const CornerCount& corner : book.corners) EXPECT_EQ(corner.present, 1);
  EXPECT_EQ(book.accounts[0].contact_due, 19004);
}

TEST(GoldenTriangleTest, Target) {
  TriangleAccount a = Complete();
  a.target_day = 19000;
  EXPECT_EQ(Only(a).overdue, 0U) << "due today is in time";
  a.target_day = 18999;
  EXPECT_EQ(Only(a).overdue, kTargetBit);
  a.target_day = kNoDay;
  EXPECT_EQ(Only(a).missing, kTargetBit);
  EXPECT_EQ(Only(a).overdue, 0U);
}

TEST(GoldenTriangleTest, Frequency) {
  TriangleAccount a = Complete();
  a.last_contact = 19000 - 14;
  EXPECT_EQ(Only(a).overdue, 0U) << "as many days as the interval";
  EXPECT_EQ(Only(a).contact_due, 19000);
  a.last_contact = 19000 - 15;
  EXPECT_EQ(Only(a).overdue, kFrequencyBit);
  EXPECT_EQ(Only(a).days_over, 1);
  a.grade = 1;
  EXPECT_EQ(Only(a).overdue, 0U);
  a.last_contact = kNoDay;
  EXPECT_EQ(Only(a).missing, kFrequencyBit);
  a.grade = 3;
  EXPECT_EQ(Only(a).missing, 0U) << "no contact is asked for";
  a.grade = kGradeUnknown;
  EXPECT_EQ(Only(a).unknown, kFrequencyBit);
  EXPECT_EQ(CheckTriangles({a}, {}, Options())->complete, 0);
  a.grade = 0;
  a.last_contact = kFirstDay;
  TriangleOptions late = Options();
  late.as_of = kLastDay;
  EXPECT_EQ(Only(a, late).days_over, kLastDay - kFirstDay - 14);
}

TEST(GoldenTriangleTest, Information) {
  TriangleAccount a = Complete();
  a.information = 0b1101;
  TriangleOptions options = Options();
  EXPECT_EQ(Only(a).missing, kInformationBit);
  EXPECT_EQ(Only(a).missing_information, 0b010U);
  options.stale_after_days[0] = 100;
  options.stale_after_days[2] = 100;
  options.stale_after_days[3] = 1;  // Not required.
  std::vector<int32_t> learned(kInformationItems, kNoDay);
  learned[0] = 18900;
  learned[1] = 99999;  // Of an item that is not known: not read.
  learned[2] = 18899;
  learned[3] = 100;
  TriangleStatus s = Only(a, options, learned);
  EXPECT_EQ(s.stale_information, 0b100U);
  EXPECT_EQ(s.missing, kInformationBit);
  EXPECT_EQ(s.overdue, kInformationBit);
  EXPECT_EQ(s.undated, 0U);
  learned[0] = kNoDay;
  s = Only(a, options, learned);
  EXPECT_EQ(s.undated, 0b001U);
  // Without any days.
  s = Only(a, options);
  EXPECT_EQ(s.undated, 0b101U);
  EXPECT_EQ(s.stale_information, 0U);
}

// Counts are those of the accounts, whatever their order.
TEST(GoldenTriangleTest, CountsOfABook) {
  SplitMix64 random(3);
  std::vector<TriangleAccount> accounts;
  for (int i = 0; i < 400; ++i) {
    TriangleAccount a;
    if (random.Below(4) > 0) {
      a.target_day = 18980 + static_cast<int32_t>(random.Below(60));
    }
    if (random.Below(4) > 0) {
      a.last_contact = 18900 + static_cast<int32_t>(random.Below(101));
    }
    a.information = random.Below(16);
    const uint32_t grade = random.Below(5);
    a.grade = grade == 4 ? kGradeUnknown : static_cast<uint8_t>(grade);
    accounts.push_back(a);
  }
  std::vector<int32_t> learned;
  for (int i = 0; i < 400 * kInformationItems; ++i) {
    learned.push_back(18500 + static_cast<int32_t>(random.Below(501)));
  }
  TriangleOptions options = Options();
  options.stale_after_days.fill(200);
  const TriangleBook book = *CheckTriangles(accounts, learned, options);
  CornerCount want[kCornerCount];
  int64_t complete = 0;
  for (size_t i = 0; i < accounts.size(); ++i) {
    const TriangleAccount& a = accounts[i];
    const TriangleStatus& s = book.accounts[i];
    // By definition.
    bool missing[3] = {a.target_day == kNoDay, (~a.information & 0b111U) != 0,
                       false};
    bool overdue[3] = {!missing[0] && a.target_day < 19000, false, false};
    for (size_t item = 0; item < 3; ++item) {
      if ((a.information >> item & 1) != 0 &&
          19000 - learned[i * kInformationItems + item] > 200) {
        overdue[1] = true;
      }
    }
    const int32_t interval =
        a.grade == kGradeUnknown ? 0 : options.interval_days[a.grade];
    if (interval > 0) {
      missing[2] = a.last_contact == kNoDay;
      overdue[2] = !missing[2] && 19000 - a.last_contact > interval;
    }
    bool all = a.grade != kGradeUnknown;
    for (size_t corner = 0; corner < 3; ++corner) {
      EXPECT_EQ((s.missing >> corner & 1) != 0, missing[corner]);
      EXPECT_EQ((s.overdue >> corner & 1) != 0, overdue[corner]);
      const bool unknown = corner == 2 && a.grade == kGradeUnknown;
      all = all && !missing[corner] && !overdue[corner];
      ++(missing[corner]   ? want[corner].missing
         : overdue[corner] ? want[corner].overdue
         : unknown         ? want[corner].unknown
                           : want[corner].present);
    }
    complete += all ? 1 : 0;
  }
  EXPECT_EQ(book.complete, complete);
  for (size_t corner = 0; corner < 3; ++corner) {
    EXPECT_EQ(book.corners[corner].present, want[corner].present);
    EXPECT_EQ(book.corners[corner].missing, want[corner].missing);
    EXPECT_EQ(book.corners[corner].overdue, want[corner].overdue);
    EXPECT_EQ(book.corners[corner].unknown, want[corner].unknown);
  }
}

TEST(GoldenTriangleTest, Refusals) {
  const auto refuse = [](const TriangleAccount& a, Reason reason,
                         const char* message, int32_t column) {
    const auto book = CheckTriangles({Complete(), a}, {}, Options());
    EXPECT_THAT(book, Refused(reason, HasSubstr(message)));
    EXPECT_EQ(WhereOf(book.status()).row, 1);
    EXPECT_EQ(WhereOf(book.status()).column, column);
  };
  TriangleAccount a = Complete();
  a.target_day = kLastDay + 1;
  refuse(a, Reason::kValueRange, "target_day 2932897", 0);
  a = Complete();
  a.last_contact = 19001;
  refuse(a, Reason::kValueRange, "last_contact 19001", 1);
  a.last_contact = kFirstDay - 1;
  refuse(a, Reason::kValueRange, "last_contact -719163", 1);
  a = Complete();
  a.grade = 4;
  refuse(a, Reason::kUnknownCode, "grade 4; allowed: 0 to 3, or 255", 3);

  TriangleOptions options = Options();
  options.as_of = kLastDay + 1;
  EXPECT_THAT(CheckTriangles({}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("as_of 2932897")));
  options = Options();
  options.interval_days[2] = -1;
  EXPECT_THAT(CheckTriangles({}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("interval_days -1")));
  options = Options();
  options.stale_after_days[31] = kMostIntervalDays + 1;
  EXPECT_THAT(CheckTriangles({}, {}, options),
              Refused(Reason::kValueRange, HasSubstr("stale_after_days")));
  EXPECT_THAT(CheckTriangles({Complete()}, std::vector<int32_t>(31), Options()),
              Refused(Reason::kValueRange, HasSubstr("learned_on has 31")));
  std::vector<int32_t> learned(kInformationItems, 18000);
  learned[2] = 19001;
  const auto book = CheckTriangles({Complete()}, learned, Options());
  EXPECT_THAT(book,
              Refused(Reason::kValueRange, HasSubstr("learned_on 19001")));
  EXPECT_EQ(WhereOf(book.status()).column, 6);
  EXPECT_TRUE(CheckTriangles({}, {}, Options()).ok());
}

}  // namespace
}  // namespace fivek
