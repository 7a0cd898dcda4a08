// peers_native FILE ROWS: the native side of peers_ctypes.py.
//
// Maps the columns in FILE, the nine inputs and then the seven outputs of
// fivek_score_columns, each beginning on a page. For each line with a number on
// standard input it scores them so often and prints the CPU seconds it took.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "bench/paired.h"
#include "capi/fivek.h"

namespace fivek::bench {
namespace {

// The columns one behind the other.
class Columns {
 public:
  Columns(char* begin, size_t rows) : next_(begin), rows_(rows) {}
  template <typename T>
  T* Take() {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    T* const column = reinterpret_cast<T*>(next_);
    next_ += (rows_ * sizeof(T) + page - 1) / page * page;
    return column;
  }
  const char* end() const { return next_; }

 private:
  char* next_;
  size_t rows_;
};

int Run(const char* path, size_t rows) {
  const int file = open(path, O_RDWR | O_CLOEXEC);
  struct stat about = {};
  if (file < 0 || fstat(file, &about) != 0) {
    std::perror(path);
    return 1;
  }
  const auto size = static_cast<size_t>(about.st_size);
  void* const map =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) {
    std::perror(path);
    return 1;
  }
  auto* const begin = static_cast<char*>(map);
  Columns columns(begin, rows);
  fivek_score_in in = {};
  in.struct_size = sizeof in;
  in.problem = columns.Take<uint8_t>();
  in.power = columns.Take<uint8_t>();
  in.vision = columns.Take<uint8_t>();
  in.value = columns.Take<uint8_t>();
  in.control = columns.Take<uint8_t>();
  in.by_decision_maker = columns.Take<uint8_t>();
  in.evidence = columns.Take<uint32_t>();
  in.outcome = columns.Take<uint8_t>();
  in.amount = columns.Take<int64_t>();
  fivek_score_out out = {};
  out.struct_size = sizeof out;
  out.strength = columns.Take<uint8_t>();
  out.weakest = columns.Take<uint8_t>();
  out.product_ppm = columns.Take<int32_t>();
  out.stage = columns.Take<uint8_t>();
  out.milestone = columns.Take<uint8_t>();
  out.probability_ppm = columns.Take<int32_t>();
  out.expected_amount = columns.Take<int64_t>();
  if (static_cast<size_t>(columns.end() - begin) != size) {
    std::fprintf(stderr, "%s has %zu bytes, not those of %zu rows\n", path,
                 size, rows);
    return 1;
  }
  int calls = 0;
  while (std::scanf("%d", &calls) == 1) {
    const double start = CpuSeconds();
    for (int i = 0; i < calls; ++i) {
      if (fivek_score_columns(nullptr, &in, &out, rows, nullptr, nullptr) !=
          FIVEK_OK) {
        std::fputs("a row was refused\n", stderr);
        return 1;
      }
    }
    std::printf("%.9f\n", CpuSeconds() - start);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FILE ROWS\n", argv[0]);
    return 2;
  }
  return fivek::bench::Run(argv[1], std::strtoull(argv[2], nullptr, 10));
}
