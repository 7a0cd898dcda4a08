// The `fivek` command: the library's first user.
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "fivek/base/language.h"
#include "src/tool/commands.h"
#include "src/tool/pipe.h"

namespace {

constexpr const char* kVersion = "fivek 0.1.0";

int Main(int argc, char** argv) {
  using namespace fivek::tool;  // NOLINT(google-build-using-namespace)

  CLI::App app{
      "fivek: what an export of opportunities says, and what of it is "
      "verified"};
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  app.footer("Exit codes: 0 fine, 1 findings, 2 bad input.");

  const std::map<std::string, Colour> colours = {{"auto", Colour::kAuto},
                                                 {"always", Colour::kAlways},
                                                 {"never", Colour::kNever}};

  ReviewArguments review;
  std::string language = "en";
  std::string colour = "auto";
  std::string format = "text";
  CLI::App* const review_command = app.add_subcommand(
      "review", "Review an export: book, evidence, claims, rule breaks");
  review_command
      ->add_option("file", review.file, "CSV file; - for standard input")
      ->required();
  review_command->add_option(
      "--map", review.map,
      "column map: a built-in name or a file; without it the built-in map that "
      "fits the header");
  review_command->add_option("--policy", review.policy_file,
                             "policy in JSON; without it the built-in method");
  review_command->add_option("--lang", language, "en or zh")
      ->check(CLI::IsMember({"en", "zh"}));
  review_command->add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  review_command->add_option("--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  review_command
      ->add_option("--top", review.named_deals, "deals to name in each list")
      ->check(CLI::Range(0, 1000));

  PipeArguments pipe;
  std::string pipe_format = "tsv";
  CLI::App* const pipe_command = app.add_subcommand(
      "pipe", "Score opportunities from standard input, line by line");
  pipe_command->add_option("--format", pipe_format, "tsv or jsonl")
      ->check(CLI::IsMember({"tsv", "jsonl"}));
  pipe_command->add_flag("--flush", pipe.flush,
                         "answer each line before reading the next");
  pipe_command->add_option("--policy", pipe.policy_file,
                           "policy in JSON; without it the built-in method");
  pipe_command->footer(kPipeHelp);

  PolicyArguments policy;
  CLI::App* const policy_command = app.add_subcommand(
      "policy", "Check a policy and print its hash, or the whole document");
  policy_command->add_option("file", policy.file,
                             "policy in JSON; without it the built-in method");
  policy_command->add_flag("--print", policy.print,
                           "print the canonical document");

  SampleArguments sample;
  CLI::App* const sample_command = app.add_subcommand(
      "sample", "Print an invented pipeline, to try things on");
  sample_command->add_option("--rows", sample.rows, "opportunities");
  sample_command->add_option("--seed", sample.seed,
                             "another seed, other deals");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitFine : kExitBadInput;
  }
  if (review_command->parsed()) {
    review.json = format == "json";
    review.language = *fivek::LanguageFromTag(language);
    review.colour = colours.at(colour);
    return RunReview(review);
  }
  if (pipe_command->parsed()) {
    pipe.json = pipe_format == "jsonl";
    return RunPipe(pipe);
  }
  if (policy_command->parsed()) return RunPolicy(policy);
  if (sample_command->parsed()) return RunSample(sample);
  return kExitBadInput;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    fivek::tool::WriteError(absl::StrCat("fivek: ", error.what(), "\n"));
    return fivek::tool::kExitBadInput;
  }
}
