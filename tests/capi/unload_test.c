/* A program that loads the library, uses it from many threads and closes it
   while they run: they end after that, when what they had of the library is
   taken down. Then it does so again.

   unload_test LIBFIVEK.SO */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "tests/capi/loaded.h"

#define THREADS 8
#define ROUNDS 3

static loaded library;
static pthread_barrier_t used;   /* all have used the library */
static pthread_barrier_t closed; /* it is closed */

static void* run(void* good) {
  *(int*)good = use(&library);
  (void)pthread_barrier_wait(&used);
  (void)pthread_barrier_wait(&closed);
  return NULL;
}

int main(int argc, char** argv) {
  int round;
  if (argc != 2) {
    printf("unload_test LIBFIVEK.SO\n");
    return 1;
  }
  for (round = 0; round < ROUNDS; ++round) {
    pthread_t threads[THREADS];
    int good[THREADS] = {0};
    void* still;
    int i;
    if (!load(&library, argv[1], RTLD_LOCAL)) return 1;
    (void)pthread_barrier_init(&used, NULL, THREADS + 1);
    (void)pthread_barrier_init(&closed, NULL, THREADS + 1);
    for (i = 0; i < THREADS; ++i) {
      if (pthread_create(&threads[i], NULL, run, &good[i]) != 0) {
        printf("no thread\n");
        return 1;
      }
    }
    (void)pthread_barrier_wait(&used);
    if (!use(&library)) return 1;
    if (dlclose(library.handle) != 0) {
      printf("%s\n", dlerror());
      return 1;
    }
    (void)pthread_barrier_wait(&closed);
    for (i = 0; i < THREADS; ++i) {
      (void)pthread_join(threads[i], NULL);
      if (!good[i]) return 1;
    }
    (void)pthread_barrier_destroy(&used);
    (void)pthread_barrier_destroy(&closed);
    /* It is not only luck: it stays where it is until the program ends. */
    still = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD);
    if (still == NULL) {
      printf("the library is gone after dlclose\n");
      return 1;
    }
    (void)dlclose(still);
  }
  printf("loaded, used by %d threads and closed %d times\n", THREADS, ROUNDS);
  return 0;
}
