// What all fuzz targets need: properties that hold, and memory that ends where
// it is said to.
#ifndef FIVEK_TESTS_FUZZ_NEED_H_
#define FIVEK_TESTS_FUZZ_NEED_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace fivek {

inline void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// Elements in a block of the heap that ends with the last of them, so that a
// sanitizer sees what is read or written behind it. All bits are 0 at first.
template <typename T>
class Exact {
 public:
  Exact() : Exact(0) {}
  explicit Exact(size_t n) : n_(n), data_(new T[n]) {
    if (n > 0) std::memset(static_cast<void*>(get()), 0, n * sizeof(T));
  }
  Exact(const Exact& other) : Exact(other.n_) {
    if (n_ > 0)
      std::memcpy(static_cast<void*>(get()), other.get(), n_ * sizeof(T));
  }
  Exact& operator=(const Exact&) = delete;

  // Each byte as a canary, for outputs.
  static Exact Canary(size_t n) {
    Exact exact(n);
    if (n > 0)
      std::memset(static_cast<void*>(exact.get()), 0xA5, n * sizeof(T));
    return exact;
  }

  size_t size() const { return n_; }
  T* get() const { return data_.get(); }
  T* begin() const { return get(); }
  T* end() const { return get() + n_; }
  T& operator[](size_t i) const { return data_[i]; }

  void Swap(Exact* other) {
    std::swap(n_, other->n_);
    data_.swap(other->data_);
  }
  Exact Reversed() const {
    Exact other(*this);
    std::reverse(other.begin(), other.end());
    return other;
  }
  bool SameBytes(const Exact& other) const {
    return n_ == other.n_ &&
           (n_ == 0 || std::memcmp(get(), other.get(), n_ * sizeof(T)) == 0);
  }

 private:
  size_t n_;
  std::unique_ptr<T[]> data_;
};

// The bytes of an input, in turn; zeros behind its end.
class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  size_t left() const { return size_; }

  template <typename T>
  T Take() {
    T value = {};
    const size_t count = std::min(sizeof value, size_);
    if (count > 0) std::memcpy(&value, data_, count);
    data_ += count;
    size_ -= count;
    return value;
  }
  uint32_t Below(uint32_t limit) { return Take<uint8_t>() % limit; }
  // True for one byte of 256, so that most of an input is as it should be.
  bool Rarely() { return Take<uint8_t>() == 0xEE; }

 private:
  const uint8_t* data_;
  size_t size_;
};

}  // namespace fivek

#endif  // FIVEK_TESTS_FUZZ_NEED_H_
