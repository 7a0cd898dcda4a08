// Any bytes as a serialised form: refused with a reason, or exactly what is
// written again, and then of use. The checksum is also set right, so that what
// it guards is reached.
#ifndef FIVEK_TESTS_FUZZ_SERIAL_FORM_H_
#define FIVEK_TESTS_FUZZ_SERIAL_FORM_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fivek/base/reason.h"
#include "tests/fuzz/need.h"
#include "tests/seal.h"

namespace fivek {

// `use` takes a Form*, which was read.
template <typename Form, typename UseForm>
void ReadAs(const std::string& bytes, UseForm use) {
  absl::StatusOr<Form> form = Form::Read(bytes);
  if (!form.ok()) {
    Need(form.status().code() == absl::StatusCode::kDataLoss, "DATA_LOSS");
    Need(ReasonOf(form.status()) == Reason::kDataDamaged,
         "a refusal has a reason");
    Need(form.status().message().size() < 200, "a message is short");
    return;
  }
  Need(form->Serialise() == bytes, "what was read is written again");
  use(&*form);
}

// `read` takes a string: as it is, then sealed.
template <typename ReadBytes>
void ReadPlainAndSealed(const uint8_t* data, size_t size, ReadBytes read) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  if (size < 8) return;
  Seal(&bytes);
  read(bytes);
}

}  // namespace fivek

#endif  // FIVEK_TESTS_FUZZ_SERIAL_FORM_H_
