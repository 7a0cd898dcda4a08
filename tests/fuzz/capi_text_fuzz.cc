// Any text into the parsers of the C interface, and what they give out again
// into buffers of any size.
//
// Input: one byte each of capacity, minor digits and unit, then the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "src/base/utf8.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

// An error, as every refusal has to fill it.
class Error {
 public:
  Error() {
    std::memset(&error_, 0, sizeof error_);
    error_.struct_size = sizeof error_;
  }
  fivek_error* get() { return &error_; }

  bool Accepted(fivek_status status) const {
    if (status == FIVEK_OK) {
      Need(error_.status == 0 && error_.message_len == 0,
           "no failure, no error");
      return true;
    }
    Need(status == FIVEK_INVALID_ARGUMENT || status == FIVEK_OUT_OF_RANGE ||
             status == FIVEK_RESOURCE_EXHAUSTED || status == FIVEK_NOT_FOUND,
         "a text is wrong, too large, or has no room");
    Need(error_.status == status, "the error has the call's status");
    Need(error_.reason != FIVEK_REASON_NONE &&
             error_.reason != FIVEK_REASON_INTERNAL,
         "a refusal has a reason");
    Need(error_.message_len > 0 &&
             std::strlen(error_.message) == error_.message_len,
         "the message is a C string");
    Need(fivek::IsUtf8({error_.message, error_.message_len}),
         "the message is UTF-8");
    return false;
  }

 private:
  fivek_error error_;
};

// Writes into a buffer of `cap` bytes; gives the text, however small that was.
template <typename Write>
std::string Written(size_t cap, Write write) {
  size_t needed = 0;
  Need(write(nullptr, 0, &needed, nullptr) == FIVEK_OK, "the length is given");
  std::vector<char> buffer(cap, '#');
  size_t again = 0;
  Error error;
  const bool fits = error.Accepted(
      write(cap > 0 ? buffer.data() : nullptr, cap, &again, error.get()));
  Need(again == needed, "the length does not depend on the room");
  Need(fits == (cap == 0 || cap >= needed), "a text that has room is written");
  if (cap == 0 || !fits) {
    Need(std::all_of(buffer.begin(), buffer.end(),
                     [](char c) { return c == '#'; }),
         "nothing else is");
    buffer.assign(needed, '#');
    Need(write(buffer.data(), needed, &again, nullptr) == FIVEK_OK,
         "exactly enough is enough");
  } else if (cap > needed) {
    Need(buffer[needed] == '\0', "a NUL where there is room");
    Need(std::all_of(buffer.begin() + static_cast<ptrdiff_t>(needed) + 1,
                     buffer.end(), [](char c) { return c == '#'; }),
         "and nothing behind it");
  }
  return std::string(buffer.data(), needed);
}

void Amounts(const char* text, size_t size, int32_t digits, size_t cap) {
  int64_t amount = 0;
  Error error;
  if (!error.Accepted(
          fivek_amount_parse(text, size, digits, &amount, error.get()))) {
    Need(amount == 0, "a refusal changes nothing");
    return;
  }
  const std::string again =
      Written(cap, [&](char* buf, size_t c, size_t* needed, fivek_error* e) {
        return fivek_amount_format(amount, digits, buf, c, needed, e);
      });
  int64_t same = 0;
  Need(fivek_amount_parse(again.data(), again.size(), digits, &same, nullptr) ==
               FIVEK_OK &&
           same == amount,
       "an amount is read back");
}

void Probabilities(const char* text, size_t size, int32_t unit, size_t cap) {
  int32_t ppm = -1;
  Error error;
  if (!error.Accepted(
          fivek_probability_parse(text, size, unit, &ppm, error.get()))) {
    Need(ppm == -1, "a refusal changes nothing");
    return;
  }
  Need(ppm >= 0 && ppm <= 1000000, "a probability is 0 to 1000000 ppm");
  const std::string again =
      Written(cap, [&](char* buf, size_t c, size_t* needed, fivek_error* e) {
        return fivek_probability_format(ppm, buf, c, needed, e);
      });
  int32_t same = -1;
  Need(again.size() > 2 &&
           fivek_probability_parse(again.data(), again.size() - 2,
                                   FIVEK_UNIT_PERCENT, &same,
                                   nullptr) == FIVEK_OK &&
           same == ppm,
       "a probability is read back");
}

void Dates(const char* text, size_t size, size_t cap) {
  int64_t instant = 0;
  Error instant_error;
  if (instant_error.Accepted(
          fivek_instant_parse(text, size, &instant, instant_error.get()))) {
    int32_t day = 0;
    Error day_error;
    if (day_error.Accepted(
            fivek_day_of_instant(instant, &day, day_error.get()))) {
      const int64_t rest = instant - int64_t{day} * 86400;
      Need(rest >= 0 && rest < 86400, "an instant is in its day");
    }
  }
  int32_t day = 0;
  Error error;
  if (!error.Accepted(fivek_day_parse(text, size, &day, error.get()))) return;
  const std::string again =
      Written(cap, [&](char* buf, size_t c, size_t* needed, fivek_error* e) {
        return fivek_day_format(day, buf, c, needed, e);
      });
  Need(again == std::string(text, size), "a day has one text");
  Need(instant == int64_t{day} * 86400, "a day is its midnight");
  int32_t date[3] = {};
  int32_t same = 0;
  Need(fivek_day_to_date(day, &date[0], &date[1], &date[2], nullptr) ==
               FIVEK_OK &&
           fivek_day_from_date(date[0], date[1], date[2], &same, nullptr) ==
               FIVEK_OK &&
           same == day,
       "a day is its date");
}

// The bytes as numbers: nothing may be formatted that cannot be read.
void Numbers(const char* text, size_t size, size_t cap) {
  int64_t number = 0;
  if (size > 0) std::memcpy(&number, text, std::min(size, sizeof number));
  for (int32_t digits = 0; digits <= 4; ++digits) {
    const std::string written =
        Written(cap, [&](char* buf, size_t c, size_t* needed, fivek_error* e) {
          return fivek_amount_format(number, digits, buf, c, needed, e);
        });
    int64_t same = 0;
    Need(fivek_amount_parse(written.data(), written.size(), digits, &same,
                            nullptr) == FIVEK_OK &&
             same == number,
         "any amount is read back");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint8_t options[3] = {};
  const size_t head = std::min(size, sizeof options);
  if (head > 0) std::memcpy(options, data, head);
  // A copy that ends where the text ends, so that a sanitizer sees any byte
  // that is read behind it.
  const std::vector<char> text(data + head, data + size);
  const size_t cap = options[0] % 40;
  Amounts(text.data(), text.size(), options[1] % 7 - 1, cap);
  Probabilities(text.data(), text.size(), options[2] % 5 - 1, cap);
  Dates(text.data(), text.size(), cap);
  Numbers(text.data(), text.size(), cap);

  // A C string where the interface takes one.
  const std::string name(text.begin(), text.end());
  int32_t digits = -1;
  Error error;
  if (error.Accepted(fivek_currency_minor_digits(nullptr, name.c_str(), &digits,
                                                 error.get()))) {
    Need(digits >= 0 && digits <= 4, "a currency has up to four decimals");
  }
  const char* const label = fivek_label(name.c_str(), options[0], "zh");
  Need(label == nullptr || fivek_label_code(name.c_str(), 0) >= 0,
       "a set with a label has codes");
  return 0;
}
