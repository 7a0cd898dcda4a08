// Tables that stand beside the project, if they do.
#ifndef FIVEK_TESTS_HISTORY_SHARED_CSV_H_
#define FIVEK_TESTS_HISTORY_SHARED_CSV_H_

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace fivek {

struct SharedCsv {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  size_t Column(const std::string& name) const {
    for (size_t c = 0; c < header.size(); ++c) {
      if (header[c] == name) return c;
    }
    return header.size();
  }
};

// No row where the file is not. Quotes are left out; no cell has a separator.
inline SharedCsv ReadSharedCsv(const std::string& name, char separator) {
  std::ifstream file(std::string(FIVEK_SHARED_DATA_DIR) + "/" + name);
  SharedCsv table;
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == separator) {
        cells.emplace_back();
      } else if (c != '"' && c != '\r') {
        cells.back().push_back(c);
      }
    }
    if (table.header.empty()) {
      table.header = cells;
    } else {
      table.rows.push_back(cells);
    }
  }
  return table;
}

// Texts as codes, in order of the alphabet; cells that are empty are marked.
struct CodedColumn {
  std::string name;
  std::vector<uint32_t> level;
  std::vector<uint8_t> missing;
};

inline CodedColumn CodeColumn(const SharedCsv& table, size_t c) {
  std::map<std::string, uint32_t> codes;
  for (const auto& row : table.rows) codes[row.at(c)] = 0;
  uint32_t next = 0;
  for (auto& code : codes) code.second = next++;
  CodedColumn column;
  column.name = table.header[c];
  for (const auto& row : table.rows) {
    column.level.push_back(codes.at(row.at(c)));
    column.missing.push_back(row.at(c).empty() ? 1 : 0);
  }
  return column;
}

}  // namespace fivek

#endif  // FIVEK_TESTS_HISTORY_SHARED_CSV_H_
