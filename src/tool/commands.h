// The commands of `fivek`. Each reads its arguments, touches files and streams,
// and returns the exit code: 0 fine, 1 findings (of `pipe`: bad rows), 2 bad
// input.
#ifndef FIVEK_TOOL_COMMANDS_H_
#define FIVEK_TOOL_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "fivek/base/language.h"

namespace fivek::tool {

inline constexpr int kExitFine = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitBadInput = 2;

enum class Colour : uint8_t { kAuto, kAlways, kNever };

struct ReviewArguments {
  std::string file;         // "-": standard input.
  std::string map;          // Built-in name or file; empty: by the header.
  std::string policy_file;  // Empty: built-in.
  Language language = Language::kEnglish;
  bool json = false;
  Colour colour = Colour::kAuto;
  uint32_t named_deals = 5;
};
int RunReview(const ReviewArguments& arguments);

struct LearnArguments {
  std::string file;         // "-": standard input.
  std::string kind;         // "visits", "deals"; empty: by the header.
  std::string map;          // Built-in name or file; empty: by the header.
  std::string as_of, from;  // YYYY-MM-DD; empty: by the data.
  absl::optional<int32_t> within;
  absl::optional<double> strength;
  std::vector<std::string> without;
  std::string folds_file;   // Empty: by what rows say.
  std::string policy_file;  // Empty: built-in.
  std::string out_file;     // Empty: no model is written.
  Language language = Language::kEnglish;
  bool json = false;
  Colour colour = Colour::kAuto;
};
int RunLearn(const LearnArguments& arguments);

struct AccountsArguments {
  std::string file;          // "-": standard input.
  std::string map;           // Built-in name or file; empty: by the header.
  std::string as_of, since;  // YYYY-MM-DD; empty: by the data.
  int32_t horizon = 90;
  uint32_t named_accounts = 10;
  Language language = Language::kEnglish;
  bool json = false;
  Colour colour = Colour::kAuto;
};
int RunAccounts(const AccountsArguments& arguments);

struct PipeArguments {
  std::string policy_file;  // Empty: built-in.
  bool json = false;        // JSON lines, else TSV.
  bool flush = false;       // Answer every line at once.
};
int RunPipe(const PipeArguments& arguments);

struct PolicyArguments {
  std::string file;  // Empty: built-in.
  bool print = false;
};
int RunPolicy(const PolicyArguments& arguments);

struct SampleArguments {
  uint64_t rows = 200;
  uint64_t seed = 1;
};
int RunSample(const SampleArguments& arguments);

// A whole file as text.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// A whole file, in place of what was there.
absl::Status WriteFile(const std::string& path, absl::string_view bytes);

// All of `text` to standard output or standard error.
absl::Status WriteOut(absl::string_view text);
void WriteError(absl::string_view text);

// Says "fivek: ..." on standard error and returns kExitBadInput.
int Fail(const absl::Status& status);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_COMMANDS_H_
