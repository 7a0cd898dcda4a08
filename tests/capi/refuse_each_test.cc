// c_test.c with the n-th allocation of each of its calls refused, for all n:
// see refuse_each.h.
#include <cstdint>
#include <cstring>
#include <string>

#include "capi/fivek.h"
#include "gtest/gtest.h"
#include "tests/capi/refusing_new.h"

namespace {

using fivek::memory::left;
using fivek::memory::live;
using fivek::memory::refused;

int64_t granted = 0;  // To the present attempt.
int64_t live_before = 0;
int64_t calls = 0, refusals = 0;

}  // namespace

extern "C" {

int c_test_main(void);

void fivek_refuse_begin(void) {
  granted = -1;
  ++calls;
}

void fivek_refuse_next(void) {
  live_before = live;
  refused = false;
  left = ++granted;
}

int fivek_refuse_again(const char* function, fivek_status status,
                       int error_written, const fivek_error* error) {
  left = -1;
  if (!refused) return 0;
  ++refusals;
  // What has been done anyway is for the test to judge, and not done again.
  if (status != FIVEK_RESOURCE_EXHAUSTED) return 0;
  // A roll-up keeps what it has reserved until it is released.
  if (std::strncmp(function, "fivek_rollup_", 13) != 0) {
    EXPECT_EQ(live, live_before) << function << ", " << granted << " granted";
  }
  if (error_written != 0) {
    EXPECT_EQ(error->reason, FIVEK_REASON_OUT_OF_MEMORY)
        << function << ", " << granted << " granted: " << error->message;
  }
  return 1;
}

}  // extern "C"

namespace {

TEST(RefuseEachTest, TheTestsInCHoldAfterEachRefusal) {
  const int64_t before = live;
  EXPECT_EQ(c_test_main(), 0);
  EXPECT_EQ(live, before) << "allocations are lost";
  EXPECT_GT(calls, 2000);
  EXPECT_GT(refusals, 5000);
  RecordProperty("calls", std::to_string(calls));
  RecordProperty("refusals", std::to_string(refusals));
}

}  // namespace
