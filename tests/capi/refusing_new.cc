#include "tests/capi/refusing_new.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace fivek::memory {

std::atomic<int64_t> live{0};
std::atomic<int64_t> left{-1};
std::atomic<int64_t> made{0};
std::atomic<bool> refused{false};

}  // namespace fivek::memory

namespace {

using fivek::memory::left;
using fivek::memory::live;
using fivek::memory::made;
using fivek::memory::refused;

constexpr size_t kMostBytes = size_t{1} << 40;

void* Allocate(size_t size, size_t alignment) noexcept {
  made.fetch_add(1);
  if (left.load() >= 0 && left.fetch_sub(1) == 0) {
    refused = true;
    return nullptr;
  }
  // A sanitizer's allocator would end the program.
  if (size > kMostBytes) return nullptr;
  const size_t rounded = (size + alignment - 1) / alignment * alignment;
  void* const memory =
      std::aligned_alloc(alignment, std::max(rounded, alignment));
  if (memory != nullptr) live.fetch_add(1);
  return memory;
}

void* AllocateOrThrow(size_t size, size_t alignment) {
  void* const memory = Allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Free(void* memory) noexcept {
  if (memory == nullptr) return;
  live.fetch_sub(1);
  std::free(memory);
}

constexpr size_t kAlignment = alignof(std::max_align_t);

}  // namespace

void* operator new(size_t size) { return AllocateOrThrow(size, kAlignment); }
void* operator new[](size_t size) { return AllocateOrThrow(size, kAlignment); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size, kAlignment);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size, kAlignment);
}
void* operator new(size_t size, std::align_val_t alignment) {
  return AllocateOrThrow(size, static_cast<size_t>(alignment));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return AllocateOrThrow(size, static_cast<size_t>(alignment));
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }
void operator delete[](void* memory, size_t) noexcept { Free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  Free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  Free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept {
  Free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}
void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  Free(memory);
}
