// What a C++20 program does with the C interface: owners for its handles.
#include <fivek.h>

#include <array>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string_view>

static_assert(__cplusplus >= 202002L);

int main() {
  constexpr std::string_view kMethod =
      R"({"fivek_policy": 1, "name": "consumer"})";
  const fivek_policy* made = nullptr;
  fivek_error error = {.struct_size = sizeof error};
  if (fivek_policy_from_json(kMethod.data(), kMethod.size(), &made, &error) !=
      FIVEK_OK) {
    std::cerr << error.message << "\n";
    return 1;
  }
  const std::unique_ptr<const fivek_policy, decltype(&fivek_policy_release)>
      policy(made, &fivek_policy_release);

  // Two deals: everything up to the first rung is confirmed, and nothing is.
  const std::array<uint32_t, 2> evidence = {0x1F, 0};
  std::array<int32_t, 2> probability = {-1, -1};
  const fivek_score_in in = {.struct_size = sizeof in,
                             .evidence = evidence.data()};
  const fivek_score_out out = {.struct_size = sizeof out,
                               .probability_ppm = probability.data()};
  if (fivek_score_columns(policy.get(), &in, &out, evidence.size(), nullptr,
                          &error) != FIVEK_OK ||
      probability != std::array<int32_t, 2>{100000, 0}) {
    std::cerr << "expected 100000 and 0: " << probability[0] << ", "
              << probability[1] << " " << error.message << "\n";
    return 1;
  }
  std::cout << "fivek " << fivek_version_string() << " works in C++20\n";
  return 0;
}
