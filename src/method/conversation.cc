#include "fivek/method/conversation.h"

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {

absl::StatusOr<SignalGroup> GroupOfSignal(int32_t code) {
  for (const NamedCode& signal : kSignals) {
    if (signal.code == code) return static_cast<SignalGroup>(code / 16);
  }
  return Refuse(
      Reason::kUnknownCode,
      absl::StrCat("buying signal ", code, "; allowed: 0-3, 16-19, 32-38"));
}

absl::StatusOr<QualificationResult> Qualify(const Qualification& answers) {
  const std::array<Answer, 3> in_order = {answers.key_person, answers.wish,
                                          answers.means};
  QualificationResult result;
  result.verdict = QualificationVerdict::kQualified;
  for (size_t i = 0; i < in_order.size(); ++i) {
    const uint32_t bit = uint32_t{1} << i;
    switch (in_order[i]) {
      case Answer::kYes:
        continue;
      case Answer::kNotAsked:
        result.open |= bit;
        if (result.verdict == QualificationVerdict::kQualified) {
          result.verdict = QualificationVerdict::kPending;
          result.next_question = static_cast<int32_t>(i);
        }
        continue;
      case Answer::kNo:
        result.failed |= bit;
        if (result.verdict != QualificationVerdict::kNotQualified) {
          result.verdict = QualificationVerdict::kNotQualified;
          result.next_question = static_cast<int32_t>(i);
        }
        continue;
    }
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("answer ", static_cast<int>(in_order[i]),
                               " to qualification question ", i,
                               "; allowed: 0 no, 1 yes, 255 unknown"));
  }
  return result;
}

}  // namespace fivek
