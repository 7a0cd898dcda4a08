#include "fivek/accounts/assignment.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr int64_t kInfinite = std::numeric_limits<int64_t>::max();
constexpr size_t kNone = std::numeric_limits<size_t>::max();
constexpr size_t kMostPairs = size_t{1} << 31;

// ---- What is given ----------------------------------------------------------

absl::Status CheckShape(const AssignmentProblem& problem) {
  const size_t sellers = problem.capacity.size();
  if (sellers > kMostAssignmentSellers) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("capacity ", sellers, " elements; allowed: at most ",
                     kMostAssignmentSellers));
  }
  if (problem.leads >= kMostPairs ||
      (sellers > 0 && problem.leads > kMostPairs / sellers)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("leads ", problem.leads,
                               "; allowed: below 2^31, and 2^31 pairs"));
  }
  if (problem.score.size() != problem.leads * sellers) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("score ", problem.score.size(),
                               " elements; allowed: ", problem.leads * sellers,
                               ", leads x sellers"));
  }
  return absl::OkStatus();
}

// The order of the ids, or that given where there are none.
absl::StatusOr<std::vector<size_t>> OrderOf(absl::string_view name,
                                            absl::Span<const uint64_t> id,
                                            size_t n) {
  if (!id.empty() && id.size() != n) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(name, " ", id.size(), " elements; allowed: ", n,
                               ", or none"));
  }
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  if (id.empty()) return order;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(id[a], a) < std::pair(id[b], b);
  });
  for (size_t i = 1; i < n; ++i) {
    if (id[order[i]] == id[order[i - 1]]) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat(name, " ", id[order[i]], " is that of row ",
                                 order[i - 1], " too; allowed: each once"),
                    {static_cast<int64_t>(order[i]), -1});
    }
  }
  return order;
}

absl::Status CheckNumbers(const AssignmentProblem& problem) {
  const size_t sellers = problem.capacity.size();
  for (size_t s = 0; s < sellers; ++s) {
    if (problem.capacity[s] < 0) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("capacity ", problem.capacity[s],
                                 "; allowed: 0 or more"),
                    {static_cast<int64_t>(s), -1});
    }
  }
  for (size_t l = 0; l < problem.leads; ++l) {
    for (size_t s = 0; s < sellers; ++s) {
      const int64_t score = problem.score[l * sellers + s];
      if (score > kMostAssignmentScore) {
        return Refuse(Reason::kValueRange,
                      absl::StrCat("score ", score, "; allowed: up to ",
                                   kMostAssignmentScore),
                      {static_cast<int64_t>(l), static_cast<int32_t>(s)});
      }
    }
  }
  return absl::OkStatus();
}

// ---- Greedy -----------------------------------------------------------------

// Leads and sellers in the order that decides, and scores that may be taken:
// below 0 is none.
struct Market {
  size_t leads = 0, sellers = 0;
  absl::Span<const int64_t> score;
  std::vector<int64_t> capacity;  // At most `leads`.

  const int64_t* ScoresOf(size_t lead) const {
    return score.data() + lead * sellers;
  }
};

// The best seller of a lead who has room, the first one of equals.
size_t BestWithRoom(const Market& market, const std::vector<int64_t>& room,
                    size_t lead) {
  const int64_t* const scores = market.ScoresOf(lead);
  size_t best = kNone;
  for (size_t s = 0; s < market.sellers; ++s) {
    if (scores[s] < 0 || room[s] == 0) continue;
    if (best == kNone || scores[s] > scores[best]) best = s;
  }
  return best;
}

absl::int128 GreedyByLead(const Market& market) {
  std::vector<int64_t> room = market.capacity;
  absl::int128 total = 0;
  for (size_t l = 0; l < market.leads; ++l) {
    const size_t s = BestWithRoom(market, room, l);
    if (s == kNone) continue;
    --room[s];
    total += market.ScoresOf(l)[s];
  }
  return total;
}

// The best pair of each lead waits in a heap; where its seller has no room any
// more, the lead looks for another one.
absl::int128 GreedyByEdge(const Market& market) {
  struct Edge {
    int64_t score;
    size_t lead, seller;
  };
  const auto after = [](const Edge& a, const Edge& b) {
    return a.score != b.score ? a.score < b.score : a.lead > b.lead;
  };
  std::vector<int64_t> room = market.capacity;
  std::vector<Edge> edges;
  edges.reserve(market.leads);
  const auto find = [&](size_t lead) {
    const size_t s = BestWithRoom(market, room, lead);
    if (s != kNone) edges.push_back({market.ScoresOf(lead)[s], lead, s});
    return s != kNone;
  };
  for (size_t l = 0; l < market.leads; ++l) find(l);
  std::make_heap(edges.begin(), edges.end(), after);
  absl::int128 total = 0;
  while (!edges.empty()) {
    std::pop_heap(edges.begin(), edges.end(), after);
    const Edge best = edges.back();
    edges.pop_back();
    if (room[best.seller] > 0) {
      --room[best.seller];
      total += best.score;
    } else if (find(best.lead)) {
      std::push_heap(edges.begin(), edges.end(), after);
    }
  }
  return total;
}

// ---- The optimum ------------------------------------------------------------

// A lead stands at a node: a seller, or the last node, the place of those who
// are unassigned, which has score 0, price 0 and room for all.
class Optimum {
 public:
  explicit Optimum(const Market& market)
      : market_(market),
        nodes_(market.sellers + 1),
        none_(market.sellers),
        at_(market.leads, kNone),
        place_(market.leads),
        held_(nodes_),
        price_(nodes_),
        cost_(nodes_ * nodes_, kInfinite),
        via_(nodes_ * nodes_, kNone),
        distance_(nodes_),
        before_(nodes_),
        is_done_(nodes_) {}

  // Finds an optimum and prices that prove it.
  void Solve() {
    // Those who are worth most first: later ones displace fewer.
    std::vector<size_t> order(market_.leads);
    std::iota(order.begin(), order.end(), size_t{0});
    std::vector<int64_t> top;
    top.reserve(market_.leads);
    for (size_t l = 0; l < market_.leads; ++l) {
      const int64_t* const scores = market_.ScoresOf(l);
      top.push_back(market_.sellers == 0
                        ? 0
                        : *std::max_element(scores, scores + market_.sellers));
    }
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return top[a] != top[b] ? top[a] > top[b] : a < b;
    });
    for (const size_t lead : order) Add(lead);
  }

  // The same total, with the leads at their lexicographically first sellers.
  void TakeFirst();

  // The least prices, and those of leads.
  void SettlePrices();

  size_t NodeOf(size_t lead) const { return at_[lead]; }
  int64_t PriceOf(size_t seller) const { return price_[seller]; }

  // What a lead would pay for its best place: at least 0, its score nowhere.
  int64_t Surplus(size_t lead) const {
    const int64_t* const scores = market_.ScoresOf(lead);
    int64_t best = 0;
    for (size_t s = 0; s < market_.sellers; ++s) {
      if (scores[s] >= 0) best = std::max(best, scores[s] - price_[s]);
    }
    return best;
  }

 private:
  int64_t ScoreAt(size_t lead, size_t node) const {
    return node == none_ ? 0 : market_.ScoresOf(lead)[node];
  }
  bool HasRoom(size_t seller) const {
    return static_cast<int64_t>(held_[seller].size()) <
           market_.capacity[seller];
  }

  void Place(size_t lead, size_t node) {
    at_[lead] = node;
    place_[lead] = held_[node].size();
    held_[node].push_back(lead);
  }
  void Displace(size_t lead) {
    std::vector<size_t>& held = held_[at_[lead]];
    const size_t last = held.back();
    held[place_[lead]] = last;
    place_[last] = place_[lead];
    held.pop_back();
  }

  // ---- Adding leads
  //
  // cost_[a][b] is the least that moving one of a's leads to b takes from the
  // total, via_ that lead. With prices under which every lead stands where its
  // score - price is highest, cost - price of a + price of b is never below 0,
  // so a shortest path is Dijkstra's.

  void Reprice(size_t a, size_t lead) {
    const int64_t* const scores = market_.ScoresOf(lead);
    const int64_t here = scores[a];
    int64_t* const cost = &cost_[a * nodes_];
    size_t* const via = &via_[a * nodes_];
    for (size_t b = 0; b < market_.sellers; ++b) {
      if (scores[b] >= 0 && here - scores[b] < cost[b]) {
        cost[b] = here - scores[b];
        via[b] = lead;
      }
    }
    if (here < cost[none_]) {
      cost[none_] = here;
      via[none_] = lead;
    }
  }

  void Gain(size_t lead, size_t a) {
    Place(lead, a);
    if (a != none_) Reprice(a, lead);
  }

  void Lose(size_t lead) {
    const size_t a = at_[lead];
    Displace(lead);
    int64_t* const cost = &cost_[a * nodes_];
    size_t* const via = &via_[a * nodes_];
    stale_.clear();
    for (size_t b = 0; b < nodes_; ++b) {
      if (via[b] != lead) continue;
      cost[b] = kInfinite;
      via[b] = kNone;
      stale_.push_back(b);
    }
    for (const size_t other : held_[a]) {
      const int64_t* const scores = market_.ScoresOf(other);
      const int64_t here = scores[a];
      for (const size_t b : stale_) {
        const int64_t there = b == none_ ? 0 : scores[b];
        if (there >= 0 && here - there < cost[b]) {
          cost[b] = here - there;
          via[b] = other;
        }
      }
    }
  }

  // The nearest node that is not done. Of equals being unassigned, where the
  // path ends, as it does with a seller who has room.
  size_t Nearest() const {
    size_t nearest = none_;
    for (size_t s = 0; s < market_.sellers; ++s) {
      if (is_done_[s] == 0 && distance_[s] < distance_[nearest]) nearest = s;
    }
    return nearest;
  }

  void Add(size_t lead) {
    const int64_t* const scores = market_.ScoresOf(lead);
    const int64_t best = Surplus(lead);
    for (size_t s = 0; s < market_.sellers; ++s) {
      distance_[s] =
          scores[s] >= 0 ? best - (scores[s] - price_[s]) : kInfinite;
      before_[s] = kNone;
      is_done_[s] = 0;
    }
    distance_[none_] = best;
    before_[none_] = kNone;
    done_.clear();
    size_t end = Nearest();
    while (end != none_ && !HasRoom(end)) {
      is_done_[end] = 1;
      done_.push_back(end);
      const int64_t* const cost = &cost_[end * nodes_];
      const int64_t from = distance_[end] - price_[end];
      for (size_t b = 0; b < nodes_; ++b) {
        if (cost[b] == kInfinite) continue;
        const int64_t to = from + cost[b] + price_[b];
        if (to < distance_[b]) {
          distance_[b] = to;
          before_[b] = end;
        }
      }
      end = Nearest();
    }
    for (const size_t s : done_) price_[s] += distance_[end] - distance_[s];
    while (before_[end] != kNone) {
      const size_t from = before_[end];
      const size_t moved = via_[from * nodes_ + end];
      Lose(moved);
      Gain(moved, end);
      end = from;
    }
    Gain(lead, end);
  }

  // ---- Which optimum

  // Of the pairs that occur in any optimum, all are tight: score - price is the
  // lead's surplus.
  bool IsTight(size_t lead, size_t node) const {
    const int64_t score = ScoreAt(lead, node);
    return score >= 0 && score - price_[node] == surplus_[lead];
  }

  // Counts a lead among those of its node that may move, or no more.
  void Count(size_t lead, int64_t by) {
    const size_t from = at_[lead];
    for (size_t to = 0; to < nodes_; ++to) {
      if (!IsTight(lead, to)) continue;
      int64_t& movable = movable_[from * nodes_ + to];
      movable += by;
      uint64_t& word = into_[to * words_ + from / 64];
      const uint64_t bit = uint64_t{1} << (from % 64);
      word = movable > 0 ? word | bit : word & ~bit;
    }
  }

  // Room that may be left elsewhere instead: at price 0, and nowhere.
  void CountRoom(size_t node) {
    const uint64_t bit = uint64_t{1} << (node % 64);
    uint64_t& word = roomy_[node / 64];
    word = node == none_ || HasRoom(node) ? word | bit : word & ~bit;
  }

  // Which nodes can pass a lead on so that in the end one leaves for `to`;
  // next_ is whom they pass to.
  void FindPassers(size_t to) {
    std::fill(passes_.begin(), passes_.end(), uint64_t{0});
    passes_[to / 64] |= uint64_t{1} << (to % 64);
    queue_.assign(1, to);
    for (size_t q = 0; q < queue_.size(); ++q) {
      const size_t node = queue_[q];
      for (size_t w = 0; w < words_; ++w) {
        uint64_t found = into_[node * words_ + w];
        if (price_[node] == 0) found |= roomy_[w];
        found &= ~passes_[w];
        passes_[w] |= found;
        for (size_t i = w * 64; found != 0; found >>= 1, ++i) {
          if ((found & 1) == 0) continue;
          next_[i] = node;
          queue_.push_back(i);
        }
      }
    }
  }

  // Gives one more place at `from` to a lead that leaves `to`.
  void Pass(size_t lead, size_t from, size_t to) {
    for (size_t node = from; node != to;) {
      const size_t next = next_[node];
      if (movable_[node * nodes_ + next] > 0) {
        const auto moved = *std::find_if(
            held_[node].begin(), held_[node].end(),
            [&](size_t l) { return l > lead && IsTight(l, next); });
        Count(moved, -1);
        Displace(moved);
        Place(moved, next);
        Count(moved, 1);
      }
      node = next;
    }
  }

  const Market& market_;
  size_t nodes_;
  size_t none_;                            // Where the unassigned are.
  std::vector<size_t> at_;                 // By lead, its node.
  std::vector<size_t> place_;              // By lead, its index in held_.
  std::vector<std::vector<size_t>> held_;  // By node, its leads.
  std::vector<int64_t> price_;             // By node; 0 of those with room.
  std::vector<int64_t> cost_;
  std::vector<size_t> via_;
  std::vector<int64_t> distance_;
  std::vector<size_t> before_;
  std::vector<uint8_t> is_done_;
  std::vector<size_t> done_;
  std::vector<size_t> stale_;

  // Of TakeFirst.
  size_t words_ = 0;
  std::vector<int64_t> surplus_;  // By lead.
  std::vector<int64_t> movable_;  // Leads of a that are tight at b.
  std::vector<uint64_t> into_;    // By b, the a with movable ones, as bits.
  std::vector<uint64_t> roomy_;   // Nodes with room, as bits.
  std::vector<uint64_t> passes_;  // Of FindPassers, as bits.
  std::vector<size_t> next_, queue_;
};

void Optimum::TakeFirst() {
  words_ = (nodes_ + 63) / 64;
  surplus_.clear();
  surplus_.reserve(market_.leads);
  for (size_t l = 0; l < market_.leads; ++l) surplus_.push_back(Surplus(l));
  movable_.assign(nodes_ * nodes_, 0);
  into_.assign(nodes_ * words_, 0);
  roomy_.assign(words_, 0);
  passes_.assign(words_, 0);
  next_.assign(nodes_, kNone);
  for (size_t node = 0; node < nodes_; ++node) CountRoom(node);
  for (size_t l = 0; l < market_.leads; ++l) Count(l, 1);
  for (size_t l = 0; l < market_.leads; ++l) {
    Count(l, -1);  // From here on it stays.
    const size_t from = at_[l];
    bool is_known = false;
    for (size_t to = 0; to < from; ++to) {
      if (!IsTight(l, to)) continue;
      if (!is_known) FindPassers(from);
      is_known = true;
      if ((passes_[to / 64] >> (to % 64) & 1) == 0) continue;
      Pass(l, to, from);
      Displace(l);
      Place(l, to);
      // Room has moved along the path at most.
      for (size_t node = to;; node = next_[node]) {
        CountRoom(node);
        if (node == from) break;
      }
      break;
    }
  }
}

void Optimum::SettlePrices() {
  // What a place adds at most: a lead that is unassigned, or one from b, whose
  // place is then free. Prices are as large as any proof allows or less; what
  // they are too large by is a shortest path again.
  std::vector<int64_t> most(nodes_ * nodes_, kInfinite);  // Slack of b to a.
  std::vector<int64_t> excess = price_;
  for (size_t l = 0; l < market_.leads; ++l) {
    const int64_t* const scores = market_.ScoresOf(l);
    const size_t from = at_[l];
    // Its score less its price where it stands.
    const int64_t here = from == none_ ? 0 : scores[from] - price_[from];
    int64_t* const slack = &most[from * nodes_];
    for (size_t s = 0; s < market_.sellers; ++s) {
      if (scores[s] < 0) continue;
      slack[s] = std::min(slack[s], here - (scores[s] - price_[s]));
    }
  }
  for (size_t s = 0; s < market_.sellers; ++s) {
    excess[s] = std::min(excess[s], most[none_ * nodes_ + s]);
  }
  std::fill(is_done_.begin(), is_done_.end(), uint8_t{0});
  for (size_t round = 0; round < market_.sellers; ++round) {
    size_t next = kNone;
    for (size_t s = 0; s < market_.sellers; ++s) {
      if (is_done_[s] == 0 && (next == kNone || excess[s] < excess[next])) {
        next = s;
      }
    }
    is_done_[next] = 1;
    for (size_t s = 0; s < market_.sellers; ++s) {
      const int64_t slack = most[next * nodes_ + s];
      if (slack != kInfinite) {
        excess[s] = std::min(excess[s], excess[next] + slack);
      }
    }
  }
  for (size_t s = 0; s < market_.sellers; ++s) price_[s] -= excess[s];
}

bool IsTotal(absl::int128 total) {
  return total <= std::numeric_limits<int64_t>::max();
}

// Scores in the order that decides; the given ones where that is the same.
absl::Span<const int64_t> InOrder(const AssignmentProblem& problem,
                                  const std::vector<size_t>& leads,
                                  const std::vector<size_t>& sellers,
                                  std::vector<int64_t>* copy) {
  if (problem.lead_id.empty() && problem.seller_id.empty()) {
    return problem.score;
  }
  copy->reserve(problem.score.size());
  for (const size_t l : leads) {
    const auto row = problem.score.subspan(l * sellers.size(), sellers.size());
    for (const size_t s : sellers) copy->push_back(row[s]);
  }
  return *copy;
}

}  // namespace

absl::StatusOr<Assignment> AssignLeads(const AssignmentProblem& problem) {
  absl::Status allowed = CheckShape(problem);
  if (!allowed.ok()) return allowed;
  const auto leads = OrderOf("lead_id", problem.lead_id, problem.leads);
  if (!leads.ok()) return leads.status();
  const auto sellers =
      OrderOf("seller_id", problem.seller_id, problem.capacity.size());
  if (!sellers.ok()) return sellers.status();
  allowed = CheckNumbers(problem);
  if (!allowed.ok()) return allowed;

  Market market;
  market.leads = problem.leads;
  market.sellers = problem.capacity.size();
  std::vector<int64_t> copy;
  market.score = InOrder(problem, *leads, *sellers, &copy);
  for (const size_t s : *sellers) {
    market.capacity.push_back(
        std::min(problem.capacity[s], static_cast<int64_t>(problem.leads)));
  }
  Optimum optimum(market);
  optimum.Solve();
  optimum.TakeFirst();
  optimum.SettlePrices();

  Assignment result;
  result.seller.assign(market.leads, kUnassigned);
  result.lead_price.assign(market.leads, 0);
  result.seller_price.assign(market.sellers, 0);
  absl::int128 total = 0;
  absl::int128 bound = 0;
  for (size_t l = 0; l < market.leads; ++l) {
    const size_t row = (*leads)[l];
    const size_t node = optimum.NodeOf(l);
    const int64_t surplus = optimum.Surplus(l);
    result.lead_price[row] = surplus;
    bound += surplus;
    if (node == market.sellers) continue;
    result.seller[row] = static_cast<int32_t>((*sellers)[node]);
    total += market.ScoresOf(l)[node];
  }
  for (size_t s = 0; s < market.sellers; ++s) {
    const int64_t price = optimum.PriceOf(s);
    result.seller_price[(*sellers)[s]] = price;
    bound += absl::int128(market.capacity[s]) * price;
  }
  for (size_t row = 0; row < market.leads; ++row) {
    if (result.seller[row] == kUnassigned) {
      result.unassigned.push_back(static_cast<int64_t>(row));
    }
  }
  if (!IsTotal(total) || !IsTotal(bound)) {
    return Refuse(Reason::kOverflow, "score adds up to more than fits 64 bits");
  }
  result.total = static_cast<int64_t>(total);
  result.bound = static_cast<int64_t>(bound);
  result.gap = result.bound - result.total;
  result.greedy_by_edge = static_cast<int64_t>(GreedyByEdge(market));
  result.greedy_by_lead = static_cast<int64_t>(GreedyByLead(market));
  return result;
}

}  // namespace fivek
