#include "src/tool/pipe.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/tool/pipe_format.h"
#include "src/tool/pipe_rows.h"

namespace fivek::tool {

const char kPipeHelp[] =
    R"(Every line of the input is answered by one line of the output, in its order.

Input, --format tsv: the first line names the columns, any of these in any
order; an empty cell is not given. --format jsonl: one object a line with any
of these as keys; null is not given.
  id                  text (in JSON also a number), given back as it came
  problem power vision value control
                      levels of the rubric; not given or 255: unknown
  by_decision_maker   sum of 1 (problem), 4 (vision), 8 (value): the dimensions
                      that the decision maker showed
  evidence            sum of 2^item over the items confirmed
  outcome             0 open (if not given), 1 on hold, 2 won, 3 lost, 4 void
  amount              whole minor units, such as cents

Output: a header (TSV) or these keys (JSON lines); what is unknown is empty, or
null.
  id                  if the input has it; of a bad row, if it can be read
  strength            known points, 0 to 100
  weakest             0 problem, 1 power, 2 vision, 3 value, 4 control
  product_ppm         product of points / 20, in parts per million
  stage milestone     codes, from the evidence
  probability_ppm     1000000 won, 0 lost and void, else of the milestone
  expected_amount     amount x probability, rounded once; if an amount is given
  error               what is wrong with the row, which has no scores then: row
                      (the number of the line), column, value, what is allowed

Lines end with LF or CRLF, the last one need not. A line of more than 65536
bytes is a bad row. Exit codes: 0 all rows are good, 1 some are bad (standard
error says how many), 2 nothing can be read: no input, an unknown column.)";

namespace {

constexpr size_t kPieceSize = size_t{64} << 10;

class Pipe {
 public:
  using Sink = absl::FunctionRef<absl::Status(absl::string_view)>;

  Pipe(CsvSource source, Sink write, const PipeOptions& options)
      : blocks_(std::move(source), options.blocks),
        write_(write),
        options_(options) {}

  absl::StatusOr<PipeCount> Run() {
    const absl::Status read = ReadAll();
    // What was scored before the source failed is good.
    const absl::Status written = Write();
    if (!read.ok()) return read;
    if (!written.ok()) return written;
    return PipeCount{rows_->lines() - header_lines_, rows_->bad()};
  }

 private:
  absl::Status ReadAll() {
    for (;;) {
      const auto next = blocks_.Next();
      if (!next.ok()) return next.status();
      absl::Status status;
      if (*next == LineBlocks::kEnd) {
        if (rows_ == nullptr) status = NothingGiven();
        return status;
      }
      absl::string_view lines =
          *next == LineBlocks::kLines ? blocks_.lines() : absl::string_view();
      if (rows_ == nullptr) status = Begin(&lines);
      if (status.ok()) {
        status = *next == LineBlocks::kLines ? ReadLines(lines) : LongLine();
      }
      if (!status.ok()) return status;
    }
  }

  absl::Status NothingGiven() const {
    return absl::InvalidArgumentError(
        options_.json ? absl::StrCat("empty; expected one JSON object a line, "
                                     "with any of these keys: ",
                                     PipeColumnNames())
                      : absl::StrCat("empty; expected a header with any of "
                                     "these columns, separated by tabs: ",
                                     PipeColumnNames()));
  }

  // Takes the byte order mark and the header off the first lines.
  absl::Status Begin(absl::string_view* lines) {
    absl::ConsumePrefix(lines, "\xEF\xBB\xBF");
    header_lines_ = options_.json ? 0 : 1;
    rows_ = std::make_unique<PipeRows>(options_.policy.tables(), header_lines_);
    if (options_.json) {
      formatter_ = MakeJsonLinesFormatter();
      return absl::OkStatus();
    }
    const size_t lf = lines->find('\n');
    if (lf == absl::string_view::npos) {
      return absl::InvalidArgumentError(absl::StrCat("header: ", TooLong()));
    }
    auto formatter = MakeTsvFormatter(WithoutCr(lines->substr(0, lf)), &out_);
    if (!formatter.ok()) return formatter.status();
    formatter_ = *std::move(formatter);
    lines->remove_prefix(lf + 1);
    return options_.flush ? Write() : absl::OkStatus();
  }

  absl::Status ReadLines(absl::string_view lines) {
    while (!lines.empty()) {
      lines = formatter_->Read(lines, options_.flush ? 1 : PipeRows::kCapacity,
                               rows_.get());
      const absl::Status status = Score();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status LongLine() {
    rows_->Begin();
    rows_->Refuse(absl::StrCat("row ", rows_->lines(), ": ", TooLong()));
    return Score();
  }

  std::string TooLong() const {
    return absl::StrCat("longer than ", options_.blocks.max_line, " bytes");
  }

  // The ids that the rows refer to end with the block, so the rows do too.
  absl::Status Score() {
    const absl::Status status = rows_->Score();
    if (!status.ok()) return status;
    formatter_->Write(*rows_, &out_);
    rows_->Clear();
    return options_.flush || out_.size() >= kPieceSize ? Write()
                                                       : absl::OkStatus();
  }

  absl::Status Write() {
    if (out_.empty()) return absl::OkStatus();
    const absl::Status status = write_(out_);
    out_.clear();
    return status;
  }

  LineBlocks blocks_;
  Sink write_;
  const PipeOptions& options_;
  int64_t header_lines_ = 0;
  std::unique_ptr<PipeRows> rows_;  // Null before the first line.
  std::unique_ptr<PipeFormatter> formatter_;
  std::string out_;  // Lines not yet written.
};

}  // namespace

absl::StatusOr<PipeCount> ScorePipe(
    CsvSource source, absl::FunctionRef<absl::Status(absl::string_view)> write,
    const PipeOptions& options) {
  return Pipe(std::move(source), write, options).Run();
}

}  // namespace fivek::tool
