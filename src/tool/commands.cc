#include "src/tool/commands.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "src/tool/pipe.h"
#include "src/tool/progress.h"
#include "src/tool/review.h"
#include "src/tool/review_json.h"
#include "src/tool/review_text.h"
#include "src/tool/sample.h"

namespace fivek::tool {
namespace {

bool IsBuiltin(absl::string_view name) {
  const auto maps = BuiltinMaps();
  return std::any_of(maps.begin(), maps.end(), [name](const BuiltinMap& map) {
    return map.name == name;
  });
}

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
  if (!policy.ok()) {
    return absl::Status(policy.status().code(),
                        absl::StrCat(file, ": ", policy.status().message()));
  }
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

  const bool standard_input = arguments.file == "-";
  const int descriptor =
      standard_input ? STDIN_FILENO
                     : open(arguments.file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Fail(absl::NotFoundError(absl::StrCat("cannot open ", arguments.file,
                                                 ": ", std::strerror(errno))));
  }
  const absl::Cleanup close_file = [descriptor, standard_input] {
    if (!standard_input) close(descriptor);
  };
  struct stat facts = {};
  const int64_t size = fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)
                           ? facts.st_size
                           : -1;
  ProgressBar progress(isatty(STDERR_FILENO) != 0, size, WriteError);
  options.progress = [&progress](int64_t bytes) { progress.Update(bytes); };

  const auto review =
      ReviewExport(CsvSourceFromDescriptor(descriptor), options);
  progress.Clear();
  if (!review.ok()) {
    return Fail(absl::Status(
        review.status().code(),
        absl::StrCat(arguments.file, ": ", review.status().message())));
  }
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
