// What every serialised form has to refuse, whichever model it is of.
#ifndef FIVEK_TESTS_HISTORY_SERIAL_FORM_H_
#define FIVEK_TESTS_HISTORY_SERIAL_FORM_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"
#include "tests/seal.h"

namespace fivek {

// `read` is the Read of the form, `good` what it takes. Cut, grown or changed
// bytes are refused; with a checksum that fits, or written again as they are.
template <typename Read>
void ExpectDamageIsSeen(const std::string& good, Read read) {
  EXPECT_THAT(read(""),
              Refused(Reason::kDataDamaged, testing::HasSubstr("0 bytes")));
  for (size_t i = 0; i < good.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_THAT(read(good.substr(0, i)), RefusedFor(Reason::kDataDamaged));
    std::string cut = good.substr(0, i);
    if (cut.size() >= 8) {
      Seal(&cut);
      EXPECT_THAT(read(cut), RefusedFor(Reason::kDataDamaged));
    }
    for (const int bit : {1, 0x80}) {
      std::string bytes = good;
      bytes[i] = static_cast<char>(bytes[i] ^ bit);
      EXPECT_THAT(read(bytes), RefusedFor(Reason::kDataDamaged));
      Seal(&bytes);
      const auto result = read(bytes);
      if (result.ok()) {
        EXPECT_EQ(result->Serialise(), bytes);
      } else {
        EXPECT_THAT(result, RefusedFor(Reason::kDataDamaged));
      }
    }
  }
  std::string longer = good + "x";
  EXPECT_THAT(read(longer), RefusedFor(Reason::kDataDamaged));
  Seal(&longer);
  EXPECT_THAT(read(longer), RefusedFor(Reason::kDataDamaged));
}

// One field and what it is forged to: 4 or 8 bytes, or a double.
struct Forgery {
  const char* name;
  size_t at;
  uint64_t value;
  size_t size;
};

inline Forgery Forge32(const char* name, size_t at, uint32_t value) {
  return {name, at, value, 4};
}
inline Forgery Forge64(const char* name, size_t at, uint64_t value) {
  return {name, at, value, 8};
}
inline Forgery Forge(const char* name, size_t at, double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {name, at, bits, 8};
}

// The bytes have to be sealed then.
inline void Overwrite(std::string* bytes, const Forgery& forgery) {
  for (size_t i = 0; i < forgery.size; ++i) {
    bytes->at(forgery.at + i) =
        static_cast<char>(forgery.value >> 8 * i & 0xFF);
  }
}

// Good bytes with this one field changed, sealed again.
inline std::string Forged(std::string bytes, const Forgery& forgery) {
  Overwrite(&bytes, forgery);
  Seal(&bytes);
  return bytes;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_HISTORY_SERIAL_FORM_H_
