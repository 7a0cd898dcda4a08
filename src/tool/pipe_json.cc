#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/tool/json_writer.h"
#include "src/tool/pipe_format.h"

namespace fivek::tool {
namespace {

// Puts one object into the row just begun. Refuses what nlohmann's own parser
// accepts: keys that are unknown or stand twice. Goes on after a wrong value,
// as the id may follow.
class RowHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  // `id` becomes the text of the id, in JSON.
  RowHandler(PipeRows* rows, std::string* id) : rows_(rows), id_(id) {}

  bool null() override {
    return IsId() ? PutId("null") : is_open_ || Wrong("null");
  }
  bool boolean(bool value) override { return Wrong(value ? "true" : "false"); }
  // The parser calls this for numbers with a sign only.
  bool number_integer(number_integer_t value) override {
    return PutNumber(value == 0 ? "-0" : absl::StrCat(value), value);
  }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
    const std::string text = absl::StrCat(value);
    if (!IsId() && value > kMost) return Wrong(text);
    return PutNumber(text, static_cast<int64_t>(value));
  }
  // Also whole numbers that do not fit 64 bits.
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return IsId() ? PutId(text) : Wrong(text);
  }
  bool string(string_t& value) override {
    std::string text;
    AppendJsonString(value, &text);  // The parser checked that it is UTF-8.
    return IsId() ? PutId(text) : Wrong(text);
  }
  bool binary(binary_t& /*value*/) override { return false; }  // Not in text.

  bool start_object(size_t /*size*/) override {
    if (is_open_) {
      Wrong("an object");
      return false;  // What is in it is no part of a row.
    }
    is_open_ = true;
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(size_t /*size*/) override {
    Wrong("an array");
    return false;
  }
  bool end_array() override { return true; }

  bool key(string_t& value) override {
    column_ = PipeColumnFromName(value);
    if (!column_.has_value()) {
      return Fail(absl::StrCat(": key \"", ShownInPipe(value),
                               "\" is unknown; allowed: ", PipeColumnNames()));
    }
    const uint32_t bit = uint32_t{1} << static_cast<int>(*column_);
    if ((seen_ & bit) != 0) {
      column_.reset();
      return Fail(absl::StrCat(": key \"", value, "\" stands twice"));
    }
    seen_ |= bit;
    return true;
  }

  bool parse_error(size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& /*error*/) override {
    Fail(absl::StrCat(": not a JSON object at byte ", position,
                      last_token.empty()
                          ? ""
                          : absl::StrCat(", near ", ShownInPipe(last_token))));
    return false;
  }

  // The first of the errors; empty: the row is good.
  std::string& error() { return error_; }
  const PipeValues& values() const { return values_; }

 private:
  bool IsId() const { return column_ == PipeColumn::kId; }

  bool PutId(absl::string_view text) {
    id_->assign(text.data(), text.size());
    rows_->SetId(*id_);
    return true;
  }

  bool PutNumber(absl::string_view text, int64_t value) {
    if (IsId()) return PutId(text);
    if (!column_.has_value() || !rows_->IsAllowed(*column_, value)) {
      return Wrong(text);
    }
    values_.Set(*column_, value);
    return true;
  }

  // The value is none that its key may have, or has no key at all. That of a
  // key which was refused needs no further word.
  bool Wrong(absl::string_view value) {
    if (!is_open_) {
      return Fail(
          absl::StrCat(": ", ShownInPipe(value), "; expected a JSON object"));
    }
    if (!column_.has_value()) return true;
    return Fail(absl::StrCat(
        ", key \"", kPipeColumns[static_cast<size_t>(*column_)],
        "\": ", ShownInPipe(value), "; allowed: ",
        IsId() ? "a string or a number" : rows_->Allowed(*column_)));
  }

  // Keeps the first error; the parser goes on.
  bool Fail(absl::string_view what) {
    if (error_.empty()) error_ = absl::StrCat("row ", rows_->lines(), what);
    return true;
  }

  PipeRows* const rows_;
  std::string* const id_;
  bool is_open_ = false;
  PipeValues values_;
  uint32_t seen_ = 0;                  // Bit c: the key of column c.
  absl::optional<PipeColumn> column_;  // Of the key; empty: it was refused.
  std::string error_;
};

class JsonLinesFormatter : public PipeFormatter {
 public:
  absl::string_view Read(absl::string_view lines, size_t most,
                         PipeRows* rows) override {
    for (; !lines.empty() && most > 0 && !rows->full(); --most) {
      const size_t lf = lines.find('\n');
      ReadLine(WithoutCr(lines.substr(0, lf)), rows);
      lines.remove_prefix(lf + 1);
    }
    return lines;
  }

  void Write(const PipeRows& rows, std::string* out) override {
    rows.ForEachAnswer([out](const PipeAnswer& answer) {
      absl::StrAppend(out, "{");
      if (answer.id.has_value()) {
        absl::StrAppend(out, "\"id\":", *answer.id, ",");
      }
      for (size_t i = 0; i < answer.scores.size(); ++i) {
        absl::StrAppend(out, "\"", kPipeScores[i], "\":");
        if (answer.scores[i].has_value()) {
          absl::StrAppend(out, *answer.scores[i], ",");
        } else {
          absl::StrAppend(out, "null,");
        }
      }
      absl::StrAppend(out, "\"", kPipeScores.back(), "\":");
      if (answer.error == nullptr) {
        absl::StrAppend(out, "null");
      } else {
        AppendJsonString(*answer.error, out);
      }
      absl::StrAppend(out, "}\n");
    });
  }

 private:
  void ReadLine(absl::string_view line, PipeRows* rows) {
    rows->Begin();
    // The parser takes a NUL for the end of its input.
    const size_t nul = line.find('\0');
    if (nul != absl::string_view::npos) {
      rows->Refuse(absl::StrCat("row ", rows->lines(),
                                ": not a JSON object at byte ", nul + 1,
                                ", which is NUL"));
      return;
    }
    RowHandler handler(rows, &ids_[rows->size() - 1]);
    const bool is_read = nlohmann::json::sax_parse(
        line.data(), line.data() + line.size(), &handler);
    if (!is_read || !handler.error().empty()) {
      rows->Refuse(std::move(handler.error()));
    } else {
      rows->Put(handler.values());
    }
  }

  // Kept from batch to batch: an id is seldom longer than the longest so far.
  std::vector<std::string> ids_ = std::vector<std::string>(PipeRows::kCapacity);
};

}  // namespace

std::unique_ptr<PipeFormatter> MakeJsonLinesFormatter() {
  return std::make_unique<JsonLinesFormatter>();
}

}  // namespace fivek::tool
