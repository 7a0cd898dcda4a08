#include "fivek/method/evidence.h"

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fivek/method/policy.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

struct Want {
  int stage, gate;  // Gate as a milestone; 0: none.
  const char *en, *zh;
};
// domain.md §4, read again by hand.
const Want kWant[22] = {
    {0, 1, "problem with the current product is identified",
     "现用产品的问题已查明"},
    {0, 1, "latent problem and pain are found", "潜在问题与痛苦已找到"},
    {0, 1, "sponsor admits problem and pain", "经办人承认问题和痛苦"},
    {0, 1, "sponsor holds a valuable buying vision",
     "经办人拥有具价值的购买愿景"},
    {0, 1, "sponsor agrees to explore further", "经办人同意继续探究"},
    {0, 2, "sponsor agrees to refer the decision maker",
     "经办人同意引荐决策者"},
    {0, 2, "the consensus is written into a letter to the sponsor",
     "共识已整理到经办人信函"},
    {1, 2, "decision maker is contacted", "已接触决策者"},
    {1, 3, "decision maker admits problem and pain", "决策者承认问题和痛苦"},
    {1, 3, "decision maker holds a valuable buying vision",
     "决策者拥有具价值的购买愿景"},
    {1, 3, "decision maker agrees to explore further", "决策者同意继续探究"},
    {2, 3, "product attributes that meet the customer's value are presented",
     "产品性状已陈列"},
    {2, 3, "that presentation is confirmed", "产品性状陈列得到确认"},
    {3, 4, "supplier and product are selected by the criteria",
     "已按标准选择供应商和产品"},
    {3, 4, "the decision is asked for", "已要求交易定案"},
    {4, 5, "proposal is settled and a decision is made", "提议定案并做出决策"},
    {4, 5, "verbal agreement is given", "已获得口头同意"},
    {4, 5, "contract content is negotiated", "已进行合约内容协商"},
    {4, 6, "contract is signed", "已签约"},
    {5, 0, "after-sales service is delivered", "已提供售后服务"},
    {5, 0, "usage feedback is received", "已收到使用信息反馈"},
    {5, 0, "prospect database is updated", "已更新潜在客户资料库"},
};

TEST(EvidenceTest, ItemsAreTheTableOfTheMethod) {
  for (size_t item = 0; item < 22; ++item) {
    const EvidenceRow& row = kEvidenceItems[item];
    EXPECT_EQ(row.code, item);
    EXPECT_EQ(static_cast<int>(row.rule.stage), kWant[item].stage) << item;
    EXPECT_EQ(static_cast<int>(row.rule.gate), kWant[item].gate) << item;
    EXPECT_STREQ(row.text.en, kWant[item].en);
    EXPECT_STREQ(row.text.zh, kWant[item].zh);
  }
}

// domain.md §4 in its own words: proof 2-5; where the text names the sponsor or
// the decision maker, that person showed it, and the decision maker may stand
// for the sponsor; 18 needs 4 or 5.
bool ProvenOracle(int item, int shown_by, int proof) {
  if (proof < 2 || proof > 5) return false;
  if (item == 18 && proof != 4 && proof != 5) return false;
  const bool names_sponsor = item >= 2 && item <= 6;
  const bool names_decision_maker = item >= 7 && item <= 10;
  if (names_sponsor) return shown_by == 1 || shown_by == 2;
  if (names_decision_maker) return shown_by == 2;
  return true;
}

TEST(EvidenceTest, ProvenFollowsTheRuleForEveryItemPersonAndProof) {
  const MethodTables& tables = Policy().tables();
  for (int item = 0; item < 32; ++item) {
    for (int shown_by = 0; shown_by < 8; ++shown_by) {
      for (int proof = 0; proof < 6; ++proof) {
        const bool want = ProvenOracle(item, shown_by, proof);
        if (item < kEvidenceCount) {
          EXPECT_EQ(IsProven(kEvidenceItems[static_cast<size_t>(item)].rule,
                             static_cast<ShownBy>(shown_by),
                             static_cast<Proof>(proof)),
                    want)
              << item << " by " << shown_by << " proof " << proof;
        }
        EXPECT_EQ((tables.proven_by[shown_by][proof] >> item & 1) != 0, want)
            << item << " by " << shown_by << " proof " << proof;
      }
    }
  }
}

TEST(EvidenceTest, UnknownPersonsAndProofsProveNothing) {
  for (const EvidenceRow& row : kEvidenceItems) {
    for (const int proof : {6, 7, 100, 255}) {
      EXPECT_FALSE(IsProven(row.rule, ShownBy::kDecisionMaker,
                            static_cast<Proof>(proof)));
    }
    EXPECT_FALSE(
        IsProven(row.rule, static_cast<ShownBy>(8), Proof::kSignedDocument));
    EXPECT_FALSE(
        IsProven(row.rule, static_cast<ShownBy>(255), Proof::kSignedDocument));
  }
}

TEST(EvidenceTest, PersonsAndProofs) {
  const std::pair<const char*, const char*> shown_by[] = {
      {"not stated", "未说明"},     {"sponsor", "经办人"},
      {"decision maker", "决策者"}, {"purchaser", "采购人员"},
      {"supporter", "支持者"},      {"technical evaluator", "技术人员"},
      {"user", "使用者"},           {"seller", "销售人员"}};
  const std::pair<const char*, const char*> proof[] = {
      {"not stated", "未说明"},
      {"seller's own note", "销售自述"},
      {"minutes of a meeting", "会议纪要"},
      {"buyer's message (mail, letter)", "客户来函"},
      {"signed document", "签署文件"},
      {"record of a system (meeting held, order booked)", "系统记录"}};
  ASSERT_EQ(kShownByCodes.size(), 8U);
  ASSERT_EQ(kProofCodes.size(), 6U);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(kShownByCodes[i].code, i);
    EXPECT_STREQ(kShownByCodes[i].name.en, shown_by[i].first);
    EXPECT_STREQ(kShownByCodes[i].name.zh, shown_by[i].second);
  }
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(kProofCodes[i].code, i);
    EXPECT_STREQ(kProofCodes[i].name.en, proof[i].first);
    EXPECT_STREQ(kProofCodes[i].name.zh, proof[i].second);
  }
}

TEST(EvidenceTest, MasksOfRanges) {
  for (int first = 0; first < 32; ++first) {
    for (int last = first; last < 32; ++last) {
      uint32_t want = 0;
      for (int item = first; item <= last; ++item) want |= uint32_t{1} << item;
      ASSERT_EQ(Bits(first, last), want) << first << "-" << last;
    }
    EXPECT_EQ(Bit(first), uint32_t{1} << first);
  }
  EXPECT_EQ(kVendorItems, 0xffc00000U);
  EXPECT_EQ(kAfterSalesItems, 0x00380000U);
}

TEST(EvidenceTest, CountsItems) {
  std::mt19937 random(5);
  for (int i = 0; i < 10'000; ++i) {
    const auto mask = static_cast<uint32_t>(random());
    int want = 0;
    for (int item = 0; item < 32; ++item) want += mask >> item & 1 ? 1 : 0;
    ASSERT_EQ(CountOf(mask), want);
  }
  EXPECT_EQ(CountOf(0), 0);
  EXPECT_EQ(CountOf(~EvidenceMask{0}), 32);
}

TEST(EvidenceTest, DescribesItemsAsRanges) {
  EXPECT_EQ(DescribeItems(0), "none");
  EXPECT_EQ(DescribeItems(Bit(0)), "0");
  EXPECT_EQ(DescribeItems(Bit(31)), "31");
  EXPECT_EQ(DescribeItems(Bits(0, 1)), "0, 1");
  EXPECT_EQ(DescribeItems(Bits(0, 4) | Bit(7) | Bit(18)), "0-4, 7, 18");
  EXPECT_EQ(DescribeItems(~EvidenceMask{0}), "0-31");
  EXPECT_EQ(DescribeItems(Bit(0) | Bit(2) | Bits(30, 31)), "0, 2, 30, 31");
  EXPECT_EQ(DescribeItems(Bits(29, 31)), "29-31");
}

TEST(EvidenceTest, ADescriptionNamesExactlyTheItems) {
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) {
    // Runs of bits as well as single ones.
    const auto mask = static_cast<EvidenceMask>(
        i % 2 == 0 ? random() : (random() & random()));
    if (mask == 0) continue;
    EvidenceMask read = 0;
    const std::string text = DescribeItems(mask);
    for (const absl::string_view part : absl::StrSplit(text, ", ")) {
      const std::vector<std::string> ends = absl::StrSplit(part, '-');
      int first = 0;
      int last = 0;
      ASSERT_TRUE(absl::SimpleAtoi(ends.front(), &first)) << text;
      ASSERT_TRUE(absl::SimpleAtoi(ends.back(), &last)) << text;
      ASSERT_LE(first, last) << text;
      ASSERT_EQ(read & Bits(first, last), 0U) << text;
      read |= Bits(first, last);
    }
    ASSERT_EQ(read, mask) << text;
  }
}

}  // namespace
}  // namespace fivek
