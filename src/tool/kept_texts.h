// Texts that outlive the record they were read from, and their numbers.
//
//   TextNumbers sellers;
//   sellers.Of("Ann");  // 0
//   sellers.Of("Bo");   // 1
//   sellers.Of("Ann");  // 0
//
// Texts are kept in blocks, so that they cost little more than their letters.
// One thread at a time.
#ifndef FIVEK_TOOL_KEPT_TEXTS_H_
#define FIVEK_TOOL_KEPT_TEXTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace fivek::tool {

class KeptTexts {
 public:
  // A copy that lives as long as this.
  absl::string_view Keep(absl::string_view text) {
    if (text.size() > left_) {
      left_ = std::max(kBlock, text.size());
      blocks_.push_back(std::make_unique<char[]>(left_));
      next_ = blocks_.back().get();
    }
    if (!text.empty()) std::memcpy(next_, text.data(), text.size());
    const absl::string_view kept(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    return kept;
  }

 private:
  static constexpr size_t kBlock = size_t{1} << 16;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

class TextNumbers {
 public:
  // The number of a text: how many others came before it, when it first came.
  uint32_t Of(absl::string_view text) {
    const auto found = numbers_.find(text);
    if (found != numbers_.end()) return found->second;
    const auto number = static_cast<uint32_t>(texts_.size());
    texts_.push_back(kept_.Keep(text));
    numbers_.emplace(texts_.back(), number);
    return number;
  }

  size_t size() const { return texts_.size(); }
  absl::string_view text(uint32_t number) const { return texts_[number]; }

  // The texts by their bytes, so in an order that does not depend on which came
  // first; `place` gets the place of each number in it.
  std::vector<std::string> Sorted(std::vector<uint32_t>* place) const {
    std::vector<uint32_t> order(texts_.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [this](uint32_t a, uint32_t b) { return texts_[a] < texts_[b]; });
    std::vector<std::string> sorted;
    sorted.reserve(order.size());
    place->assign(order.size(), 0);
    for (const uint32_t number : order) {
      (*place)[number] = static_cast<uint32_t>(sorted.size());
      sorted.emplace_back(texts_[number]);
    }
    return sorted;
  }

 private:
  KeptTexts kept_;
  std::vector<absl::string_view> texts_;
  absl::flat_hash_map<absl::string_view, uint32_t> numbers_;
};

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_KEPT_TEXTS_H_
