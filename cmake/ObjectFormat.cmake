# What differs between the formats of object files that the C library is made
# in, as data; cmake/CLibrary.cmake is the same for all of them.
#
#   FIVEK_EXPORT_LIST    the list, made of capi/symbols.txt, of what is shown
#   FIVEK_EXPORT_OPTION  what the linker takes that list by
#   FIVEK_SHARED_NAME    prefix and name of the shared library
#   FIVEK_SHARED_FLAGS   how else a shared library is linked
#   FIVEK_OBJECT_LINK    how everything becomes one object file, of which the
#                        static library consists; empty: not known here
#   FIVEK_OBJECT_KEEP    the option to keep a name when that drops what is unused
#   FIVEK_OBJECT_LOCAL   what then makes all of it local but the C functions;
#                        empty: nothing can, so a program with another Abseil
#                        has to take the shared library
#   FIVEK_STATIC_NEEDS   what a program with the static library needs too
#   FIVEK_DROP_UNUSED    the linker's option to drop what nobody uses
#   FIVEK_LINKER_IS_GNU  or takes its options
set(FIVEK_SHARED_NAME libfivek)
set(FIVEK_OBJECT_LINK "")
set(FIVEK_OBJECT_KEEP "")
set(FIVEK_OBJECT_LOCAL "")
set(FIVEK_STATIC_NEEDS "")
set(FIVEK_LINKER_IS_GNU ON)

if(CMAKE_SYSTEM_NAME STREQUAL "Windows")  # PE, by GNU's linker
  set(FIVEK_EXPORT_LIST fivek.def)
  set(FIVEK_EXPORT_OPTION "")  # An input like objects.
  set(FIVEK_SHARED_NAME fivek)
  set(FIVEK_DROP_UNUSED LINKER:--gc-sections)
  # -static: a host need not have the libraries of this compiler.
  set(FIVEK_SHARED_FLAGS -static LINKER:--no-insert-timestamp)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Darwin")  # Mach-O; nobody has run this yet
  set(FIVEK_EXPORT_LIST fivek.exports)
  set(FIVEK_EXPORT_OPTION LINKER:-exported_symbols_list,)
  set(FIVEK_DROP_UNUSED LINKER:-dead_strip)
  set(FIVEK_SHARED_FLAGS "")
  set(FIVEK_LINKER_IS_GNU OFF)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Emscripten")  # WebAssembly: static only
  set(FIVEK_EXPORT_LIST "")
  set(FIVEK_DROP_UNUSED "")  # It always does.
  set(FIVEK_OBJECT_LINK -r)
  # Exceptions are off by default here, and the C functions have to catch them.
  # Whoever links the library needs the same kind.
  string(REGEX MATCH "-f(wasm-)?exceptions" FIVEK_STATIC_NEEDS
    "${CMAKE_CXX_FLAGS}")
  if(NOT FIVEK_STATIC_NEEDS)
    message(FATAL_ERROR "fivek: no exceptions: configure with "
      "-DCMAKE_CXX_FLAGS=-fwasm-exceptions, or with -fexceptions")
  endif()
  set(FIVEK_LINKER_IS_GNU OFF)
else()  # ELF
  set(FIVEK_EXPORT_LIST fivek.map)
  set(FIVEK_EXPORT_OPTION LINKER:--version-script=)
  set(FIVEK_DROP_UNUSED LINKER:--gc-sections)
  # Bsymbolic: it calls its own functions, not those of another copy in the
  # process that came first.
  # nodelete: without it a hidden Abseil crashes the host when a thread ends
  # after dlclose. A sanitizer's runtime is found in the program, not here.
  set(FIVEK_SHARED_FLAGS LINKER:--exclude-libs,ALL LINKER:-Bsymbolic
    LINKER:--as-needed LINKER:-z,nodelete LINKER:-z,relro LINKER:-z,now)
  if(NOT FIVEK_SANITIZE)
    list(APPEND FIVEK_SHARED_FLAGS LINKER:-z,defs)
  endif()
  # Groups are resolved here (--force-group-allocation): a later link must not
  # merge them with those of another Abseil. A weak reference that only dropped
  # code made stays behind: _ZTH*.
  set(FIVEK_OBJECT_LINK
    -r -nostdlib LINKER:--force-group-allocation LINKER:--gc-sections)
  set(FIVEK_OBJECT_KEEP LINKER:--undefined=)
  set(FIVEK_OBJECT_LOCAL
    ${CMAKE_OBJCOPY} --wildcard --strip-unneeded-symbol=_ZTH*)
  set(FIVEK_STATIC_NEEDS stdc++ m pthread)
endif()
