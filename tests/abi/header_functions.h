// What the C headers declare, read from their text: functions with their
// parameters and comments, structs with their fields. A test that walks over
// these cannot forget one.
#ifndef FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_
#define FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace fivek::abi {

// A file of the source tree.
inline std::string ReadFile(const std::string& path) {
  std::ifstream file(std::string(FIVEK_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// fivek.h and what stands beside it.
inline std::string ReadHeaders() {
  return ReadFile("capi/fivek.h") + ReadFile("capi/fivek_arrow.h");
}

// A parameter or a field.
struct Variable {
  std::string type;  // As written, with one space between words: "const char*".
  std::string name;

  bool is_pointer() const { return type.back() == '*'; }
};

struct HeaderFunction {
  std::string name, result;
  std::string comment;  // The one before it, maybe shared with the one above.
  std::vector<Variable> parameters;
};

struct HeaderStruct {
  std::string name;
  std::vector<Variable> fields;
};

inline std::string Trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \n") + 1 - first);
}

inline std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// "const char* set", "int32_t points[5]", with or without line breaks.
inline Variable ReadVariable(const std::string& declaration) {
  const std::string text = Trimmed(declaration);
  const size_t end = std::min(text.find('['), text.size());
  const size_t begin = text.find_last_of("* \n", end - 1) + 1;
  Variable variable;
  variable.name = text.substr(begin, end - begin);
  for (const char c : Trimmed(text.substr(0, begin))) {
    const bool space = c == ' ' || c == '\n';
    if (!space || variable.type.back() != ' ') {
      variable.type += space ? ' ' : c;
    }
  }
  EXPECT_FALSE(variable.name.empty() || variable.type.empty()) << text;
  return variable;
}

// The headers cut in comments and what is between them, in order.
inline std::vector<std::string> CommentsAndCode() {
  const std::string text = ReadHeaders();
  std::vector<std::string> parts;
  for (size_t at = 0; at < text.size();) {
    const bool comment = text.compare(at, 2, "/*") == 0;
    const size_t end = comment ? text.find("*/", at) + 2 : text.find("/*", at);
    parts.push_back(text.substr(at, end - at));
    at = std::min(end, text.size());
  }
  return parts;
}

// In the order of the headers.
inline std::vector<HeaderFunction> HeaderFunctions() {
  std::vector<HeaderFunction> found;
  std::string comment;
  for (const std::string& part : CommentsAndCode()) {
    if (part.compare(0, 2, "/*") == 0) {
      comment = part;
      continue;
    }
    const std::string kApi = "\nFIVEK_API ";
    for (size_t at = 0; (at = part.find(kApi, at)) != std::string::npos; ++at) {
      const size_t begin = at + kApi.size();
      const size_t open = part.find('(', begin);
      const size_t close = part.find(");", open);
      const Variable function = ReadVariable(part.substr(begin, open - begin));
      const std::string inside = part.substr(open + 1, close - open - 1);
      found.push_back({function.name, function.type, comment, {}});
      if (inside == "void") continue;
      for (const std::string& parameter : Split(inside, ',')) {
        found.back().parameters.push_back(ReadVariable(parameter));
      }
    }
  }
  return found;
}

// Those of fivek.h with fields, in its order.
inline std::vector<HeaderStruct> HeaderStructs() {
  std::string code;
  for (const std::string& part : CommentsAndCode()) {
    if (part.compare(0, 2, "/*") != 0) code += part;
  }
  std::vector<HeaderStruct> found;
  const std::string kStruct = "\ntypedef struct ";
  for (size_t at = 0; (at = code.find(kStruct, at)) != std::string::npos;
       ++at) {
    const size_t begin = at + kStruct.size();
    const size_t open = code.find_first_of("{;", begin);
    if (code[open] == ';') continue;  // A handle.
    found.push_back({Trimmed(code.substr(begin, open - begin)), {}});
    const size_t close = code.find('}', open);
    std::vector<std::string> lines =
        Split(code.substr(open + 1, close - open - 1), ';');
    lines.pop_back();  // What is behind the last one.
    for (const std::string& line : lines) {
      // "int32_t stage, milestone" are two of a type.
      const std::vector<std::string> names = Split(line, ',');
      const Variable first = ReadVariable(names[0]);
      found.back().fields.push_back(first);
      for (size_t i = 1; i < names.size(); ++i) {
        found.back().fields.push_back({first.type, Trimmed(names[i])});
      }
    }
  }
  return found;
}

}  // namespace fivek::abi

#endif  // FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_
