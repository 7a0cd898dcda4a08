// How a struct grows: one of three releases, and a caller of each, and of one
// that is still to come, with the same library.
#include "capi/sized_struct.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "capi/fivek.h"
#include "gtest/gtest.h"

namespace {

// In the second release `b` was added, in the third `c`.
struct Grown {
  uint32_t struct_size;
  int32_t a;
  int32_t b;
  int32_t c;
};
constexpr uint32_t kFirst = offsetof(Grown, b);
constexpr uint32_t kSecond = offsetof(Grown, c);
constexpr uint32_t kThird = sizeof(Grown);
constexpr uint32_t kFourth = sizeof(Grown) + 8;

}  // namespace

template <>
inline constexpr size_t fivek::capi::kFirstSize<Grown> = kFirst;

namespace {

using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;

// A caller's memory: its struct, then what is not the library's to touch.
class Caller {
 public:
  explicit Caller(uint32_t size, unsigned char byte = 0x5A) : size_(size) {
    bytes_.fill(0x5A);
    std::memset(bytes_.data(), byte, size);
    get()->struct_size = size;
  }

  Grown* get() { return reinterpret_cast<Grown*>(bytes_.data()); }
  void Set(size_t at, unsigned char byte) { bytes_.at(at) = byte; }

  fivek_status Check(int32_t* reason = nullptr) {
    fivek_error error = {};
    error.struct_size = sizeof error;
    const fivek_status status = CheckStruct(get(), "it", &error);
    if (reason != nullptr) *reason = error.reason;
    return status;
  }

  // The field at `offset`, if the caller has it.
  int32_t At(size_t offset) const {
    int32_t value = 0;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  // What is behind the struct, and its size, are as they were.
  void ExpectItsOwn() const {
    EXPECT_EQ(At(0), static_cast<int32_t>(size_));
    for (size_t i = size_; i < bytes_.size(); ++i) EXPECT_EQ(bytes_[i], 0x5A);
  }

 private:
  alignas(Grown) std::array<unsigned char, 64> bytes_ = {};
  uint32_t size_;
};

constexpr Grown kResult = {0, 11, 22, 33};

TEST(SizedStructTest, AResultIsWrittenAsFarAsTheCallersStructGoes) {
  for (const uint32_t size : {kFirst, kSecond, kThird, kFourth}) {
    SCOPED_TRACE(size);
    Caller caller(size, 0);
    ASSERT_EQ(caller.Check(), FIVEK_OK);
    Give(kResult, caller.get());
    EXPECT_EQ(caller.At(offsetof(Grown, a)), 11);
    if (size >= kSecond) {
      EXPECT_EQ(caller.At(offsetof(Grown, b)), 22);
    }
    if (size >= kThird) {
      EXPECT_EQ(caller.At(offsetof(Grown, c)), 33);
    }
    if (size == kFourth) {
      EXPECT_EQ(caller.At(sizeof(Grown)), 0);
    }
    caller.ExpectItsOwn();
  }
}

TEST(SizedStructTest, WhatAnOlderCallerDoesNotHaveIsNotGiven) {
  for (const uint32_t size : {kFirst, kSecond, kThird}) {
    SCOPED_TRACE(size);
    Caller caller(size, 0x11);
    ASSERT_EQ(caller.Check(), FIVEK_OK);
    const Grown given = Given(*caller.get());
    EXPECT_EQ(given.struct_size, size);
    EXPECT_EQ(given.a, 0x11111111);
    EXPECT_EQ(given.b, size >= kSecond ? 0x11111111 : 0);
    EXPECT_EQ(given.c, size >= kThird ? 0x11111111 : 0);
    caller.ExpectItsOwn();
  }
}

TEST(SizedStructTest, ANewerCallerMayNotAskForWhatIsNotKnown) {
  for (const size_t at : {size_t{kThird}, size_t{kFourth - 1}}) {
    Caller caller(kFourth, 0);
    EXPECT_EQ(caller.Check(), FIVEK_OK);
    caller.Set(at, 1);
    int32_t reason = 0;
    EXPECT_EQ(caller.Check(&reason), FIVEK_INVALID_ARGUMENT);
    EXPECT_EQ(reason, FIVEK_REASON_RESERVED_NOT_ZERO);
  }
}

TEST(SizedStructTest, ASizeOfNoReleaseIsRefused) {
  for (const uint32_t size : {uint32_t{0}, uint32_t{4}, kFirst - 1,
                              fivek::capi::kMaxStructSize + 1, UINT32_MAX}) {
    Caller caller(kFourth, 0);
    caller.get()->struct_size = size;
    int32_t reason = 0;
    EXPECT_EQ(caller.Check(&reason), FIVEK_INVALID_ARGUMENT);
    EXPECT_EQ(reason, FIVEK_REASON_STRUCT_SIZE);
  }
}

}  // namespace
