// Objects that do not change and are shared: a count of references, begun at
// the one that the creator is given.
#ifndef FIVEK_CAPI_COUNTED_H_
#define FIVEK_CAPI_COUNTED_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

namespace fivek::capi {

struct Counted {
  mutable std::atomic<int64_t> references{1};
};

template <typename Handle>
void Retain(const Handle* handle) {
  if (handle != nullptr) {
    handle->references.fetch_add(1, std::memory_order_relaxed);
  }
}

template <typename Handle>
void Release(const Handle* handle) {
  if (handle != nullptr &&
      handle->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete handle;
  }
}

// Hands out a model that was fitted, and what it forecast of rows of other
// folds, if that is asked for. What may fail for want of memory comes first.
template <typename Handle, typename Model>
void HandOut(Model model, const std::vector<double>& forecasts,
             double* out_of_fold, const Handle** out) {
  const auto* const handle = new Handle(std::move(model));
  if (out_of_fold != nullptr) {
    std::copy(forecasts.begin(), forecasts.end(), out_of_fold);
  }
  *out = handle;
}

}  // namespace fivek::capi

#endif  // FIVEK_CAPI_COUNTED_H_
