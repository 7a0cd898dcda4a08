// Runs the golden vectors (README.md beside this file) through an interface.
//
// An interface is a table from the `fn` of a case to a function that takes its
// `input` and gives what came out in the shape of its `expected`. On a refusal
// it gives `Refusal(status)` and nothing else. The same files so drive the C++
// interface (golden_test.cc), the C one, and any binding.
//
//   const GoldenFunctions kCpp = {{"fivek_milestone_of", MilestoneOf}, ...};
//   EXPECT_EQ(RunGoldenFile("milestone.json", kCpp, {}), 516);
#ifndef FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_
#define FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"

namespace fivek {

using GoldenJson = nlohmann::json;
using GoldenFunction = std::function<GoldenJson(const GoldenJson& input)>;
using GoldenFunctions = std::map<std::string, GoldenFunction>;

inline GoldenJson Refusal(int status) { return {{"status", status}}; }

// All files of tests/golden, in order.
std::vector<std::string> GoldenFiles();

// Runs every case of a file and gives how many cases ran. A case whose `fn` is
// neither in `functions` nor in `absent`, a case whose result is not exactly as
// expected and a file that cannot be read are failures of the test. `absent`
// holds what the interface does not offer.
int RunGoldenFile(const std::string& file, const GoldenFunctions& functions,
                  const std::set<std::string>& absent);

}  // namespace fivek

#endif  // FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_
