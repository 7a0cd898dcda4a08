// Numbers for keys of 32 bits. A hash table whose searches end after a few
// places; what finds none is in a map. So keys made to collide cost a
// logarithm, not more.
#ifndef FIVEK_SRC_PIPELINE_KEY_INDEX_H_
#define FIVEK_SRC_PIPELINE_KEY_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace fivek {

class KeyIndex {
 public:
  bool empty() const { return size_ == 0; }

  // 0: the key was not added.
  uint32_t Find(uint32_t key) const {
    if (places_.empty()) return 0;
    const Place* const first = places_.data() + HashOf(key);
    for (const Place* place = first; place < first + kWindow; ++place) {
      if (place->number == 0) return 0;
      if (place->key == key) return place->number;
    }
    const auto found = crowded_.find(key);
    return found == crowded_.end() ? 0 : found->second;
  }

  // `key` is new and `number` not 0. If memory runs out, nothing was added.
  void Add(uint32_t key, uint32_t number) {
    if (size_ >= places_.size() / kRoom) Grow();
    Place* const first = places_.data() + HashOf(key);
    Place* place = first;
    while (place < first + kWindow && place->number != 0) ++place;
    if (place < first + kWindow) {
      *place = {key, number};
    } else {
      crowded_.emplace(key, number);
    }
    ++size_;
  }

 private:
  struct Place {
    uint32_t key = 0, number = 0;
  };
  static constexpr size_t kWindow = 8;
  static constexpr size_t kRoom = 4;  // Places for each key, at least.

  size_t HashOf(uint32_t key) const {
    return static_cast<uint32_t>(key * uint32_t{0x9E3779B1}) >> shift_;
  }

  void Grow() {
    KeyIndex larger;
    larger.shift_ = shift_ - (places_.empty() ? 0 : 1);
    larger.places_.resize((size_t{1} << (32 - larger.shift_)) + kWindow);
    for (const Place& place : places_) {
      if (place.number != 0) larger.Add(place.key, place.number);
    }
    for (const auto& [key, number] : crowded_) larger.Add(key, number);
    *this = std::move(larger);
  }

  std::vector<Place> places_;  // 2^(32 - shift_), and a window behind them.
  int shift_ = 32 - 10;
  size_t size_ = 0;
  std::map<uint32_t, uint32_t> crowded_;
};

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_KEY_INDEX_H_
