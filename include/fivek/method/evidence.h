// Evidence: outcomes that can be seen or proved, never opinions of the seller.
//
// There are 22 items (codes 0-21); the upper ten bits of the mask (22-31)
// belong to the vendor's own items, which its policy attaches to a stage and a
// gate. Each item belongs to a buying stage and to a *gate*: the milestone for
// which it is required. An item is confirmed by an event (opportunity.h) that
// carries its provenance: a time, who showed it, the kind of proof, and a
// reference into the CRM. It is *proven* when
//   - its proof is 2-5 (a seller's word alone, 1, is a claim),
//   - the person whom its text names showed it: for the sponsor's items the
//     sponsor or the decision maker, for the decision maker's only that one;
//     where the text names neither, it does not matter who showed it,
//   - and for the signed contract (18) the proof is 4 or 5.
// Unproven evidence counts (the default) or is refused: `Unproven` in policy.h.
// Withdrawn or cleared evidence is no longer proven; an unproven item may be
// confirmed again with proof and then is proven.
//
//   IsProven(kEvidenceItems[5].rule, ShownBy::kSponsor, Proof::kBuyersMessage)
//     -> true
//
// Cost: O(1). Thread-safety: pure functions. Source: domain.md §4.
#ifndef FIVEK_METHOD_EVIDENCE_H_
#define FIVEK_METHOD_EVIDENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fivek/base/language.h"
#include "fivek/method/buying_cycle.h"
#include "fivek/method/milestone.h"

namespace fivek {

inline constexpr int kEvidenceCount = 22;    // Items of the method.
inline constexpr int kEvidenceBits = 32;     // With the vendor's ten.
inline constexpr int kContractSigned = 18;   // The item that wins the deal.
inline constexpr int kFirstAfterSales = 19;  // 19-21 move no milestone.

// The item alone, 0..31.
constexpr EvidenceMask Bit(int item) { return EvidenceMask{1} << item; }

// Items first..last, both included; 0 <= first <= last <= 31.
constexpr EvidenceMask Bits(int first, int last) {
  return (~EvidenceMask{0} >> (kEvidenceBits - 1 - last)) &
         (~EvidenceMask{0} << first);
}

inline constexpr EvidenceMask kVendorItems = Bits(kEvidenceCount, 31);
// With all of them stage 5 is complete.
inline constexpr EvidenceMask kAfterSalesItems = Bits(kFirstAfterSales, 21);

// Who showed an item. Part of the ABI. 2-6 are the codes 0-4 of `Role`
// (buying_cycle.h) plus 2.
enum class ShownBy : uint8_t {
  kNotStated = 0,
  kSponsor = 1,
  kDecisionMaker = 2,
  kPurchaser = 3,
  kSupporter = 4,
  kTechnicalEvaluator = 5,
  kUser = 6,
  kSeller = 7,
};

// How an item is proved. Part of the ABI.
enum class Proof : uint8_t {
  kNotStated = 0,
  kSellersNote = 1,
  kMeetingMinutes = 2,
  kBuyersMessage = 3,
  kSignedDocument = 4,
  kSystemRecord = 5,
};

// Whom the text of an item names, and so who must show it.
enum class Witness : uint8_t {
  kAnyone = 0,         // Also who is not stated, and the seller.
  kSponsor = 1,        // The decision maker may stand for the sponsor.
  kDecisionMaker = 2,  // Nobody may stand for the decision maker.
};

// The kinds of proof that an item accepts.
enum class ProofDemand : uint8_t {
  kOutsideTheSeller = 0,  // Proof 2-5.
  kSignedOrRecorded = 1,  // Proof 4 or 5.
};

// What an item asks for; a policy holds one for each of the 32 bits.
struct EvidenceRule {
  Stage stage;     // The buying stage that waits for it.
  Milestone gate;  // kUnqualified: required for no milestone.
  Witness witness;
  ProofDemand proof;
};

struct EvidenceRow {
  uint8_t code;
  EvidenceRule rule;
  Bilingual text;
};

struct NamedCode {
  uint8_t code;
  Bilingual name;
};

// clang-format off
inline constexpr int kShownByCount = 8;
inline constexpr std::array<NamedCode, kShownByCount> kShownByCodes = {{
    {0, {"not stated", "未说明"}},
    {1, {"sponsor", "经办人"}},
    {2, {"decision maker", "决策者"}},
    {3, {"purchaser", "采购人员"}},
    {4, {"supporter", "支持者"}},
    {5, {"technical evaluator", "技术人员"}},
    {6, {"user", "使用者"}},
    {7, {"seller", "销售人员"}},
}};

inline constexpr int kProofCount = 6;
inline constexpr std::array<NamedCode, kProofCount> kProofCodes = {{
    {0, {"not stated", "未说明"}},
    {1, {"seller's own note", "销售自述"}},
    {2, {"minutes of a meeting", "会议纪要"}},
    {3, {"buyer's message (mail, letter)", "客户来函"}},
    {4, {"signed document", "签署文件"}},
    {5, {"record of a system (meeting held, order booked)", "系统记录"}},
}};

// clang-format on

// One row of domain.md's table: stage and gate by code.
constexpr EvidenceRule Rule(
    int stage, int gate, Witness witness = Witness::kAnyone,
    ProofDemand proof = ProofDemand::kOutsideTheSeller) {
  return {static_cast<Stage>(stage), static_cast<Milestone>(gate), witness,
          proof};
}

// clang-format off
// The method's own items, in the order of their codes.
inline constexpr std::array<EvidenceRow, kEvidenceCount> kEvidenceItems = {{
    // code  stage, gate, whom the text names, text. Gates 1-6 are the 10, 25,
    // 50, 75, 90 and 100 % of milestone.h; 0 is none.
    {0,  Rule(0, 1),
          {"problem with the current product is identified", "现用产品的问题已查明"}},
    {1,  Rule(0, 1),
          {"latent problem and pain are found", "潜在问题与痛苦已找到"}},
    {2,  Rule(0, 1, Witness::kSponsor),
          {"sponsor admits problem and pain", "经办人承认问题和痛苦"}},
    {3,  Rule(0, 1, Witness::kSponsor),
          {"sponsor holds a valuable buying vision", "经办人拥有具价值的购买愿景"}},
    {4,  Rule(0, 1, Witness::kSponsor),
          {"sponsor agrees to explore further", "经办人同意继续探究"}},
    {5,  Rule(0, 2, Witness::kSponsor),
          {"sponsor agrees to refer the decision maker", "经办人同意引荐决策者"}},
    {6,  Rule(0, 2, Witness::kSponsor),
          {"the consensus is written into a letter to the sponsor", "共识已整理到经办人信函"}},
    {7,  Rule(1, 2, Witness::kDecisionMaker),
          {"decision maker is contacted", "已接触决策者"}},
    {8,  Rule(1, 3, Witness::kDecisionMaker),
          {"decision maker admits problem and pain", "决策者承认问题和痛苦"}},
    {9,  Rule(1, 3, Witness::kDecisionMaker),
          {"decision maker holds a valuable buying vision", "决策者拥有具价值的购买愿景"}},
    {10, Rule(1, 3, Witness::kDecisionMaker),
          {"decision maker agrees to explore further", "决策者同意继续探究"}},
    {11, Rule(2, 3),
          {"product attributes that meet the customer's value are presented", "产品性状已陈列"}},
    {12, Rule(2, 3),
          {"that presentation is confirmed", "产品性状陈列得到确认"}},
    {13, Rule(3, 4),
          {"supplier and product are selected by the criteria", "已按标准选择供应商和产品"}},
    {14, Rule(3, 4),
          {"the decision is asked for", "已要求交易定案"}},
    {15, Rule(4, 5),
          {"proposal is settled and a decision is made", "提议定案并做出决策"}},
    {16, Rule(4, 5),
          {"verbal agreement is given", "已获得口头同意"}},
    {17, Rule(4, 5),
          {"contract content is negotiated", "已进行合约内容协商"}},
    {18, Rule(4, 6, Witness::kAnyone, ProofDemand::kSignedOrRecorded),
          {"contract is signed", "已签约"}},
    {19, Rule(5, 0),
          {"after-sales service is delivered", "已提供售后服务"}},
    {20, Rule(5, 0),
          {"usage feedback is received", "已收到使用信息反馈"}},
    {21, Rule(5, 0),
          {"prospect database is updated", "已更新潜在客户资料库"}},
}};
// clang-format on

constexpr bool IsSound(const std::array<EvidenceRow, kEvidenceCount>& rows) {
  Milestone gate = Milestone::kQualifiedProspect;
  for (size_t i = 0; i < rows.size(); ++i) {
    const EvidenceRule& rule = rows[i].rule;
    if (rows[i].code != i) return false;
    if (i > 0 && rule.stage < rows[i - 1].rule.stage) return false;
    const bool after_sales = i >= static_cast<size_t>(kFirstAfterSales);
    if (after_sales != (rule.gate == Milestone::kUnqualified)) return false;
    if (!after_sales && rule.gate < gate) return false;
    if (!after_sales) gate = rule.gate;
  }
  return rows[static_cast<size_t>(kContractSigned)].rule.gate ==
         Milestone::kClosedWon;
}
static_assert(IsSound(kEvidenceItems),
              "codes in order; stages and gates rise; only after-sales items "
              "have no gate; the contract is the last gate");

// Whether a confirmation with this provenance proves the item. False for a
// `shown_by` or `proof` that is no code.
constexpr bool IsProven(const EvidenceRule& rule, ShownBy shown_by,
                        Proof proof) {
  const Proof least = rule.proof == ProofDemand::kSignedOrRecorded
                          ? Proof::kSignedDocument
                          : Proof::kMeetingMinutes;
  if (proof < least || proof > Proof::kSystemRecord) return false;
  switch (rule.witness) {
    case Witness::kAnyone:
      return shown_by <= ShownBy::kSeller;
    case Witness::kSponsor:
      return shown_by == ShownBy::kSponsor ||
             shown_by == ShownBy::kDecisionMaker;
    case Witness::kDecisionMaker:
      return shown_by == ShownBy::kDecisionMaker;
  }
  return false;
}

// How many items a mask holds.
int CountOf(EvidenceMask mask);

// The codes of a mask as text, "0-4, 7, 18"; "none" when empty.
std::string DescribeItems(EvidenceMask mask);

}  // namespace fivek

#endif  // FIVEK_METHOD_EVIDENCE_H_
