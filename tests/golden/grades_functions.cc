// The golden vectors of ABC, its movement and XYZ, through the C++ interface.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/optional.h"
#include "fivek/accounts/abc.h"
#include "fivek/accounts/abc_movement.h"
#include "fivek/accounts/xyz.h"
#include "fivek/base/reason.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;

AbcOptions OptionsOf(const Json& input) {
  AbcOptions o;
  o.rule = static_cast<AbcRule>(input.at("rule").get<int>());
  o.ties = static_cast<AbcTies>(input.at("ties").get<int>());
  o.a_ppm = input.at("a_ppm");
  o.b_ppm = input.at("b_ppm");
  o.a_count = input.at("a_count");
  o.b_count = input.at("b_count");
  return o;
}

bool Fits(absl::int128 sum) {
  return sum >= std::numeric_limits<int64_t>::min() &&
         sum <= std::numeric_limits<int64_t>::max();
}

// What the C interface has no room for.
Json TooLarge() { return RefusedAt(11, {}); }

Json Grade(const Json& input) {
  const auto value = Numbers<int64_t>(input, "value");
  std::vector<uint8_t> classes(value.size());
  const auto abc =
      ClassifyAbc(value, OptionsOf(input), absl::MakeSpan(classes));
  if (!abc.ok()) return Refused(abc.status());
  Json fields = {{"out_class", classes}};
  bool fits = Fits(abc->total);
  for (const AbcGroup& group : abc->of) {
    fits = fits && Fits(group.value);
    fields["count"].push_back(group.count);
    fields["value"].push_back(Text(static_cast<int64_t>(group.value)));
  }
  fields["total"] = Text(static_cast<int64_t>(abc->total));
  for (size_t c = 0; c < 2; ++c) {
    fields["lowest"].push_back(Text(abc->of[c].lowest.value_or(0)));
  }
  return fits ? Result(0, fields) : TooLarge();
}

std::vector<int64_t> OrAbsent(const Json& values) {
  std::vector<int64_t> numbers;
  for (const Json& value : values) {
    numbers.push_back(value.is_null() ? kAbcAbsent : Int64Of(value));
  }
  return numbers;
}

Json Compare(const Json& input) {
  const auto then = OrAbsent(input.at("then"));
  const auto now = OrAbsent(input.at("now"));
  std::vector<uint8_t> class_then(then.size());
  std::vector<uint8_t> class_now(then.size());
  std::vector<uint8_t> cause(then.size());
  const auto m =
      CompareAbc(then, now, OptionsOf(input), absl::MakeSpan(class_then),
                 absl::MakeSpan(class_now), absl::MakeSpan(cause));
  if (!m.ok()) return Refused(m.status());
  Json fields = {{"class_then", class_then},
                 {"class_now", class_now},
                 {"cause", cause},
                 {"causes", m->causes}};
  for (const auto& from : m->moved) {
    for (const int64_t count : from) fields["moved"].push_back(count);
  }
  for (const AbcBoundary& b : {m->a, m->b}) {
    fields["then"].push_back(Text(b.then.value_or(0)));
    fields["now"].push_back(Text(b.now.value_or(0)));
    fields["row_then"].push_back(b.row_then);
    fields["row_now"].push_back(b.row_now);
    fields["mover"].push_back(b.mover);
    fields["without_mover"].push_back(Text(b.without_mover.value_or(0)));
  }
  return Result(0, fields);
}

Json Steadiness(const Json& input) {
  std::vector<XyzRow> rows(input.at("n").get<size_t>());
  XyzOptions options;
  options.x_ppm = input.at("x_ppm");
  options.y_ppm = input.at("y_ppm");
  options.least_periods = input.at("least_periods");
  const absl::Status status =
      ClassifyXyz(Numbers<int64_t>(input, "value"), input.at("periods"),
                  options, absl::MakeSpan(rows));
  if (!status.ok()) return Refused(status);
  Json fields;
  for (const XyzRow& row : rows) {
    fields["xyz"].push_back(static_cast<int>(row.xyz));
    fields["intermittent"].push_back(row.intermittent);
    fields["cv"].push_back(row.cv);
  }
  return Result(0, fields);
}

Json Cross(const Json& input) {
  const auto matrix = CrossAbcXyz(Numbers<int64_t>(input, "value"),
                                  Numbers<uint8_t>(input, "abc"),
                                  Numbers<uint8_t>(input, "xyz"));
  if (!matrix.ok()) return Refused(matrix.status());
  Json fields;
  bool fits = true;
  for (const auto& row : *matrix) {
    for (const AbcXyzCell& cell : row) {
      fits = fits && Fits(cell.value);
      fields["count"].push_back(cell.count);
      fields["sum"].push_back(Text(static_cast<int64_t>(cell.value)));
    }
  }
  return fits ? Result(0, fields) : TooLarge();
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
