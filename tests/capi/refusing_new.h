// The operator new of a test program that can be told to have no memory. It is
// the library's too if the program is linked with the library's object files.
#ifndef FIVEK_TESTS_CAPI_REFUSING_NEW_H_
#define FIVEK_TESTS_CAPI_REFUSING_NEW_H_

#include <atomic>
#include <cstdint>

namespace fivek::memory {

// Allocations that are not given back; those left until one fails (below 0:
// none does); those made, and whether one failed, since the last reset.
extern std::atomic<int64_t> live;
extern std::atomic<int64_t> left;
extern std::atomic<int64_t> made;
extern std::atomic<bool> refused;

}  // namespace fivek::memory

#endif  // FIVEK_TESTS_CAPI_REFUSING_NEW_H_
