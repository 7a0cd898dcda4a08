#include "src/method/policy_json.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"
#include "nlohmann/json.hpp"
#include "src/base/utf8.h"

namespace fivek {
namespace {

constexpr int kSchemaVersion = 1;
constexpr size_t kMaxDepth = 8;  // The schema needs five.

// Words for enumerators, in the order of their numbers.
constexpr const char* kModes[] = {"blocking", "advisory", "waivable"};
constexpr const char* kWitnesses[] = {"anyone", "sponsor", "decision_maker"};
constexpr const char* kProofDemands[] = {"outside_the_seller",
                                         "signed_or_recorded"};
constexpr const char* kUnprovens[] = {"count", "require"};
constexpr const char* kRoundings[] = {"half_even", "half_away_from_zero"};

// A JSON pointer's step (RFC 6901): '~' and '/' are escaped.
std::string Step(absl::string_view parent, absl::string_view key) {
  std::string path(parent);
  path += '/';
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

// The first `size` bytes, or fewer, so that no character is cut in two.
absl::string_view Shortened(absl::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (text[size] & '\xc0') == '\x80') --size;
  return text.substr(0, size);
}

std::string Shown(absl::string_view path) {
  return path.empty() ? std::string("/") : std::string(Shortened(path, 120));
}

// A document in memory. Not nlohmann's own: its destructor allocates, so that
// running out of memory there would end the program.
struct Value {
  enum class Type {
    kNull,
    kBoolean,
    kInteger,
    kReal,
    kString,
    kArray,
    kObject
  };

  explicit Value(Type t = Type::kNull) : type(t) {}

  Type type;
  bool boolean = false;
  int64_t integer = 0;  // Out of its range: the nearest that it has.
  std::string string;
  std::vector<std::unique_ptr<Value>> elements;
  std::map<std::string, std::unique_ptr<Value>> members;
};

// Builds the document and refuses what nlohmann's own parser accepts: a key
// that stands twice, and nesting without end.
class StrictHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Put(Value::Type::kNull); }
  bool boolean(bool value) override {
    return Put(Value::Type::kBoolean, [=](Value& v) { v.boolean = value; });
  }
  bool number_integer(number_integer_t value) override {
    return Put(Value::Type::kInteger, [=](Value& v) { v.integer = value; });
  }
  bool number_unsigned(number_unsigned_t value) override {
    constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
    return Put(Value::Type::kInteger, [=](Value& v) {
      v.integer = static_cast<int64_t>(std::min<uint64_t>(value, kMost));
    });
  }
  bool number_float(number_float_t, const string_t&) override {
    return Put(Value::Type::kReal);
  }
  bool string(string_t& value) override {
    return Put(Value::Type::kString,
               [&value](Value& v) { v.string = std::move(value); });
  }
  bool binary(binary_t&) override { return false; }  // Not in JSON text.

  bool start_object(size_t) override { return Open(Value::Type::kObject); }
  bool start_array(size_t) override { return Open(Value::Type::kArray); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& value) override {
    if (open_.back()->members.count(value) != 0) {
      status_ = Refuse(
          Reason::kDuplicateKey,
          absl::StrCat(Shown(Step(Path(), value)), ": the key stands twice"));
      return false;
    }
    key_ = value;
    return true;
  }

  bool parse_error(size_t position, const std::string& last_token,
                   const nlohmann::detail::exception&) override {
    status_ = Refuse(
        Reason::kJsonSyntax,
        absl::StrCat(
            Shown(Path()), ": not JSON at byte ", position,
            last_token.empty()
                ? ""
                : absl::StrCat(", near \"", Printable(last_token), "\"")));
    return false;
  }

  const absl::Status& status() const { return status_; }
  const Value& document() const { return document_; }

 private:
  // Where the parser is: the containers that are open.
  std::string Path() const {
    std::string path;
    for (const std::string& step : steps_) path = Step(path, step);
    return path;
  }

  static std::string Printable(absl::string_view text) {
    std::string ascii;
    for (const char c : text.substr(0, 40)) {
      ascii += (c >= ' ' && c <= '~') ? c : '?';
    }
    return ascii;
  }

  bool Put(Value::Type type) {
    Add(type);
    return true;
  }

  template <typename Fill>
  bool Put(Value::Type type, Fill fill) {
    fill(*Add(type));
    return true;
  }

  Value* Add(Value::Type type) {
    if (open_.empty()) {
      document_.type = type;
      return &document_;
    }
    auto added = std::make_unique<Value>(type);
    Value* const value = added.get();
    if (open_.back()->type == Value::Type::kArray) {
      open_.back()->elements.push_back(std::move(added));
    } else {
      open_.back()->members[key_] = std::move(added);
    }
    return value;
  }

  bool Open(Value::Type type) {
    if (open_.size() == kMaxDepth) {
      status_ = Refuse(
          Reason::kJsonSyntax,
          absl::StrCat(Shown(Path()), ": nested deeper than ", kMaxDepth));
      return false;
    }
    if (!open_.empty()) {
      const Value& parent = *open_.back();
      steps_.push_back(parent.type == Value::Type::kArray
                           ? absl::StrCat(parent.elements.size())
                           : key_);
    }
    open_.push_back(Add(type));
    return true;
  }

  bool Close() {
    open_.pop_back();
    if (!steps_.empty()) steps_.pop_back();
    return true;
  }

  Value document_;
  std::vector<Value*> open_;
  std::vector<std::string> steps_;
  std::string key_;
  absl::Status status_;
};

// A value and its place. Reads stop at the first error, which stays.
class Node {
 public:
  Node(const Value& value, std::string path, absl::Status* status)
      : value_(value), path_(std::move(path)), status_(*status) {}

  bool ok() const { return status_.ok(); }
  const std::string& path() const { return path_; }

  void Fail(Reason reason, absl::string_view what) const {
    if (ok()) status_ = Refuse(reason, absl::StrCat(Shown(path_), ": ", what));
  }

  // Refuses what is not an object, and any key that is not in `keys`.
  bool ObjectOf(std::initializer_list<absl::string_view> keys) const {
    if (!IsObject()) return false;
    for (const auto& member : value_.members) {
      if (std::find(keys.begin(), keys.end(), member.first) == keys.end()) {
        At(member.first)
            .Fail(Reason::kUnknownKey,
                  absl::StrCat("unknown key; allowed: ", Listed(keys)));
        return false;
      }
    }
    return ok();
  }

  // Calls `read(key, node)` for each member of an object.
  template <typename Read>
  void ForEachMember(Read read) const {
    if (!IsObject()) return;
    for (const auto& member : value_.members) {
      if (!ok()) return;
      read(member.first, At(member.first));
    }
  }

  // Members whose keys are codes, e.g. "22".
  template <typename Read>
  void ForEachCode(Read read) const {
    ForEachMember([&read](const std::string& key, const Node& node) {
      int32_t code = 0;
      if (!absl::SimpleAtoi(key, &code) || absl::StrCat(code) != key) {
        node.Fail(Reason::kUnknownKey, "unknown key; allowed: codes like 3");
        return;
      }
      read(code, node);
    });
  }

  template <typename Read>
  void ForEachElement(Read read) const {
    if (ok() && value_.type != Value::Type::kArray) {
      Fail(Reason::kWrongType, "not an array");
    }
    for (size_t i = 0; ok() && i < value_.elements.size(); ++i) {
      read(Node(*value_.elements[i], Step(path_, absl::StrCat(i)), &status_));
    }
  }

  absl::optional<Node> Find(const char* key) const {
    if (!ok() || value_.members.count(key) == 0) return absl::nullopt;
    return At(key);
  }

  // Reads what is there; `required` makes absence an error.
  void Read(const char* key, int32_t* out, bool required = false) const {
    const auto node = Need(key, required);
    if (node.has_value()) node->ReadItself(out);
  }

  void Read(const char* key, bool* out) const {
    const auto node = Need(key, false);
    if (!node.has_value()) return;
    if (node->value_.type != Value::Type::kBoolean) {
      node->Fail(Reason::kWrongType, "not true or false");
      return;
    }
    *out = node->value_.boolean;
  }

  void Read(const char* key, std::string* out, bool required = false) const {
    const auto node = Need(key, required);
    if (!node.has_value()) return;
    if (node->value_.type != Value::Type::kString) {
      node->Fail(Reason::kWrongType, "not a string");
      return;
    }
    *out = node->value_.string;
    if (out->find('\0') != std::string::npos) {
      node->Fail(Reason::kPolicyValue, "holds a NUL character");
    }
  }

  template <typename Enum, size_t N>
  void Read(const char* key, const char* const (&words)[N], Enum* out) const {
    std::string word;
    Read(key, &word);
    const auto node = Find(key);
    if (!ok() || !node.has_value()) return;
    for (size_t i = 0; i < N; ++i) {
      if (word == words[i]) {
        *out = static_cast<Enum>(i);
        return;
      }
    }
    node->Fail(Reason::kPolicyValue,
               absl::StrCat("\"", Shortened(word, 40),
                            "\"; allowed: ", Listed(words)));
  }

  // A whole number, as it also stands alone in a list.
  void ReadItself(int32_t* out) const {
    if (value_.type != Value::Type::kInteger ||
        value_.integer < std::numeric_limits<int32_t>::min() ||
        value_.integer > std::numeric_limits<int32_t>::max()) {
      Fail(Reason::kWrongType, "not a 32-bit whole number");
      return;
    }
    *out = static_cast<int32_t>(value_.integer);
  }

 private:
  Node At(const std::string& key) const {
    return Node(*value_.members.at(key), Step(path_, key), &status_);
  }

  bool IsObject() const {
    if (ok() && value_.type != Value::Type::kObject) {
      Fail(Reason::kWrongType, "not an object");
    }
    return ok();
  }

  absl::optional<Node> Need(const char* key, bool required) const {
    auto node = Find(key);
    if (!node.has_value() && required) {
      Fail(Reason::kMissingKey, absl::StrCat("\"", key, "\" is missing"));
    }
    return node;
  }

  template <typename Words>
  static std::string Listed(const Words& words) {
    std::string list;
    for (const auto& word : words) {
      absl::StrAppend(&list, list.empty() ? "" : ", ", word);
    }
    return list;
  }

  const Value& value_;
  std::string path_;
  absl::Status& status_;
};

void ReadText(const Node& node, bool required, PolicyBuilder::Text* text) {
  node.Read("en", &text->en, required);
  node.Read("zh", &text->zh, required);
}

void ReadRubric(const Node& node, PolicyBuilder* b) {
  node.ForEachMember([b](const std::string& key, const Node& levels) {
    for (const DimensionRow& row : kDimensions) {
      if (key != row.key) continue;
      auto& own = b->rubric[static_cast<size_t>(row.code)];
      levels.ForEachCode([&own, &row](int32_t code, const Node& level) {
        if (code < 0 || static_cast<size_t>(code) >= own.size()) {
          level.Fail(
              Reason::kUnknownLevel,
              absl::StrCat("no such level; allowed: 0 to ", own.size() - 1));
          return;
        }
        PolicyBuilder::Level& to = own[static_cast<size_t>(code)];
        if (row.by_decision_maker) {
          if (!level.ObjectOf({"sponsor", "decision_maker", "en", "zh"})) {
            return;
          }
          level.Read("sponsor", &to.sponsor);
          level.Read("decision_maker", &to.decision_maker);
        } else {
          if (!level.ObjectOf({"points", "en", "zh"})) return;
          level.Read("points", &to.sponsor);
          to.decision_maker = to.sponsor;
        }
        ReadText(level, false, &to.seen);
      });
      return;
    }
    levels.Fail(Reason::kUnknownKey,
                "unknown key; allowed: problem, power, vision, value, control");
  });
}

void ReadEvidence(const Node& node, PolicyBuilder* b) {
  node.ForEachCode([b](int32_t code, const Node& entry) {
    if (code < 0 || code >= kEvidenceBits) {
      entry.Fail(
          Reason::kUnknownEvidence,
          absl::StrCat("no such item; allowed: 0 to ", kEvidenceBits - 1));
      return;
    }
    if (!entry.ObjectOf({"stage", "gate", "mode", "witness", "proof",
                         "requires", "en", "zh"})) {
      return;
    }
    const bool is_new = b->evidence.find(code) == b->evidence.end();
    PolicyBuilder::Item item = b->evidence[code];
    entry.Read("stage", &item.stage, is_new);
    entry.Read("gate", &item.gate, is_new);
    entry.Read("mode", kModes, &item.mode);
    entry.Read("witness", kWitnesses, &item.witness);
    entry.Read("proof", kProofDemands, &item.proof);
    ReadText(entry, is_new, &item.text);
    if (const auto list = entry.Find("requires")) {
      item.prerequisites.clear();
      list->ForEachElement([&item](const Node& element) {
        int32_t needed = 0;
        element.ReadItself(&needed);
        item.prerequisites.push_back(needed);
      });
    }
    b->evidence[code] = std::move(item);
  });
}

void ReadWaiverReasons(const Node& node, PolicyBuilder* b) {
  b->waiver_reasons.clear();
  node.ForEachCode([b](int32_t code, const Node& entry) {
    if (!entry.ObjectOf({"en", "zh"})) return;
    PolicyBuilder::Text text;
    ReadText(entry, true, &text);
    b->waiver_reasons.push_back({code, text.en, text.zh});
  });
}

void ReadLadder(const Node& node, PolicyBuilder* b) {
  node.ForEachCode([b](int32_t code, const Node& entry) {
    if (code < 0 || code >= kMilestoneCount) {
      entry.Fail(Reason::kUnknownCode,
                 absl::StrCat("no such milestone; allowed: 0 to ",
                              kMilestoneCount - 1));
      return;
    }
    if (!entry.ObjectOf({"yield_ppm"})) return;
    entry.Read("yield_ppm", &b->ladder[static_cast<size_t>(code)], true);
  });
}

void ReadScoreRules(const Node& node, PolicyBuilder* b) {
  b->score_rules.clear();
  constexpr const char* kKeys[] = {"problem", "power", "vision", "value",
                                   "control"};
  node.ForEachElement([b, &kKeys](const Node& entry) {
    if (!entry.ObjectOf({"dimension", "least_points", "only_by_decision_maker",
                         "evidence"})) {
      return;
    }
    PolicyBuilder::Rule rule;
    std::string present;
    entry.Read("dimension", &present, true);
    entry.Read("dimension", kKeys, &rule.dimension);
    entry.Read("least_points", &rule.least_points);
    entry.Read("only_by_decision_maker", &rule.only_by_decision_maker);
    entry.Read("evidence", &rule.item, true);
    b->score_rules.push_back(rule);
  });
}

void ReadLabels(const Node& node, PolicyBuilder* b) {
  b->labels.clear();
  node.ForEachMember([b](const std::string& name, const Node& entries) {
    const auto set = LabelSetFromName(name);
    if (!set.has_value()) {
      entries.Fail(Reason::kUnknownKey, "unknown label set");
      return;
    }
    entries.ForEachCode([b, set](int32_t code, const Node& entry) {
      if (!entry.ObjectOf({"en", "zh"})) return;
      ReadText(entry, true, &b->labels[{*set, code}]);
    });
  });
}

void ReadDocument(const Node& root, PolicyBuilder* b) {
  if (!root.ObjectOf({"fivek_policy", "name", "rubric", "evidence",
                      "waiver_reasons", "ladder", "unproven", "score_rules",
                      "thresholds", "labels", "currencies", "rounding"})) {
    return;
  }
  int32_t version = 0;
  root.Read("fivek_policy", &version, true);
  if (root.ok() && version != kSchemaVersion) {
    root.Find("fivek_policy")
        ->Fail(
            Reason::kPolicyValue,
            absl::StrCat("version ", version, "; allowed: ", kSchemaVersion));
  }
  root.Read("name", &b->name);
  if (const auto node = root.Find("rubric")) ReadRubric(*node, b);
  if (const auto node = root.Find("evidence")) ReadEvidence(*node, b);
  if (const auto node = root.Find("waiver_reasons")) {
    ReadWaiverReasons(*node, b);
  }
  if (const auto node = root.Find("ladder")) ReadLadder(*node, b);
  root.Read("unproven", kUnprovens, &b->unproven);
  if (const auto node = root.Find("score_rules")) ReadScoreRules(*node, b);
  if (const auto node = root.Find("thresholds")) {
    if (node->ObjectOf({"claim_tolerance_rungs", "roles_met"})) {
      node->Read("claim_tolerance_rungs", &b->thresholds.claim_tolerance_rungs);
      node->Read("roles_met", &b->thresholds.roles_met);
    }
  }
  if (const auto node = root.Find("labels")) ReadLabels(*node, b);
  if (const auto node = root.Find("currencies")) {
    b->currencies.clear();
    node->ForEachMember([b](const std::string& code, const Node& digits) {
      digits.ReadItself(&b->currencies[code]);
    });
  }
  root.Read("rounding", kRoundings, &b->rounding);
}

template <typename Enum, size_t N>
const char* Word(const char* const (&words)[N], Enum value) {
  return words[static_cast<size_t>(value)];
}

// Writes JSON text: two spaces for each level, one member a line.
class Writer {
 public:
  // Begins a member of the open object; a value or a container follows.
  Writer& Key(absl::string_view key) {
    NewElement();
    String(key);
    text_ += ": ";
    after_key_ = true;
    return *this;
  }
  Writer& Key(int32_t code) { return Key(absl::StrCat(code)); }

  void Put(absl::string_view value) {
    NewElement();
    String(value);
  }
  void Put(const char* value) { Put(absl::string_view(value)); }
  void Put(const std::string& value) { Put(absl::string_view(value)); }
  void Put(int32_t value) {
    NewElement();
    absl::StrAppend(&text_, value);
  }
  void Put(bool value) {
    NewElement();
    text_ += value ? "true" : "false";
  }

  // Calls `fill`, which puts what is in it.
  template <typename Fill>
  void Object(Fill fill) {
    Container('{', '}', fill);
  }
  template <typename Fill>
  void Array(Fill fill) {
    Container('[', ']', fill);
  }

  bool is_utf8() const { return is_utf8_; }
  std::string&& text() && { return std::move(text_); }

 private:
  template <typename Fill>
  void Container(char open, char close, Fill fill) {
    NewElement();
    text_ += open;
    ++depth_;
    empty_ = true;
    fill();
    --depth_;
    if (!empty_) NewLine();
    text_ += close;
    empty_ = false;
  }

  void NewElement() {
    if (after_key_) {
      after_key_ = false;
      return;
    }
    if (depth_ == 0) return;
    if (!empty_) text_ += ',';
    empty_ = false;
    NewLine();
  }

  void NewLine() {
    text_ += '\n';
    text_.append(2 * depth_, ' ');
  }

  void String(absl::string_view value) {
    is_utf8_ = is_utf8_ && IsUtf8(value);
    text_ += '"';
    for (const char c : value) {
      switch (c) {
        case '"':
          text_ += "\\\"";
          break;
        case '\\':
          text_ += "\\\\";
          break;
        case '\b':
          text_ += "\\b";
          break;
        case '\f':
          text_ += "\\f";
          break;
        case '\n':
          text_ += "\\n";
          break;
        case '\r':
          text_ += "\\r";
          break;
        case '\t':
          text_ += "\\t";
          break;
        default:
          if (static_cast<unsigned char>(c) < 0x20) {
            absl::StrAppend(&text_, "\\u", absl::Hex(c, absl::kZeroPad4));
          } else {
            text_ += c;
          }
      }
    }
    text_ += '"';
  }

  std::string text_;
  size_t depth_ = 0;
  bool empty_ = true;  // The open container has no element yet.
  bool after_key_ = false;
  bool is_utf8_ = true;
};

void WriteText(absl::string_view en, absl::string_view zh, Writer* w) {
  w->Key("en").Put(en);
  w->Key("zh").Put(zh);
}

void WriteRubric(const PolicyBuilder& b, Writer* w) {
  for (const DimensionRow& row : kDimensions) {
    w->Key(row.key).Object([&] {
      int32_t code = 0;
      for (const auto& level : b.rubric[static_cast<size_t>(row.code)]) {
        w->Key(code++).Object([&] {
          if (row.by_decision_maker) {
            w->Key("sponsor").Put(level.sponsor);
            w->Key("decision_maker").Put(level.decision_maker);
          } else {
            w->Key("points").Put(level.sponsor);
          }
          WriteText(level.seen.en, level.seen.zh, w);
        });
      }
    });
  }
}

void WriteEvidence(const PolicyBuilder& b, Writer* w) {
  for (const auto& entry : b.evidence) {
    const PolicyBuilder::Item& item = entry.second;
    w->Key(entry.first).Object([&] {
      w->Key("stage").Put(item.stage);
      w->Key("gate").Put(item.gate);
      w->Key("mode").Put(Word(kModes, item.mode));
      w->Key("witness").Put(Word(kWitnesses, item.witness));
      w->Key("proof").Put(Word(kProofDemands, item.proof));
      w->Key("requires").Array([&] {
        for (const int32_t needed : item.prerequisites) w->Put(needed);
      });
      WriteText(item.text.en, item.text.zh, w);
    });
  }
}

void WriteScoreRules(const PolicyBuilder& b, Writer* w) {
  for (const PolicyBuilder::Rule& rule : b.score_rules) {
    w->Object([&] {
      w->Key("dimension")
          .Put(kDimensions[static_cast<size_t>(rule.dimension)].key);
      w->Key("least_points").Put(rule.least_points);
      w->Key("only_by_decision_maker").Put(rule.only_by_decision_maker);
      w->Key("evidence").Put(rule.item);
    });
  }
}

// The labels stand by set, then code, as they are sorted.
void WriteLabels(const PolicyBuilder& b, Writer* w) {
  for (auto first = b.labels.begin(); first != b.labels.end();) {
    const LabelSet set = first->first.first;
    w->Key(NameOf(set)).Object([&] {
      for (; first != b.labels.end() && first->first.first == set; ++first) {
        w->Key(first->first.second).Object([&] {
          WriteText(first->second.en, first->second.zh, w);
        });
      }
    });
  }
}

void WriteDocument(const PolicyBuilder& b, Writer* w) {
  w->Key("fivek_policy").Put(kSchemaVersion);
  w->Key("name").Put(b.name);
  w->Key("rubric").Object([&] { WriteRubric(b, w); });
  w->Key("evidence").Object([&] { WriteEvidence(b, w); });
  w->Key("waiver_reasons").Object([&] {
    for (const WaiverReason& reason : b.waiver_reasons) {
      w->Key(reason.code).Object([&] { WriteText(reason.en, reason.zh, w); });
    }
  });
  w->Key("ladder").Object([&] {
    int32_t code = 0;
    for (const int32_t yield : b.ladder) {
      w->Key(code++).Object([&] { w->Key("yield_ppm").Put(yield); });
    }
  });
  w->Key("unproven").Put(Word(kUnprovens, b.unproven));
  w->Key("score_rules").Array([&] { WriteScoreRules(b, w); });
  w->Key("thresholds").Object([&] {
    w->Key("claim_tolerance_rungs").Put(b.thresholds.claim_tolerance_rungs);
    w->Key("roles_met").Put(b.thresholds.roles_met);
  });
  w->Key("labels").Object([&] { WriteLabels(b, w); });
  w->Key("currencies").Object([&] {
    for (const auto& [code, digits] : b.currencies) w->Key(code).Put(digits);
  });
  w->Key("rounding").Put(Word(kRoundings, b.rounding));
}

}  // namespace

absl::StatusOr<PolicyBuilder> PolicyFromJson(absl::string_view json) {
  StrictHandler handler;
  const bool parsed = nlohmann::json::sax_parse(
      json.data(), json.data() + json.size(), &handler);
  if (!handler.status().ok()) return handler.status();
  if (!parsed) return Refuse(Reason::kJsonSyntax, "/: not JSON");
  PolicyBuilder builder;
  absl::Status status;
  ReadDocument(Node(handler.document(), "", &status), &builder);
  if (!status.ok()) return status;
  return builder;
}

absl::StatusOr<std::string> PolicyToJson(const PolicyBuilder& policy) {
  Writer writer;
  writer.Object([&] { WriteDocument(policy, &writer); });
  if (!writer.is_utf8()) {
    return Refuse(Reason::kMalformedText, "a text of the policy is not UTF-8");
  }
  std::string text = std::move(writer).text();
  text += '\n';
  return text;
}

}  // namespace fivek
