// The headers against the lists that go with them: each function is declared,
// listed in symbols.txt, documented with its release, and called by the tests
// in C; each constant stands in constants.txt. Reads the texts, so that nothing
// can be forgotten in one of them.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(std::string(FIVEK_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

// fivek.h and what stands beside it.
std::string ReadHeaders() {
  return ReadFile("capi/fivek.h") + ReadFile("capi/fivek_arrow.h");
}

struct Declaration {
  std::string name;
  std::string comment;  // The one before it, maybe shared with the one above.
};

// The functions in the order of the headers.
std::vector<Declaration> Declarations() {
  // A comment, or a declaration up to its name.
  static const auto* const kPattern = new std::regex(
      R"((/\*(?:[^*]|\*(?!/))*\*/)|^FIVEK_API[^;(]*?(fivek_\w+)\()",
      std::regex::ECMAScript | std::regex::multiline);
  std::vector<Declaration> found;
  const std::string header = ReadHeaders();
  std::string comment;
  for (auto match =
           std::sregex_iterator(header.begin(), header.end(), *kPattern);
       match != std::sregex_iterator(); ++match) {
    if ((*match)[1].matched) {
      comment = (*match)[1];
    } else {
      found.push_back({(*match)[2], comment});
    }
  }
  return found;
}

struct Symbol {
  std::string node, since;
};

std::map<std::string, Symbol> Symbols() {
  std::map<std::string, Symbol> symbols;
  std::istringstream lines(ReadFile("capi/symbols.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name;
    Symbol symbol;
    words >> name >> symbol.node >> symbol.since;
    EXPECT_TRUE(symbols.emplace(name, symbol).second) << name;
  }
  return symbols;
}

TEST(ContractTest, TheHeadersDeclareWhatTheLibraryExports) {
  std::set<std::string> declared;
  for (const Declaration& d : Declarations()) {
    EXPECT_TRUE(declared.insert(d.name).second) << d.name;
  }
  std::set<std::string> exported;
  for (const auto& [name, symbol] : Symbols()) exported.insert(name);
  EXPECT_EQ(declared, exported);
  EXPECT_GE(declared.size(), 49U);
}

TEST(ContractTest, EveryFunctionSaysSinceWhen) {
  const std::map<std::string, Symbol> symbols = Symbols();
  for (const Declaration& d : Declarations()) {
    std::smatch since;
    ASSERT_TRUE(
        std::regex_search(d.comment, since, std::regex(R"(@since\s+(\S+))")))
        << d.name;
    ASSERT_EQ(symbols.count(d.name), 1U) << d.name;
    EXPECT_EQ(since[1], symbols.at(d.name).since) << d.name;
    EXPECT_EQ(symbols.at(d.name).node, "FIVEK_" + symbols.at(d.name).since)
        << d.name;
    EXPECT_NE(d.comment.find("Thread-safe."), std::string::npos) << d.name;
  }
}

// Fallible functions give a status and take an error, at the end.
TEST(ContractTest, AStatusComesWithAnError) {
  const std::string header = ReadHeaders();
  const std::regex declaration(R"(^FIVEK_API ([^;(]*?)(fivek_\w+)\(([^;]*)\);)",
                               std::regex::ECMAScript | std::regex::multiline);
  size_t count = 0;
  for (auto match =
           std::sregex_iterator(header.begin(), header.end(), declaration);
       match != std::sregex_iterator(); ++match, ++count) {
    const std::string result = (*match)[1];
    const std::string parameters = (*match)[3];
    const bool takes_error = std::regex_search(
        parameters, std::regex(R"((^|\s)fivek_error\* error$)"));
    EXPECT_EQ(result == "fivek_status ", takes_error) << (*match)[2];
  }
  EXPECT_EQ(count, Declarations().size());
}

TEST(ContractTest, TheTestsInCCallEveryFunction) {
  const std::string test = ReadFile("tests/capi/c_test.c");
  for (const Declaration& d : Declarations()) {
    EXPECT_NE(test.find(d.name + "("), std::string::npos) << d.name;
  }
}

TEST(ContractTest, EveryConstantIsListed) {
  const std::string header = ReadHeaders();
  const std::regex constant(R"(^#define (FIVEK_[A-Z0-9_]+) +(\d+))",
                            std::regex::ECMAScript | std::regex::multiline);
  std::vector<std::string> defined;
  for (auto match =
           std::sregex_iterator(header.begin(), header.end(), constant);
       match != std::sregex_iterator(); ++match) {
    defined.push_back((*match)[1].str() + " " + (*match)[2].str());
  }
  std::vector<std::string> listed;
  std::istringstream lines(ReadFile("tests/abi/constants.txt"));
  for (std::string name, value; lines >> name >> value;) {
    listed.push_back(name + " " + value);
  }
  EXPECT_EQ(defined, listed);
  EXPECT_GE(listed.size(), 100U);
}

// A constant with a number of its own in each group: two names for one code
// would be two meanings.
TEST(ContractTest, CodesOfAGroupDiffer) {
  std::istringstream lines(ReadFile("tests/abi/constants.txt"));
  std::map<std::string, std::set<std::string>> groups;
  for (std::string name, value; lines >> name >> value;) {
    const std::string group = name.substr(0, name.find('_', 6));
    // "EVIDENCE" holds a count and an item, and the statuses have no prefix.
    if (group == "FIVEK_EVIDENCE") continue;
    EXPECT_TRUE(groups[group].insert(value).second) << name << " " << value;
  }
  EXPECT_GT(groups.size(), 5U);
}

TEST(ContractTest, TheLayoutIsTheSameInCpp) {
  EXPECT_EQ(sizeof(fivek_error), 256U);
  EXPECT_EQ(sizeof(fivek_assessment), 8U);
  EXPECT_EQ(sizeof(fivek_opportunity), 64U);
  EXPECT_EQ(sizeof(fivek_event), 32U);
  EXPECT_EQ(sizeof(fivek_waiver), 8U);
  EXPECT_EQ(offsetof(fivek_error, message), 32U);
  EXPECT_EQ(offsetof(fivek_opportunity, stage_since), 32U);
  EXPECT_EQ(offsetof(fivek_opportunity, proven), 56U);
  EXPECT_EQ(offsetof(fivek_event, reference), 24U);
}

}  // namespace
