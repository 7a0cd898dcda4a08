// Names of what customers are sorted into: the segments of accounts/rfm.h and
// whether the next order is due, of accounts/lifetime_value.h. Texts only; the
// codes and what they mean are theirs.
#ifndef FIVEK_METHOD_CUSTOMER_NAMES_H_
#define FIVEK_METHOD_CUSTOMER_NAMES_H_

#include <array>

#include "fivek/method/evidence.h"

namespace fivek {

// clang-format off
inline constexpr std::array<NamedCode, 12> kRfmSegmentNames = {{
    {0,  {"champions",         "冠军客户"}},
    {1,  {"loyal",             "忠诚客户"}},
    {2,  {"potential loyal",   "潜在忠诚客户"}},
    {3,  {"new",               "新客户"}},
    {4,  {"promising",         "有前景客户"}},
    {5,  {"need attention",    "需要关注"}},
    {6,  {"about to sleep",    "即将沉睡"}},
    {7,  {"at risk",           "流失风险"}},
    {8,  {"cannot lose",       "不能失去"}},
    {9,  {"hibernating",       "休眠客户"}},
    {10, {"lost",              "已流失"}},
    {11, {"never bought",      "从未购买"}},
}};

inline constexpr std::array<NamedCode, 3> kOrderDueNames = {{
    {0, {"not yet due", "未到期"}},
    {1, {"late",        "迟到"}},
    {2, {"overdue",     "逾期"}},
}};
// clang-format on

}  // namespace fivek

#endif  // FIVEK_METHOD_CUSTOMER_NAMES_H_
