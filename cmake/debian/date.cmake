# The date that the packages have, and nothing but it: SOURCE_DATE_EPOCH, else
# that of the last commit, else that of CHANGELOG.md. So the same source makes
# the same bytes, whenever that is.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(
    COMMAND git -C ${CPACK_CMAKE_CURRENT_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT date MATCHES "^[0-9]+$")
    file(TIMESTAMP ${CPACK_CMAKE_CURRENT_SOURCE_DIR}/CHANGELOG.md date %s UTC)
  endif()
  set(ENV{SOURCE_DATE_EPOCH} ${date})
endif()
