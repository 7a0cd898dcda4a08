// Runs task(0) to task(count - 1) in as many threads, all at once; one after
// the other where there are no threads.
#ifndef FIVEK_TESTS_RUN_AT_ONCE_H_
#define FIVEK_TESTS_RUN_AT_ONCE_H_

#include <cstddef>
#include <thread>
#include <vector>

namespace fivek {

template <typename Task>
void RunAtOnce(size_t count, const Task& task) {
#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
  for (size_t i = 0; i < count; ++i) task(i);
#else
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i) threads.emplace_back(task, i);
  for (std::thread& thread : threads) thread.join();
#endif
}

}  // namespace fivek

#endif  // FIVEK_TESTS_RUN_AT_ONCE_H_
