// The frame of every serialised form: an eight-letter magic, a version, the
// content, and FNV-1a 64 of all before. Numbers are little-endian on every
// machine.
#ifndef FIVEK_SRC_BASE_SERIAL_H_
#define FIVEK_SRC_BASE_SERIAL_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fivek {

// What is read, and what its errors call it.
struct SerialForm {
  absl::string_view name;   // "roll-up"
  absl::string_view magic;  // Eight letters.
  uint32_t version;
};

inline constexpr size_t kSerialHeaderSize = 12;
inline constexpr size_t kSerialChecksumSize = 8;

class SerialWriter {
 public:
  // `content_size` is what is coming, for one allocation.
  SerialWriter(const SerialForm& form, size_t content_size);

  void Put32(uint32_t value) { Put(value, 4); }
  void Put64(uint64_t value) { Put(value, 8); }
  void Put128(absl::int128 value);
  void PutDouble(double value);
  void PutBytes(absl::string_view bytes);

  // All bytes, sealed. The writer is spent.
  std::string Finish();

 private:
  void Put(uint64_t value, int bytes);

  std::string bytes_;
};

// Takes numbers off the front. Taking more than is left gives zeros and is
// remembered, so that a reader of many fields asks once.
class SerialReader {
 public:
  // Checks magic, version, checksum: else kDataLoss (kDataDamaged) that names
  // the form. The bytes have to outlive the reader.
  static absl::StatusOr<SerialReader> Open(const SerialForm& form,
                                           absl::string_view bytes);

  uint32_t Take32() { return static_cast<uint32_t>(Take(4)); }
  int32_t TakeSigned32() { return static_cast<int32_t>(Take32()); }
  uint64_t Take64() { return Take(8); }
  int64_t TakeSigned64() { return static_cast<int64_t>(Take(8)); }
  absl::int128 Take128();
  double TakeDouble();
  absl::string_view TakeBytes(size_t size);

  // Of the content.
  size_t left() const { return content_.size(); }
  bool overrun() const { return overrun_; }

 private:
  explicit SerialReader(absl::string_view content) : content_(content) {}
  uint64_t Take(size_t size);

  absl::string_view content_;
  bool overrun_ = false;
};

// Whether a number that was read is one that may have been written: from `low`
// to `high`, not NaN, and not -0, which no sum is.
bool IsWithin(double x, double low, double high);

// kDataDamaged: "<form's name>: <why>".
absl::Status Damaged(const SerialForm& form, absl::string_view why);

}  // namespace fivek

#endif  // FIVEK_SRC_BASE_SERIAL_H_
