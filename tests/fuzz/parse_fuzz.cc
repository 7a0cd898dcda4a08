// Any text as an amount, a probability, a day, an instant: refused with a
// reason, or a value that is read back from its own text.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

template <typename T>
bool Accepted(const absl::StatusOr<T>& result) {
  if (result.ok()) return true;
  Need(fivek::ReasonOf(result.status()) != fivek::Reason::kNone,
       "a refusal has a reason");
  Need(result.status().message().size() < 400, "a message is short");
  return false;
}

void Amounts(absl::string_view text) {
  for (int digits = -1; digits <= fivek::kMaxMinorDigits + 1; ++digits) {
    const auto amount = fivek::ParseAmount(text, digits);
    if (!Accepted(amount)) continue;
    const auto again =
        fivek::ParseAmount(fivek::FormatAmount(*amount, digits), digits);
    Need(again.ok() && *again == *amount, "an amount is read back");
    if (digits == fivek::kMaxMinorDigits) continue;
    // One more decimal is ten times as many minor units, or does not fit.
    const auto finer = fivek::ParseAmount(text, digits + 1);
    Need(!finer.ok() || *finer == *amount * 10, "decimals shift the amount");
  }
}

void Probabilities(absl::string_view text) {
  using Unit = fivek::ProbabilityUnit;
  for (const Unit unit : {Unit::kPercent, Unit::kFraction, Unit::kPpm}) {
    const auto ppm = fivek::ParseProbability(text, unit);
    if (!Accepted(ppm)) continue;
    Need(fivek::IsProbability(*ppm), "a probability is 0 to 1000000 ppm");
    std::string percent = fivek::FormatPercent(*ppm);
    Need(percent.size() > 2, "a per cent sign and a space");
    percent.resize(percent.size() - 2);
    const auto again = fivek::ParseProbability(percent, Unit::kPercent);
    Need(again.ok() && *again == *ppm, "a probability is read back");
  }
}

void Dates(absl::string_view text) {
  const auto day = fivek::ParseDay(text);
  const auto instant = fivek::ParseInstant(text);
  if (Accepted(day)) {
    Need(fivek::FormatDay(*day) == text, "a day has one text");
    Need(instant.ok() && *instant == *day * fivek::kSecondsPerDay,
         "a day is its midnight");
  }
  if (Accepted(instant)) {
    const auto on = fivek::DayOfInstant(*instant);
    if (!on.ok()) return;  // An offset can lead out of years 1 to 9999.
    const int64_t rest = *instant - *on * fivek::kSecondsPerDay;
    Need(rest >= 0 && rest < fivek::kSecondsPerDay, "an instant is in its day");
    Need(text.size() >= 10, "an instant names a date");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  Amounts(text);
  Probabilities(text);
  Dates(text);
  Accepted(fivek::Currency::FromCode(text));
  return 0;
}
