#include "src/tool/commands.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/calendar.h"
#include "src/tool/accounts_report.h"
#include "src/tool/learn_input.h"
#include "src/tool/learn_messages.h"
#include "src/tool/learn_report.h"
#include "src/tool/pipe.h"
#include "src/tool/progress.h"
#include "src/tool/review.h"
#include "src/tool/review_json.h"
#include "src/tool/review_text.h"
#include "src/tool/sales_table.h"
#include "src/tool/sample.h"

namespace fivek::tool {
namespace {

bool IsBuiltin(absl::string_view name) {
  const auto maps = BuiltinMaps();
  return std::any_of(maps.begin(), maps.end(), [name](const BuiltinMap& map) {
    return map.name == name;
  });
}

absl::Status InFile(absl::string_view file, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(file, ": ", status.message()));
}

// A file that is read, or standard input.
class InputFile {
 public:
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(
      const std::string& name) {
    const int descriptor =
        name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      return absl::NotFoundError(
          absl::StrCat("cannot open ", name, ": ", std::strerror(errno)));
    }
    return absl::WrapUnique(new InputFile(descriptor));
  }
  ~InputFile() {
    if (descriptor_ != STDIN_FILENO) close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int descriptor() const { return descriptor_; }

  // Bytes; -1 of a pipe.
  int64_t size() const {
    struct stat facts = {};
    return fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode)
               ? facts.st_size
               : -1;
  }

 private:
  explicit InputFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

// A built-in name, or else a file.
absl::StatusOr<ColumnMap> LoadMap(const std::string& map) {
  if (IsBuiltin(map)) return FindMap(BuiltinMaps(), map);
  const auto text = ReadFile(map);
  if (!text.ok()) {
    std::string names;
    for (const BuiltinMap& builtin : BuiltinMaps()) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", builtin.name);
    }
    return absl::NotFoundError(
        absl::StrCat("column map: ", text.status().message(),
                     "; allowed: a file, or one of the built-in maps ", names));
  }
  return ColumnMap::Parse(*text, map);
}

absl::StatusOr<Policy> LoadPolicy(const std::string& file) {
  if (file.empty()) return Policy();
  const auto text = ReadFile(file);
  if (!text.ok()) return text.status();
  auto policy = Policy::FromJson(*text);
  if (!policy.ok()) return InFile(file, policy.status());
  return policy;
}

bool UseColour(Colour colour) {
  switch (colour) {
    case Colour::kAlways:
      return true;
    case Colour::kNever:
      return false;
    case Colour::kAuto:
      return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  }
  return false;
}

}  // namespace

int RunReview(const ReviewArguments& arguments) {
  ReviewOptions options;
  options.named_deals = arguments.named_deals;
  const auto policy = LoadPolicy(arguments.policy_file);
  if (!policy.ok()) return Fail(policy.status());
  options.policy = *policy;
  absl::optional<ColumnMap> map;
  if (!arguments.map.empty()) {
    auto loaded = LoadMap(arguments.map);
    if (!loaded.ok()) return Fail(loaded.status());
    map = *std::move(loaded);
    options.map = &*map;
  }

  auto file = InputFile::Open(arguments.file);
  if (!file.ok()) return Fail(file.status());
  ProgressBar progress(isatty(STDERR_FILENO) != 0, (*file)->size(), WriteError);
  options.progress = [&progress](int64_t bytes) { progress.Update(bytes); };

  const auto review =
      ReviewExport(CsvSourceFromDescriptor((*file)->descriptor()), options);
  progress.Clear();
  if (!review.ok()) return Fail(InFile(arguments.file, review.status()));
  std::string out;
  if (arguments.json) {
    auto json = ReviewJson(*review, arguments.file, arguments.language);
    if (!json.ok()) return Fail(json.status());
    out = *std::move(json);
  } else {
    out = ReviewText(*review, arguments.file, arguments.language,
                     UseColour(arguments.colour));
  }
  const absl::Status written = WriteOut(out);
  if (!written.ok()) return Fail(written);
  WriteError(ReviewErrors(*review, arguments.language));
  if (review->HasErrors()) return kExitBadInput;
  return review->HasFindings() ? kExitFindings : kExitFine;
}

namespace {

// Options that are of the other kind of table are refused, not ignored.
absl::Status CheckOptions(const LearnArguments& arguments, LearnKind kind) {
  const bool visits = kind == LearnKind::kVisits;
  const struct {
    const char* option;
    bool given, of_visits;
  } options[] = {{"--as-of", !arguments.as_of.empty(), true},
                 {"--from", !arguments.from.empty(), true},
                 {"--within", arguments.within.has_value(), true},
                 {"--strength", arguments.strength.has_value(), true},
                 {"--without", !arguments.without.empty(), false},
                 {"--folds", !arguments.folds_file.empty(), false}};
  for (const auto& one : options) {
    if (!one.given || one.of_visits == visits) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(one.option, " is of ", one.of_visits ? "visits" : "deals",
                     ", but this is a table of ", visits ? "visits" : "deals",
                     "; --kind says which it is"));
  }
  return absl::OkStatus();
}

absl::Status ReadOptionDay(const char* option, const std::string& text,
                           absl::optional<int32_t>* day) {
  if (text.empty()) return absl::OkStatus();
  const auto parsed = ParseDay(text);
  if (!parsed.ok()) return InFile(option, parsed.status());
  *day = *parsed;
  return absl::OkStatus();
}

absl::StatusOr<LearnReport> Learn(const LearnArguments& arguments) {
  LearnReport report;
  LearnOptions options;
  auto policy = LoadPolicy(arguments.policy_file);
  if (!policy.ok()) return policy.status();
  report.policy = options.policy = *policy;
  absl::optional<ColumnMap> map;
  if (!arguments.map.empty()) {
    auto loaded = LoadMap(arguments.map);
    if (!loaded.ok()) return loaded.status();
    map = *std::move(loaded);
    options.map = &*map;
  }
  if (!arguments.kind.empty()) {
    const auto kind = ParseLearnKind(arguments.kind);
    if (!kind.ok()) return kind.status();
    options.kind = *kind;
  }
  LearnVisitsOptions visits;
  visits.within = arguments.within;
  visits.strength = arguments.strength.value_or(kDefaultStrength);
  absl::Status days = ReadOptionDay("--as-of", arguments.as_of, &visits.as_of);
  days.Update(ReadOptionDay("--from", arguments.from, &visits.from));
  if (!days.ok()) return days;
  std::vector<int32_t> folds;
  if (!arguments.folds_file.empty()) {
    const auto file = InputFile::Open(arguments.folds_file);
    if (!file.ok()) return file.status();
    auto read = ReadFolds(CsvSourceFromDescriptor((*file)->descriptor()));
    if (!read.ok()) return InFile(arguments.folds_file, read.status());
    folds = *std::move(read);
  }
  options.deals.without = arguments.without;
  options.deals.folds = folds;

  const auto file = InputFile::Open(arguments.file);
  if (!file.ok()) return file.status();
  ProgressBar progress(isatty(STDERR_FILENO) != 0, (*file)->size(), WriteError);
  options.progress = [&progress](int64_t bytes) { progress.Update(bytes); };
  auto input =
      ReadLearnInput(CsvSourceFromDescriptor((*file)->descriptor()), options);
  progress.Clear();
  if (!input.ok()) return InFile(arguments.file, input.status());
  const absl::Status fits = CheckOptions(arguments, input->kind());
  if (!fits.ok()) return InFile(arguments.file, fits);
  report.errors = std::move(input->errors);
  if (const auto* const deals = std::get_if<DealTable>(&input->table)) {
    auto found = LearnDeals(*deals);
    if (!found.ok()) return InFile(arguments.file, found.status());
    report.found = *std::move(found);
  } else {
    auto found =
        LearnVisits(std::get<VisitTable>(input->table), *policy, visits);
    // Where no row is good, the errors of the rows say why.
    if (!found.ok()) {
      WriteError(RowErrorsText(report.errors.messages, report.errors.count,
                               arguments.language));
      return InFile(arguments.file, found.status());
    }
    report.found = *std::move(found);
  }
  return report;
}

}  // namespace

int RunLearn(const LearnArguments& arguments) {
  const auto report = Learn(arguments);
  if (!report.ok()) return Fail(report.status());
  std::string out;
  if (arguments.json) {
    auto json = LearnJson(*report, arguments.file, arguments.language);
    if (!json.ok()) return Fail(json.status());
    out = *std::move(json);
  } else {
    out = LearnText(*report, arguments.file, arguments.language,
                    UseColour(arguments.colour));
  }
  const absl::Status written = WriteOut(out);
  if (!written.ok()) return Fail(written);
  if (report->errors.count > 0) {
    WriteError(RowErrorsText(report->errors.messages, report->errors.count,
                             arguments.language));
    if (!arguments.out_file.empty()) {
      WriteError(absl::StrCat(
          "fivek: ", learn_say::kModelNotWritten.in(arguments.language), "\n"));
    }
    return kExitBadInput;
  }
  if (!arguments.out_file.empty()) {
    const absl::Status kept = WriteFile(arguments.out_file, report->Model());
    if (!kept.ok()) return Fail(kept);
  }
  return report->adopted() ? kExitFine : kExitFindings;
}

namespace {

absl::StatusOr<AccountsReport> Accounts(const AccountsArguments& arguments) {
  AccountsOptions options;
  options.horizon = arguments.horizon;
  for (const absl::Status& read :
       {ReadOptionDay("--as-of", arguments.as_of, &options.as_of),
        ReadOptionDay("--since", arguments.since, &options.since)}) {
    if (!read.ok()) return read;
  }
  SalesOptions reading;
  absl::optional<ColumnMap> map;
  if (!arguments.map.empty()) {
    auto loaded = LoadMap(arguments.map);
    if (!loaded.ok()) return loaded.status();
    map = *std::move(loaded);
    reading.map = &*map;
  }
  auto file = InputFile::Open(arguments.file);
  if (!file.ok()) return file.status();
  ProgressBar progress(isatty(STDERR_FILENO) != 0, (*file)->size(), WriteError);
  reading.progress = [&progress](int64_t bytes) { progress.Update(bytes); };
  auto input =
      ReadSales(CsvSourceFromDescriptor((*file)->descriptor()), reading);
  progress.Clear();
  if (!input.ok()) return InFile(arguments.file, input.status());
  const RowErrors errors = input->errors;
  auto report = ReportAccounts(*std::move(input), options);
  if (report.ok()) return report;
  // Where no row is good, the errors of the rows say why.
  WriteError(RowErrorsText(errors.messages, errors.count, arguments.language));
  return InFile(arguments.file, report.status());
}

}  // namespace

int RunAccounts(const AccountsArguments& arguments) {
  const auto report = Accounts(arguments);
  if (!report.ok()) return Fail(report.status());
  std::string out;
  if (arguments.json) {
    auto json = AccountsJson(*report, arguments.file);
    if (!json.ok()) return Fail(json.status());
    out = *std::move(json);
  } else {
    out = AccountsText(*report, arguments.file, arguments.named_accounts,
                       arguments.language, UseColour(arguments.colour));
  }
  const absl::Status written = WriteOut(out);
  if (!written.ok()) return Fail(written);
  WriteError(RowErrorsText(report->errors.messages, report->errors.count,
                           arguments.language));
  if (report->errors.count > 0) return kExitBadInput;
  return report->HasFindings() ? kExitFindings : kExitFine;
}

int RunPipe(const PipeArguments& arguments) {
  PipeOptions options;
  options.json = arguments.json;
  options.flush = arguments.flush;
  const auto policy = LoadPolicy(arguments.policy_file);
  if (!policy.ok()) return Fail(policy.status());
  options.policy = *policy;
  const auto count =
      ScorePipe(CsvSourceFromDescriptor(STDIN_FILENO), WriteOut, options);
  if (!count.ok()) {
    return Fail(absl::Status(
        count.status().code(),
        absl::StrCat("standard input: ", count.status().message())));
  }
  if (count->bad == 0) return kExitFine;
  WriteError(absl::StrCat("fivek: ", count->bad, " of ", count->rows,
                          " rows are bad: see \"error\" of each\n"));
  return kExitFindings;
}

int RunPolicy(const PolicyArguments& arguments) {
  const auto policy = LoadPolicy(arguments.file);
  if (!policy.ok()) return Fail(policy.status());
  const absl::Status written =
      WriteOut(arguments.print ? policy->ToJson()
                               : absl::StrCat(PolicyHashText(*policy), "\n"));
  return written.ok() ? kExitFine : Fail(written);
}

int RunSample(const SampleArguments& arguments) {
  const absl::Status written =
      WriteSample(arguments.rows, arguments.seed, WriteOut);
  return written.ok() ? kExitFine : Fail(written);
}

}  // namespace fivek::tool
