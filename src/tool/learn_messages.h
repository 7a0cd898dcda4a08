// What `fivek learn` says to people, in English and Chinese.
#ifndef FIVEK_TOOL_LEARN_MESSAGES_H_
#define FIVEK_TOOL_LEARN_MESSAGES_H_

#include "fivek/base/language.h"

namespace fivek::tool::learn_say {

// clang-format off
inline constexpr Bilingual kTitle = {"Learned from", "学习自："};
inline constexpr Bilingual kIntervals = {
    "Each number stands with its interval (low, high: 90 % of what is believed; of a score's probability that of Venn and Abers), as many closed deals as would tell as much (n), and its source.",
    "每个数字旁边是区间（低、高：90 % 可信区间；得分概率用 Venn-Abers 区间）、相当于多少个已结商机（n）以及来源。"};
inline constexpr Bilingual kValue = {"value", "数值"};
inline constexpr Bilingual kLow = {"low", "低"};
inline constexpr Bilingual kHigh = {"high", "高"};
inline constexpr Bilingual kN = {"n", "n"};
inline constexpr Bilingual kSource = {"source", "来源"};
inline constexpr Bilingual kSources[] = {
    {"ladder", "阶梯"}, {"shrunk", "收缩"}, {"learned", "学得"}, {"no signal", "无信号"}};
inline constexpr Bilingual kVerdict = {"Verdict", "结论"};
inline constexpr Bilingual kZ = {"z", "z"};

// Deals.
inline constexpr Bilingual kClosedDeals = {"closed deals", "已结商机"};
inline constexpr Bilingual kWon = {"won", "赢单"};
inline constexpr Bilingual kOpenLeftOut = {"open, left out", "进行中（未计入）"};
inline constexpr Bilingual kOutcomeColumn = {"outcome", "结果列"};
inline constexpr Bilingual kAdopted = {
    "adopted: on deals it had not seen the scorecard forecast better than the win rate alone",
    "采用：对未见过的商机，评分卡的预测优于单凭赢单率"};
inline constexpr Bilingual kTooFew = {
    "no signal: there are too few closed deals, won or lost, to ask for one",
    "无信号：已结（赢单或输单）商机太少，无法判断"};
inline constexpr Bilingual kNotBetter = {
    "no signal: on deals it had not seen the scorecard was no better than the win rate alone",
    "无信号：对未见过的商机，评分卡并不优于单凭赢单率"};
inline constexpr Bilingual kNotSure = {
    "no signal: on deals it had not seen the scorecard was better than the win rate alone, but by no more than chance may give",
    "无信号：对未见过的商机，评分卡虽优于单凭赢单率，但差距不超过偶然"};
inline constexpr Bilingual kLogLoss = {"log loss", "对数损失"};
inline constexpr Bilingual kAgainst = {"against", "对"};
inline constexpr Bilingual kNeeded = {"needed", "需要"};
inline constexpr Bilingual kSoBaseRate = {
    "So every deal has the base rate:", "因此每个商机都取基准赢单率："};
inline constexpr Bilingual kBaseRate = {"Win rate of all", "总赢单率"};
inline constexpr Bilingual kScorecard = {
    "Scorecard: a deal's score is the sum of its points, one line of each column; 10 points more double the odds",
    "评分卡：商机得分为各列得分之和（每列一行）；每多 10 分，胜算翻倍"};
inline constexpr Bilingual kColumn = {"column", "列"};
inline constexpr Bilingual kAnswer = {"answer", "取值"};
inline constexpr Bilingual kPoints = {"points", "分"};
inline constexpr Bilingual kDeals = {"deals", "商机数"};
inline constexpr Bilingual kWinRate = {"win rate", "赢单率"};
inline constexpr Bilingual kOther = {"(any other)", "（其他）"};
inline constexpr Bilingual kMissing = {"(no answer)", "（无取值）"};
inline constexpr Bilingual kBelow = {"below", "低于"};
inline constexpr Bilingual kFrom = {"from", "自"};
inline constexpr Bilingual kTo = {"to below", "至低于"};
inline constexpr Bilingual kBands = {
    "From score to probability of winning (of the score in the middle)",
    "从得分到赢单概率（取区间中点）"};
inline constexpr Bilingual kScore = {"score", "得分"};
inline constexpr Bilingual kMiddle = {"middle", "中点"};
inline constexpr Bilingual kProbability = {"P(won)", "赢单概率"};
inline constexpr Bilingual kUnseen = {
    "How good on deals not seen", "对未见过的商机的预测质量"};
inline constexpr Bilingual kFoldsGiven = {"folds as given", "按给定分组"};
inline constexpr Bilingual kFoldsOwn = {
    "five folds by what rows say", "按行内容分为五组"};
inline constexpr Bilingual kOneFold = {
    "All rows are in one fold: there are no deals not seen.",
    "所有行都在同一组：没有未见过的商机。"};
inline constexpr Bilingual kForecast = {"forecast", "预测"};
inline constexpr Bilingual kMeasure = {"measure", "指标"};
inline constexpr Bilingual kTheScorecard = {"scorecard", "评分卡"};
inline constexpr Bilingual kConstant = {"win rate alone", "仅赢单率"};
inline constexpr Bilingual kPlsCompat = {"naive Bayes (pls_compat)", "朴素贝叶斯（pls_compat）"};
inline constexpr Bilingual kMeasures = {
    "AUC: higher is better, 0.5 is chance. Brier score, log loss, calibration error: lower is better.",
    "AUC 越高越好，0.5 为随机；Brier 分数、对数损失、校准误差越低越好。"};
inline constexpr Bilingual kAuc = {"AUC", "AUC"};
inline constexpr Bilingual kBrier = {"Brier score", "Brier 分数"};
inline constexpr Bilingual kEce = {"calibration error", "校准误差"};
inline constexpr Bilingual kSkipped = {"Columns left out", "未使用的列"};
inline constexpr Bilingual kReason = {"why", "原因"};
inline constexpr Bilingual kSkipReasons[] = {
    {"empty", "为空"},
    {"a date", "日期"},
    {"another text in every row: who the deal is, not how", "每行都不同：说明是谁，而非如何"},
    {"it is the outcome once more", "即结果本身"},
    {"as asked for (--without)", "按要求（--without）"}};

// Visits.
inline constexpr Bilingual kVisits = {"visits", "停留"};
inline constexpr Bilingual kLater = {"later, left out", "之后的（未计入）"};
inline constexpr Bilingual kLost = {"lost", "输单"};
inline constexpr Bilingual kOpen = {"open", "进行中"};
inline constexpr Bilingual kPeriod = {"to", "至"};
inline constexpr Bilingual kStrength = {"prior counts as deals", "先验相当于商机数"};
inline constexpr Bilingual kCounts = {
    "Milestones: what became of the deals there", "里程碑：各处商机的去向"};
inline constexpr Bilingual kMilestone = {"milestone", "里程碑"};
inline constexpr Bilingual kAdvanced = {"advanced", "前进"};
inline constexpr Bilingual kMovedBack = {"moved back", "后退"};
inline constexpr Bilingual kWentUp = {"went up", "前进率"};
inline constexpr Bilingual kAtLeast = {"at least", "至少"};
inline constexpr Bilingual kAtMost = {"at most", "至多"};
inline constexpr Bilingual kWentUpMeans = {
    "went up: of those who left upwards or lost; at least, at most: whatever becomes of the open ones.",
    "前进率：前进占前进与输单之和；至少、至多：无论进行中的结果如何。"};
inline constexpr Bilingual kConversion = {
    "Conversion: of those who leave upwards or lost, the share that goes up",
    "转化率：前进占前进与输单之和"};
inline constexpr Bilingual kLearned = {"learned", "学得"};
inline constexpr Bilingual kPrior = {"method", "方法"};
inline constexpr Bilingual kLadder = {
    "Ladder: the probability of winning from each milestone",
    "阶梯：各里程碑的赢单概率"};
inline constexpr Bilingual kAges = {
    "Ladder by age: the probability of winning after so many days there (low to high)",
    "按停留天数的阶梯：停留若干天后的赢单概率（低至高）"};
inline constexpr Bilingual kFromDay = {"day", "天"};
inline constexpr Bilingual kGaps = {
    "Is the ladder right on average? Mean of what came next, less what was said: 0 if it is",
    "阶梯平均而言是否正确？其后的均值减去所声称的值：正确时为 0"};
inline constexpr Bilingual kWins = {"Wins to expect of the open deals", "进行中商机的期望赢单数"};
inline constexpr Bilingual kInTheEnd = {"ladder learned, in the end", "学得的阶梯，最终"};
inline constexpr Bilingual kByPrior = {"ladder of the method, in the end", "方法的阶梯，最终"};
inline constexpr Bilingual kByClosed = {"win rate of closed deals, in the end", "已结商机的赢单率，最终"};
inline constexpr Bilingual kWithin = {"ladder learned, within days:", "学得的阶梯，天数内："};
inline constexpr Bilingual kNoWithin = {
    "History does not say when deals are won", "历史数据未说明何时赢单"};
inline constexpr Bilingual kCheck = {
    "Out of sample: learned as of an earlier day, asked about deals decided since",
    "样本外检验：按较早日期学习，预测此后已定的商机"};
inline constexpr Bilingual kAsOf = {"as of", "截至"};
inline constexpr Bilingual kOpenThen = {"deals open then", "当时进行中的商机"};
inline constexpr Bilingual kDecided = {"decided since", "此后已定"};
inline constexpr Bilingual kNoneDecided = {
    "No deal that was open then has been decided since: nothing can be said.",
    "当时进行中的商机此后均未定：无法判断。"};
inline constexpr Bilingual kLadderLearned = {"ladder learned", "学得的阶梯"};
inline constexpr Bilingual kLadderPrior = {"ladder of the method", "方法的阶梯"};
inline constexpr Bilingual kClosedOnly = {"win rate of closed deals", "已结商机的赢单率"};
inline constexpr Bilingual kGateWords[] = {
    {"the ladder learned is better", "学得的阶梯更好"},
    {"too few deals to tell", "商机太少，无法判断"},
    {"the ladder learned is not better", "学得的阶梯并不更好"},
    {"the ladder learned is better, but by no more than chance may give", "学得的阶梯更好，但差距不超过偶然"}};
inline constexpr Bilingual kModelNotWritten = {
    "no model is written, as rows cannot be read", "因有无法读取的行，未写出模型"};
// clang-format on

}  // namespace fivek::tool::learn_say

#endif  // FIVEK_TOOL_LEARN_MESSAGES_H_
