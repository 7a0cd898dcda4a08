// Lengths that are wrong: texts cut anywhere, of any bytes, buffers of every
// size below what is needed, and counts beyond any memory, which are refused
// before anything is read that is not there.
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"
#include "tests/capi/every_call.h"

namespace fivek::hostile {
namespace {

const Function& Named(const char* name) {
  for (const Function& function : EveryFunction()) {
    if (std::strcmp(function.name, name) == 0) return function;
  }
  ADD_FAILURE() << name;
  return EveryFunction().front();
}

// The place of an argument, or -1.
int PlaceOf(const Function& function, const char* name) {
  for (size_t i = 0; i < function.arguments.size(); ++i) {
    if (std::strcmp(function.arguments[i].name, name) == 0) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

// ---- Texts out --------------------------------------------------------------

TEST(LengthsTest, EveryCapacityOfATextOut) {
  size_t tried = 0;
  for (const Function& function : EveryFunction()) {
    const int buf = PlaceOf(function, "buf");
    if (buf < 0) continue;
    SCOPED_TRACE(function.name);
    ASSERT_EQ(PlaceOf(function, "cap"), buf + 1);
    ASSERT_EQ(PlaceOf(function, "needed"), buf + 2);
    ++tried;
    const std::string name = function.name;
    const bool is_text = name.find("_write") == std::string::npos;
    World good;
    ExpectOk(function, good, function.WordsIn(good));
    const size_t needed = good.memory.count;
    ASSERT_GT(needed, 2U);
    const size_t step = needed < 100 ? 1 : needed / 50;
    for (size_t cap = 1; cap < needed + 3;
         cap += cap + step < needed ? step : 1) {
      SCOPED_TRACE(cap);
      World world;
      Words words = function.WordsIn(world);
      // Exactly as large as it is said to be.
      const std::unique_ptr<char[]> exact(new char[cap]);
      std::memset(exact.get(), '#', cap);
      words[static_cast<size_t>(buf)] =
          reinterpret_cast<uintptr_t>(exact.get());
      words[static_cast<size_t>(buf) + 1] = cap;
      const auto status =
          static_cast<fivek_status>(function.CallIn(world, words));
      EXPECT_EQ(world.memory.count, needed);
      const std::string wrote(exact.get(), cap);
      if (cap < needed) {
        EXPECT_EQ(status, FIVEK_RESOURCE_EXHAUSTED);
        EXPECT_EQ(wrote, std::string(cap, '#'));
        continue;
      }
      EXPECT_EQ(status, FIVEK_OK);
      EXPECT_EQ(wrote.substr(0, needed),
                std::string(good.memory.text_out, needed));
      const std::string behind = is_text ? std::string(1, '\0') + "#" : "##";
      EXPECT_EQ(wrote.substr(needed), behind.substr(0, cap - needed));
    }
    // More than any memory, which nobody can check and nobody needs.
    World world;
    Words words = function.WordsIn(world);
    words[static_cast<size_t>(buf) + 1] = SIZE_MAX;
    ExpectOk(function, world, words);
  }
  EXPECT_EQ(tried, 11U);
}

// ---- Texts in ---------------------------------------------------------------

// What a call says of a text that stands at the end of its memory: a byte
// beyond is seen by a sanitizer. A message is one line of text, whatever was
// given.
void CallWithText(const Function& function, const std::string& text) {
  const int len = PlaceOf(function, "len");
  ASSERT_GT(len, 0);
  const std::unique_ptr<char[]> exact(new char[text.size()]);
  if (!text.empty()) std::memcpy(exact.get(), text.data(), text.size());
  World world;
  Words words = function.WordsIn(world);
  words[static_cast<size_t>(len) - 1] =
      reinterpret_cast<uintptr_t>(exact.get());
  words[static_cast<size_t>(len)] = text.size();
  fivek_error error;
  std::memset(&error, 0, sizeof error);
  error.struct_size = sizeof error;
  words.back() = reinterpret_cast<uintptr_t>(&error);
  const std::string before = world.Contents();
  const auto status = static_cast<fivek_status>(function.CallIn(world, words));
  if (status == FIVEK_OK) {
    EXPECT_EQ(error.message_len, 0U);
    return;
  }
  EXPECT_TRUE(world.Contents() == before);
  EXPECT_EQ(error.status, status);
  EXPECT_NE(status, FIVEK_INTERNAL) << error.message;
  EXPECT_NE(error.reason, FIVEK_REASON_NONE);
  EXPECT_GT(error.message_len, 0U);
  EXPECT_EQ(std::strlen(error.message), error.message_len);
  for (size_t i = 0; i < error.message_len; ++i) {
    EXPECT_GE(static_cast<unsigned char>(error.message[i]), 0x20);
  }
}

// The text that a call of the table gives.
std::string TextOf(const Function& function) {
  const auto len = static_cast<size_t>(PlaceOf(function, "len"));
  World world;
  const Words words = function.WordsIn(world);
  return {reinterpret_cast<const char*>(words[len - 1]), words[len]};
}

std::vector<const Function*> Readers() {
  std::vector<const Function*> readers;
  for (const Function& function : EveryFunction()) {
    if (PlaceOf(function, "len") > 0) readers.push_back(&function);
  }
  EXPECT_EQ(readers.size(), 12U);
  return readers;
}

TEST(LengthsTest, ATextCutAnywhere) {
  for (const Function* const function : Readers()) {
    SCOPED_TRACE(function->name);
    const std::string text = TextOf(*function);
    for (size_t size = 0; size <= text.size(); ++size) {
      CallWithText(*function, text.substr(0, size));
      if (size > 0) CallWithText(*function, text.substr(size));
    }
  }
}

// Instead of each byte, before it and behind the text: one that may be no text.
TEST(LengthsTest, ATextOfAnyBytes) {
  for (const Function* const function : Readers()) {
    SCOPED_TRACE(function->name);
    const std::string text = TextOf(*function);
    const size_t step = text.size() < 40 ? 1 : text.size() / 20;
    for (int byte = 0; byte < 256; ++byte) {
      const auto c = static_cast<char>(byte);
      CallWithText(*function, std::string(1, c));
      CallWithText(*function, std::string(100, c));
      CallWithText(*function, text + c);
      for (size_t at = 0; at < text.size(); at += step) {
        std::string changed = text;
        changed[at] = c;
        CallWithText(*function, changed);
      }
    }
    // UTF-8 that is none: cut, overlong, a surrogate, beyond the last.
    for (const char* const bad :
         {"\xC3", "\xE4\xBD", "\xF0\x9F\x98", "\xC0\x80", "\xED\xA0\x80",
          "\xF4\x90\x80\x80", "\xFF\xFE", "\x80"}) {
      CallWithText(*function, bad);
      CallWithText(*function, text + bad);
      CallWithText(*function, "\"" + std::string(bad) + "\"");
    }
  }
}

// Names and codes end with a NUL; any bytes may be before it.
TEST(LengthsTest, ANameOfAnyBytes) {
  const fivek_policy* const policy = nullptr;
  for (int first = 0; first < 256; ++first) {
    for (const int second : {0, int{'A'}, 0x80, 0xFF}) {
      const char name[] = {static_cast<char>(first), static_cast<char>(second),
                           'D', '\0'};
      EXPECT_EQ(fivek_label(name, 0, "en"), nullptr);
      EXPECT_EQ(fivek_label("stage", 0, name), nullptr);
      EXPECT_EQ(fivek_label_code(name, 0), -1);
      EXPECT_EQ(fivek_has_feature(name), 0);
      int32_t digits = -1;
      const fivek_status status =
          fivek_currency_minor_digits(policy, name, &digits, nullptr);
      const bool capitals = first >= 'A' && first <= 'Z' && second == 'A';
      EXPECT_TRUE(status == FIVEK_INVALID_ARGUMENT || capitals) << first;
    }
  }
  const std::string longest(100000, 'A');
  int64_t sum = -77;
  EXPECT_EQ(fivek_label(longest.c_str(), 0, "en"), nullptr);
  EXPECT_EQ(fivek_money_sum(1, longest.c_str(), 1, "USD", &sum, nullptr),
            FIVEK_INVALID_ARGUMENT);
  EXPECT_EQ(sum, -77);
}

// ---- Counts -----------------------------------------------------------------

#if SIZE_MAX > UINT32_MAX
// Beyond what any memory holds, so nothing is read.
TEST(LengthsTest, MoreRowsThanAnyMemoryHolds) {
  const struct {
    const char* function;
    const char* count;
    fivek_status status;
    int32_t reason;
    std::vector<size_t> counts;
  } kCounts[] = {
      {"fivek_score_columns",
       "rows",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 16 + 1}},
      {"fivek_score_columns_calibrated",
       "rows",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 16 + 1}},
      {"fivek_rollup_add",
       "rows",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, size_t{1} << 43}},
      {"fivek_forecasts_evaluate",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_forecasts_reliability",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_forecasts_compare",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_isotonic_fit",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_standing_of",
       "n",
       FIVEK_RESOURCE_EXHAUSTED,
       FIVEK_REASON_OUT_OF_MEMORY,
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 8}},
      {"fivek_absorbing_chain_solve",
       "n",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {SIZE_MAX, SIZE_MAX / 2, 9}},
      {"fivek_slippage_measure",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_activity_plan",
       "n",
       FIVEK_RESOURCE_EXHAUSTED,
       FIVEK_REASON_OUT_OF_MEMORY,
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 8}},
      {"fivek_snapshot_create",
       "n",
       FIVEK_RESOURCE_EXHAUSTED,
       FIVEK_REASON_OUT_OF_MEMORY,
       {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 8}},
      {"fivek_scores_weigh",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_portfolio_cells",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_triangle_check",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_visit_plan",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_visit_plan",
       "n_sellers",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_hours_against_value",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_account_coverage",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_effort_allocate",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_effort_allocate_table",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_sales_mode_of",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_segment_design_result",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_scores_weigh",
       "criteria",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {SIZE_MAX, SIZE_MAX / 2, 1001, 0}},
      {"fivek_effort_allocate_table",
       "width",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {(size_t{1} << 26) + 1, 0}},
      {"fivek_purchases_summarize",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_rank_score",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_rfm_score",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_rfm_segments",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_bg_nbd_fit",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_bg_nbd_predict",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_gamma_gamma_fit",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_lifetime_value",
       "n",
       FIVEK_OUT_OF_RANGE,
       FIVEK_REASON_OVERFLOW,
       {SIZE_MAX, SIZE_MAX / 2, (size_t{1} << 31) + 1}},
      {"fivek_rfm_segments",
       "rule_count",
       FIVEK_INVALID_ARGUMENT,
       FIVEK_REASON_VALUE_RANGE,
       {SIZE_MAX, SIZE_MAX / 2, 256}},
      {"fivek_rollup_group_of",
       "index",
       FIVEK_NOT_FOUND,
       FIVEK_REASON_NOT_FOUND,
       {1, size_t{1} << 31, (size_t{1} << 32) + 1, SIZE_MAX / 2, SIZE_MAX}},
  };
  for (const auto& c : kCounts) {
    const Function& function = Named(c.function);
    const auto place = static_cast<size_t>(PlaceOf(function, c.count));
    for (const size_t count : c.counts) {
      SCOPED_TRACE(c.function + (" " + std::to_string(count)));
      World world;
      Words words = function.WordsIn(world);
      words[place] = count;
      ExpectRefused(function, world, words, c.status, c.reason, {});
    }
  }
}

// The first row ends the call, so what the count says is not looked at.
TEST(LengthsTest, ABadFirstRowOfVeryMany) {
  for (const size_t count : {size_t{1}, size_t{1} << 31, (size_t{1} << 32) + 1,
                             SIZE_MAX / 2, SIZE_MAX}) {
    SCOPED_TRACE(count);
    {
      const Function& function = Named("fivek_actions_measure");
      World world;
      world.memory.actions[0] = 6;
      Words words = function.WordsIn(world);
      words[static_cast<size_t>(PlaceOf(function, "n"))] = count;
      ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                    FIVEK_REASON_UNKNOWN_CODE, {"6"});
    }
    {
      const Function& function = Named("fivek_amount_total");
      World world;
      world.memory.ppm[0] = -1;
      Words words = function.WordsIn(world);
      words[static_cast<size_t>(PlaceOf(function, "n"))] = count;
      ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                    FIVEK_REASON_VALUE_RANGE, {"-1"});
    }
  }
}

// As many as may be, of which the first is bad: no memory is taken for them.
TEST(LengthsTest, ABadFirstForecastOfVeryMany) {
  for (const char* const name :
       {"fivek_forecasts_evaluate", "fivek_forecasts_reliability",
        "fivek_forecasts_compare"}) {
    const Function& function = Named(name);
    World world;
    world.memory.forecast[0] = 1.5;
    Words words = function.WordsIn(world);
    words[static_cast<size_t>(PlaceOf(function, "n"))] = size_t{1} << 31;
    ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                  FIVEK_REASON_VALUE_RANGE, {"1.5"});
  }
}
#endif

TEST(LengthsTest, NoRows) {
  for (const char* const name : {"fivek_amount_total",
                                 "fivek_standing_of",
                                 "fivek_apply_events",
                                 "fivek_actions_measure",
                                 "fivek_score_columns",
                                 "fivek_score_columns_calibrated",
                                 "fivek_rollup_add",
                                 "fivek_isotonic_fit",
                                 "fivek_durations_fit",
                                 "fivek_funnel_reached",
                                 "fivek_slippage_measure",
                                 "fivek_activity_plan",
                                 "fivek_leads_classify",
                                 "fivek_leads_value",
                                 "fivek_leads_rank",
                                 "fivek_leads_qualify",
                                 "fivek_leads_follow_up",
                                 "fivek_leads_forecast",
                                 "fivek_leads_decay",
                                 "fivek_round_robin_next",
                                 "fivek_territories_balance",
                                 "fivek_territories_rebalance",
                                 "fivek_visit_policy_check",
                                 "fivek_scores_weigh",
                                 "fivek_portfolio_cells",
                                 "fivek_triangle_check",
                                 "fivek_visit_plan",
                                 "fivek_hours_against_value",
                                 "fivek_account_coverage",
                                 "fivek_effort_allocate",
                                 "fivek_effort_allocate_table",
                                 "fivek_sales_mode_of",
                                 "fivek_segment_design_result",
                                 "fivek_purchases_summarize",
                                 "fivek_rank_score",
                                 "fivek_rfm_score",
                                 "fivek_rfm_segments",
                                 "fivek_bg_nbd_log_likelihood",
                                 "fivek_bg_nbd_predict",
                                 "fivek_gamma_gamma_log_likelihood",
                                 "fivek_gamma_gamma_predict",
                                 "fivek_lifetime_value"}) {
    SCOPED_TRACE(name);
    const Function& function = Named(name);
    World world;
    Words words = function.WordsIn(world);
    for (const char* const count : {"n", "rows"}) {
      const int place = PlaceOf(function, count);
      if (place >= 0) words[static_cast<size_t>(place)] = 0;
    }
    ExpectOk(function, world, words);
  }
}

}  // namespace
}  // namespace fivek::hostile
