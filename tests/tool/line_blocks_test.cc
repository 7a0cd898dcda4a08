#include "src/tool/line_blocks.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

// All lines; "(long)" for one that is too long.
std::vector<std::string> Lines(absl::string_view text,
                               const LineBlocksOptions& options) {
  LineBlocks blocks(CsvSourceFromText(text), options);
  std::vector<std::string> all;
  for (;;) {
    const auto next = blocks.Next();
    EXPECT_TRUE(next.ok()) << next.status();
    if (!next.ok() || *next == LineBlocks::kEnd) return all;
    if (*next == LineBlocks::kLongLine) {
      all.emplace_back("(long)");
      continue;
    }
    absl::string_view lines = blocks.lines();
    EXPECT_FALSE(lines.empty());
    while (!lines.empty()) {
      const size_t lf = lines.find('\n');
      if (lf == absl::string_view::npos) {
        ADD_FAILURE() << "a line without its end";
        return all;
      }
      EXPECT_LE(lf, options.max_line);
      all.emplace_back(lines.substr(0, lf));
      lines.remove_prefix(lf + 1);
    }
  }
}

TEST(LineBlocksTest, BlocksOfAnySizeGiveTheSameLines) {
  for (size_t block = 1; block < 40; ++block) {
    const LineBlocksOptions options = {block, 5};
    EXPECT_THAT(Lines("", options), IsEmpty());
    EXPECT_THAT(Lines("\n", options), ElementsAre(""));
    EXPECT_THAT(Lines("a", options), ElementsAre("a"));
    EXPECT_THAT(Lines("12345", options), ElementsAre("12345"));
    EXPECT_THAT(Lines("123456", options), ElementsAre("(long)"));
    EXPECT_THAT(Lines("123456\n", options), ElementsAre("(long)"));
    EXPECT_THAT(Lines("a\n\nbc\r\n12345\n123456\n1234567890123\nd\n", options),
                ElementsAre("a", "", "bc\r", "12345", "(long)", "(long)", "d"));
  }
}

TEST(LineBlocksTest, ManyLines) {
  std::string text;
  std::vector<std::string> want;
  for (int i = 0; i < 5000; ++i) {
    want.emplace_back(static_cast<size_t>(i * 7 % 60), 'x');
    text += want.back() + "\n";
  }
  for (const size_t block : {1U, 50U, 64U, 1000U, 1U << 20}) {
    EXPECT_THAT(Lines(text, {block, 60}), ElementsAreArray(want)) << block;
  }
}

TEST(LineBlocksTest, WaitsForNoMoreThanOneLine) {
  std::vector<std::string> pieces = {"a\nb", "\n", "c\n"};
  size_t asked = 0;
  LineBlocks blocks(
      [&](char* to, size_t) -> absl::StatusOr<size_t> {
        if (asked == pieces.size()) return 0;
        const std::string& piece = pieces[asked++];
        std::memcpy(to, piece.data(), piece.size());
        return piece.size();
      },
      {});
  for (const auto& [line, reads] :
       {std::pair("a\n", 1U), std::pair("b\n", 2U), std::pair("c\n", 3U)}) {
    const auto next = blocks.Next();
    ASSERT_TRUE(next.ok());
    EXPECT_EQ(*next, LineBlocks::kLines);
    EXPECT_EQ(blocks.lines(), line);
    EXPECT_EQ(asked, reads);
  }
  EXPECT_EQ(*blocks.Next(), LineBlocks::kEnd);
  EXPECT_EQ(*blocks.Next(), LineBlocks::kEnd);
}

TEST(LineBlocksTest, ReportsTheSourcesFailure) {
  LineBlocks blocks(
      [](char*, size_t) -> absl::StatusOr<size_t> {
        return absl::DataLossError("disk");
      },
      {});
  EXPECT_EQ(blocks.Next().status(), absl::DataLossError("disk"));
}

}  // namespace
}  // namespace fivek::tool
