// The `fivek` command: the library's first user.
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "fivek/base/language.h"
#include "fivek/history/ladder.h"
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

  LearnArguments learn;
  CLI::App* const learn_command = app.add_subcommand(
      "learn", "Learn from history: a ladder from visits, points from deals");
  learn_command
      ->add_option("file", learn.file, "CSV file; - for standard input")
      ->required();
  learn_command
      ->add_option("--kind", learn.kind,
                   "visits (a row for each stay of a deal in a stage) or deals "
                   "(a row for each deal and its outcome); without it as the "
                   "header says")
      ->check(CLI::IsMember({"visits", "deals"}));
  learn_command->add_option("--map", learn.map,
                            "column map: a built-in name or a file; without it "
                            "columns are known by their names");
  learn_command->add_option(
      "--as-of", learn.as_of,
      "visits: YYYY-MM-DD, later is not looked at; without it the last day in "
      "the data");
  learn_command->add_option(
      "--from", learn.from,
      "visits: YYYY-MM-DD, earlier is not counted; without it the first day");
  learn_command
      ->add_option("--within", learn.within,
                   "visits: forecast wins within so many days after as-of")
      ->check(CLI::Range(1, fivek::kMaxHorizon));
  learn_command
      ->add_option("--strength", learn.strength,
                   "visits: as how many deals the method's ladder counts; "
                   "without it 20")
      ->check(CLI::Range(0.0, 1e12));
  learn_command
      ->add_option("--without", learn.without,
                   "deals: columns to leave out, as what is known only after "
                   "the end")
      ->delimiter(',');
  learn_command->add_option(
      "--folds", learn.folds_file,
      "deals: CSV file with the columns row and fold; without it folds are by "
      "what rows say");
  learn_command->add_option("--policy", learn.policy_file,
                            "policy in JSON; without it the built-in method");
  learn_command->add_option("--out", learn.out_file,
                            "file to write the model to");
  learn_command->add_option("--lang", language, "en or zh")
      ->check(CLI::IsMember({"en", "zh"}));
  learn_command->add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  learn_command->add_option("--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));

  AccountsArguments accounts;
  CLI::App* const accounts_command =
      app.add_subcommand("accounts",
                         "Grade accounts by their sales: classes, who moved, "
                         "who is slipping away");
  accounts_command
      ->add_option("file", accounts.file,
                   "CSV file with a row for each order or won deal; - for "
                   "standard input")
      ->required();
  accounts_command->add_option(
      "--map", accounts.map,
      "column map: a built-in name or a file; without it the built-in map that "
      "fits the header, or the names of the columns");
  accounts_command->add_option("--as-of", accounts.as_of,
                               "YYYY-MM-DD, later is not looked at; without it "
                               "the last day in the data");
  accounts_command->add_option(
      "--since", accounts.since,
      "YYYY-MM-DD: compare sales from this day on with those before; without "
      "it the middle of the period");
  accounts_command
      ->add_option("--horizon", accounts.horizon, "days to look ahead")
      ->check(CLI::Range(1, 3660));
  accounts_command
      ->add_option("--top", accounts.named_accounts,
                   "accounts to name in each list")
      ->check(CLI::Range(0, 1000));
  accounts_command->add_option("--lang", language, "en or zh")
      ->check(CLI::IsMember({"en", "zh"}));
  accounts_command->add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  accounts_command->add_option("--colour", colour, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));

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
  if (learn_command->parsed()) {
    learn.json = format == "json";
    learn.language = *fivek::LanguageFromTag(language);
    learn.colour = colours.at(colour);
    return RunLearn(learn);
  }
  if (accounts_command->parsed()) {
    accounts.json = format == "json";
    accounts.language = *fivek::LanguageFromTag(language);
    accounts.colour = colours.at(colour);
    return RunAccounts(accounts);
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
