// Runs the golden vectors (README.md beside this file) through an interface.
//
// An interface is a table from the `fn` of a case to a function that takes its
// `input` and gives what came out in the shape of its `expected`. On a refusal
// it gives `Refusal(status)` and nothing else, unless the case says where.
// Numbers that are not finite stand as the text "nan", "inf" or "-inf".
//
// A test program links golden_cases.cc, which has the tests, and defines
// InterfaceUnderTest: golden_test.cc the C++ interface, the one in tests/capi
// the C interface; golden_functions.h has what is the same in both.
#ifndef FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_
#define FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_

#include <functional>
#include <map>
#include <set>
#include <string>

#include "nlohmann/json.hpp"

namespace fivek {

using GoldenJson = nlohmann::json;
using GoldenFunction = std::function<GoldenJson(const GoldenJson& input)>;
using GoldenFunctions = std::map<std::string, GoldenFunction>;

inline GoldenJson Refusal(int status) { return {{"status", status}}; }

// Whether what came out is what is expected: exactly, or with `rel_tol` its
// numbers within rel_tol x max(1, |want|) and all else exactly.
bool Agrees(const GoldenJson& got, const GoldenJson& want, double rel_tol);

struct GoldenInterface {
  GoldenFunctions functions;
  std::set<std::string> absent;  // What it does not offer.
};

GoldenInterface InterfaceUnderTest();

}  // namespace fivek

#endif  // FIVEK_TESTS_GOLDEN_GOLDEN_CASES_H_
