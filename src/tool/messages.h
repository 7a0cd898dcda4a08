// What the tool says to people, in English and Chinese. Words of the method are
// not here: they are labels of the policy.
#ifndef FIVEK_TOOL_MESSAGES_H_
#define FIVEK_TOOL_MESSAGES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "fivek/base/language.h"

namespace fivek::tool {

enum class Say : uint8_t {
  kTitle,
  kMap,
  kPolicyHash,
  kRows,
  kRowsOf,
  kByOutcome,
  kOutcome,
  kDeals,
  kCurrency,
  kAmount,
  kNoAmount,
  kWinRate,
  kWinRateNone,
  kByStage,
  kStage,
  kKind,
  kBook,
  kMilestone,
  kYield,
  kExpected,
  kShare,
  kTotal,
  kClaimExpected,
  kEvidenceExpected,
  kEvidence,
  kItemsConfirmed,
  kItemsProven,
  kItemsRefused,
  kDealsWithEvidence,
  kDealsWithoutEvidence,
  kCarriedByClaims,
  kNothingVerified,
  kClaims,
  kNoClaims,
  kClaimed,
  kSupported,
  kInLine,
  kOverClaimed,
  kUnderClaimed,
  kWidestGaps,
  kId,
  kAccount,
  kOwner,
  kGap,
  kMissing,
  kStrongest,
  kWeakest,
  kNoAssessments,
  kNotAssessed,
  kPartlyAssessed,
  kStrength,
  kProduct,
  kWeakestDimension,
  kNextEvidence,
  kNextLevel,
  kRuleBreaks,
  kNoRuleBreaks,
  kRule,
  kExamples,
  kNeedsEvidence,
  kFromPoints,
  kByDecisionMaker,
  kWonWithoutContract,
  kSignedButNotWon,
  kWonWithSkippedSteps,
  kClosedBeforeCreated,
  kErrors,
  kMoreErrors,
  kUnmapped,
  kUnmappedHint,
  kNone,
  kOverflow,
  kCount,  // Not a message.
};

// clang-format off
inline constexpr std::array<Bilingual, static_cast<size_t>(Say::kCount)> kMessages = {{
    {"Review of", "商机审查："},
    {"column map", "列映射"},
    {"policy", "策略"},
    {"rows reviewed", "已审查行数"},
    {"of", "／"},
    {"Outcomes", "结果"},
    {"outcome", "结果"},
    {"deals", "商机数"},
    {"currency", "币种"},
    {"amount", "金额"},
    {"no amount", "无金额"},
    {"Win rate: won / (won + lost)", "赢单率：赢单 ÷（赢单 + 输单）"},
    {"Win rate: no closed deals", "赢单率：没有已结商机"},
    {"Stages as the CRM names them", "CRM 中的阶段"},
    {"stage", "阶段"},
    {"kind", "类别"},
    {"Open deals by milestone, as the evidence supports it", "进行中的商机（按验证结果所支持的里程碑）"},
    {"milestone", "里程碑"},
    {"yield", "产能"},
    {"expected", "期望金额"},
    {"share", "占比"},
    {"total", "合计"},
    {"Expected amount by the CRM's claims", "按 CRM 声称的期望金额"},
    {"by the evidence", "按验证结果"},
    {"Evidence", "验证结果"},
    {"items confirmed", "已确认项"},
    {"of them proven", "其中已证实"},
    {"refused, as the policy requires proof", "因策略要求证据而被拒绝"},
    {"deals with evidence", "有验证结果的商机"},
    {"deals without any", "没有任何验证结果的商机"},
    {"deals whose milestone rests on a seller's word", "里程碑仅凭销售自述的商机"},
    {"Nothing in this export is verified: it holds claims only. What follows is the gap between claim and evidence.",
     "此导出数据没有任何经过验证的内容，只有声称。以下是声称与验证结果之间的差距。"},
    {"Claims against evidence (open, on hold, won)", "声称与验证结果的对照（进行中、搁置、赢单）"},
    {"The export claims no milestone and no probability.", "此导出数据没有声称任何里程碑或概率。"},
    {"claimed", "声称"},
    {"supported", "有据"},
    {"in line", "一致"},
    {"over-claimed", "高估"},
    {"under-claimed", "低估"},
    {"Widest gaps among open deals", "进行中商机的最大差距"},
    {"id", "编号"},
    {"account", "客户"},
    {"owner", "负责人"},
    {"rungs", "级差"},
    {"missing evidence", "缺少的验证结果"},
    {"Strongest open deals", "最强的进行中商机"},
    {"Weakest open deals", "最弱的进行中商机"},
    {"No open deal is assessed: strength is unknown, not zero.", "没有任何进行中的商机经过评估：销售强度未知，并非为零。"},
    {"open deals without an assessment", "未评估的进行中商机"},
    {"open deals assessed in part", "部分评估的进行中商机"},
    {"strength", "强度"},
    {"product", "乘积"},
    {"weakest", "最弱维度"},
    {"next evidence", "下一项验证结果"},
    {"next level", "下一级"},
    {"Rule breaks", "违反规则"},
    {"No rule is broken.", "没有违反规则。"},
    {"rule", "规则"},
    {"for example", "例如"},
    {"needs evidence", "需要验证结果"},
    {"points or more", "分及以上"},
    {"shown by the decision maker", "由决策者展示"},
    {"won, but no signed contract is on record", "已赢单，但没有签约记录"},
    {"contract signed, but not marked as won", "已签约，但未标记为赢单"},
    {"won with skipped steps", "赢单但跳过了步骤"},
    {"closed before it was created", "结束日期早于创建日期"},
    {"Rows left out, because they cannot be read", "因无法读取而略过的行"},
    {"more", "更多"},
    {"Stages that the column map does not know, with their rows (left out, never guessed)",
     "列映射中没有的阶段及其行数（已略过，绝不猜测）"},
    {"add them under [stages] of the map", "请在映射的 [stages] 中添加"},
    {"none", "无"},
    {"does not fit 64 bits", "超出 64 位"},
}};
// clang-format on

constexpr bool AllSaid() {
  for (const Bilingual& message : kMessages) {
    if (message.en == nullptr || message.zh == nullptr) return false;
  }
  return true;
}
static_assert(AllSaid(), "one text for each enumerator, in both languages");

constexpr const char* In(Language language, Say what) {
  return kMessages[static_cast<size_t>(what)].in(language);
}

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_MESSAGES_H_
