#include "src/method/policy_json.h"

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/reason.h"
#include "nlohmann/json.hpp"

namespace fivek {
namespace {

// What is read is looked up by key; what is written keeps the schema's order.
using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

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

// Builds the document and refuses what nlohmann's own parser accepts: a key
// that stands twice, and nesting without end.
class StrictHandler : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override {
    return Put(value);
  }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // Not in JSON text.

  bool start_object(size_t) override { return Open(Json::object()); }
  bool start_array(size_t) override { return Open(Json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& value) override {
    if (open_.back()->contains(value)) {
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
  const Json& document() const { return document_; }

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

  template <typename Value>
  bool Put(Value&& value) {
    Add(Json(std::forward<Value>(value)));
    return true;
  }

  Json* Add(Json value) {
    if (open_.empty()) {
      document_ = std::move(value);
      return &document_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[key_] = std::move(value));
  }

  bool Open(Json container) {
    if (open_.size() == kMaxDepth) {
      status_ = Refuse(
          Reason::kJsonSyntax,
          absl::StrCat(Shown(Path()), ": nested deeper than ", kMaxDepth));
      return false;
    }
    if (!open_.empty()) {
      steps_.push_back(
          open_.back()->is_array() ? absl::StrCat(open_.back()->size()) : key_);
    }
    open_.push_back(Add(std::move(container)));
    return true;
  }

  bool Close() {
    open_.pop_back();
    if (!steps_.empty()) steps_.pop_back();
    return true;
  }

  Json document_;
  std::vector<Json*> open_;
  std::vector<std::string> steps_;
  std::string key_;
  absl::Status status_;
};

// A value and its place. Reads stop at the first error, which stays.
class Node {
 public:
  Node(const Json& value, std::string path, absl::Status* status)
      : value_(value), path_(std::move(path)), status_(*status) {}

  bool ok() const { return status_.ok(); }
  const std::string& path() const { return path_; }

  void Fail(Reason reason, absl::string_view what) const {
    if (ok()) status_ = Refuse(reason, absl::StrCat(Shown(path_), ": ", what));
  }

  // Refuses what is not an object, and any key that is not in `keys`.
  bool ObjectOf(std::initializer_list<absl::string_view> keys) const {
    if (!IsObject()) return false;
    for (const auto& member : value_.items()) {
      if (std::find(keys.begin(), keys.end(), member.key()) == keys.end()) {
        At(member.key())
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
    for (const auto& member : value_.items()) {
      if (!ok()) return;
      read(member.key(), At(member.key()));
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
    if (ok() && !value_.is_array()) Fail(Reason::kWrongType, "not an array");
    for (size_t i = 0; ok() && i < value_.size(); ++i) {
      read(Node(value_[i], Step(path_, absl::StrCat(i)), &status_));
    }
  }

  absl::optional<Node> Find(const char* key) const {
    if (!ok() || !value_.contains(key)) return absl::nullopt;
    return At(key);
  }

  // Reads what is there; `required` makes absence an error.
  void Read(const char* key, int32_t* out, bool required = false) const {
    const auto node = Need(key, required);
    if (!node.has_value()) return;
    const Json& value = node->value_;
    const bool fits =
        value.is_number_unsigned()
            ? value.get<uint64_t>() <=
                  uint64_t{std::numeric_limits<int32_t>::max()}
            : value.is_number_integer() &&
                  value.get<int64_t>() >= std::numeric_limits<int32_t>::min() &&
                  value.get<int64_t>() <= std::numeric_limits<int32_t>::max();
    if (!fits) {
      node->Fail(Reason::kWrongType, "not a 32-bit whole number");
      return;
    }
    *out = value.get<int32_t>();
  }

  void Read(const char* key, bool* out) const {
    const auto node = Need(key, false);
    if (!node.has_value()) return;
    if (!node->value_.is_boolean()) {
      node->Fail(Reason::kWrongType, "not true or false");
      return;
    }
    *out = node->value_.get<bool>();
  }

  void Read(const char* key, std::string* out, bool required = false) const {
    const auto node = Need(key, required);
    if (!node.has_value()) return;
    if (!node->value_.is_string()) {
      node->Fail(Reason::kWrongType, "not a string");
      return;
    }
    *out = node->value_.get<std::string>();
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

  // A whole number that stands alone, as in a list.
  void ReadItself(int32_t* out) const {
    const Json wrapped = Json::object({{"value", value_}});
    absl::Status status;
    Node(wrapped, "", &status).Read("value", out, true);
    if (!status.ok()) Fail(Reason::kWrongType, "not a 32-bit whole number");
  }

 private:
  Node At(const std::string& key) const {
    return Node(value_.at(key), Step(path_, key), &status_);
  }

  bool IsObject() const {
    if (ok() && !value_.is_object()) Fail(Reason::kWrongType, "not an object");
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

  const Json& value_;
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

OrderedJson WithText(OrderedJson entry, const std::string& en,
                     const std::string& zh) {
  entry["en"] = en;
  entry["zh"] = zh;
  return entry;
}

template <typename Enum, size_t N>
const char* Word(const char* const (&words)[N], Enum value) {
  return words[static_cast<size_t>(value)];
}

OrderedJson Document(const PolicyBuilder& b) {
  OrderedJson document = OrderedJson::object();
  document["fivek_policy"] = kSchemaVersion;
  document["name"] = b.name;

  OrderedJson& rubric = document["rubric"] = OrderedJson::object();
  for (const DimensionRow& row : kDimensions) {
    OrderedJson& levels = rubric[row.key] = OrderedJson::object();
    int code = 0;
    for (const auto& level : b.rubric[static_cast<size_t>(row.code)]) {
      OrderedJson entry = OrderedJson::object();
      if (row.by_decision_maker) {
        entry["sponsor"] = level.sponsor;
        entry["decision_maker"] = level.decision_maker;
      } else {
        entry["points"] = level.sponsor;
      }
      levels[absl::StrCat(code++)] =
          WithText(std::move(entry), level.seen.en, level.seen.zh);
    }
  }

  OrderedJson& evidence = document["evidence"] = OrderedJson::object();
  for (const auto& [code, item] : b.evidence) {
    OrderedJson entry = OrderedJson::object();
    entry["stage"] = item.stage;
    entry["gate"] = item.gate;
    entry["mode"] = Word(kModes, item.mode);
    entry["witness"] = Word(kWitnesses, item.witness);
    entry["proof"] = Word(kProofDemands, item.proof);
    entry["requires"] = OrderedJson(item.prerequisites);
    evidence[absl::StrCat(code)] =
        WithText(std::move(entry), item.text.en, item.text.zh);
  }

  OrderedJson& reasons = document["waiver_reasons"] = OrderedJson::object();
  for (const WaiverReason& reason : b.waiver_reasons) {
    reasons[absl::StrCat(reason.code)] =
        WithText(OrderedJson::object(), reason.en, reason.zh);
  }

  OrderedJson& ladder = document["ladder"] = OrderedJson::object();
  for (size_t m = 0; m < b.ladder.size(); ++m) {
    ladder[absl::StrCat(m)] = OrderedJson::object({{"yield_ppm", b.ladder[m]}});
  }

  document["unproven"] = Word(kUnprovens, b.unproven);

  OrderedJson& rules = document["score_rules"] = OrderedJson::array();
  for (const PolicyBuilder::Rule& rule : b.score_rules) {
    OrderedJson entry = OrderedJson::object();
    entry["dimension"] = kDimensions[static_cast<size_t>(rule.dimension)].key;
    entry["least_points"] = rule.least_points;
    entry["only_by_decision_maker"] = rule.only_by_decision_maker;
    entry["evidence"] = rule.item;
    rules.push_back(std::move(entry));
  }

  OrderedJson& thresholds = document["thresholds"] = OrderedJson::object();
  thresholds["claim_tolerance_rungs"] = b.thresholds.claim_tolerance_rungs;
  thresholds["roles_met"] = b.thresholds.roles_met;

  OrderedJson& labels = document["labels"] = OrderedJson::object();
  for (const auto& [key, text] : b.labels) {
    labels[NameOf(key.first)][absl::StrCat(key.second)] =
        WithText(OrderedJson::object(), text.en, text.zh);
  }

  OrderedJson& currencies = document["currencies"] = OrderedJson::object();
  for (const auto& [code, digits] : b.currencies) currencies[code] = digits;

  document["rounding"] = Word(kRoundings, b.rounding);
  return document;
}

}  // namespace

absl::StatusOr<PolicyBuilder> PolicyFromJson(absl::string_view json) {
  StrictHandler handler;
  const bool parsed =
      Json::sax_parse(json.data(), json.data() + json.size(), &handler);
  if (!handler.status().ok()) return handler.status();
  if (!parsed) return Refuse(Reason::kJsonSyntax, "/: not JSON");
  PolicyBuilder builder;
  absl::Status status;
  ReadDocument(Node(handler.document(), "", &status), &builder);
  if (!status.ok()) return status;
  return builder;
}

absl::StatusOr<std::string> PolicyToJson(const PolicyBuilder& policy) {
  const OrderedJson document = Document(policy);
  // Invalid UTF-8 is replaced rather than thrown about; the texts came from
  // outside, so say it instead.
  std::string text =
      document.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
  const OrderedJson again = OrderedJson::parse(text, nullptr, false);
  if (again != document) {
    return Refuse(Reason::kMalformedText, "a text of the policy is not UTF-8");
  }
  text += '\n';
  return text;
}

}  // namespace fivek
