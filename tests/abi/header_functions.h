// What the C headers declare: functions with their parameters, structs with
// their fields. A test that walks over these cannot forget one.
#ifndef FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_
#define FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_

#include <map>
#include <string>
#include <vector>

namespace fivek::abi {

// A parameter or a field.
struct Variable {
  std::string type;  // As written: "const char*".
  std::string name;

  bool is_pointer() const { return type.back() == '*'; }
};

struct HeaderFunction {
  std::string name;
  std::vector<Variable> parameters;
};

struct HeaderStruct {
  std::string name;
  std::vector<Variable> fields;
};

// In the order of the headers. contract.py makes the table of them.
inline std::vector<HeaderFunction> HeaderFunctions() {
  std::vector<HeaderFunction> found;
#define FUNCTION(name) found.push_back({name, {}});
#define PARAMETER(type, name) found.back().parameters.push_back({type, name});
#define WHOLE(name, struct_type)
#define FIELD(name, struct_type, field, type)
#define CONSTANT(name)
#include "contract_table.inc"
#undef FUNCTION
#undef PARAMETER
#undef WHOLE
#undef FIELD
  return found;
}

inline std::map<std::string, HeaderFunction> HeaderFunctionsByName() {
  std::map<std::string, HeaderFunction> found;
  for (const HeaderFunction& function : HeaderFunctions()) {
    found.emplace(function.name, function);
  }
  return found;
}

// Those of fivek.h with fields.
inline std::vector<HeaderStruct> HeaderStructs() {
  std::vector<HeaderStruct> found;
#define FUNCTION(name)
#define PARAMETER(type, name)
#define WHOLE(name, struct_type) found.push_back({name, {}});
#define FIELD(name, struct_type, field, type) \
  found.back().fields.push_back({#type, #field});
#include "contract_table.inc"
#undef FUNCTION
#undef PARAMETER
#undef WHOLE
#undef FIELD
#undef CONSTANT
  while (found.back().name.rfind("Arrow", 0) == 0) found.pop_back();
  return found;
}

}  // namespace fivek::abi

#endif  // FIVEK_TESTS_ABI_HEADER_FUNCTIONS_H_
