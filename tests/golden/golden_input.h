// What a golden vector holds, read and written the same way for every
// interface: README.md beside this file has the format.
#ifndef FIVEK_TESTS_GOLDEN_GOLDEN_INPUT_H_
#define FIVEK_TESTS_GOLDEN_GOLDEN_INPUT_H_

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/golden/golden_cases.h"

namespace fivek {

// The place that a refusal names.
struct GoldenWhere {
  int64_t row = -1;
  int32_t column = -1;
};

// {"status": 0, ...} or a refusal.
inline GoldenJson Result(int status, GoldenJson fields) {
  if (status != 0) return Refusal(status);
  fields["status"] = 0;
  return fields;
}
inline GoldenJson RefusedAt(int status, const GoldenWhere& where) {
  return {{"status", status}, {"row", where.row}, {"column", where.column}};
}

// 64-bit numbers stand as text, as JSON's end at 2^53 in some languages.
inline int64_t Int64Of(const GoldenJson& text) {
  return std::stoll(text.get<std::string>());
}
inline GoldenJson Text(int64_t number) { return std::to_string(number); }
inline GoldenJson Texts(const std::vector<int64_t>& numbers) {
  GoldenJson texts = GoldenJson::array();
  for (const int64_t number : numbers) texts.push_back(Text(number));
  return texts;
}
inline uint64_t Uint64Of(const GoldenJson& text) {
  return std::stoull(text.get<std::string>());
}

// Serialised forms are in hexadecimal.
inline std::string BytesOf(const GoldenJson& hex) {
  const auto digits = hex.get<std::string>();
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}
inline std::string HexOf(const std::string& bytes) {
  const char* const digits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(digits[byte >> 4]);
    hex.push_back(digits[byte & 15]);
  }
  return hex;
}

template <typename T>
std::vector<T> Numbers(const GoldenJson& columns, const char* name) {
  std::vector<T> numbers;
  for (const GoldenJson& value : columns.at(name)) {
    if (value.is_string()) {
      const bool negative = value.get<std::string>()[0] == '-';
      numbers.push_back(negative ? static_cast<T>(Int64Of(value))
                                 : static_cast<T>(Uint64Of(value)));
    } else {
      numbers.push_back(value.get<T>());
    }
  }
  return numbers;
}

// None where it is left out.
template <typename T>
std::vector<T> NumbersOrNone(const GoldenJson& columns, const char* name) {
  return columns.contains(name) ? Numbers<T>(columns, name) : std::vector<T>();
}

inline double Real(const GoldenJson& value) {
  if (value.is_number()) return value;
  using Limits = std::numeric_limits<double>;
  if (value == "inf") return Limits::infinity();
  if (value == "-inf") return -Limits::infinity();
  EXPECT_EQ(value, "nan");
  return Limits::quiet_NaN();
}
inline std::vector<double> Reals(const GoldenJson& input, const char* name) {
  std::vector<double> reals;
  for (const GoldenJson& value : input.at(name)) reals.push_back(Real(value));
  return reals;
}
inline std::vector<double> RealsOrNone(const GoldenJson& input,
                                       const char* name) {
  return input.contains(name) ? Reals(input, name) : std::vector<double>();
}

// The rows of a table, one after the other; none where it is left out.
template <typename T>
std::vector<T> Flat(const GoldenJson& input, const char* name) {
  std::vector<T> flat;
  if (!input.contains(name)) return flat;
  for (const GoldenJson& row : input.at(name)) {
    for (const GoldenJson& x : row) flat.push_back(static_cast<T>(Real(x)));
  }
  return flat;
}

// And back.
inline GoldenJson RealJson(double x) {
  if (std::isfinite(x)) return x;
  if (std::isnan(x)) return "nan";
  return x > 0.0 ? "inf" : "-inf";
}

// The `fn` of what is learned from history, of snapshots, and of accounts.
GoldenFunctions HistoryFunctions();
GoldenFunctions LeadsFunctions();
GoldenFunctions MovementFunctions();
GoldenFunctions GradesFunctions();
GoldenFunctions CoverageFunctions();
GoldenFunctions CustomersFunctions();

}  // namespace fivek

#endif  // FIVEK_TESTS_GOLDEN_GOLDEN_INPUT_H_
