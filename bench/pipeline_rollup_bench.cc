// Roll-ups beside a read-only pass over the same bytes, in turn, as in
// paired.h. The share is how much of the speed of reading is reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/paired.h"
#include "bench/seeded.h"
#include "fivek/pipeline/rollup.h"

namespace fivek {
namespace {

constexpr uint32_t kOwners = 1000;
constexpr size_t kRowBytes = 1 + 1 + 8 + 4 + 4;

struct Book {
  std::vector<uint8_t> milestone, outcome;
  std::vector<int64_t> amount;
  std::vector<int32_t> ppm;
  std::vector<uint32_t> owner;

  RollupColumns columns() const {
    return {milestone.data(), outcome.data(), amount.data(), ppm.data(),
            owner.data()};
  }
};

// Owners are 0..999, or as many keys from the whole range.
Book MakeBook(size_t rows, bool spread) {
  constexpr int32_t kYield[] = {0,       100'000, 250'000,  500'000,
                                750'000, 900'000, 1'000'000};
  bench::SplitMix64 random(1);
  Book book;
  for (size_t i = 0; i < rows; ++i) {
    const auto milestone = static_cast<uint8_t>(random.Below(7));
    const auto outcome = static_cast<uint8_t>(random.Below(5));
    const int32_t ppm[] = {kYield[milestone], kYield[milestone], 1'000'000, 0,
                           0};
    const auto owner = static_cast<uint32_t>(random.Below(kOwners));
    book.milestone.push_back(milestone);
    book.outcome.push_back(outcome);
    book.amount.push_back(static_cast<int64_t>(random.Below(100'000'000)));
    book.ppm.push_back(random.Below(50) == 0 ? -1 : ppm[outcome]);
    book.owner.push_back(spread ? owner * 2'654'435'761U : owner);
  }
  return book;
}

// Sixteen bytes at a time on every processor that has vectors.
using Lane = uint64_t __attribute__((vector_size(16)));

uint64_t ReadBytes(const void* column, size_t bytes) {
  Lane all[8] = {};
  const auto* const from = static_cast<const unsigned char*>(column);
  size_t at = 0;
  for (; at + sizeof all <= bytes; at += sizeof all) {
    for (size_t i = 0; i < 8; ++i) {
      Lane more;
      std::memcpy(&more, from + at + i * sizeof more, sizeof more);
      all[i] ^= more;
    }
  }
  uint64_t rest = 0;
  for (const Lane& lane : all) rest ^= lane[0] ^ lane[1];
  for (; at < bytes; ++at) rest ^= from[at];
  return rest;
}

// All columns side by side, as the roll-up reads them.
uint64_t ReadOnly(const Book& book) {
  constexpr size_t kTile = 1024;
  uint64_t all = 0;
  const size_t rows = book.owner.size();
  for (size_t row = 0; row < rows; row += kTile) {
    const size_t n = rows - row < kTile ? rows - row : kTile;
    all ^= ReadBytes(book.milestone.data() + row, n);
    all ^= ReadBytes(book.outcome.data() + row, n);
    all ^= ReadBytes(book.amount.data() + row, n * 8);
    all ^= ReadBytes(book.ppm.data() + row, n * 4);
    all ^= ReadBytes(book.owner.data() + row, n * 4);
  }
  return all;
}

void Compare(const char* name, RollupBy by, const Book& book, double seconds) {
  const size_t rows = book.owner.size();
  const RollupColumns columns = book.columns();
  // One roll-up that goes on growing, as a service would have.
  Rollup rollup(by);
  const bench::Paired pair = bench::Pair(
      seconds,
      [&] {
        const uint64_t all = ReadOnly(book);
        bench::Clobber(&all);
      },
      [&] {
        if (!rollup.Add(columns, rows).ok()) std::exit(1);
        bench::Clobber(&rollup);
      });
  const auto n = static_cast<double>(rows);
  std::printf("%9zu  %-24s %6.0f %8.1f   %.2f (%.2f-%.2f) %4zu\n", rows, name,
              n / pair.second.median * 1e-6,
              n * kRowBytes / pair.first.median * 1e-9, 1 / pair.ratio.median,
              1 / pair.ratio.high, 1 / pair.ratio.low, pair.rounds);
}

int Run(double seconds) {
  std::printf(
      "     rows  by                        M/s  read GB/s  share of "
      "reading, rounds\n");
  for (const size_t rows : {100'000U, 10'000'000U}) {
    const Book book = MakeBook(rows, false);
    Compare("milestone", RollupBy::kMilestone, book, seconds);
    Compare("1000 owners", RollupBy::kOwner, book, seconds);
    Compare("milestone x 1000 owners", RollupBy::kBoth, book, seconds);
    Compare("same, keys of 32 bits", RollupBy::kBoth, MakeBook(rows, true),
            seconds);
  }
  return 0;
}

}  // namespace
}  // namespace fivek

int main(int argc, char** argv) {
  return fivek::Run(fivek::bench::SecondsFrom(argc, argv));
}
