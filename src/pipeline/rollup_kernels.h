// What the batch kernel of rollup.h is given. Includes nothing with inline
// functions: see score_block.h.
#ifndef FIVEK_SRC_PIPELINE_ROLLUP_KERNELS_H_
#define FIVEK_SRC_PIPELINE_ROLLUP_KERNELS_H_

#include <cstddef>
#include <cstdint>

namespace fivek {

// The sums of a group, for up to kNarrowRows rows of amounts in
// [-kNarrowAmount, kNarrowAmount): one vector, so that a row is one addition.
// A product amount x ppm, below 2^62 in size, is cut at bit 20: nothing carries
// from word to word.
struct alignas(32) NarrowSums {
  uint64_t amount;            // Two's complement.
  uint64_t won_lost_unknown;  // 21 bits each.
  uint64_t count_low;         // Rows << 40, and the low 20 bits of products.
  uint64_t high;              // (product + 2^62) >> 20.
};

inline constexpr int kNarrowAmountBits = 42;
inline constexpr int64_t kNarrowAmount = int64_t{1} << kNarrowAmountBits;
inline constexpr int64_t kNarrowRows = int64_t{1} << 20;
inline constexpr int kLostShift = 21;
inline constexpr int kUnknownShift = 42;
inline constexpr int kLowBits = 20;
inline constexpr int kCountShift = 40;
inline constexpr uint64_t kProductBias = uint64_t{1} << 62;

// Columns without gaps. The sums of a row are sums[slot + rung], slot being
// slot_of_key[key], or the key itself without that table.
struct RollupTile {
  const uint8_t *milestone, *rung, *outcome;
  const int64_t* amount;
  const int32_t* ppm;
  const uint32_t* key;
  const uint32_t* slot_of_key;
  uint32_t keys;  // In slot_of_key: a power of two.
  NarrowSums* sums;
};

// Adds whole blocks of kRollupBlock rows, from the first on, up to one that has
// a bad row, an amount beyond kNarrowAmount or a key beyond the table. Returns
// the number of rows added.
using RollupKernel = size_t (*)(const RollupTile& tile, size_t rows);
inline constexpr size_t kRollupBlock = 32;

size_t AddBlocksAvx2(const RollupTile& tile, size_t rows);

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_ROLLUP_KERNELS_H_
