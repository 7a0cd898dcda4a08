#include "src/tool/json_writer.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "src/tool/utf8.h"

namespace fivek::tool {
namespace {

bool NeedsEscape(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

size_t AppendJsonString(absl::string_view text, std::string* out) {
  const size_t valid = ValidUtf8Prefix(text);
  if (valid != text.size()) return valid;
  out->push_back('"');
  while (!text.empty()) {
    const CodePoint c = DecodeUtf8(text);
    if (c.value == '"' || c.value == '\\') {
      out->push_back('\\');
      out->push_back(text[0]);
    } else if (c.value == '\n') {
      out->append("\\n");
    } else if (c.value == '\t') {
      out->append("\\t");
    } else if (c.value == '\r') {
      out->append("\\r");
    } else if (NeedsEscape(c.value)) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<uint32_t>(c.value));
    } else {
      out->append(text.data(), c.length);
    }
    text.remove_prefix(c.length);
  }
  out->push_back('"');
  return valid;
}

void JsonWriter::Fail(absl::string_view what) {
  if (status_.ok()) {
    status_ = absl::FailedPreconditionError(absl::StrCat("JSON: ", what));
  }
}

void JsonWriter::NewLine() {
  out_->push_back('\n');
  out_->append(2 * levels_.size(), ' ');
}

// Writes what stands before a value; false if none may stand here.
bool JsonWriter::BeforeValue() {
  if (!status_.ok()) return false;
  if (levels_.empty()) {
    if (complete_) Fail("a second value at the top");
    complete_ = true;
    return status_.ok();
  }
  Level& level = levels_.back();
  if (level.kind == '{') {
    if (!have_key_) Fail("a value without a key in an object");
    have_key_ = false;
    return status_.ok();
  }
  if (!level.empty) out_->push_back(',');
  level.empty = false;
  NewLine();
  return true;
}

JsonWriter& JsonWriter::Begin(char kind) {
  if (!BeforeValue()) return *this;
  out_->push_back(kind);
  levels_.push_back({kind});
  return *this;
}

JsonWriter& JsonWriter::End(char kind) {
  if (!status_.ok()) return *this;
  if (levels_.empty() || levels_.back().kind != kind) {
    Fail(kind == '{' ? "the end of an object that is not open"
                     : "the end of an array that is not open");
    return *this;
  }
  if (have_key_) {
    Fail("a key without a value");
    return *this;
  }
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) NewLine();
  out_->push_back(kind == '{' ? '}' : ']');
  return *this;
}

JsonWriter& JsonWriter::Key(absl::string_view name) {
  if (!status_.ok()) return *this;
  if (levels_.empty() || levels_.back().kind != '{' || have_key_) {
    Fail(have_key_ ? "two keys in a row" : "a key outside an object");
    return *this;
  }
  if (!levels_.back().empty) out_->push_back(',');
  levels_.back().empty = false;
  NewLine();
  AppendQuoted(name);
  out_->append(": ");
  have_key_ = true;
  return *this;
}

void JsonWriter::AppendQuoted(absl::string_view text) {
  const size_t valid = AppendJsonString(text, out_);
  if (valid != text.size()) {
    status_ = absl::InvalidArgumentError(
        absl::StrFormat("JSON: byte 0x%02X at byte %d of a string is not UTF-8",
                        static_cast<unsigned char>(text[valid]), valid + 1));
  }
}

JsonWriter& JsonWriter::Literal(absl::string_view text) {
  if (BeforeValue()) absl::StrAppend(out_, text);
  return *this;
}

JsonWriter& JsonWriter::String(absl::string_view text) {
  if (BeforeValue()) AppendQuoted(text);
  return *this;
}

JsonWriter& JsonWriter::Int(int64_t value) {
  return Literal(absl::StrCat(value));
}

JsonWriter& JsonWriter::Double(double value) {
  if (!(value - value == 0.0)) {
    Fail("a number that is not finite");
    return *this;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  return Literal(absl::string_view(text, static_cast<size_t>(end.ptr - text)));
}

JsonWriter& JsonWriter::Bool(bool value) {
  return Literal(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() { return Literal("null"); }

absl::Status JsonWriter::Finish() {
  if (!levels_.empty()) Fail("an object or array is still open");
  if (!complete_) Fail("no value");
  if (status_.ok()) out_->push_back('\n');
  return status_;
}

}  // namespace fivek::tool
