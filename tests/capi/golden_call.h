// How the golden vectors call the C interface.
#ifndef FIVEK_TESTS_CAPI_GOLDEN_CALL_H_
#define FIVEK_TESTS_CAPI_GOLDEN_CALL_H_

#include <cstring>
#include <vector>

#include "capi/fivek.h"
#include "tests/golden/golden_input.h"

namespace fivek {

// A struct that says its size, with all else zero.
template <typename Struct>
Struct Sized() {
  Struct s;
  std::memset(&s, 0, sizeof s);
  s.struct_size = sizeof s;
  return s;
}

// What a call says of its refusal.
class Failure {
 public:
  fivek_error* get() { return &error_; }
  GoldenWhere where() const { return {error_.row, error_.column}; }

 private:
  fivek_error error_ = Sized<fivek_error>();
};

// Also of no numbers it is none that the library may take for a missing one.
template <typename T>
const T* Start(const std::vector<T>& numbers) {
  static const T kNone = {};
  return numbers.empty() ? &kNone : numbers.data();
}
template <typename T>
T* Start(std::vector<T>& numbers) {
  static T none = {};
  return numbers.empty() ? &none : numbers.data();
}

// A column that may be left out: NULL then.
template <typename T>
class OptionalColumn {
 public:
  OptionalColumn(const GoldenJson& input, const char* name)
      : is_there_(input.contains(name)),
        numbers_(NumbersOrNone<T>(input, name)) {}
  const T* get() const { return is_there_ ? Start(numbers_) : nullptr; }
  size_t size() const { return numbers_.size(); }

 private:
  bool is_there_;
  std::vector<T> numbers_;
};

// Asks for a list: first how long it is, then for all of it.
template <typename Item, typename Call>
int TakeList(const Call& call, std::vector<Item>* list) {
  size_t count = 0;
  const int status = call(nullptr, 0, &count);
  if (status != FIVEK_OK) return status;
  list->resize(count);
  EXPECT_EQ(call(Start(*list), count, &count), status);
  EXPECT_EQ(count, list->size());
  return status;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_CAPI_GOLDEN_CALL_H_
