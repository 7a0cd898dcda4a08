#include "src/base/serial.h"

#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "src/base/fnv1a.h"

namespace fivek {

static_assert(sizeof(double) == sizeof(uint64_t));

SerialWriter::SerialWriter(const SerialForm& form, size_t content_size)
    : bytes_(form.magic) {
  bytes_.reserve(kSerialHeaderSize + content_size + kSerialChecksumSize);
  Put32(form.version);
}

void SerialWriter::Put(uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    bytes_.push_back(static_cast<char>(value >> 8 * i & 0xFF));
  }
}

void SerialWriter::Put128(absl::int128 value) {
  Put64(absl::Int128Low64(value));
  Put64(static_cast<uint64_t>(absl::Int128High64(value)));
}

void SerialWriter::PutDouble(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  Put64(bits);
}

void SerialWriter::PutBytes(absl::string_view bytes) {
  absl::StrAppend(&bytes_, bytes);
}

std::string SerialWriter::Finish() {
  Put64(Fnv1a64(bytes_));
  return std::move(bytes_);
}

bool IsWithin(double x, double low, double high) {
  return low <= x && x <= high && !(x == 0.0 && std::signbit(x));
}

absl::Status Damaged(const SerialForm& form, absl::string_view why) {
  return Refuse(Reason::kDataDamaged, absl::StrCat(form.name, ": ", why));
}

absl::StatusOr<SerialReader> SerialReader::Open(const SerialForm& form,
                                                absl::string_view bytes) {
  constexpr size_t kShortest = kSerialHeaderSize + kSerialChecksumSize;
  if (bytes.size() < kShortest) {
    return Damaged(form, absl::StrCat(bytes.size(), " bytes; the shortest has ",
                                      kShortest));
  }
  if (bytes.substr(0, form.magic.size()) != form.magic) {
    return Damaged(form, absl::StrCat("does not begin with ", form.magic));
  }
  const size_t end = bytes.size() - kSerialChecksumSize;
  SerialReader reader(bytes.substr(form.magic.size(), end - form.magic.size()));
  const uint32_t version = reader.Take32();
  if (version != form.version) {
    return Damaged(
        form, absl::StrCat("version ", version, "; known: ", form.version));
  }
  if (SerialReader(bytes.substr(end)).Take64() !=
      Fnv1a64(bytes.substr(0, end))) {
    return Damaged(form, "the checksum does not match");
  }
  return reader;
}

uint64_t SerialReader::Take(size_t size) {
  uint64_t value = 0;
  const absl::string_view bytes = TakeBytes(size);
  for (size_t i = 0; i < bytes.size(); ++i) {
    value |= uint64_t{static_cast<unsigned char>(bytes[i])} << 8 * i;
  }
  return value;
}

absl::int128 SerialReader::Take128() {
  const uint64_t low = Take64();
  return absl::MakeInt128(TakeSigned64(), low);
}

double SerialReader::TakeDouble() {
  const uint64_t bits = Take64();
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

absl::string_view SerialReader::TakeBytes(size_t size) {
  if (size > content_.size()) {
    overrun_ = true;
    content_ = {};
    return {};
  }
  const absl::string_view bytes = content_.substr(0, size);
  content_.remove_prefix(size);
  return bytes;
}

}  // namespace fivek
