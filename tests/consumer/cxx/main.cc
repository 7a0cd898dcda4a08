// What a C++ program does first with fivek.
#include <iostream>

#include "absl/status/statusor.h"
#include "fivek/base/money.h"

static_assert(__cplusplus >= 202002L);  // fivek itself is C++17.

int main() {
  // Two deals of 1 234.50 at 25 %.
  const absl::StatusOr<int64_t> expected =
      fivek::ExpectedAmount(/*amount=*/246900, /*ppm=*/250000);
  if (!expected.ok() || *expected != 61725) {
    std::cerr << "expected 61725: " << expected.status() << "\n";
    return 1;
  }
  std::cout << "fivek works: " << fivek::FormatAmount(*expected, 2) << "\n";
  return 0;
}
