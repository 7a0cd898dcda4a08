#include "src/tool/display_width.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/base/utf8.h"
#include "src/tool/utf8.h"

namespace fivek::tool {
namespace {

struct WidthCase {
  const char* name;
  absl::string_view text;
  size_t want;
};
void PrintTo(const WidthCase& c, std::ostream* os) { *os << c.name; }
const WidthCase kWidths[] = {
    {"Empty", "", 0},
    {"Ascii", "Acme Corp.", 10},
    {"Latin", "\u00C4pfel \u00DF", 7},
    {"Chinese", "云岭机械有限公司", 16},
    {"ChinesePunctuation", "（虚构）", 8},
    {"Mixed", "INV 海棠", 8},
    {"Kana", "カタカナ", 8},
    {"HalfwidthKana", "\uFF76\uFF80", 2},
    {"FullwidthLatin", "\uFF21\uFF22", 4},
    {"Hangul", "\uD55C\uAD6D", 4},
    {"HangulJamoMakeOneSyllable", "\u1112\u1161\u11AB", 2},
    {"CombiningAcute", "e\u0301", 1},
    {"CombiningAfterWide", "\u304B\u3099", 2},
    {"ZeroWidthSpace", "a\u200Bb", 2},
    {"SoftHyphen", "a\u00ADb", 3},
    {"Emoji", "\U0001F600", 2},
    {"EmojiWithSkinTone", "\U0001F44D\U0001F3FD", 4},
    {"FlagIsTwoLetters", "\U0001F1E8\U0001F1F3", 2},
    {"JoinedEmojiCountSeparately", "\U0001F468\u200D\U0001F469", 4},
    {"CjkExtensionB", "\U00020000", 2},
    {"BlockElement", "\u2588", 1},
    {"Ellipsis", "\u2026", 1},
    {"InvalidByteCountsOne", "a\xFFz", 3},
};
class WidthTest : public testing::TestWithParam<WidthCase> {};
TEST_P(WidthTest, IsWhatATerminalUses) {
  EXPECT_EQ(DisplayWidth(GetParam().text), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(DisplayWidth, WidthTest, testing::ValuesIn(kWidths),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

// How many code points of Unicode 15.0 have each width: a slip in the tables
// changes one of the numbers.
TEST(CodePointWidthTest, TablesAreWhole) {
  int count[3] = {};
  for (uint32_t c = 0x80; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    ++count[CodePointWidth(static_cast<char32_t>(c))];
  }
  EXPECT_EQ(count[0], 2399);
  EXPECT_EQ(count[2], 182509);
}

TEST(TruncatedTest, FitsTheWidthWithAnEllipsis) {
  EXPECT_EQ(Truncated("abcdef", 6), "abcdef");
  EXPECT_EQ(Truncated("abcdef", 5), "abcd\u2026");
  EXPECT_EQ(Truncated("abcdef", 1), "\u2026");
  EXPECT_EQ(Truncated("abcdef", 0), "");
  EXPECT_EQ(Truncated("", 0), "");
  EXPECT_EQ(Truncated("海棠纺织", 8), "海棠纺织");
  EXPECT_EQ(Truncated("海棠纺织", 7), "海棠纺\u2026");
  // A wide character is not cut in half: one column stays free.
  EXPECT_EQ(Truncated("海棠纺织", 6), "海棠\u2026");
  // A mark stays with its letter.
  EXPECT_EQ(Truncated("e\u0301e\u0301e\u0301", 2), "e\u0301\u2026");
}

TEST(TruncatedTest, IsNeverWiderThanAsked) {
  const std::string text = "a云e\u0301\U0001F600b\uFF21c";
  for (size_t width = 0; width < 14; ++width) {
    const std::string cut = Truncated(text, width);
    EXPECT_LE(DisplayWidth(cut), width);
    EXPECT_TRUE(IsUtf8(cut));
    EXPECT_EQ(cut == text, DisplayWidth(text) <= width);
  }
}

TEST(EscapeControlsTest, SpellsOutWhatSteersATerminal) {
  EXPECT_EQ(EscapeControls("a\n\r\tb"), "a\\n\\r\\tb");
  EXPECT_EQ(EscapeControls("\x1B[31mred"), "\\x1B[31mred");
  EXPECT_EQ(EscapeControls(absl::string_view("\0\x7F", 2)), "\\x00\\x7F");
  EXPECT_EQ(EscapeControls("\u009B31m"), "\\u009B31m");
  EXPECT_EQ(EscapeControls("\u202Eevil\u2066"), "\\u202Eevil\\u2066");
  EXPECT_EQ(EscapeControls("\u2028\uFEFF"), "\\u2028\\uFEFF");
  EXPECT_EQ(EscapeControls("a\xFF\xE4\xBA"), "a\\xFF\\xE4\\xBA");
  EXPECT_EQ(EscapeControls("云 \\ \"q\" e\u0301"), "云 \\ \"q\" e\u0301");
}

TEST(Utf8Test, RoundTripsEveryCodePointAndRefusesTheRest) {
  for (uint32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string text;
    const auto put = [&](uint32_t byte) {
      text += static_cast<char>(static_cast<unsigned char>(byte));
    };
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F));
      put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
    }
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    const CodePoint got = DecodeUtf8(text);
    ASSERT_EQ(got.length, surrogate ? 0 : text.size()) << c;
    if (!surrogate) {
      ASSERT_EQ(static_cast<uint32_t>(got.value), c);
    }
    if (text.size() > 1) {
      ASSERT_FALSE(IsUtf8(text.substr(0, text.size() - 1)));
      ASSERT_FALSE(IsUtf8(text.substr(1)));
    }
  }
  for (const absl::string_view bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\x80",
        "\xE4\xBA\x41"}) {
    EXPECT_EQ(ValidUtf8Prefix(bad), 0u);
  }
  EXPECT_EQ(ValidUtf8Prefix("ab\xC3\xA9\xC3"), 4u);
}

}  // namespace
}  // namespace fivek::tool
