#include "src/tool/cell.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "fivek/method/labels.h"
#include "fivek/method/milestone.h"
#include "src/tool/display_width.h"

namespace fivek::tool {
namespace {

constexpr uint8_t kUnknown = 255;

// A code of up to three digits; -1 for anything else.
int ParseCode(absl::string_view text) {
  if (text.empty() || text.size() > 3) return -1;
  int value = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Takes the next word off `text`; empty at the end.
absl::string_view TakeWord(absl::string_view* text) {
  *text = absl::StripLeadingAsciiWhitespace(*text);
  size_t n = 0;
  while (n < text->size() &&
         !absl::ascii_isspace(static_cast<unsigned char>((*text)[n]))) {
    ++n;
  }
  const absl::string_view word = text->substr(0, n);
  text->remove_prefix(n);
  return word;
}

// Takes what stands before the next ':' off `text`.
absl::string_view TakePart(absl::string_view* text) {
  const size_t colon = text->find(':');
  const absl::string_view part = text->substr(0, colon);
  text->remove_prefix(colon == absl::string_view::npos ? text->size()
                                                       : colon + 1);
  return part;
}

constexpr std::array<absl::string_view, 5> kOutcomes = {"open", "hold", "won",
                                                        "lost", "void"};

struct Shower {
  absl::string_view word;
  uint8_t bit;
};
constexpr Shower kByDecisionMaker[] = {
    {"problem", 1 << 0}, {"vision", 1 << 2}, {"value", 1 << 3}};
constexpr int kByDecisionMakerBits = 1 << 0 | 1 << 2 | 1 << 3;

}  // namespace

absl::StatusOr<OutcomeKind> ParseOutcome(absl::string_view cell) {
  cell = absl::StripAsciiWhitespace(cell);
  for (size_t i = 0; i < kOutcomes.size(); ++i) {
    if (absl::EqualsIgnoreCase(cell, kOutcomes[i])) {
      return static_cast<OutcomeKind>(i);
    }
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "outcome %s is none of open, hold, won, lost, void", Quoted(cell)));
}

absl::string_view OutcomeName(OutcomeKind kind) {
  return kOutcomes[static_cast<size_t>(kind)];
}

absl::StatusOr<int32_t> ParseMilestone(absl::string_view cell,
                                       const Policy& policy) {
  cell = absl::StripAsciiWhitespace(cell);
  for (int32_t code = 0; code < kMilestoneCount; ++code) {
    if (cell == absl::StrCat(code)) return code;
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      const char* const name =
          policy.Label(LabelSet::kMilestone, code, language);
      if (absl::EqualsIgnoreCase(cell, name)) return code;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("milestone %s; allowed: 0 to %d or its name",
                      Quoted(cell), kMilestoneCount - 1));
}

absl::StatusOr<uint8_t> ParseLevel(absl::string_view cell, uint8_t highest) {
  cell = absl::StripAsciiWhitespace(cell);
  if (cell.empty()) return kUnknown;
  const int level = ParseCode(cell);
  if (level < 0 || level > highest) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "level %s is not a whole number 0..%d (leave the cell blank if it "
        "is unknown)",
        Quoted(cell), highest));
  }
  return static_cast<uint8_t>(level);
}

absl::StatusOr<uint8_t> ParseByDecisionMaker(absl::string_view cell) {
  const absl::string_view all = absl::StripAsciiWhitespace(cell);
  const int number = ParseCode(all);
  if (number >= 0 && (number & ~kByDecisionMakerBits) == 0) {
    return static_cast<uint8_t>(number);
  }
  uint8_t mask = 0;
  for (absl::string_view rest = all, word = TakeWord(&rest); !word.empty();
       word = TakeWord(&rest)) {
    uint8_t bit = 0;
    for (const Shower& shower : kByDecisionMaker) {
      if (absl::EqualsIgnoreCase(word, shower.word)) bit = shower.bit;
    }
    if (bit == 0) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "%s is neither a sum of 1 (problem), 4 (vision) and 8 (value) "
          "nor made of the words problem, vision and value",
          Quoted(all)));
    }
    mask = static_cast<uint8_t>(mask | bit);
  }
  return mask;
}

absl::Status ParseEvidence(absl::string_view cell,
                           std::vector<EvidenceEntry>* out) {
  out->clear();
  uint32_t seen = 0;
  absl::string_view rest = cell;
  for (absl::string_view word = TakeWord(&rest); !word.empty();
       word = TakeWord(&rest)) {
    absl::string_view parts = word;
    const bool ends_in_colon = word.back() == ':';
    const int item = ParseCode(TakePart(&parts));
    const int shown_by = parts.empty() ? 0 : ParseCode(TakePart(&parts));
    const int proof = parts.empty() ? 0 : ParseCode(TakePart(&parts));
    std::string wrong;
    if (ends_in_colon || !parts.empty() || item < 0 || shown_by < 0 ||
        proof < 0) {
      wrong = "is not ITEM[:SHOWN_BY[:PROOF]] in codes";
    } else if (item > 31) {
      wrong = absl::StrFormat("has item %d; allowed are 0..31", item);
    } else if (shown_by > 7) {
      wrong = absl::StrFormat("has shown-by %d; allowed are 0..7", shown_by);
    } else if (proof > 5) {
      wrong = absl::StrFormat("has proof %d; allowed are 0..5", proof);
    } else if ((seen >> item & 1) != 0) {
      wrong = absl::StrFormat("names item %d for the second time", item);
    }
    if (!wrong.empty()) {
      out->clear();
      return absl::InvalidArgumentError(
          absl::StrFormat("evidence %s %s", Quoted(word), wrong));
    }
    seen |= uint32_t{1} << item;
    out->push_back({static_cast<uint8_t>(item), static_cast<uint8_t>(shown_by),
                    static_cast<uint8_t>(proof)});
  }
  return absl::OkStatus();
}

}  // namespace fivek::tool
