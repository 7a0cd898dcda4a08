#include "fivek/base/language.h"

#include "gtest/gtest.h"

namespace fivek {
namespace {

TEST(LanguageTest, TagsAreEnAndZhAndNothingElse) {
  EXPECT_EQ(LanguageFromTag("en"), Language::kEnglish);
  EXPECT_EQ(LanguageFromTag("zh"), Language::kChinese);
  for (const char* const tag : {"", "e", "EN", "en-US", "zh_CN", "de", " en"}) {
    EXPECT_EQ(LanguageFromTag(tag), absl::nullopt) << tag;
  }
}

TEST(LanguageTest, ABilingualTextSpeaksBoth) {
  constexpr Bilingual kText = {"milestone", "里程碑"};
  EXPECT_STREQ(kText.in(Language::kEnglish), "milestone");
  EXPECT_STREQ(kText.in(Language::kChinese), "里程碑");
}

TEST(LanguageTest, CodesArePartOfTheAbi) {
  EXPECT_EQ(static_cast<int>(Language::kEnglish), 0);
  EXPECT_EQ(static_cast<int>(Language::kChinese), 1);
}

}  // namespace
}  // namespace fivek
