#include "src/tool/json_writer.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace fivek::tool {
namespace {

TEST(JsonWriterTest, Doubles) {
  std::string out;
  JsonWriter json(&out);
  json.BeginArray().Double(0.1).Double(-2).Double(1e-9).Double(1.0 / 3);
  json.EndArray();
  EXPECT_TRUE(json.Finish().ok());
  EXPECT_EQ(out, "[\n  0.1,\n  -2,\n  1e-09,\n  0.3333333333333333\n]\n");
  for (const double bad : {std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    std::string nothing;
    JsonWriter refused(&nothing);
    refused.Double(bad);
    EXPECT_EQ(refused.Finish().message(), "JSON: a number that is not finite");
  }
}

TEST(JsonWriterTest, WritesNestedValuesInOrder) {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Key("rows").Int(8800);
  json.Key("empty").BeginObject().EndObject();
  json.Key("none").BeginArray().EndArray();
  json.Key("list").BeginArray().String("a").Bool(true).Bool(false).Null();
  json.BeginObject().Key("x").Int(-1).EndObject().EndArray();
  json.Key("a").String("last");
  json.EndObject();
  ASSERT_TRUE(json.Finish().ok());
  EXPECT_EQ(out, R"({
  "rows": 8800,
  "empty": {},
  "none": [],
  "list": [
    "a",
    true,
    false,
    null,
    {
      "x": -1
    }
  ],
  "a": "last"
}
)");
}

TEST(JsonWriterTest, WritesWholeNumbersExactly) {
  std::string out;
  JsonWriter json(&out);
  json.BeginArray()
      .Int(std::numeric_limits<int64_t>::min())
      .Int(std::numeric_limits<int64_t>::max())
      .EndArray();
  ASSERT_TRUE(json.Finish().ok());
  EXPECT_EQ(out, "[\n  -9223372036854775808,\n  9223372036854775807\n]\n");
}

std::string Quoted(absl::string_view text) {
  std::string out;
  JsonWriter json(&out);
  json.String(text);
  EXPECT_TRUE(json.Finish().ok());
  return out;
}

TEST(JsonWriterTest, EscapesWhatMustBeAndWhatIsUnsafe) {
  EXPECT_EQ(Quoted("a\"b\\c/"), "\"a\\\"b\\\\c/\"\n");
  EXPECT_EQ(Quoted("\n\r\t\x1B\x7F"), "\"\\n\\r\\t\\u001b\\u007f\"\n");
  EXPECT_EQ(Quoted(absl::string_view("\0", 1)), "\"\\u0000\"\n");
  EXPECT_EQ(Quoted("\u0085\u2028\u2029"), "\"\\u0085\\u2028\\u2029\"\n");
  EXPECT_EQ(Quoted("海棠 \U0001F600"), "\"海棠 \U0001F600\"\n");
}

TEST(JsonWriterTest, TheCallerMayTakeTheTextAway) {
  std::string out, all;
  JsonWriter json(&out);
  json.BeginArray();
  for (int i = 0; i < 3; ++i) {
    json.Int(i);
    all += out;
    out.clear();
  }
  json.EndArray();
  ASSERT_TRUE(json.Finish().ok());
  EXPECT_EQ(all + out, "[\n  0,\n  1,\n  2\n]\n");
}

struct MisuseCase {
  const char* name;
  std::function<void(JsonWriter*)> calls;
  const char* want;
};
void PrintTo(const MisuseCase& c, std::ostream* os) { *os << c.name; }
const MisuseCase kMisuses[] = {
    {"Nothing", [](JsonWriter*) {}, "JSON: no value"},
    {"OpenObject", [](JsonWriter* j) { j->BeginObject(); },
     "JSON: an object or array is still open"},
    {"ValueWithoutKey", [](JsonWriter* j) { j->BeginObject().Int(1); },
     "JSON: a value without a key in an object"},
    {"KeyInArray", [](JsonWriter* j) { j->BeginArray().Key("a"); },
     "JSON: a key outside an object"},
    {"KeyAtTheTop", [](JsonWriter* j) { j->Key("a"); },
     "JSON: a key outside an object"},
    {"TwoKeys", [](JsonWriter* j) { j->BeginObject().Key("a").Key("b"); },
     "JSON: two keys in a row"},
    {"KeyWithoutValue",
     [](JsonWriter* j) { j->BeginObject().Key("a").EndObject(); },
     "JSON: a key without a value"},
    {"WrongEnd", [](JsonWriter* j) { j->BeginObject().EndArray(); },
     "JSON: the end of an array that is not open"},
    {"EndOfNothing", [](JsonWriter* j) { j->EndObject(); },
     "JSON: the end of an object that is not open"},
    {"TwoValues", [](JsonWriter* j) { j->Int(1).Int(2); },
     "JSON: a second value at the top"},
};
class MisuseTest : public testing::TestWithParam<MisuseCase> {};
TEST_P(MisuseTest, IsKeptAndReported) {
  std::string out;
  JsonWriter json(&out);
  GetParam().calls(&json);
  const std::string before = out;
  // Finish itself is the last chance to find the mistake.
  const absl::Status status = json.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), GetParam().want);
  json.BeginArray().EndArray().Key("k").Null();
  EXPECT_EQ(out, before);
  EXPECT_EQ(json.Finish(), status);
}
INSTANTIATE_TEST_SUITE_P(JsonWriter, MisuseTest, testing::ValuesIn(kMisuses),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(JsonWriterTest, RefusesTextThatIsNotUtf8) {
  std::string out;
  JsonWriter json(&out);
  json.BeginArray().String("ab\xFF").String("c");
  const absl::Status status = json.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "JSON: byte 0xFF at byte 3 of a string is not UTF-8");
  std::string key_out;
  JsonWriter keys(&key_out);
  keys.BeginObject().Key("\xC0").Int(1).EndObject();
  EXPECT_EQ(keys.Finish().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fivek::tool
