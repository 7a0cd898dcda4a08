#include "fivek/accounts/assignment.h"

#include <algorithm>
#include <limits>

#include "fivek/base/reason.h"
#include "gtest/gtest.h"
#include "tests/accounts/random.h"
#include "tests/history/reference.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Row = std::vector<int64_t>;

// A problem that owns its columns.
struct Case {
  size_t leads = 0;
  Row score, capacity;
  std::vector<uint64_t> lead_id, seller_id;

  int64_t ScoreOf(size_t lead, size_t seller) const {
    return score[lead * capacity.size() + seller];
  }
  AssignmentProblem Problem() const {
    return {score, capacity, leads, lead_id, seller_id};
  }
  Assignment Solved() const { return *AssignLeads(Problem()); }
};

Case Uniform(size_t leads, const Row& capacity, int64_t limit,
             SplitMix64* random) {
  Case c;
  c.leads = leads;
  c.capacity = capacity;
  for (size_t i = 0; i < leads * capacity.size(); ++i) {
    c.score.push_back(random->Below(limit));
  }
  return c;
}

// Some pairs that cannot be, some that nobody wants.
void Punch(Case* c, SplitMix64* random) {
  for (int64_t& score : c->score) {
    const int64_t what = random->Below(8);
    if (what == 0) score = kNoScore;
    if (what == 1) score = -score - 5;
  }
}

// ---- By enumeration ---------------------------------------------------------

// All assignments in lexicographical order, unassigned last: the first one with
// the highest total is the one that is asked for.
class Enumeration {
 public:
  explicit Enumeration(const Case& c)
      : c_(c), left_(c.capacity), now_(c.leads, kUnassigned) {
    Try(0, 0);
  }
  int64_t total = -1;
  std::vector<int32_t> first;

 private:
  void Try(size_t lead, int64_t so_far) {
    if (lead == c_.leads) {
      if (so_far > total) {
        total = so_far;
        first = now_;
      }
      return;
    }
    for (size_t s = 0; s < left_.size(); ++s) {
      const int64_t score = c_.ScoreOf(lead, s);
      if (left_[s] == 0 || score < 0) continue;
      --left_[s];
      now_[lead] = static_cast<int32_t>(s);
      Try(lead + 1, so_far + score);
      now_[lead] = kUnassigned;
      ++left_[s];
    }
    Try(lead + 1, so_far);
  }

  const Case& c_;
  Row left_;
  std::vector<int32_t> now_;
};

// ---- The proof --------------------------------------------------------------

void ExpectAllowed(const Case& c, const Assignment& a) {
  Row held(c.capacity.size());
  int64_t total = 0;
  std::vector<int64_t> unassigned;
  for (size_t l = 0; l < c.leads; ++l) {
    if (a.seller[l] == kUnassigned) {
      unassigned.push_back(static_cast<int64_t>(l));
      continue;
    }
    const auto s = static_cast<size_t>(a.seller[l]);
    ASSERT_LT(s, held.size());
    ++held[s];
    ASSERT_GE(c.ScoreOf(l, s), 0) << l;
    total += c.ScoreOf(l, s);
  }
  for (size_t s = 0; s < held.size(); ++s) EXPECT_LE(held[s], c.capacity[s]);
  EXPECT_EQ(a.total, total);
  EXPECT_EQ(a.unassigned, unassigned);
}

// Prices that no pair beats, and that are paid in full: so it is the optimum,
// whatever found it.
void ExpectProven(const Case& c, const Assignment& a) {
  Row held(c.capacity.size());
  int64_t bound = 0;
  for (size_t l = 0; l < c.leads; ++l) {
    ASSERT_GE(a.lead_price[l], 0);
    bound += a.lead_price[l];
    for (size_t s = 0; s < held.size(); ++s) {
      if (c.ScoreOf(l, s) < 0) continue;
      ASSERT_GE(a.seller_price[s] + a.lead_price[l], c.ScoreOf(l, s));
    }
    if (a.seller[l] == kUnassigned) {
      ASSERT_EQ(a.lead_price[l], 0);
      continue;
    }
    const auto s = static_cast<size_t>(a.seller[l]);
    ++held[s];
    ASSERT_EQ(a.seller_price[s] + a.lead_price[l], c.ScoreOf(l, s));
  }
  for (size_t s = 0; s < held.size(); ++s) {
    ASSERT_GE(a.seller_price[s], 0);
    bound += a.seller_price[s] * std::min(c.capacity[s], held[s]);
    if (held[s] < c.capacity[s]) {
      EXPECT_EQ(a.seller_price[s], 0);
    }
  }
  EXPECT_EQ(a.bound, bound);
  EXPECT_EQ(a.bound, a.total);
  EXPECT_EQ(a.gap, 0);
  EXPECT_GE(2 * a.greedy_by_edge, a.total);
  EXPECT_LE(a.greedy_by_edge, a.total);
  EXPECT_LE(a.greedy_by_lead, a.total);
}

// What the prices say, by doing it.
void ExpectPricesMeant(const Case& c, const Assignment& a) {
  for (size_t s = 0; s < c.capacity.size(); ++s) {
    Case more = c;
    ++more.capacity[s];
    EXPECT_EQ(more.Solved().total - a.total, a.seller_price[s]) << s;
  }
  for (size_t l = 0; l < c.leads; ++l) {
    Case without = c;
    const size_t sellers = c.capacity.size();
    for (size_t s = 0; s < sellers; ++s) {
      without.score[l * sellers + s] = kNoScore;
    }
    EXPECT_EQ(a.total - without.Solved().total, a.lead_price[l]) << l;
  }
}

TEST(AssignLeadsTest, SmallOnesAsEnumerated) {
  SplitMix64 random(1);
  for (int i = 0; i < 3000; ++i) {
    const auto sellers = static_cast<size_t>(random.Below(4));
    const auto leads = static_cast<size_t>(random.Below(7));
    Row capacity;
    for (size_t s = 0; s < sellers; ++s) capacity.push_back(random.Below(4));
    // Often with few different scores, so that there are many optima.
    Case c = Uniform(leads, capacity, 1 + random.Below(12), &random);
    if (i % 3 == 0) Punch(&c, &random);
    const Enumeration all(c);
    const Assignment a = c.Solved();
    ASSERT_EQ(a.total, all.total) << i;
    ASSERT_EQ(a.seller, all.first) << i;
    ExpectAllowed(c, a);
    ExpectProven(c, a);
    if (i % 5 == 0) ExpectPricesMeant(c, a);
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << i;
  }
}

TEST(AssignLeadsTest, LargeOnesAreProven) {
  SplitMix64 random(2);
  for (const int64_t limit : {2, 10, 1'000'000}) {
    for (const int64_t capacity : {0, 7, 20, 40}) {
      Case c = Uniform(400, Row(20, capacity), limit, &random);
      c.capacity[3] = 150;
      c.capacity[4] = 0;
      if (capacity == 20) Punch(&c, &random);
      const Assignment a = c.Solved();
      ExpectAllowed(c, a);
      ExpectProven(c, a);
    }
  }
}

// Value x skill: adding a lead may move one of every seller.
TEST(AssignLeadsTest, LongPaths) {
  SplitMix64 random(3);
  for (const bool falling : {false, true}) {
    Case c;
    c.leads = 300;
    c.capacity = Row(30, 9);
    for (int64_t l = 0; l < 300; ++l) {
      for (int64_t s = 0; s < 30; ++s) {
        const int64_t noise = random.Below(50);
        c.score.push_back(falling ? 100'000 - (l + 3) * (s + 2) + noise
                                  : (l + 3) * (s + 2) + noise);
      }
    }
    const Assignment a = c.Solved();
    ExpectAllowed(c, a);
    ExpectProven(c, a);
  }
}

TEST(AssignLeadsTest, PricesOfMiddlingOnes) {
  SplitMix64 random(4);
  for (const int64_t limit : {3, 100}) {
    const Case c = Uniform(25, {3, 6, 0, 4, 5}, limit, &random);
    ExpectPricesMeant(c, c.Solved());
  }
}

// By moving each lead down as far as fixed ones allow, each time solved anew.
TEST(AssignLeadsTest, TheFirstOfManyOptima) {
  SplitMix64 random(5);
  for (int i = 0; i < 20; ++i) {
    Case c = Uniform(18, {2, 5, 1, 3, 4}, 4, &random);
    const Assignment a = c.Solved();
    Case fixed = c;
    for (size_t l = 0; l < c.leads; ++l) {
      const auto at = static_cast<std::ptrdiff_t>(l);
      const std::vector<int32_t> choices = {0, 1, 2, 3, 4, kUnassigned};
      for (const int32_t choice : choices) {
        Case one = fixed;
        for (int32_t s = 0; s < 5; ++s) {
          if (s != choice) one.score[l * 5 + static_cast<size_t>(s)] = kNoScore;
        }
        // At score 0 it may be left alone, or an earlier one may.
        const Assignment tried = one.Solved();
        if (tried.total != a.total || tried.seller[l] != choice ||
            !std::equal(tried.seller.begin(), tried.seller.begin() + at,
                        a.seller.begin())) {
          continue;
        }
        ASSERT_EQ(a.seller[l], choice) << i << ", lead " << l;
        fixed = one;
        break;
      }
    }
  }
}

TEST(AssignLeadsTest, AnyOrderOfRowsGivesTheSame) {
  SplitMix64 random(6);
  for (int i = 0; i < 50; ++i) {
    Case c = Uniform(12, {1, 3, 2, 2}, 5, &random);
    Punch(&c, &random);
    for (size_t l = 0; l < c.leads; ++l) c.lead_id.push_back(random.Next());
    for (size_t s = 0; s < 4; ++s) c.seller_id.push_back(random.Next());
    const std::vector<size_t> leads = Shuffled(c.leads, &random);
    const std::vector<size_t> sellers = Shuffled(4, &random);
    Case other;
    other.leads = c.leads;
    other.capacity = Picked(c.capacity, sellers);
    other.lead_id = Picked(c.lead_id, leads);
    other.seller_id = Picked(c.seller_id, sellers);
    for (const size_t l : leads) {
      for (const size_t s : sellers) other.score.push_back(c.ScoreOf(l, s));
    }
    const Assignment a = c.Solved();
    const Assignment b = other.Solved();
    EXPECT_EQ(a.total, b.total);
    EXPECT_EQ(a.greedy_by_edge, b.greedy_by_edge);
    EXPECT_EQ(a.greedy_by_lead, b.greedy_by_lead);
    EXPECT_EQ(Picked(a.lead_price, leads), b.lead_price);
    EXPECT_EQ(Picked(a.seller_price, sellers), b.seller_price);
    for (size_t l = 0; l < c.leads; ++l) {
      const int32_t here = a.seller[leads[l]];
      const int32_t there = b.seller[l];
      ASSERT_EQ(here == kUnassigned, there == kUnassigned);
      if (here == kUnassigned) continue;
      EXPECT_EQ(static_cast<size_t>(here), sellers[static_cast<size_t>(there)]);
    }
  }
}

TEST(AssignLeadsTest, IdsInOrderAreNone) {
  SplitMix64 random(7);
  Case c = Uniform(10, {2, 2, 2}, 3, &random);
  const Assignment without = c.Solved();
  for (uint64_t l = 0; l < 10; ++l) c.lead_id.push_back(l * 5);
  EXPECT_EQ(c.Solved().seller, without.seller);
}

TEST(AssignLeadsTest, Scaling) {
  SplitMix64 random(8);
  Case c = Uniform(40, {9, 8, 7, 6}, 6, &random);
  const Assignment one = c.Solved();
  for (int64_t& score : c.score) score *= 1000;
  const Assignment thousand = c.Solved();
  EXPECT_EQ(one.seller, thousand.seller);
  EXPECT_EQ(one.total * 1000, thousand.total);
}

TEST(AssignLeadsTest, Reference) {
  const auto cases = ReferenceCases("allocation", "assign_leads");
  FIVEK_NEEDS_REFERENCE(cases);
  for (const nlohmann::json& one : cases) {
    Case c;
    for (const nlohmann::json& row : one.at("input").at("score")) {
      for (const int64_t score : row) c.score.push_back(score);
      ++c.leads;
    }
    c.capacity = one.at("input").at("capacity").get<Row>();
    const nlohmann::json& want = one.at("expected");
    const Assignment a = c.Solved();
    EXPECT_EQ(a.total, want.at("optimal_total"));
    EXPECT_EQ(
        a.seller,
        want.at("optimal_lexicographically_first").get<std::vector<int32_t>>());
    EXPECT_EQ(a.greedy_by_edge, want.at("greedy_edge_order_total"));
    EXPECT_EQ(a.greedy_by_lead, want.at("greedy_lead_order_total"));
  }
}

// The vector by itself: SplitMix64(99), each score modulo 100.
TEST(AssignLeadsTest, ReferenceBySeed) {
  SplitMix64 random(99);
  Case c = Uniform(8, {3, 3, 2}, 100, &random);
  Assignment a = c.Solved();
  EXPECT_EQ(a.total, 578);
  EXPECT_EQ(a.greedy_by_edge, 543);
  EXPECT_EQ(a.greedy_by_lead, 493);
  EXPECT_THAT(a.seller, ElementsAre(1, 2, 1, 0, 2, 0, 1, 0));
  EXPECT_TRUE(a.unassigned.empty());
  ExpectPricesMeant(c, a);
  c.capacity = {2, 1, 1};
  a = c.Solved();
  EXPECT_EQ(a.total, 332);
  EXPECT_EQ(a.unassigned.size(), 4U);
  ExpectPricesMeant(c, a);
}

TEST(AssignLeadsTest, TheEnds) {
  Case c;
  EXPECT_EQ(c.Solved().total, 0);
  c.leads = 3;  // And nobody to have them.
  Assignment a = c.Solved();
  EXPECT_THAT(a.unassigned, ElementsAre(0, 1, 2));
  EXPECT_THAT(a.lead_price, ElementsAre(0, 0, 0));
  c.leads = 0;
  c.capacity = {5, 0};
  EXPECT_THAT(c.Solved().seller_price, ElementsAre(0, 0));
  // Score 0 is taken, below 0 is not.
  c.leads = 2;
  c.capacity = {5};
  c.score = {0, -1};
  EXPECT_THAT(c.Solved().seller, ElementsAre(0, kUnassigned));
  // A place where there is none is worth what it would take.
  c.capacity = {0};
  c.score = {7, 9};
  a = c.Solved();
  EXPECT_THAT(a.seller_price, ElementsAre(9));
  EXPECT_EQ(a.bound, 0);
  // The largest scores there are.
  c.capacity = {1, 1};
  c.score = {kMostAssignmentScore, kMostAssignmentScore - 1,
             kMostAssignmentScore, INT64_MIN};
  a = c.Solved();
  EXPECT_THAT(a.seller, ElementsAre(1, 0));
  EXPECT_EQ(a.total, 2 * kMostAssignmentScore - 1);
  c.capacity = {std::numeric_limits<int64_t>::max(), 0};
  EXPECT_EQ(c.Solved().total, 2 * kMostAssignmentScore);
}

TEST(AssignLeadsTest, Refusals) {
  Case c;
  c.leads = 2;
  c.capacity = {1, 1};
  c.score = {1, 2, 3};
  EXPECT_THAT(
      AssignLeads(c.Problem()),
      Refused(Reason::kValueRange, HasSubstr("score 3 elements; allowed: 4")));
  c.score = {1, 2, 3, kMostAssignmentScore + 1};
  auto refused = AssignLeads(c.Problem());
  EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("score 1152")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  EXPECT_EQ(WhereOf(refused.status()).column, 1);
  c.score[3] = 4;
  c.capacity[1] = -1;
  refused = AssignLeads(c.Problem());
  EXPECT_THAT(refused, Refused(Reason::kValueRange,
                               HasSubstr("capacity -1; allowed: 0 or more")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  c.capacity[1] = 1;
  c.lead_id = {1};
  EXPECT_THAT(AssignLeads(c.Problem()),
              Refused(Reason::kValueRange, HasSubstr("lead_id 1 elements")));
  c.lead_id = {4, 4};
  refused = AssignLeads(c.Problem());
  EXPECT_THAT(refused,
              Refused(Reason::kValueRange, HasSubstr("lead_id 4 is that of")));
  EXPECT_EQ(WhereOf(refused.status()).row, 1);
  c.lead_id = {4, 3};
  c.seller_id = {1, 1};
  EXPECT_THAT(AssignLeads(c.Problem()),
              Refused(Reason::kValueRange, HasSubstr("seller_id 1 is")));
  c.seller_id.clear();
  EXPECT_TRUE(AssignLeads(c.Problem()).ok());

  Case many;
  many.capacity = Row(kMostAssignmentSellers + 1, 1);
  EXPECT_THAT(AssignLeads(many.Problem()),
              Refused(Reason::kValueRange, HasSubstr("at most 2048")));
  AssignmentProblem huge;
  huge.leads = std::numeric_limits<size_t>::max();
  EXPECT_THAT(AssignLeads(huge),
              Refused(Reason::kValueRange, HasSubstr("leads ")));
  const Row two = {1, 1};
  huge.capacity = two;
  huge.leads /= 2;
  huge.leads += 1;  // Times two is 0.
  EXPECT_THAT(AssignLeads(huge),
              Refused(Reason::kValueRange, HasSubstr("leads ")));

  Case large;
  large.leads = 9;
  large.capacity = {9};
  large.score = Row(9, kMostAssignmentScore);
  EXPECT_THAT(AssignLeads(large.Problem()), RefusedFor(Reason::kOverflow));
}

}  // namespace
}  // namespace fivek
