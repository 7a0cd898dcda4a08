// What every function of the C interface does the same way: keep exceptions in,
// check pointers and texts, report errors, hand out texts.
#ifndef FIVEK_CAPI_BARRIER_H_
#define FIVEK_CAPI_BARRIER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "capi/counted.h"
#include "capi/fivek.h"
#include "fivek/base/reason.h"
#include "fivek/method/policy.h"
#include "src/base/aligned.h"
#include "src/base/utf8.h"

struct fivek_policy : fivek::capi::Counted {
  explicit fivek_policy(fivek::Policy p)
      : policy(std::move(p)), tables(policy.tables()) {}

  fivek::Policy policy;
  const fivek::MethodTables& tables;  // The policy's own, one step away.
};

namespace fivek::capi {

// Copies as many whole characters as there is room for and gives their bytes. A
// message may quote what the caller gave, whatever it is: a byte that is no
// text becomes '?', so that the copy is one line of UTF-8 without a NUL in it.
inline size_t CopyMessage(absl::string_view message, char* out, size_t room) {
  size_t written = 0;
  while (!message.empty()) {
    const auto first = static_cast<unsigned char>(message.front());
    const bool control = first < 0x20 || first == 0x7F;
    const size_t length = control ? 0 : Utf8Length(message);
    const size_t size = std::max<size_t>(length, 1);
    if (size > room - written) break;
    if (length == 0) {
      out[written] = '?';
    } else {
      std::memcpy(out + written, message.data(), size);
    }
    written += size;
    message.remove_prefix(size);
  }
  return written;
}

// Writes the error, never past its struct_size, with the NUL of the message
// inside it; one that is not aligned is none. Allocates nothing.
inline void Fill(fivek_error* error, fivek_status status, Reason reason,
                 absl::string_view message, Where where) {
  if (error == nullptr || !IsAligned(error)) return;
  fivek_error full;
  std::memset(&full, 0, sizeof full);
  full.struct_size = error->struct_size;
  full.status = status;
  full.reason = static_cast<int32_t>(reason);
  full.column = where.column;
  full.row = where.row;
  const size_t size = std::min<size_t>(error->struct_size, sizeof full);
  constexpr size_t kBefore = offsetof(fivek_error, message);
  const size_t room = size > kBefore ? size - kBefore - 1 : 0;
  full.message_len =
      static_cast<uint32_t>(CopyMessage(message, full.message, room));
  std::memcpy(error, &full, size);
}

inline fivek_status Report(const absl::Status& status, fivek_error* error) {
  if (status.ok()) return FIVEK_OK;
  const auto code = static_cast<fivek_status>(status.code());
  Fill(error, code, ReasonOf(status), status.message(), WhereOf(status));
  return code;
}

inline fivek_status Report(Reason reason, absl::string_view message,
                           fivek_error* error, Where where = {}) {
  const auto code = static_cast<fivek_status>(CodeOf(reason));
  Fill(error, code, reason, message, where);
  return code;
}

// The barrier: runs `body`, which returns a fivek_status, and lets no exception
// out.
template <typename Body>
fivek_status Guard(fivek_error* error, Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Report(Reason::kOutOfMemory, "out of memory", error);
  } catch (const std::length_error&) {
    // More elements than any memory holds.
    return Report(Reason::kOutOfMemory, "out of memory", error);
  } catch (...) {
    return Report(Reason::kInternal, "unexpected exception", error);
  }
}

// Said without memory.
inline fivek_status RefusePointer(const char* name, Reason reason,
                                  absl::string_view why, fivek_error* error) {
  char message[80] = {};
  size_t length = 0;
  for (; name[length] != '\0' && length < 40; ++length) {
    message[length] = name[length];
  }
  std::memcpy(message + length, why.data(), why.size());
  return Report(reason, message, error);
}

inline fivek_status NullPointer(const char* name, fivek_error* error) {
  return RefusePointer(name, Reason::kNullPointer, " is NULL", error);
}

inline fivek_status MisalignedPointer(const char* name, fivek_error* error) {
  return RefusePointer(name, Reason::kValueRange, " is not aligned to its type",
                       error);
}

// The C and C++ structs of arrays are the same bytes. What crosses is copied,
// so that no rule of aliasing is bent; the compiler makes moves of it.
template <typename To, typename From>
To SameBytes(const From& from) {
  static_assert(sizeof(To) == sizeof(From) &&
                std::is_trivially_copyable_v<To> &&
                std::is_trivially_copyable_v<From>);
  To to;
  std::memcpy(static_cast<void*>(&to), &from, sizeof to);
  return to;
}

// (buf, cap, needed), without the NUL: see the header.
inline fivek_status WriteBytes(absl::string_view text, char* buf, size_t cap,
                               size_t* needed, fivek_error* error) {
  if (needed == nullptr) return NullPointer("needed", error);
  if (!IsAligned(needed)) return MisalignedPointer("needed", error);
  if (buf == nullptr && cap > 0) return NullPointer("buf", error);
  *needed = text.size();
  if (cap == 0) return FIVEK_OK;
  if (cap < text.size()) {
    return Report(Reason::kBufferTooSmall, "the buffer is smaller than needed",
                  error);
  }
  std::memcpy(buf, text.data(), text.size());
  return FIVEK_OK;
}

inline fivek_status WriteBytes(absl::string_view bytes, uint8_t* buf,
                               size_t cap, size_t* needed, fivek_error* error) {
  return WriteBytes(bytes, reinterpret_cast<char*>(buf), cap, needed, error);
}

inline fivek_status WriteText(absl::string_view text, char* buf, size_t cap,
                              size_t* needed, fivek_error* error) {
  const fivek_status status = WriteBytes(text, buf, cap, needed, error);
  if (status == FIVEK_OK && cap > text.size()) buf[text.size()] = '\0';
  return status;
}

// A text that came in as pointer and length.
inline absl::string_view TextIn(const char* text, size_t len) {
  return text == nullptr ? absl::string_view() : absl::string_view(text, len);
}

// Bytes that came in so.
inline absl::string_view BytesIn(const uint8_t* bytes, size_t len) {
  return TextIn(reinterpret_cast<const char*>(bytes), len);
}

// The built-in method where the caller gave none.
inline Policy PolicyOf(const fivek_policy* handle) {
  return handle == nullptr ? Policy() : handle->policy;
}

inline const MethodTables& TablesOf(const fivek_policy* handle) {
  return ABSL_PREDICT_TRUE(handle == nullptr) ? kBuiltInTables : handle->tables;
}

}  // namespace fivek::capi

// A pointer to what is read or written as its type: there and aligned.
#define FIVEK_NOT_NULL(pointer)                           \
  do {                                                    \
    if ((pointer) == nullptr) {                           \
      return ::fivek::capi::NullPointer(#pointer, error); \
    }                                                     \
    FIVEK_ALIGNED(pointer);                               \
  } while (false)

// One that may be NULL.
#define FIVEK_ALIGNED(pointer)                                  \
  do {                                                          \
    if (!::fivek::IsAligned(pointer)) {                         \
      return ::fivek::capi::MisalignedPointer(#pointer, error); \
    }                                                           \
  } while (false)

#define FIVEK_TEXT_NOT_NULL(text, len)                 \
  do {                                                 \
    if ((text) == nullptr && (len) > 0) {              \
      return ::fivek::capi::NullPointer(#text, error); \
    }                                                  \
  } while (false)

#endif  // FIVEK_CAPI_BARRIER_H_
