// The words for how accounts are managed: cells of the portfolio, the golden
// triangle, sales modes, teams, segments of customers, follow-ups, visits. What
// the codes mean and decide stands in the headers of accounts/.
//
//   kPortfolioCells[0].name.zh;  // "重点客户"
//
// Thread-safety: constants. Source: domain.md §8, §9.
#ifndef FIVEK_METHOD_ACCOUNT_NAMES_H_
#define FIVEK_METHOD_ACCOUNT_NAMES_H_

#include <array>

#include "fivek/method/evidence.h"

namespace fivek {

// clang-format off
inline constexpr std::array<NamedCode, 4> kPortfolioCells = {{
    {0, {"key",         "重点客户"}},
    {1, {"prospective", "可能客户"}},
    {2, {"ordinary",    "普通客户"}},
    {3, {"ignore",      "忽略"}},
}};

// What is done with the accounts of a cell.
inline constexpr std::array<NamedCode, 4> kPortfolioStrategies = {{
    {0, {"grow and protect", "发展并保护"}},
    {1, {"develop",          "开发"}},
    {2, {"maintain",         "维护"}},
    {3, {"serve at low cost", "低成本服务"}},
}};

inline constexpr std::array<NamedCode, 3> kTriangleCorners = {{
    {0, {"target",      "目标"}},
    {1, {"information", "信息"}},
    {2, {"frequency",   "频率"}},
}};

inline constexpr std::array<NamedCode, 4> kConcerns = {{
    {0, {"price",                    "价格"}},
    {1, {"efficiency",               "效率"}},
    {2, {"making the product work",  "产品用得好"}},
    {3, {"a lasting relationship",   "长期关系"}},
}};

inline constexpr std::array<NamedCode, 3> kSalesModes = {{
    {0, {"transactional", "交易型"}},
    {1, {"solution",      "解决方案型"}},
    {2, {"key account",   "要客型"}},
}};

// What a mode does.
inline constexpr std::array<NamedCode, 3> kSalesModePractices = {{
    {0, {"shorten the cycle",                        "缩短周期"}},
    {1, {"make the product work for the customer",   "让产品为客户发挥作用"}},
    {2, {"company to company, function to function", "公司对公司、职能对职能"}},
}};

inline constexpr std::array<NamedCode, 6> kTeamFunctions = {{
    {0, {"field",             "现场销售"}},
    {1, {"telephone",         "电话销售"}},
    {2, {"technical",         "技术"}},
    {3, {"executive sponsor", "高层支持"}},
    {4, {"finance",           "财务"}},
    {5, {"engineering",       "工程"}},
}};

inline constexpr std::array<NamedCode, 3> kTeamPhases = {{
    {0, {"development",              "客户开发"}},
    {1, {"proposal and negotiation", "方案和谈判"}},
    {2, {"maintenance",              "客户维护"}},
}};

inline constexpr std::array<NamedCode, 5> kTeamTraits = {{
    {0, {"confidence",    "自信"}},
    {1, {"comprehension", "领悟力"}},
    {2, {"influence",     "影响力"}},
    {3, {"agreeableness", "亲和力"}},
    {4, {"constancy",     "恒心"}},
}};

inline constexpr std::array<NamedCode, 4> kTeamGroupings = {{
    {0, {"one seller does all",                  "一人全程"}},
    {1, {"a developer, and one for the rest",    "开发者加其余一人"}},
    {2, {"developer and proposer, and maintainer", "开发兼方案者加维护者"}},
    {3, {"one for each phase",                   "每阶段一人"}},
}};

inline constexpr std::array<NamedCode, 6> kSegmentParts = {{
    {0, {"target customers", "目标客户"}},
    {1, {"offer",            "产品方案"}},
    {2, {"sales process",    "销售流程"}},
    {3, {"team functions",   "团队职能"}},
    {4, {"sales mode",       "销售模式"}},
    {5, {"team grouping",    "团队分组"}},
}};

inline constexpr std::array<NamedCode, 4> kSegmentFactors = {{
    {0, {"market size",  "市场规模"}},
    {1, {"coverage",     "覆盖率"}},
    {2, {"win rate",     "赢单率"}},
    {3, {"average deal", "平均单额"}},
}};

// Of accounts/rfm.h.
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

// Of accounts/lifetime_value.h.
inline constexpr std::array<NamedCode, 3> kOrderDueNames = {{
    {0, {"not yet due", "未到期"}},
    {1, {"late",        "迟到"}},
    {2, {"overdue",     "逾期"}},
}};

// Of accounts/lead.h.
inline constexpr std::array<NamedCode, 4> kFollowUpNames = {{
    {0, {"overdue",                     "逾期"}},
    {1, {"due",                         "到期"}},
    {2, {"upcoming",                    "未到期"}},
    {3, {"contacted, but of no class", "已联系、未分级"}},
}};

// Of accounts/visit_policy.h: how often an account is seen before it decides.
inline constexpr std::array<NamedCode, 3> kVisitGroupNames = {{
    {0, {"once",                "一次"}},
    {1, {"twice",               "两次"}},
    {2, {"three times or more", "三次及以上"}},
}};

// Of accounts/coverage.h: the share of hours against the share of value.
inline constexpr std::array<NamedCode, 3> kHoursVerdictNames = {{
    {0, {"even",                  "相当"}},
    {1, {"more hours than value", "投入多于价值"}},
    {2, {"more value than hours", "价值多于投入"}},
}};
// clang-format on

}  // namespace fivek

#endif  // FIVEK_METHOD_ACCOUNT_NAMES_H_
