/* Makes a test of the C interface one of memory that runs out, when it is
   included before anything else: each call of a function that can fail is made
   with its first allocation refused, then with its second, and so on, until it
   needs no more than it gets; the test sees that last call only. So a call that
   found no memory has to say so, to lose nothing, and to have changed nothing:
   else the test fails as it stands.

   fivek_refused_calls.h names the functions; it is made from the headers. */
#ifndef FIVEK_TESTS_CAPI_REFUSE_EACH_H_
#define FIVEK_TESTS_CAPI_REFUSE_EACH_H_

#include <fivek.h>
#include <fivek_arrow.h>
#include <string.h>

/* Before the first attempt, before each, and after each: 1 for one more.
   `error` is that of the test, which the call has been given or not. */
void fivek_refuse_begin(void);
void fivek_refuse_next(void);
int fivek_refuse_again(const char* function, fivek_status status,
                       int error_written, const fivek_error* error);

/* `frame` holds the error in c_test.c. */
#define FIVEK_REFUSE_EACH(function, ...)                                  \
  __extension__({                                                         \
    unsigned char frame_before[sizeof(frame)];                            \
    fivek_status last_status;                                             \
    memcpy(frame_before, &frame, sizeof(frame));                          \
    fivek_refuse_begin();                                                 \
    do {                                                                  \
      memcpy(&frame, frame_before, sizeof(frame));                        \
      fivek_refuse_next();                                                \
      last_status = function(__VA_ARGS__);                                \
    } while (fivek_refuse_again(                                          \
        #function, last_status,                                           \
        memcmp(&frame, frame_before, sizeof(frame)) != 0, &frame.error)); \
    last_status;                                                          \
  })

#include "fivek_refused_calls.h"

#endif /* FIVEK_TESTS_CAPI_REFUSE_EACH_H_ */
