#include "fivek/method/rubric.h"

namespace fivek {

absl::Span<const RubricRow> Rubric(Dimension dimension) {
  switch (dimension) {
    case Dimension::kProblem:
      return kProblem;
    case Dimension::kPower:
      return kPower;
    case Dimension::kVision:
      return kVision;
    case Dimension::kValue:
      return kValue;
    case Dimension::kControl:
      return kControl;
  }
  return {};
}

}  // namespace fivek
