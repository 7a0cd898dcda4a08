// The C functions of ../include/fivek/history/pls_compat.h.
#include <cstdint>
#include <utility>
#include <vector>

#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/list_out.h"
#include "fivek/history/pls_compat.h"

using fivek::Reason;
using fivek::capi::CheckFlag;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteBytes;
using fivek::capi::WriteList;

struct fivek_pls_compat {
  explicit fivek_pls_compat(fivek::PlsCompat p) : pls(std::move(p)) {}

  fivek::PlsCompat pls;
};

namespace {

// What add, remove and probability say of a lead, as long as the call lasts.
fivek_status ReadLead(const fivek_pls_compat* pls, uint32_t team,
                      uint32_t stage, const uint32_t* value,
                      const uint32_t* tag, size_t tags, fivek::PlsLead* lead,
                      fivek_error* error) {
  FIVEK_NOT_NULL(pls);
  FIVEK_NOT_NULL(value);
  if (tags > 0) FIVEK_NOT_NULL(tag);
  FIVEK_ALIGNED(tag);
  *lead = {team, stage, {value, pls->pls.fields()}, {tag, tags}};
  return FIVEK_OK;
}

}  // namespace

fivek_status fivek_pls_create(size_t fields, uint32_t stages,
                              int64_t least_tag_leads, int32_t clamp,
                              fivek_pls_compat** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckFlag("clamp", clamp, error);
    if (fits != FIVEK_OK) return fits;
    fivek::PlsOptions options;
    options.fields = fields;
    options.stages = stages;
    options.least_tag_leads = least_tag_leads;
    options.clamp = clamp == 1;
    auto pls = fivek::PlsCompat::Create(options);
    if (!pls.ok()) return Report(pls.status(), error);
    *out = new fivek_pls_compat(*std::move(pls));
    return FIVEK_OK;
  });
}

void fivek_pls_release(fivek_pls_compat* pls) { delete pls; }

fivek_status fivek_pls_add(fivek_pls_compat* pls, uint32_t team, uint32_t stage,
                           const uint32_t* value, const uint32_t* tag,
                           size_t tags, int32_t won, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek::PlsLead lead;
    fivek_status fits =
        ReadLead(pls, team, stage, value, tag, tags, &lead, error);
    if (fits == FIVEK_OK) fits = CheckFlag("won", won, error);
    if (fits != FIVEK_OK) return fits;
    return Report(pls->pls.Add(lead, won == 1), error);
  });
}

fivek_status fivek_pls_remove(fivek_pls_compat* pls, uint32_t team,
                              uint32_t stage, const uint32_t* value,
                              const uint32_t* tag, size_t tags, int32_t won,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek::PlsLead lead;
    fivek_status fits =
        ReadLead(pls, team, stage, value, tag, tags, &lead, error);
    if (fits == FIVEK_OK) fits = CheckFlag("won", won, error);
    if (fits != FIVEK_OK) return fits;
    return Report(pls->pls.Remove(lead, won == 1), error);
  });
}

fivek_status fivek_pls_probability(const fivek_pls_compat* pls, uint32_t team,
                                   uint32_t stage, const uint32_t* value,
                                   const uint32_t* tag, size_t tags,
                                   double* percent, double* raw_percent,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    fivek::PlsLead lead;
    const fivek_status fits =
        ReadLead(pls, team, stage, value, tag, tags, &lead, error);
    if (fits != FIVEK_OK) return fits;
    FIVEK_NOT_NULL(percent);
    FIVEK_NOT_NULL(raw_percent);
    const auto probability = pls->pls.Probability(lead);
    if (!probability.ok()) return Report(probability.status(), error);
    if (!probability->has_value()) {
      return Report(Reason::kNotFound, "no lead has closed", error);
    }
    *percent = (*probability)->percent;
    *raw_percent = (*probability)->raw_percent;
    return FIVEK_OK;
  });
}

fivek_status fivek_pls_counts(const fivek_pls_compat* pls, fivek_pls_count* out,
                              size_t cap, size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(pls);
    FIVEK_LIST_NOT_NULL(out, cap, count);
    std::vector<fivek_pls_count> counts;
    for (const fivek::PlsCount& c : pls->pls.Counts()) {
      counts.push_back({c.won, c.lost, c.team, c.field, c.value, 0});
    }
    return WriteList(counts, out, cap, count, error);
  });
}

fivek_status fivek_pls_write(const fivek_pls_compat* pls, uint8_t* buf,
                             size_t cap, size_t* needed, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(pls);
    return WriteBytes(pls->pls.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_pls_read(const uint8_t* bytes, size_t len,
                            fivek_pls_compat** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto pls = fivek::PlsCompat::Read(fivek::capi::BytesIn(bytes, len));
    if (!pls.ok()) return Report(pls.status(), error);
    *out = new fivek_pls_compat(*std::move(pls));
    return FIVEK_OK;
  });
}
