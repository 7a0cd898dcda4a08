#include "tests/golden/golden_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

// How many cases a file had when this was written: fewer is a loss.
struct GoldenFile {
  const char* name;
  size_t least;
};
void PrintTo(const GoldenFile& file, std::ostream* os) { *os << file.name; }
constexpr GoldenFile kFiles[] = {
    {"calendar", 267}, {"columns", 71},      {"cycle", 236},
    {"evidence", 54},  {"hash", 15},         {"milestone", 516},
    {"money", 282},    {"opportunity", 331}, {"rollup", 93},
    {"rubric", 54},    {"strength", 482},
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
// whose result is not exactly as expected, are failures.
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
    EXPECT_TRUE(got == c.at("expected"))
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

}  // namespace
}  // namespace fivek
