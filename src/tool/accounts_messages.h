// What `fivek accounts` says to people, in English and Chinese. The names of
// segments and of what is due are labels (fivek/method/labels.h).
#ifndef FIVEK_TOOL_ACCOUNTS_MESSAGES_H_
#define FIVEK_TOOL_ACCOUNTS_MESSAGES_H_

#include "fivek/base/language.h"

namespace fivek::tool::accounts_say {

// clang-format off
inline constexpr Bilingual kTitle = {"Accounts in", "客户分析："};
inline constexpr Bilingual kSales = {"sales", "笔销售"};
inline constexpr Bilingual kCredits = {"credit notes", "笔退款"};
inline constexpr Bilingual kAccounts = {"accounts", "客户数"};
inline constexpr Bilingual kTo = {"to", "至"};
inline constexpr Bilingual kLeftOut = {"Left out", "未计入"};
inline constexpr Bilingual kNotWon = {"deals that are not won", "未赢单的商机"};
inline constexpr Bilingual kNoAccount = {"sales without an account", "无客户的销售"};
inline constexpr Bilingual kNoAmount = {"sales without an amount", "无金额的销售"};
inline constexpr Bilingual kAfter = {"sales after the day", "该日之后的销售"};

inline constexpr Bilingual kClasses = {
    "Classes: A down to the account that crosses 80 % of the value, B to 95 %, C the rest",
    "等级：A 累计至跨过价值 80 % 的客户，B 至 95 %，其余为 C"};
inline constexpr Bilingual kClass = {"class", "等级"};
inline constexpr Bilingual kShare = {"share", "占比"};
inline constexpr Bilingual kValue = {"value", "金额"};
inline constexpr Bilingual kFrom = {"from", "起点"};
inline constexpr Bilingual kTotal = {"total", "合计"};
inline constexpr Bilingual kNegative = {"N (returns)", "N（净退款）"};

inline constexpr Bilingual kMoved = {"Who moved: sales before, and since,", "等级变动：此日之前与之后，"};
inline constexpr Bilingual kBeforeSince = {"before \\ since", "之前 \\ 之后"};
inline constexpr Bilingual kNothing = {"no sales", "无销售"};
inline constexpr Bilingual kBoundary[] = {
    {"An A had at least", "A 级至少为"}, {"A B had at least", "B 级至少为"}};
inline constexpr Bilingual kNow = {"now", "现为"};
inline constexpr Bilingual kMover = {"moved by", "推动者："};
inline constexpr Bilingual kCauses[] = {
    {"", ""},
    {"by its own sales", "自身销售所致"},
    {"the bounds moved past it", "界线移过了它"},
    {"by its own sales and the bounds", "自身销售与界线所致"},
    {"new", "新客户"},
    {"no sales since", "此后无销售"}};

inline constexpr Bilingual kSteady = {
    "How steadily they order: accounts by class and by variation of whole months (X up to 25 %, Y up to 50 %, Z above)",
    "订货稳定性：按等级与整月变异系数（X 至 25 %，Y 至 50 %，Z 以上），月数"};
inline constexpr Bilingual kMonths = {"months", "个月"};
inline constexpr Bilingual kTooFewMonths = {
    "Fewer than two whole months: nothing can be said of how steadily they order.",
    "整月不足两个：无法判断订货稳定性。"};
inline constexpr Bilingual kShort = {
    "Fewer than 12 months: an account with empty ones is a Z too easily.",
    "不足 12 个月：有空月的客户容易被归为 Z。"};

inline constexpr Bilingual kSegments = {
    "Segments by recency, frequency and money (scores 1 to 5 by rank; equal values share a score)",
    "按最近、频次、金额分群（按名次 1 至 5 分；相同取值同分）"};
inline constexpr Bilingual kSegment = {"segment", "分群"};

inline constexpr Bilingual kOutlook = {"Still to come, in days:", "未来展望，天数："};
inline constexpr Bilingual kOrders = {"orders", "订单"};
inline constexpr Bilingual kStill = {"still customers", "仍为客户"};
inline constexpr Bilingual kExpectedValue = {"expected value", "期望金额"};
inline constexpr Bilingual kNoModel = {
    "The orders say too little to look ahead", "订单数据不足以预测"};
inline constexpr Bilingual kNoValueModel = {
    "Amounts say too little to value what is to come", "金额数据不足以估值"};
inline constexpr Bilingual kModel = {
    "Model of orders (BG/NBD, days; 95 % intervals)", "订单模型（BG/NBD，天；95 % 区间）"};
inline constexpr Bilingual kValueModel = {
    "Model of amounts (gamma-gamma, minor units)", "金额模型（gamma-gamma，最小货币单位）"};
inline constexpr Bilingual kRepeaters = {"accounts that ordered again", "个再次订货的客户"};
inline constexpr Bilingual kOnce = {
    "The model takes who ordered once for a customer still: watch these by hand.",
    "模型把只订过一次的客户都视为仍在：请人工跟进。"};

inline constexpr Bilingual kVisits = {
    "What that deserves: visits a year, at so many for each account of a class",
    "相应的拜访：每年次数，按等级每个客户若干次"};
inline constexpr Bilingual kEach = {"each", "每户"};
inline constexpr Bilingual kVisitCount = {"visits", "拜访次数"};
inline constexpr Bilingual kShareOfValue = {"share of value", "金额占比"};

inline constexpr Bilingual kLargest = {"The largest", "最大客户"};
inline constexpr Bilingual kAccount = {"account", "客户"};
inline constexpr Bilingual kScores = {"R-F-M", "R-F-M"};
inline constexpr Bilingual kLastOrder = {"last order", "最近订货"};
inline constexpr Bilingual kAlive = {"still a customer", "仍为客户"};
inline constexpr Bilingual kNextOrder = {"next order", "下次订货"};
inline constexpr Bilingual kSilent = {"days silent", "沉默天数"};
inline constexpr Bilingual kGap = {"usual gap", "通常间隔"};

inline constexpr Bilingual kOverdue = {
    "To call first: A accounts whose next order is overdue and who are probably lost",
    "优先联系：下次订货已逾期、很可能流失的 A 级客户"};
inline constexpr Bilingual kFallen = {
    "To look into: accounts that were an A before, and are none since",
    "需关注：之前为 A 级、之后不再是的客户"};
inline constexpr Bilingual kWhy = {"why", "原因"};
inline constexpr Bilingual kNobody = {"None.", "无。"};
inline constexpr Bilingual kMore = {"more", "更多"};
// clang-format on

}  // namespace fivek::tool::accounts_say

#endif  // FIVEK_TOOL_ACCOUNTS_MESSAGES_H_
