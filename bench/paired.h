// Ratios that a noisy machine cannot spoil: two things take turns in rounds so
// short that whatever slows one slows the other.
#ifndef FIVEK_BENCH_PAIRED_H_
#define FIVEK_BENCH_PAIRED_H_

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

namespace fivek::bench {

// CPU time of this thread in seconds: a neighbour who takes the core is not
// counted.
inline double CpuSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

// Keeps the compiler from seeing what becomes of memory.
inline void Clobber(const void* p) { asm volatile("" : : "g"(p) : "memory"); }

// Of many rounds; tenths from either end, as single rounds are hit by anything.
struct Spread {
  double low = 0, median = 0, high = 0;
};

inline Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t last = values.size() - 1;
  return {values[last / 10], values[last / 2], values[last - last / 10]};
}

struct Paired {
  Spread first, second;  // Seconds of one call.
  Spread ratio;          // Of second over first, within a round.
  size_t rounds = 0;
};

// Calls both, in turn and in alternating order, until `seconds` are over, at
// least nine times. A call should take 20 microseconds or more.
template <typename First, typename Second>
Paired Pair(double seconds, First first, Second second) {
  const auto time = [](auto& call) {
    const double begin = CpuSeconds();
    call();
    return CpuSeconds() - begin;
  };
  first();
  second();
  std::vector<double> firsts;
  std::vector<double> seconds_of;
  std::vector<double> ratios;
  const double begin = CpuSeconds();
  while (ratios.size() < 9 || CpuSeconds() - begin < seconds) {
    double a = 0;
    double b = 0;
    if (ratios.size() % 2 == 0) {
      a = time(first);
      b = time(second);
    } else {
      b = time(second);
      a = time(first);
    }
    firsts.push_back(a);
    seconds_of.push_back(b);
    ratios.push_back(b / a);
  }
  return {SpreadOf(firsts), SpreadOf(seconds_of), SpreadOf(ratios),
          ratios.size()};
}

// Seconds for each pair: the argument --benchmark_min_time=S, as of the other
// benchmarks, else 1.
inline double SecondsFrom(int argc, char** argv) {
  constexpr char kName[] = "--benchmark_min_time=";
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], kName, sizeof kName - 1) == 0) {
      return std::atof(argv[i] + sizeof kName - 1);
    }
    std::fprintf(stderr, "unknown argument %s; allowed: %sSECONDS\n", argv[i],
                 kName);
    std::exit(2);
  }
  return 1;
}

}  // namespace fivek::bench

#endif  // FIVEK_BENCH_PAIRED_H_
