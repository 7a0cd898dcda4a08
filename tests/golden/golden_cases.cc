#include "tests/golden/golden_cases.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace fivek {

bool Agrees(const GoldenJson& got, const GoldenJson& want, double rel_tol) {
  if (rel_tol == 0.0) return got == want;
  if (want.is_number() && got.is_number()) {
    const double wanted = want;
    return std::abs(got.get<double>() - wanted) <=
           rel_tol * std::max(1.0, std::abs(wanted));
  }
  if (!want.is_structured()) return got == want;
  if (got.type() != want.type() || got.size() != want.size()) return false;
  for (const auto& [key, value] : want.items()) {
    const bool known = want.is_array() || got.contains(key);
    if (!known) return false;
    const GoldenJson& other =
        want.is_array() ? got[std::stoul(key)] : got.at(key);
    if (!Agrees(other, value, rel_tol)) return false;
  }
  return true;
}

namespace {

// How many cases a file had when this was written: fewer is a loss.
struct GoldenFile {
  const char* name;
  size_t least;
};
void PrintTo(const GoldenFile& file, std::ostream* os) { *os << file.name; }
constexpr GoldenFile kFiles[] = {
    {"calendar", 267},  {"columns", 71},    {"coverage", 330},
    {"customers", 89},  {"cycle", 236},     {"evidence", 54},
    {"forecasts", 110}, {"grades", 132},    {"hash", 15},
    {"history", 267},   {"ladder", 150},    {"leads", 203},
    {"lifetime", 83},   {"milestone", 516}, {"model", 38},
    {"money", 282},     {"movement", 157},  {"opportunity", 331},
    {"rollup", 93},     {"rubric", 54},     {"steadiness", 20},
    {"strength", 482},  {"wilson", 79},
};

std::filesystem::path Folder() {
  return std::filesystem::path(FIVEK_SOURCE_DIR) / "tests" / "golden";
}

GoldenJson CasesOf(const std::string& name) {
  std::ifstream stream(Folder() / (name + ".json"));
  const GoldenJson document = GoldenJson::parse(stream, nullptr, false);
  if (document.is_discarded() || !document.contains("cases")) {
    ADD_FAILURE() << name << " cannot be read as golden vectors";
    return GoldenJson::array();
  }
  return document["cases"];
}

// A case whose `fn` the interface neither has nor is known to lack, and one
// whose result is not as expected, are failures.
void RunCases(const GoldenJson& cases, const GoldenInterface& interface) {
  std::set<std::string> ids;
  for (const GoldenJson& c : cases) {
    const auto id = c.at("id").get<std::string>();
    const auto fn = c.at("fn").get<std::string>();
    EXPECT_TRUE(ids.insert(id).second) << id << " stands twice";
    if (interface.absent.count(fn) != 0) continue;
    const auto function = interface.functions.find(fn);
    if (function == interface.functions.end()) {
      ADD_FAILURE() << id << ": unknown fn " << fn;
      continue;
    }
    SCOPED_TRACE(id);
    const GoldenJson got = function->second(c.at("input"));
    EXPECT_TRUE(Agrees(got, c.at("expected"), c.value("rel_tol", 0.0)))
        << id << ": " << fn << "(" << c.at("input").dump() << ")\n got "
        << got.dump() << "\nwant " << c.at("expected").dump();
  }
}

class GoldenTest : public testing::TestWithParam<GoldenFile> {};

TEST_P(GoldenTest, TheInterfaceAgrees) {
  const GoldenJson cases = CasesOf(GetParam().name);
  EXPECT_GE(cases.size(), GetParam().least);
  RunCases(cases, InterfaceUnderTest());
}
INSTANTIATE_TEST_SUITE_P(, GoldenTest, testing::ValuesIn(kFiles),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(GoldenFilesTest, AreAllRun) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path().stem().string());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> run;
  for (const GoldenFile& file : kFiles) run.push_back(file.name);
  EXPECT_EQ(files, run);
}

// A vector that nobody runs is a vector that nobody misses.
TEST(GoldenFilesTest, AnUnknownFunctionFails) {
  GoldenInterface interface = InterfaceUnderTest();
  interface.functions.erase("rubric_points");
  const GoldenJson cases = CasesOf("rubric");
  testing::TestPartResultArray failures;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::
            INTERCEPT_ONLY_CURRENT_THREAD,
        &failures);
    RunCases(cases, interface);
  }
  ASSERT_EQ(failures.size(), static_cast<int>(cases.size()));
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message())
                .find("unknown fn rubric_points"),
            std::string::npos);
}

// And a wrong result fails, whatever else is right.
TEST(GoldenFilesTest, AWrongResultFails) {
  GoldenInterface interface = InterfaceUnderTest();
  interface.functions["rubric_points"] = [](const GoldenJson&) {
    return GoldenJson{{"status", 0}, {"points", 21}};
  };
  const GoldenJson cases = CasesOf("rubric");
  testing::TestPartResultArray failures;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::
            INTERCEPT_ONLY_CURRENT_THREAD,
        &failures);
    RunCases(cases, interface);
  }
  EXPECT_EQ(failures.size(), static_cast<int>(cases.size()));
}

TEST(GoldenFilesTest, ATolerance) {
  const GoldenJson want = {{"n", 3}, {"x", {0.5, -100.0}}, {"z", nullptr}};
  const auto agrees = [&want](const char* key, const GoldenJson& value) {
    GoldenJson got = want;
    got[key] = value;
    return Agrees(got, want, 1e-3);
  };
  EXPECT_TRUE(agrees("x", {0.5009, -100.09}));
  EXPECT_TRUE(agrees("x", {0.4991, -99.91}));
  EXPECT_FALSE(agrees("x", {0.502, -100.0})) << "1 is the least that counts";
  EXPECT_FALSE(agrees("x", {0.5, -100.2}));
  EXPECT_FALSE(agrees("x", {0.5}));
  EXPECT_FALSE(agrees("x", {0.5, -100.0, 0.0}));
  EXPECT_FALSE(agrees("x", {0.5, std::nan("")}));
  EXPECT_FALSE(agrees("x", {0.5, "-100"}));
  EXPECT_FALSE(agrees("n", 4)) << "counts are exact";
  EXPECT_FALSE(agrees("z", 0.0)) << "null is undefined";
  EXPECT_FALSE(agrees("more", 1));
  EXPECT_FALSE(Agrees({{"n", 3}}, want, 1e-3));
  EXPECT_FALSE(Agrees(1.0 + 1e-15, 1.0, 0.0)) << "exactly, if nothing is said";
  EXPECT_TRUE(Agrees("inf", "inf", 1e-3));
  EXPECT_FALSE(Agrees(1e300, "inf", 1e-3));
}

}  // namespace
}  // namespace fivek
