// What a refusal by the C interface has to say, and to leave alone.
#ifndef FIVEK_TESTS_FUZZ_CAPI_NEED_H_
#define FIVEK_TESTS_FUZZ_CAPI_NEED_H_

#include <cstring>
#include <tuple>

#include "capi/fivek.h"
#include "tests/fuzz/need.h"

namespace fivek {

inline fivek_error NewError() {
  fivek_error error = {};
  error.struct_size = sizeof error;
  return error;
}

inline void NeedSaid(fivek_status status, const fivek_error& error) {
  Need(status == FIVEK_OK ||
           (error.status == status && error.reason != FIVEK_REASON_NONE &&
            error.reason != FIVEK_REASON_INTERNAL && error.message_len > 0),
       "a refusal says why");
}

// A struct that says its size, all else a canary.
template <typename Struct>
Exact<Struct> SizedCanary() {
  auto one = Exact<Struct>::Canary(1);
  one[0].struct_size = sizeof(Struct);
  return one;
}

// Calls with the outputs and an error: whether it is accepted. What is refused
// says why, and changes nothing.
template <typename Call, typename... T>
bool Accepted(const Call& call, Exact<T>&... out) {
  const std::tuple<Exact<T>...> before{Exact<T>(out)...};
  fivek_error error = NewError();
  const fivek_status status = call(out.get()..., &error);
  NeedSaid(status, error);
  if (status == FIVEK_OK) return true;
  std::apply(
      [&](const Exact<T>&... was) {
        Need((out.SameBytes(was) && ...), "a refusal changes nothing");
      },
      before);
  return false;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_FUZZ_CAPI_NEED_H_
