// Writes JSON (RFC 8259) as a stream, members in the order they are given,
// indented by two blanks.
//
//   std::string out;
//   JsonWriter json(&out);
//   json.BeginObject();
//   json.Key("rows").Int(8800);
//   json.Key("stages").BeginArray().String("Won").String("Lost").EndArray();
//   json.EndObject();
//   absl::Status status = json.Finish();
//
// The writer only appends to `out`, so the caller may take text away from it
// between calls and stays in constant memory.

#ifndef FIVEK_SRC_TOOL_JSON_WRITER_H_
#define FIVEK_SRC_TOOL_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fivek::tool {

// Appends `text` as a JSON string, escaped as JsonWriter::String has it.
// Returns the length of its longest prefix that is UTF-8; nothing is appended
// unless that is all of it.
size_t AppendJsonString(absl::string_view text, std::string* out);

// The first mistake (a value without a key, an end that does not match, a
// string that is not UTF-8) is kept: nothing is written after it, and Finish
// returns it.
class JsonWriter {
 public:
  // `out` must outlive the writer.
  explicit JsonWriter(std::string* out) : out_(out) {}

  JsonWriter& BeginObject() { return Begin('{'); }
  JsonWriter& EndObject() { return End('{'); }
  JsonWriter& BeginArray() { return Begin('['); }
  JsonWriter& EndArray() { return End('['); }

  // The name of the next value; in an object only.
  JsonWriter& Key(absl::string_view name);

  // Valid UTF-8. Control characters are escaped, U+007F..9F and the line
  // separators U+2028 and U+2029 too, so the text is safe on a terminal and in
  // JavaScript.
  JsonWriter& String(absl::string_view text);
  JsonWriter& Int(int64_t value);
  // Finite; the shortest text that reads back as the same number.
  JsonWriter& Double(double value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();

  // Ends the text with a line end. kInvalidArgument for a string that was not
  // UTF-8, kFailedPrecondition for a wrong order of calls or an open level.
  absl::Status Finish();

 private:
  struct Level {
    char kind;  // '{' or '['.
    bool empty = true;
  };

  JsonWriter& Begin(char kind);
  JsonWriter& End(char kind);
  JsonWriter& Literal(absl::string_view text);
  bool BeforeValue();
  void NewLine();
  void AppendQuoted(absl::string_view text);
  void Fail(absl::string_view what);

  std::string* out_;
  std::vector<Level> levels_;
  bool have_key_ = false;
  bool complete_ = false;  // The one value at the top is written.
  absl::Status status_;
};

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_JSON_WRITER_H_
