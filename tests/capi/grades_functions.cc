// The golden vectors of ABC, its movement and XYZ, through the C interface and
// nothing but it.
#include <cstdint>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;

fivek_abc_options OptionsOf(const Json& input) {
  auto o = Sized<fivek_abc_options>();
  o.rule = input.at("rule");
  o.ties = input.at("ties");
  o.a_ppm = input.at("a_ppm");
  o.b_ppm = input.at("b_ppm");
  o.a_count = input.at("a_count");
  o.b_count = input.at("b_count");
  return o;
}

Json Grade(const Json& input) {
  const auto value = Numbers<int64_t>(input, "value");
  const fivek_abc_options options = OptionsOf(input);
  std::vector<uint8_t> classes(value.size());
  auto abc = Sized<fivek_abc>();
  Failure failure;
  const int status = fivek_abc_grade(Start(value), value.size(), &options,
                                     Start(classes), &abc, failure.get());
  if (options.rule == FIVEK_CUT_CROSSING &&
      options.ties == FIVEK_EQUALS_TOGETHER && status != FIVEK_OUT_OF_RANGE) {
    std::vector<uint8_t> again(value.size());
    EXPECT_EQ(fivek_abc_classify(Start(value), value.size(), options.a_ppm,
                                 options.b_ppm, Start(again), nullptr),
              status);
    EXPECT_EQ(again, classes);
  }
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = {{"out_class", classes}, {"total", Text(abc.total)}};
  for (size_t c = 0; c < 4; ++c) {
    fields["count"].push_back(abc.count[c]);
    fields["value"].push_back(Text(abc.value[c]));
  }
  for (const int64_t lowest : abc.lowest) {
    fields["lowest"].push_back(Text(lowest));
  }
  return Result(0, fields);
}

std::vector<int64_t> OrAbsent(const Json& values) {
  std::vector<int64_t> numbers;
  for (const Json& value : values) {
    numbers.push_back(value.is_null() ? INT64_MIN : Int64Of(value));
  }
  return numbers;
}

Json Compare(const Json& input) {
  const auto then = OrAbsent(input.at("then"));
  const auto now = OrAbsent(input.at("now"));
  const fivek_abc_options options = OptionsOf(input);
  std::vector<uint8_t> class_then(then.size());
  std::vector<uint8_t> class_now(then.size());
  std::vector<uint8_t> cause(then.size());
  auto m = Sized<fivek_abc_movement>();
  Failure failure;
  const int status = fivek_abc_compare(
      Start(then), Start(now), then.size(), &options, Start(class_then),
      Start(class_now), Start(cause), &m, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = {{"class_then", class_then}, {"class_now", class_now},
                 {"cause", cause},           {"causes", m.causes},
                 {"moved", m.moved},         {"row_then", m.row_then},
                 {"row_now", m.row_now},     {"mover", m.mover}};
  for (size_t i = 0; i < 2; ++i) {
    fields["then"].push_back(Text(m.then[i]));
    fields["now"].push_back(Text(m.now[i]));
    fields["without_mover"].push_back(Text(m.without_mover[i]));
  }
  return Result(0, fields);
}

Json Steadiness(const Json& input) {
  const auto value = Numbers<int64_t>(input, "value");
  std::vector<fivek_xyz_row> rows(input.at("n").get<size_t>());
  Failure failure;
  const int status = fivek_xyz_classify(
      Start(value), rows.size(), input.at("periods"), input.at("x_ppm"),
      input.at("y_ppm"), input.at("least_periods"), Start(rows), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields;
  for (const fivek_xyz_row& row : rows) {
    fields["xyz"].push_back(row.xyz);
    fields["intermittent"].push_back(row.intermittent);
    fields["cv"].push_back(row.cv);
  }
  return Result(0, fields);
}

Json Cross(const Json& input) {
  const auto value = Numbers<int64_t>(input, "value");
  const auto abc = Numbers<uint8_t>(input, "abc");
  const auto xyz = Numbers<uint8_t>(input, "xyz");
  std::vector<int64_t> count(12);
  std::vector<int64_t> sum(12);
  Failure failure;
  const int status =
      fivek_abc_xyz_cross(Start(value), Start(abc), Start(xyz), value.size(),
                          Start(count), Start(sum), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json fields = {{"count", count}};
  for (const int64_t total : sum) fields["sum"].push_back(Text(total));
  return Result(0, fields);
}

}  // namespace

GoldenFunctions GradesFunctions() {
  return {
      {"fivek_abc_grade", Grade},
      {"fivek_abc_compare", Compare},
      {"fivek_xyz_classify", Steadiness},
      {"fivek_abc_xyz_cross", Cross},
  };
}

}  // namespace fivek
