#include "tests/golden/golden_cases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"

namespace fivek {
namespace {

const std::filesystem::path& Folder() {
  static const auto* const kFolder = new std::filesystem::path(
      std::filesystem::path(FIVEK_SOURCE_DIR) / "tests" / "golden");
  return *kFolder;
}

}  // namespace

std::vector<std::string> GoldenFiles() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path().filename().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

int RunGoldenFile(const std::string& file, const GoldenFunctions& functions,
                  const std::set<std::string>& absent) {
  std::ifstream stream(Folder() / file);
  const GoldenJson document = GoldenJson::parse(stream, nullptr, false);
  if (document.is_discarded() || !document.contains("cases")) {
    ADD_FAILURE() << file << " cannot be read as golden vectors";
    return 0;
  }
  int ran = 0;
  std::set<std::string> ids;
  for (const GoldenJson& c : document["cases"]) {
    const auto id = c.at("id").get<std::string>();
    const auto fn = c.at("fn").get<std::string>();
    EXPECT_TRUE(ids.insert(id).second) << file << ": " << id << " stands twice";
    if (absent.count(fn) != 0) continue;
    const auto function = functions.find(fn);
    if (function == functions.end()) {
      ADD_FAILURE() << file << ": " << id << ": unknown fn " << fn;
      continue;
    }
    const GoldenJson got = function->second(c.at("input"));
    ++ran;
    EXPECT_TRUE(got == c.at("expected"))
        << file << ": " << id << ": " << fn << "(" << c.at("input").dump()
        << ")\n got " << got.dump() << "\nwant " << c.at("expected").dump();
  }
  return ran;
}

}  // namespace fivek
