// Every integer that is a code or has a range, as an argument, in a struct or
// in a column, is given every value at the edges of its range and far outside
// in its turn: what is outside is refused with its reason, the message names
// what was given and what is allowed, and all memory is as it was.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"
#include "tests/abi/header_functions.h"
#include "tests/capi/every_call.h"

namespace fivek::hostile {
namespace {

using abi::HeaderFunction;
using abi::HeaderStruct;
using abi::HeaderStructs;
using abi::Variable;

// What a caller gets back. Their fields are the library's to write, but for
// struct_size.
const std::set<std::string> kResults = {"fivek_error",
                                        "fivek_strength",
                                        "fivek_evidence_rule",
                                        "fivek_standing",
                                        "fivek_alignment",
                                        "fivek_claim",
                                        "fivek_score_rule",
                                        "fivek_rollup_group",
                                        "fivek_deal_score",
                                        "fivek_forecast_quality",
                                        "fivek_reliability_bin",
                                        "fivek_forecast_gate",
                                        "fivek_rate",
                                        "fivek_beta_binomial",
                                        "fivek_durations",
                                        "fivek_duration_step",
                                        "fivek_funnel_rung",
                                        "fivek_slippage",
                                        "fivek_pushed_times",
                                        "fivek_productivity",
                                        "fivek_seller_rate",
                                        "fivek_share",
                                        "fivek_movement",
                                        "fivek_deal_movement",
                                        "fivek_estimate",
                                        "fivek_competing_risks",
                                        "fivek_rung",
                                        "fivek_rung_age",
                                        "fivek_martingale_gap",
                                        "fivek_hazard_forecast",
                                        "fivek_scorecard_info",
                                        "fivek_score_line",
                                        "fivek_recalibration_info",
                                        "fivek_evidence_info",
                                        "fivek_evidence_explanation",
                                        "fivek_five_k",
                                        "fivek_pls_count",
                                        "fivek_visit_count",
                                        "fivek_abc",
                                        "fivek_abc_movement",
                                        "fivek_xyz_row",
                                        "fivek_lead_team",
                                        "fivek_assignment",
                                        "fivek_territory_balance",
                                        "fivek_territory_move",
                                        "fivek_visit_mix",
                                        "fivek_score_range",
                                        "fivek_portfolio_account",
                                        "fivek_portfolio",
                                        "fivek_triangle_status",
                                        "fivek_triangle_book",
                                        "fivek_visit_load",
                                        "fivek_visit_sum",
                                        "fivek_hours_share",
                                        "fivek_hours_class",
                                        "fivek_hours",
                                        "fivek_reach",
                                        "fivek_effort",
                                        "fivek_sales_mode",
                                        "fivek_segment_result",
                                        "fivek_customer_purchases",
                                        "fivek_rank_class",
                                        "fivek_fit_quality",
                                        "fivek_outlook"};

// The number of a type: how wide, and from where to where.
struct Integer {
  size_t size;
  int64_t least, most;
};

// Of "const int32_t*" those of an element. Size 0 for what is no integer.
Integer IntegerOf(std::string type) {
  if (type.rfind("const ", 0) == 0) type = type.substr(6);
  if (type.back() == '*') type.pop_back();
  const auto limits = [](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    return Integer{sizeof zero, int64_t{Limits::min()}, int64_t{Limits::max()}};
  };
  if (type == "uint8_t") return limits(uint8_t{});
  if (type == "int32_t") return limits(int32_t{});
  if (type == "uint32_t") return limits(uint32_t{});
  if (type == "int64_t" || type == "uint64_t") return limits(int64_t{});
  return {0, 0, 0};
}

const Values& ValuesOf(const Domain& domain, int64_t value) {
  for (const Values& values : domain) {
    if (values.first <= value && value <= values.last) return values;
  }
  return domain.back();
}

// The edges of all ranges and what lies beside them; all of a byte.
std::set<int64_t> ToTry(const Domain& domain, const Integer& integer) {
  std::set<int64_t> all = {integer.least, integer.most, INT32_MIN, -1, 0,
                           255,           256,          INT32_MAX};
  for (const Values& values : domain) {
    for (const int64_t edge : {values.first, values.last}) {
      all.insert(edge);
      if (edge != INT64_MIN) all.insert(edge - 1);
      if (edge != INT64_MAX) all.insert(edge + 1);
    }
  }
  if (integer.size == 1) {
    for (int64_t i = 0; i < 256; ++i) all.insert(i);
  }
  for (auto it = all.begin(); it != all.end();) {
    const bool fits = integer.least <= *it && *it <= integer.most;
    it = fits ? std::next(it) : all.erase(it);
  }
  return all;
}

void Put(void* at, size_t size, int64_t value) {
  const auto put = [at](auto narrow) {
    std::memcpy(at, &narrow, sizeof narrow);
  };
  if (size == 1) put(static_cast<uint8_t>(value));
  if (size == 4) put(static_cast<uint32_t>(value));
  if (size == 8) put(value);
}

// Whether the outcome of these calls is as the domain says; `put` puts a value
// where it belongs.
void TryAll(const Function& function, const Domain& domain,
            const Integer& integer,
            const std::function<void(Words*, int64_t)>& put) {
  ASSERT_GT(integer.size, 0U) << "what type is this?";
  ASSERT_FALSE(domain.empty()) << "what may this be?";
  for (const int64_t value : ToTry(domain, integer)) {
    const Values& values = ValuesOf(domain, value);
    if (values.status == kNotTried) continue;
    SCOPED_TRACE(value);
    World world;
    Words words = function.LeastWordsIn(world);
    put(&words, value);
    if (values.status == FIVEK_OK) {
      ExpectOk(function, world, words);
      continue;
    }
    std::vector<std::string> says;
    if (values.said) says.push_back(std::to_string(value));
    ExpectRefused(function, world, words, values.status, values.reason, says);
  }
}

// ---- Arguments --------------------------------------------------------------

TEST(ValuesTest, EveryIntegerArgument) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  size_t tried = 0;
  for (const Function& function : EveryFunction()) {
    const auto& parameters = declared.at(function.name).parameters;
    ASSERT_EQ(parameters.size(), function.arguments.size());
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Integer integer = IntegerOf(parameters[i].type);
      if (integer.size == 0 || parameters[i].is_pointer()) continue;
      SCOPED_TRACE(function.name + (": " + parameters[i].name));
      TryAll(function, function.arguments[i].domain, integer,
             [i](Words* words, int64_t value) {
               (*words)[i] = static_cast<uint64_t>(value);
             });
      ++tried;
    }
  }
  EXPECT_GE(tried, 48U);
}

TEST(ValuesTest, EveryColumnThatIsAnArgument) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  size_t tried = 0;
  for (const Function& function : EveryFunction()) {
    const auto& parameters = declared.at(function.name).parameters;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Integer integer = IntegerOf(parameters[i].type);
      const bool is_input = parameters[i].type.rfind("const ", 0) == 0;
      if (integer.size == 0 || !parameters[i].is_pointer() || !is_input) {
        continue;
      }
      // Amounts may be anything.
      if (integer.size == 8 && function.arguments[i].domain.empty()) continue;
      SCOPED_TRACE(function.name + (": " + parameters[i].name));
      TryAll(function, function.arguments[i].domain, integer,
             [i, integer](Words* words, int64_t value) {
               Put(reinterpret_cast<void*>((*words)[i]), integer.size, value);
             });
      ++tried;
    }
  }
  EXPECT_GE(tried, 5U);
}

// Doubles, and the first element of columns of them: what is no number, what is
// infinite and the next doubles outside the range are refused by name.
TEST(ValuesTest, EveryDouble) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  size_t tried = 0;
  for (const Function& function : EveryFunction()) {
    const auto& parameters = declared.at(function.name).parameters;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const bool is_column = parameters[i].type == "const double*";
      if (!is_column && parameters[i].type != "double") continue;
      SCOPED_TRACE(function.name + (": " + parameters[i].name));
      const Argument& argument = function.arguments[i];
      if (argument.is_matrix) continue;
      ASSERT_LE(argument.least, argument.most) << "what may this be?";
      const auto put = [i, is_column](double value, Words* words) {
        void* const at = is_column ? reinterpret_cast<void*>((*words)[i])
                                   : static_cast<void*>(&(*words)[i]);
        std::memcpy(at, &value, sizeof value);
      };
      for (const double value :
           {argument.least, (argument.least + argument.most) / 2,
            argument.most}) {
        if (argument.is_fitted) continue;
        SCOPED_TRACE(value);
        World world;
        Words words = function.WordsIn(world);
        put(value, &words);
        ExpectOk(function, world, words);
      }
      for (const double value : {kNaN, -kNaN, kInfinity, -kInfinity,
                                 std::nextafter(argument.least, -kInfinity),
                                 std::nextafter(argument.most, kInfinity)}) {
        if (argument.may_be_infinite && value == kInfinity) continue;
        SCOPED_TRACE(value);
        World world;
        Words words = function.WordsIn(world);
        // With it a bad row fails itself and not the call.
        for (size_t k = 0; k < words.size(); ++k) {
          if (std::string(function.arguments[k].name) == "row_status") {
            words[k] = 0;
          }
        }
        put(value, &words);
        ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                      FIVEK_REASON_VALUE_RANGE, {parameters[i].name + " "});
      }
      ++tried;
    }
  }
  EXPECT_GE(tried, 4U);
}

// ---- Structs ----------------------------------------------------------------

// "level" of "level[0]", "assessment" of "assessment.level[0]".
std::string BaseOf(const Field& field) {
  const std::string name = field.name;
  return name.substr(0, name.find_first_of("[."));
}

TEST(ValuesTest, TheTableHasEveryFieldThatIsRead) {
  std::set<std::string> listed;
  for (const Field& field : EveryField()) {
    listed.insert(std::string(field.owner) + "." + BaseOf(field));
  }
  for (const HeaderStruct& one : HeaderStructs()) {
    if (kResults.count(one.name) != 0) continue;
    for (const Variable& field : one.fields) {
      if (field.name == "struct_size") continue;
      if (field.type == "double") continue;  // The C test has them.
      EXPECT_EQ(listed.count(one.name + "." + field.name), 1U)
          << one.name << "." << field.name;
    }
  }
}

// The declared type of a field; that of a byte in a struct in it.
std::string TypeOf(const Field& field) {
  for (const HeaderStruct& one : HeaderStructs()) {
    if (one.name != field.owner) continue;
    for (const Variable& variable : one.fields) {
      if (variable.name != BaseOf(field)) continue;
      return field.size == 1 ? "uint8_t" : variable.type;
    }
  }
  return "none";
}

TEST(ValuesTest, EveryFieldAndColumnInAStruct) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  size_t tried = 0;
  for (const Field& field : EveryField()) {
    const std::string owner = field.owner;
    if (field.domain.empty() && owner == "fivek_score_out") continue;
    const std::string field_type = TypeOf(field);
    // Doubles have tests of their own.
    if (field_type.find("double") != std::string::npos) continue;
    const Integer integer = IntegerOf(field_type);
    bool taken = false;
    for (const Function& function : EveryFunction()) {
      const auto& parameters = declared.at(function.name).parameters;
      for (size_t i = 0; i < parameters.size(); ++i) {
        const std::string& type = parameters[i].type;
        if (type != "const " + owner + "*" && type != owner + "*") continue;
        // What they only write.
        if (std::string(function.name) == "fivek_opportunity_init") continue;
        if (type == owner + "*" && owner != "fivek_opportunity") continue;
        // One deal's log: what follows has to fit too.
        if (std::string(function.name) == "fivek_moves_from_events") continue;
        SCOPED_TRACE(function.name + (": " + owner + "." + field.name));
        TryAll(function, field.domain, integer,
               [i, &field, &field_type, integer](Words* words, int64_t value) {
                 char* at = reinterpret_cast<char*>((*words)[i]) + field.offset;
                 if (field_type.back() == '*') {  // A column.
                   const void* const pointer = at;
                   std::memcpy(&at, pointer, sizeof at);
                 }
                 Put(at, integer.size, value);
               });
        taken = true;
        ++tried;
      }
    }
    EXPECT_TRUE(taken) << owner << "." << field.name;
  }
  EXPECT_GT(tried, 80U);
}

// Each struct with a size, in each function that takes it.
TEST(ValuesTest, EverySize) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  std::set<std::string> sized;
  for (const HeaderStruct& one : HeaderStructs()) {
    if (one.fields.front().name == "struct_size") sized.insert(one.name);
  }
  size_t tried = 0;
  for (const Function& function : EveryFunction()) {
    const auto& parameters = declared.at(function.name).parameters;
    for (size_t i = 0; i + 1 < parameters.size(); ++i) {
      std::string type = parameters[i].type;
      type.pop_back();
      if (type.rfind("const ", 0) == 0) type = type.substr(6);
      if (sized.count(type) == 0) continue;
      SCOPED_TRACE(function.name + (": " + parameters[i].name));
      World good;
      uint32_t size = 0;
      std::memcpy(&size, reinterpret_cast<void*>(function.WordsIn(good)[i]),
                  sizeof size);
      for (const uint32_t wrong : {0U, 1U, 4U, size - 4, size - 1, 4097U,
                                   uint32_t{INT32_MAX}, UINT32_MAX}) {
        World world;
        const Words words = function.WordsIn(world);
        std::memcpy(reinterpret_cast<void*>(words[i]), &wrong, sizeof wrong);
        ExpectRefused(
            function, world, words, FIVEK_INVALID_ARGUMENT,
            FIVEK_REASON_STRUCT_SIZE,
            {parameters[i].name + ".struct_size " + std::to_string(wrong),
             "allowed: " + std::to_string(size) + " to 4096"});
      }
      ++tried;
    }
  }
  EXPECT_GT(tried, 12U);
}

}  // namespace
}  // namespace fivek::hostile
