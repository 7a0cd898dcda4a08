#include "fivek/method/evidence.h"

#include "absl/strings/str_cat.h"

namespace fivek {

int CountOf(EvidenceMask mask) {
  int count = 0;
  for (; mask != 0; mask &= mask - 1) ++count;
  return count;
}

std::string DescribeItems(EvidenceMask mask) {
  std::string text;
  for (int item = 0; item < kEvidenceBits; ++item) {
    if ((mask & Bit(item)) == 0) continue;
    int last = item;
    while (last + 1 < kEvidenceBits && (mask & Bit(last + 1)) != 0) ++last;
    if (!text.empty()) text += ", ";
    absl::StrAppend(&text, item);
    if (last > item) absl::StrAppend(&text, last > item + 1 ? "-" : ", ", last);
    item = last;
  }
  return text.empty() ? "none" : text;
}

}  // namespace fivek
