// Every pointer of every function, and every pointer in a struct, is NULL or
// not aligned in its turn: the call is accepted where the header allows it and
// otherwise refused by name, with all memory as it was. A sanitizer sees what
// is read in spite of it.
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"
#include "tests/abi/header_functions.h"
#include "tests/capi/every_call.h"

namespace fivek::hostile {
namespace {

using abi::HeaderFunction;
using abi::HeaderStruct;
using abi::HeaderStructs;
using abi::Variable;

// Calls `visit(function, place)` for each pointer but the last, the error.
void ForEachPointer(const std::function<void(const Function&, size_t)>& visit) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  for (const Function& function : EveryFunction()) {
    const std::vector<Variable>& parameters =
        declared.at(function.name).parameters;
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (!parameters[i].is_pointer() || parameters[i].name == "error")
        continue;
      SCOPED_TRACE(function.name + (": " + parameters[i].name));
      visit(function, i);
    }
  }
}

TEST(PointersTest, TheTableHasEveryFunctionAndParameter) {
  std::map<std::string, HeaderFunction> left = abi::HeaderFunctionsByName();
  EXPECT_GE(left.size(), 63U);
  for (const Function& function : EveryFunction()) {
    ASSERT_EQ(left.count(function.name), 1U) << function.name;
    std::vector<std::string> declared;
    for (const Variable& parameter : left.at(function.name).parameters) {
      declared.push_back(parameter.name);
    }
    std::vector<std::string> listed;
    for (const Argument& argument : function.arguments) {
      listed.emplace_back(argument.name);
    }
    EXPECT_EQ(listed, declared) << function.name;
    left.erase(function.name);
  }
  for (const auto& [name, function] : left) ADD_FAILURE() << name;
}

TEST(PointersTest, TheCallsOfTheTableAreAccepted) {
  for (const Function& function : EveryFunction()) {
    SCOPED_TRACE(function.name);
    World world;
    ExpectOk(function, world, function.WordsIn(world));
    World least;
    ExpectOk(function, least, function.LeastWordsIn(least));
  }
}

TEST(PointersTest, NullIsAllowedOrRefusedByName) {
  size_t refused = 0;
  ForEachPointer([&refused](const Function& function, size_t i) {
    const Argument& argument = function.arguments[i];
    World world;
    Words words = function.WordsIn(world);
    words[i] = 0;
    if (argument.may_be_null) {
      ExpectOk(function, world, words);
    } else {
      ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                    FIVEK_REASON_NULL_POINTER,
                    {std::string(argument.name) + " is NULL"});
      ++refused;
    }
  });
  EXPECT_GT(refused, 80U);
}

TEST(PointersTest, AllAreNull) {
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  for (const Function& function : EveryFunction()) {
    SCOPED_TRACE(function.name);
    World world;
    Words words = function.WordsIn(world);
    bool any_needed = false;
    for (size_t i = 0; i < words.size(); ++i) {
      if (!declared.at(function.name).parameters[i].is_pointer()) continue;
      words[i] = 0;
      any_needed |= !function.arguments[i].may_be_null;
    }
    if (any_needed) {
      ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                    FIVEK_REASON_NULL_POINTER, {" is NULL"});
    } else {
      ExpectOk(function, world, words);
    }
  }
}

TEST(PointersTest, WhatIsNotAlignedIsRefusedByName) {
  size_t refused = 0;
  ForEachPointer([&refused](const Function& function, size_t i) {
    const Argument& argument = function.arguments[i];
    if (!function.fallible()) return;  // Texts and handles.
    // With the built-in policy too: it has short ways of its own. No waiver of
    // the table is one that it allows.
    const bool takes_policy =
        std::strcmp(function.arguments.front().name, "policy") == 0 &&
        std::strcmp(argument.name, "waivers") != 0;
    for (size_t by = 1; by < argument.alignment * (takes_policy ? 2 : 1);
         ++by) {
      if (by == argument.alignment) continue;
      World world;
      Words words = function.WordsIn(world);
      // The same there, so that nothing else is wrong with it.
      const size_t size = argument.size;
      std::vector<uint64_t> moved(size / 8 + 3);
      char* const there = reinterpret_cast<char*>(moved.data()) + by;
      std::memcpy(there, reinterpret_cast<const char*>(words[i]), size);
      const std::vector<uint64_t> before = moved;
      words[i] = reinterpret_cast<uintptr_t>(there);
      if (by > argument.alignment) words[0] = 0;
      ExpectRefused(
          function, world, words, FIVEK_INVALID_ARGUMENT,
          FIVEK_REASON_VALUE_RANGE,
          {std::string(argument.name) + " is not aligned to its type"});
      EXPECT_EQ(moved, before) << "something is changed";
      ++refused;
    }
  });
  EXPECT_GT(refused, 150U);
}

// As if it were NULL: a refused call says why nowhere, and writes nothing.
TEST(PointersTest, AnErrorThatIsNotAlignedIsNone) {
  alignas(fivek_error) unsigned char bytes[sizeof(fivek_error) + 8];
  for (const Function& function : EveryFunction()) {
    if (!function.fallible()) continue;
    SCOPED_TRACE(function.name);
    for (size_t by = 1; by < alignof(fivek_error); ++by) {
      std::memset(bytes, 0, sizeof bytes);
      const uint32_t size = sizeof(fivek_error);
      std::memcpy(bytes + by, &size, sizeof size);
      const std::vector<unsigned char> before(bytes, bytes + sizeof bytes);
      World world;
      Words words = function.WordsIn(world);
      words.back() = reinterpret_cast<uintptr_t>(bytes + by);
      EXPECT_EQ(function.CallIn(world, words), uint64_t{FIVEK_OK});
      bool is_bad = false;
      for (size_t i = 0; i + 1 < words.size(); ++i) {
        const Argument& argument = function.arguments[i];
        if (argument.alignment == 1 || argument.may_be_null) continue;
        words[i] = 0;
        is_bad = true;
      }
      // Columns of bytes alone are aligned anyhow.
      if (!is_bad) words.front() = 0;
      EXPECT_EQ(function.CallIn(world, words),
                uint64_t{FIVEK_INVALID_ARGUMENT});
      EXPECT_TRUE(std::equal(before.begin(), before.end(), bytes));
    }
  }
}

// ---- Pointers in structs ----------------------------------------------------

TEST(PointersTest, TheTableHasEveryPointerOfAStruct) {
  std::set<std::string> listed;
  for (const Field& field : EveryField()) {
    listed.insert(std::string(field.owner) + "." + field.name);
  }
  for (const HeaderStruct& one : HeaderStructs()) {
    for (const Variable& field : one.fields) {
      if (!field.is_pointer()) continue;
      EXPECT_EQ(listed.count(one.name + "." + field.name), 1U)
          << one.name << "." << field.name;
    }
  }
}

// Calls `visit` for each pointer in a struct and each function that takes it.
void ForEachPointerInAStruct(
    const std::function<void(const Function&, size_t, const Field&)>& visit) {
  std::set<std::string> pointers;
  for (const HeaderStruct& one : HeaderStructs()) {
    for (const Variable& field : one.fields) {
      if (field.is_pointer()) pointers.insert(one.name + "." + field.name);
    }
  }
  const std::map<std::string, HeaderFunction> declared =
      abi::HeaderFunctionsByName();
  for (const Field& field : EveryField()) {
    const std::string owner = field.owner;
    if (pointers.count(owner + "." + field.name) == 0) continue;
    for (const Function& function : EveryFunction()) {
      const auto& parameters = declared.at(function.name).parameters;
      for (size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].type != "const " + owner + "*") continue;
        SCOPED_TRACE(function.name + (": " + owner + "." + field.name));
        visit(function, i, field);
      }
    }
  }
}

// Puts a pointer into the struct that argument i points to.
void PutPointer(const Words& words, size_t i, const Field& field,
                const void* pointer) {
  ASSERT_EQ(field.size, sizeof pointer);
  std::memcpy(reinterpret_cast<char*>(words[i]) + field.offset, &pointer,
              sizeof pointer);
}

TEST(PointersTest, NullInAStructIsAllowedOrRefused) {
  size_t tried = 0;
  ForEachPointerInAStruct(
      [&tried](const Function& function, size_t i, const Field& field) {
        World world;
        const Words words = function.WordsIn(world);
        PutPointer(words, i, field, nullptr);
        if (field.may_be_null) {
          ExpectOk(function, world, words);
        } else {
          ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                        FIVEK_REASON_NULL_POINTER, {field.name, "NULL"});
        }
        ++tried;
      });
  EXPECT_GT(tried, 40U);
}

TEST(PointersTest, WhatIsNotAlignedInAStructIsRefused) {
  size_t tried = 0;
  ForEachPointerInAStruct(
      [&tried](const Function& function, size_t i, const Field& field) {
        for (size_t by = 1; by < field.alignment; by *= 2) {
          World world;
          const Words words = function.WordsIn(world);
          PutPointer(words, i, field,
                     reinterpret_cast<char*>(world.memory.amounts) + by);
          ExpectRefused(function, world, words, FIVEK_INVALID_ARGUMENT,
                        FIVEK_REASON_VALUE_RANGE, {field.name, "not aligned"});
          ++tried;
        }
      });
  EXPECT_GT(tried, 30U);
}

// ---- Arrow ------------------------------------------------------------------

const Function& ScoreArrow() {
  for (const Function& function : EveryFunction()) {
    if (std::strcmp(function.name, "fivek_score_arrow") == 0) return function;
  }
  return EveryFunction().front();
}

template <typename T>
T* Shifted(T* pointer) {
  return reinterpret_cast<T*>(reinterpret_cast<uintptr_t>(pointer) + 1);
}

TEST(PointersTest, PointersOfArrow) {
  const struct {
    const char* what;
    void (*change)(Memory*);
    bool accepted;
  } kChanges[] = {
      {"no format", [](Memory* m) { m->schema.format = nullptr; }, false},
      {"no name", [](Memory* m) { m->schema.name = nullptr; }, true},
      {"no metadata", [](Memory* m) { m->schema.metadata = nullptr; }, true},
      {"no schemas", [](Memory* m) { m->schema.children = nullptr; }, false},
      {"schemas",
       [](Memory* m) { m->schema.children = Shifted(m->schema.children); },
       false},
      {"no schema", [](Memory* m) { m->schema_children[0] = nullptr; }, false},
      {"a schema",
       [](Memory* m) {
         m->schema_children[0] = Shifted(m->schema_children[0]);
       },
       false},
      {"a dictionary",
       [](Memory* m) { m->schema.dictionary = &m->field_schema; }, false},
      {"a released schema", [](Memory* m) { m->schema.release = nullptr; },
       false},
      {"no arrays", [](Memory* m) { m->array.children = nullptr; }, false},
      {"arrays",
       [](Memory* m) { m->array.children = Shifted(m->array.children); },
       false},
      {"no array", [](Memory* m) { m->array_children[0] = nullptr; }, false},
      {"an array",
       [](Memory* m) { m->array_children[0] = Shifted(m->array_children[0]); },
       false},
      {"no buffers", [](Memory* m) { m->array.buffers = nullptr; }, false},
      {"buffers",
       [](Memory* m) { m->array.buffers = Shifted(m->array.buffers); }, false},
      {"a released array", [](Memory* m) { m->array.release = nullptr; },
       false},
      {"no format of the field",
       [](Memory* m) { m->field_schema.format = nullptr; }, false},
      {"no name of the field",
       [](Memory* m) { m->field_schema.name = nullptr; }, false},
      {"half a dictionary",
       [](Memory* m) { m->field_schema.dictionary = &m->schema; }, false},
      {"another half", [](Memory* m) { m->field_array.dictionary = &m->array; },
       false},
      {"a dictionary's schema",
       [](Memory* m) {
         m->field_schema.dictionary = Shifted(&m->field_schema);
         m->field_array.dictionary = &m->field_array;
       },
       false},
      {"a dictionary's array",
       [](Memory* m) {
         m->field_schema.dictionary = &m->field_schema;
         m->field_array.dictionary = Shifted(&m->field_array);
       },
       false},
      {"no buffers of the field",
       [](Memory* m) { m->field_array.buffers = nullptr; }, false},
      {"buffers of the field",
       [](Memory* m) {
         m->field_array.buffers = Shifted(m->field_array.buffers);
       },
       false},
      {"no data", [](Memory* m) { m->buffers[1] = nullptr; }, false},
      {"a released field", [](Memory* m) { m->field_array.release = nullptr; },
       false},
      {"nulls without a bitmap",
       [](Memory* m) { m->field_array.null_count = 1; }, false},
      {"fewer than no children",
       [](Memory* m) { m->schema.n_children = m->array.n_children = -1; },
       false},
      {"children of the array only",
       [](Memory* m) { m->schema.n_children = 0; }, false},
      {"children of the schema only",
       [](Memory* m) { m->array.n_children = INT64_MAX; }, false},
      {"fewer than no rows", [](Memory* m) { m->array.length = -1; }, false},
      {"too many rows", [](Memory* m) { m->array.length = INT64_MAX; }, false},
      {"more rows than values", [](Memory* m) { m->array.length = 3; }, false},
      {"an offset below 0",
       [](Memory* m) { m->field_array.offset = INT64_MIN; }, false},
      {"an offset beyond", [](Memory* m) { m->array.offset = INT64_MAX; },
       false},
      {"fewer than no buffers",
       [](Memory* m) { m->field_array.n_buffers = -1; }, false},
      {"too many buffers",
       [](Memory* m) { m->field_array.n_buffers = INT64_MAX; }, false},
      {"too many nulls",
       [](Memory* m) { m->field_array.null_count = INT64_MAX; }, false},
      {"too few nulls",
       [](Memory* m) { m->field_array.null_count = INT64_MIN; }, false},
  };
  for (const auto& change : kChanges) {
    SCOPED_TRACE(change.what);
    World world;
    change.change(&world.memory);
    const Words words = ScoreArrow().WordsIn(world);
    if (change.accepted) {
      ExpectOk(ScoreArrow(), world, words);
      continue;
    }
    const std::string before = world.Contents();
    EXPECT_EQ(ScoreArrow().CallIn(world, words),
              uint64_t{FIVEK_INVALID_ARGUMENT});
    EXPECT_TRUE(world.Contents() == before);
  }
}

}  // namespace
}  // namespace fivek::hostile
