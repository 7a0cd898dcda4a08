/* Two copies of the library in one process, as two plug-ins bring them that do
   not know of each other, and that a word differs in: each is itself, also when
   the names of the first are there for all to find.

   two_copies_test LIBFIVEK.SO FOLDER */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdlib.h>

#include "tests/capi/loaded.h"

static const char kWord[] = "recognise problem";
static const char kOther[] = "recognise Problem";

/* Copies a file; the copy has kOther for kWord if `changed`. */
static int copy(const char* from, const char* to, int changed) {
  FILE* const in = fopen(from, "rb");
  FILE* const out = fopen(to, "wb");
  char* bytes = NULL;
  size_t size = 0;
  size_t i;
  int changes = 0;
  HOLDS(in != NULL && out != NULL);
  HOLDS(fseek(in, 0, SEEK_END) == 0);
  size = (size_t)ftell(in);
  HOLDS(fseek(in, 0, SEEK_SET) == 0);
  bytes = (char*)malloc(size);
  HOLDS(bytes != NULL && fread(bytes, 1, size, in) == size);
  for (i = 0; changed && i + sizeof(kWord) <= size; ++i) {
    if (memcmp(bytes + i, kWord, sizeof(kWord)) == 0) {
      memcpy(bytes + i, kOther, sizeof(kOther));
      ++changes;
    }
  }
  HOLDS(!changed || changes > 0);
  HOLDS(fwrite(bytes, 1, size, out) == size);
  HOLDS(fclose(in) == 0 && fclose(out) == 0);
  free(bytes);
  return 1;
}

static int says(const loaded* library, const char* word) {
  return strcmp(library->fivek_label("stage", 0, "en"), word) == 0 &&
         /* By way of another function of the interface. */
         strcmp(library->fivek_policy_label(NULL, "stage", 0, "en"), word) == 0;
}

static void* run(void* library) {
  int round;
  for (round = 0; round < 100; ++round) {
    if (!use((const loaded*)library)) return library;
  }
  return NULL;
}

/* `flags` say whether others find the names of these. */
static int check(const char* path, const char* folder, const char* name,
                 int flags) {
  char first_path[4096];
  char second_path[4096];
  loaded first;
  loaded second;
  pthread_t threads[4];
  int i;
  (void)snprintf(first_path, sizeof(first_path), "%s/%s_1.so", folder, name);
  (void)snprintf(second_path, sizeof(second_path), "%s/%s_2.so", folder, name);
  HOLDS(copy(path, first_path, 0) && copy(path, second_path, 1));
  HOLDS(load(&first, first_path, flags) && load(&second, second_path, flags));
  HOLDS(first.handle != second.handle);
  HOLDS(first.fivek_label != second.fivek_label);
  HOLDS(says(&first, kWord));
  HOLDS(says(&second, kOther));
  HOLDS(first.fivek_policy_hash(NULL) != 0);
  HOLDS(strcmp(first.fivek_version_string(), second.fivek_version_string()) ==
        0);
  for (i = 0; i < 4; ++i) {
    HOLDS(pthread_create(&threads[i], NULL, run,
                         i % 2 == 0 ? &first : &second) == 0);
  }
  for (i = 0; i < 4; ++i) {
    void* bad = NULL;
    HOLDS(pthread_join(threads[i], &bad) == 0 && bad == NULL);
  }
  /* One goes, the other one stays. */
  HOLDS(dlclose(first.handle) == 0);
  HOLDS(use(&second) && says(&second, kOther));
  HOLDS(dlclose(second.handle) == 0);
  HOLDS(remove(first_path) == 0 && remove(second_path) == 0);
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 3) {
    printf("two_copies_test LIBFIVEK.SO FOLDER\n");
    return 1;
  }
  if (!check(argv[1], argv[2], "local", RTLD_LOCAL)) return 1;
  if (!check(argv[1], argv[2], "global", RTLD_GLOBAL)) return 1;
  printf("two copies work side by side\n");
  return 0;
}
