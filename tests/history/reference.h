// Reference vectors that stand beside the project, if they do: worked out in
// exact fractions and 50 digits, compared with the tolerance of each case.
#ifndef FIVEK_TESTS_HISTORY_REFERENCE_H_
#define FIVEK_TESTS_HISTORY_REFERENCE_H_

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace fivek {

// The cases of a section that are for `fn`; none where the folder is not.
inline std::vector<nlohmann::json> ReferenceCases(const std::string& section,
                                                  const std::string& fn) {
  std::ifstream file(std::string(FIVEK_SHARED_DATA_DIR) + "/reference/" +
                     section + ".json");
  std::vector<nlohmann::json> cases;
  if (!file) return cases;
  const nlohmann::json all = nlohmann::json::parse(file);
  for (const nlohmann::json& one : all.at("cases")) {
    if (one.at("fn") == fn) cases.push_back(one);
  }
  EXPECT_FALSE(cases.empty()) << "no " << fn << " in " << section;
  return cases;
}

// |got - want| <= tolerance x max(1, |want|)
MATCHER_P2(IsNear, want, tolerance, "") {
  *result_listener << "off by " << arg - want;
  return std::fabs(arg - want) <=
         tolerance * std::max(1.0, std::fabs(static_cast<double>(want)));
}

}  // namespace fivek

// Ends a test that has nothing to compare with.
#define FIVEK_NEEDS_REFERENCE(cases)                                  \
  if ((cases).empty()) {                                              \
    GTEST_SKIP() << "no reference vectors in " FIVEK_SHARED_DATA_DIR; \
  }

#endif  // FIVEK_TESTS_HISTORY_REFERENCE_H_
