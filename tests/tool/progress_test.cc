#include "src/tool/progress.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

constexpr int64_t kMebibyte = int64_t{1} << 20;

std::vector<std::string> Pictures(bool terminal, int64_t total, int64_t bytes,
                                  int64_t step) {
  std::vector<std::string> pictures;
  ProgressBar bar(terminal, total,
                  [&](absl::string_view text) { pictures.emplace_back(text); });
  for (int64_t done = 0; done <= bytes; done += step) bar.Update(done);
  bar.Clear();
  bar.Clear();
  return pictures;
}

TEST(ProgressTest, WritesNothingOffATerminal) {
  EXPECT_TRUE(Pictures(false, 1 << 30, 1 << 30, 1 << 20).empty());
}

TEST(ProgressTest, WritesNothingForASmallFile) {
  EXPECT_TRUE(Pictures(true, kMebibyte, kMebibyte, 1000).empty());
}

TEST(ProgressTest, ShowsTheShareAndClearsItself) {
  const std::vector<std::string> pictures =
      Pictures(true, 64 * kMebibyte, 64 * kMebibyte, kMebibyte);
  ASSERT_EQ(pictures.size(), 5u);
  EXPECT_EQ(pictures[0],
            "\r[#######.......................]  25 %  16 of 67 MB");
  EXPECT_EQ(pictures[3],
            "\r[##############################] 100 %  67 of 67 MB");
  EXPECT_EQ(pictures[4],
            "\r" + std::string(pictures[3].size() - 1, ' ') + "\r");
}

TEST(ProgressTest, ShowsAtMostAHundredPicturesOfALargeFile) {
  const int64_t total = int64_t{100} << 30;
  EXPECT_LE(Pictures(true, total, total, kMebibyte).size(), 101u);
}

TEST(ProgressTest, CountsMegabytesWhereTheSizeIsUnknown) {
  const std::vector<std::string> pictures =
      Pictures(true, -1, 32 * kMebibyte, kMebibyte);
  ASSERT_EQ(pictures.size(), 3u);
  EXPECT_EQ(pictures[1], "\r33 MB");
}

TEST(ProgressTest, AGrowingFileStaysAtAHundredPercent) {
  const std::vector<std::string> pictures =
      Pictures(true, 16 * kMebibyte, 64 * kMebibyte, 16 * kMebibyte);
  ASSERT_EQ(pictures.size(), 5u);
  EXPECT_EQ(pictures[3].substr(0, 39),
            "\r[##############################] 100 %");
}

TEST(ProgressTest, ClearsItselfAtTheEndOfItsLife) {
  std::string last;
  {
    ProgressBar bar(true, -1,
                    [&](absl::string_view text) { last = std::string(text); });
    bar.Update(32 * kMebibyte);
  }
  EXPECT_EQ(last, "\r     \r");
}

}  // namespace
}  // namespace fivek::tool
