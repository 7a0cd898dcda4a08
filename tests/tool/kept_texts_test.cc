#include "src/tool/kept_texts.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

using ::testing::ElementsAre;

TEST(KeptTextsTest, OutliveWhatTheyWereReadFrom) {
  KeptTexts kept;
  std::vector<absl::string_view> texts;
  for (int i = 0; i < 20000; ++i) {
    const std::string gone = absl::StrCat("text ", i);
    texts.push_back(kept.Keep(gone));
  }
  const std::string large(200000, 'x');
  EXPECT_EQ(kept.Keep(large), large);
  EXPECT_EQ(kept.Keep(""), "");
  for (int i = 0; i < 20000; ++i) {
    EXPECT_EQ(texts[static_cast<size_t>(i)], absl::StrCat("text ", i));
  }
}

TEST(TextNumbersTest, NumbersAndTheirOrder) {
  TextNumbers numbers;
  EXPECT_EQ(numbers.Of("b"), 0U);
  EXPECT_EQ(numbers.Of("a"), 1U);
  EXPECT_EQ(numbers.Of("b"), 0U);
  EXPECT_EQ(numbers.Of(""), 2U);
  EXPECT_EQ(numbers.Of("B"), 3U);
  EXPECT_EQ(numbers.size(), 4U);
  EXPECT_EQ(numbers.text(1), "a");
  std::vector<uint32_t> place;
  EXPECT_THAT(numbers.Sorted(&place), ElementsAre("", "B", "a", "b"));
  EXPECT_THAT(place, ElementsAre(3, 2, 0, 1));
}

}  // namespace
}  // namespace fivek::tool
