// The two languages that the library speaks.
//
// English names are the field's standard terms; the Chinese term is the one
// that the method itself uses (domain.md §1). Both are compiled in, so a label
// is a pointer to static text: nothing is loaded, nothing is freed, and no
// locale is read.
//
//   const Bilingual yes = {"yes", "是"};
//   yes.in(*LanguageFromTag("zh"));  // "是"
//
// Thread-safety: constants and pure functions.
#ifndef FIVEK_BASE_LANGUAGE_H_
#define FIVEK_BASE_LANGUAGE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace fivek {

enum class Language : uint8_t { kEnglish = 0, kChinese = 1 };

// One text in both languages: static, UTF-8, ends with a NUL.
struct Bilingual {
  const char* en;
  const char* zh;

  constexpr const char* in(Language language) const {
    return language == Language::kChinese ? zh : en;
  }
};

// "en" and "zh"; nothing for any other tag.
constexpr absl::optional<Language> LanguageFromTag(absl::string_view tag) {
  if (tag == "en") return Language::kEnglish;
  if (tag == "zh") return Language::kChinese;
  return absl::nullopt;
}

}  // namespace fivek

#endif  // FIVEK_BASE_LANGUAGE_H_
