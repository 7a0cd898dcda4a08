// Any assessment into a result struct of any size: refused and unchanged, or
// filled with numbers that belong together, and never written past its end.
//
// Input: 8 bytes of assessment, 4 of evidence, 2 of struct_size, 1 of error
// size, then what stands in the struct before the call.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

struct Input {
  fivek_assessment assessment;
  uint32_t evidence;
  uint16_t struct_size;
  uint8_t error_size;
};

void CheckResult(const fivek_assessment& a, const fivek_strength& s) {
  int32_t total = 0;
  int32_t reachable = 0;
  int64_t product = 1;
  int64_t product_max = 1;
  int32_t unknown = 0;
  for (int32_t d = 0; d < 5; ++d) {
    const uint8_t level = a.level[d];
    if (level == FIVEK_UNKNOWN) {
      unknown |= 1 << d;
      Need(s.points[d] == -1, "unknown points are -1");
      reachable += 20;
      product_max *= 20;
      product = 0;
      continue;
    }
    int32_t points = -1;
    const int32_t by_decision_maker = a.by_decision_maker >> d & 1;
    Need(fivek_rubric_points(nullptr, d, level, by_decision_maker, &points,
                             nullptr) == FIVEK_OK,
         "a level has points");
    Need(s.points[d] == points, "the points are the rubric's");
    total += points;
    reachable += points;
    product *= points;
    product_max *= points;
  }
  Need(s.total == total, "the total is the sum");
  Need(s.highest_reachable == reachable, "unknown reaches its top");
  Need(s.unknown_mask == unknown, "unknown levels are named");
  // In ppm, a product of points is x 5 / 16; rounded, it is half of one off.
  Need(std::abs(s.product_ppm * int64_t{16} - product * 5) <= 8,
       "the product is rounded");
  Need(std::abs(s.product_max_ppm * int64_t{16} - product_max * 5) <= 8,
       "and its upper end");
  Need(
      s.balanced >= 0 && s.balanced <= 100 && (s.balanced > 0) <= (product > 0),
      "the balance is 0 to 100");
  if (s.weakest == FIVEK_UNKNOWN) {
    Need(unknown != 0, "what is known has a weakest part");
    Need(s.next_level == -1 && s.next_gain == 0, "and nothing to do next");
    return;
  }
  Need(s.weakest >= 0 && s.weakest < 5, "the weakest is a dimension");
  const int32_t least = s.points[s.weakest];
  for (int32_t d = 0; d < 5; ++d) {
    const int32_t points = std::max(s.points[d], 0);
    Need(d < s.weakest ? points > least : points >= least,
         "nothing is weaker than the weakest");
  }
  if (s.next_level != -1) {
    fivek_assessment next = a;
    next.level[s.weakest] = static_cast<uint8_t>(s.next_level);
    fivek_strength after = {};
    after.struct_size = sizeof after;
    Need(fivek_strength_of(nullptr, &next, &after, nullptr) == FIVEK_OK,
         "the next level exists");
    Need(after.total == s.total + s.next_gain, "and gains what it says");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input input = {};
  const size_t head = std::min(size, sizeof input);
  if (head > 0) std::memcpy(&input, data, head);
  // As much memory as the caller claims, so that a sanitizer sees any more.
  const size_t claimed = input.struct_size % 512;
  std::vector<uint8_t> out(std::max(claimed, sizeof(uint32_t)));
  std::copy_n(data + head, std::min(out.size(), size - head), out.begin());
  const auto struct_size = static_cast<uint32_t>(claimed);
  std::memcpy(out.data(), &struct_size, sizeof struct_size);
  const std::vector<uint8_t> before = out;
  std::vector<uint8_t> error(
      std::max<size_t>(input.error_size, sizeof(uint32_t)));
  const uint32_t error_size = input.error_size;
  std::memcpy(error.data(), &error_size, sizeof error_size);
  const std::vector<uint8_t> no_error = error;

  const fivek_status status = fivek_strength_of(
      nullptr, &input.assessment, reinterpret_cast<fivek_strength*>(out.data()),
      reinterpret_cast<fivek_error*>(error.data()));
  if (status == FIVEK_OK) {
    Need(error == no_error, "no failure, no error");
    Need(claimed >= sizeof(fivek_strength), "the struct is large enough");
    fivek_strength strength;
    std::memcpy(&strength, out.data(), sizeof strength);
    Need(strength.struct_size == struct_size, "its size is the caller's");
    Need(std::all_of(out.begin() + sizeof strength, out.end(),
                     [](uint8_t byte) { return byte == 0; }),
         "its tail is empty");
    CheckResult(input.assessment, strength);
  } else {
    Need(status == FIVEK_INVALID_ARGUMENT, "nothing else can be wrong");
    Need(out == before, "a refusal changes nothing");
  }

  // Two functions refuse the same assessments.
  uint32_t broken = 0;
  fivek_strength known = {};
  known.struct_size = sizeof known;
  const fivek_status alone =
      fivek_strength_of(nullptr, &input.assessment, &known, nullptr);
  Need(fivek_score_rules_broken(nullptr, &input.assessment, input.evidence,
                                &broken, nullptr) == alone,
       "an assessment is right or wrong everywhere");
  Need((broken >> 5) == 0, "the built-in method has five rules");
  return 0;
}
