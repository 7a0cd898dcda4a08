// The conversation: buying signals 购买信号, objections 拒签问题, pain
// discovery, qualification.
//
// Catalogues that a CRM shows while a seller talks to a customer, and what
// follows from a signal and from the answers before a visit. Codes are part of
// the ABI. Cost: O(1). Thread-safety: constants and pure functions.
// Source: domain.md §9.
//
//   QualificationResult r = Qualify({Answer::kYes, Answer::kNotAsked,
//                                    Answer::kNotAsked});
//   r.verdict;        // kPending
//   r.next_question;  // 1: is there a wish to sign?
#ifndef FIVEK_METHOD_CONVERSATION_H_
#define FIVEK_METHOD_CONVERSATION_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "fivek/base/language.h"
#include "fivek/method/evidence.h"

namespace fivek {

// Buying signals (codes 0-3, 16-19, 32-38) come in three groups; the code says
// which: group = code / 16.
enum class SignalGroup : uint8_t {
  kExpression = 0,
  kPosture = 1,
  kSpeech = 2,
};

// clang-format off
inline constexpr std::array<NamedCode, 3> kSignalGroups = {{
    {0, {"expression", "表情"}},
    {1, {"posture",    "姿态"}},
    {2, {"speech",     "语言"}},
}};

inline constexpr std::array<NamedCode, 15> kSignals = {{
    {0,  {"face and attitude change",              "面部表情与态度发生变化"}},
    {1,  {"looks you in the eye",                  "直视你的眼睛"}},
    {2,  {"shows childlike excitement",            "流露孩子般的兴奋"}},
    {3,  {"customers smile at each other",         "客户之间相视而笑"}},
    {16, {"starts to nod again and again",         "开始频频点头"}},
    {17, {"nervous movements",                     "出现紧张的动作"}},
    {18, {"moves to a better place to talk",       "换到更适合交谈的地方"}},
    {19, {"reads the manual closely",              "仔细翻阅说明书"}},
    {32, {"talks around price",                    "围绕价格交谈"}},
    {33, {"asks about after-sales service",        "询问售后服务"}},
    {34, {"asks how it is used",                   "询问使用方法"}},
    {35, {"asks in earnest about the product",     "认真询问产品"}},
    {36, {"wants to try it",                       "想要试用"}},
    {37, {"compares it with other products",       "与其他产品比较"}},
    {38, {"shows liking",                          "表示喜爱"}},
}};

// Objections have four groups and one root: lack of confidence 缺乏信心.
inline constexpr std::array<NamedCode, 4> kObjections = {{
    {0, {"strategic priority",        "战略优先"}},
    {1, {"timing or policy priority", "策略优先"}},
    {2, {"team readiness",            "团队"}},
    {3, {"price",                     "价格"}},
}};

// What customers say instead of an objection, and what to do then.
struct SayingRow {
  uint8_t code;
  Bilingual saying, response;
};
inline constexpr std::array<SayingRow, 3> kSayings = {{
    {0, {"I will think about it", "我要考虑一下"},
        {"ask what the worry is", "询问顾虑是什么"}},
    {1, {"no money now", "现在没有钱"},
        {"ask when it arrives", "询问资金何时到位"}},
    {2, {"I must ask the chairman", "我要请示董事长"},
        {"the contact is not the key person: learn whether the chairman would follow the advice, and the likeliest reason for a no",
         "联系人不是关键人物：了解董事长是否会采纳其建议，以及最可能的拒绝理由"}},
}};

// Pain discovery: open questions, each narrowing the last.
inline constexpr std::array<NamedCode, 4> kPainQuestions = {{
    {0, {"What is unsatisfactory?",                              "有什么不满意？"}},
    {1, {"Which area is it in?",                                 "问题出在哪个方面？"}},
    {2, {"What is the need behind it?",                          "背后的需求是什么？"}},
    {3, {"Which product attribute answers that need?",           "哪个产品性状能满足该需求？"}},
}};

// The areas that question 1 tells apart.
inline constexpr std::array<NamedCode, 6> kPainAreas = {{
    {0, {"results",        "业绩"}},
    {1, {"users",          "用户"}},
    {2, {"market size",    "市场规模"}},
    {3, {"brand",          "品牌"}},
    {4, {"team",           "团队"}},
    {5, {"business model", "商业模式"}},
}};

// Qualification before a visit, in this order.
inline constexpr std::array<NamedCode, 3> kQualificationQuestions = {{
    {0, {"Is this the key person?",      "是关键人物吗？"}},
    {1, {"Is there a wish to sign?",     "有签约意愿吗？"}},
    {2, {"Is there the means to pay?",   "有支付能力吗？"}},
}};
// clang-format on

template <size_t N>
constexpr bool CodesRise(const std::array<NamedCode, N>& rows, int first,
                         bool dense) {
  if (rows[0].code != first) return false;
  for (size_t i = 1; i < N; ++i) {
    if (dense ? rows[i].code != rows[i - 1].code + 1
              : rows[i].code <= rows[i - 1].code) {
      return false;
    }
  }
  return true;
}
static_assert(CodesRise(kSignals, 0, false) &&
                  CodesRise(kSignalGroups, 0, true) &&
                  CodesRise(kObjections, 0, true) &&
                  CodesRise(kPainQuestions, 0, true) &&
                  CodesRise(kPainAreas, 0, true) &&
                  CodesRise(kQualificationQuestions, 0, true) &&
                  CodesRise(kShownByCodes, 0, true) &&
                  CodesRise(kProofCodes, 0, true),
              "codes in order");

// The group of a buying signal. kInvalidArgument if `code` is not in kSignals.
absl::StatusOr<SignalGroup> GroupOfSignal(int32_t code);

enum class Answer : uint8_t { kNo = 0, kYes = 1, kNotAsked = 255 };

// Answers in the order of kQualificationQuestions.
struct Qualification {
  Answer key_person = Answer::kNotAsked;
  Answer wish = Answer::kNotAsked;
  Answer means = Answer::kNotAsked;
};

enum class QualificationVerdict : uint8_t {
  kPending = 0,       // Something is still to be asked.
  kQualified = 1,     // Three times yes.
  kNotQualified = 2,  // At least one no: the first is `next_question`.
};

struct QualificationResult {
  QualificationVerdict verdict = QualificationVerdict::kPending;
  int32_t next_question = -1;  // What to ask, or what failed; -1: nothing.
  uint32_t open = 0;           // Bit q: question q has no answer.
  uint32_t failed = 0;         // Bit q: it was answered no.
};

// kInvalidArgument for an answer other than 0, 1, 255.
absl::StatusOr<QualificationResult> Qualify(const Qualification& answers);

}  // namespace fivek

#endif  // FIVEK_METHOD_CONVERSATION_H_
