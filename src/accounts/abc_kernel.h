// What the pass of abc.h that writes classes is given. Includes nothing with
// inline functions: the linker could choose a copy made for another processor.
#ifndef FIVEK_SRC_ACCOUNTS_ABC_KERNEL_H_
#define FIVEK_SRC_ACCOUNTS_ABC_KERNEL_H_

#include <cstddef>
#include <cstdint>

namespace fivek {

// A class and those above it hold what is above `last` and nothing from `below`
// down; what is between is open. below <= last.
struct AbcCut {
  int64_t below;
  int64_t last;
};

inline constexpr size_t kAbcTile = 1024;

// Up to kAbcTile values. Open ones get the better class.
struct AbcTile {
  const int64_t* value;
  uint8_t* classes;
  uint32_t* open;  // The numbers of open rows, in order; as long as the tile.
  int64_t* count;  // By class: the tile's are added.
};

// Classifies `rows` values; returns how many are open. That of AVX2 takes
// multiples of kAbcLanes.
using AbcKernel = size_t (*)(const AbcTile& tile, size_t rows, AbcCut a,
                             AbcCut b);
inline constexpr size_t kAbcLanes = 32;

size_t ClassifyTileAvx2(const AbcTile& tile, size_t rows, AbcCut a, AbcCut b);

}  // namespace fivek

#endif  // FIVEK_SRC_ACCOUNTS_ABC_KERNEL_H_
