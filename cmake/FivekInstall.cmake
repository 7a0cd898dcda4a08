# What `cmake --install` does, as components:
#
#   runtime         libfivek.so.0.1: what a program that is linked needs
#   shared, static  what is needed to link one: headers, targets, and the link
#                   to the runtime or the archive
#   devel           the same for both kinds: fivek.pc, CMake's config, schema
#   cxx             the C++ libraries and headers; only with the distribution's
#                   Abseil (FIVEK_ABSEIL=system), which a consumer then finds.
#                   An Abseil that was built here is nobody else's.
#   tool            the fivek command
include(CMakePackageConfigHelpers)

set(fivek_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fivek)
set(FIVEK_PC_LIBS "")

if(FIVEK_BUILD_CAPI)
  foreach(kind shared static)
    if(TARGET fivek_${kind})
      install(TARGETS fivek_${kind} EXPORT fivek_${kind}_targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT runtime NAMELINK_COMPONENT ${kind}
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${kind}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
      install(EXPORT fivek_${kind}_targets
        NAMESPACE fivek:: FILE fivek_${kind}_targets.cmake
        DESTINATION ${fivek_cmake_dir} COMPONENT ${kind})
      install(FILES ${FIVEK_CAPI_HEADERS}
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT ${kind})
    endif()
  endforeach()

  # Relative to the file itself, so that the installed tree can be moved.
  set(fivek_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH FIVEK_PC_PREFIX
    /root/${fivek_pc_dir} /root/)
  string(REGEX REPLACE "/$" "" FIVEK_PC_PREFIX "\${pcfiledir}/${FIVEK_PC_PREFIX}")
  if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    set(FIVEK_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
    set(FIVEK_PC_LIBDIR ${CMAKE_INSTALL_LIBDIR})
  else()
    set(FIVEK_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  endif()
  if(IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
    set(FIVEK_PC_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
  else()
    set(FIVEK_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
  list(TRANSFORM FIVEK_STATIC_NEEDS PREPEND -l REGEX "^[^-]"
    OUTPUT_VARIABLE fivek_static_libs)
  list(JOIN fivek_static_libs " " fivek_static_libs)
  if(TARGET fivek_shared)
    set(FIVEK_PC_LIBS "-L\${libdir} -lfivek")
    set(FIVEK_PC_LIBS_PRIVATE "${fivek_static_libs}")
  else()
    set(FIVEK_PC_LIBS "-L\${libdir} -lfivek ${fivek_static_libs}")
    set(FIVEK_PC_LIBS_PRIVATE "")
  endif()
  configure_file(cmake/fivek.pc.in ${PROJECT_BINARY_DIR}/fivek.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/fivek.pc
    DESTINATION ${fivek_pc_dir} COMPONENT devel)
endif()

if(FIVEK_ABSEIL_PROVIDER STREQUAL "system")
  install(TARGETS fivek_base fivek_method fivek_pipeline fivek_history
      fivek_accounts
    EXPORT fivek_cxx_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT cxx
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT fivek_cxx_targets
    NAMESPACE fivek:: FILE fivek_cxx_targets.cmake
    DESTINATION ${fivek_cmake_dir} COMPONENT cxx)
  install(DIRECTORY include/fivek
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT cxx
    FILES_MATCHING PATTERN "*.h")
endif()

if(TARGET fivek_tool)
  install(TARGETS fivek_tool
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
  install(FILES src/tool/fivek.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
endif()

configure_package_config_file(
  cmake/fivekConfig.cmake.in ${PROJECT_BINARY_DIR}/fivekConfig.cmake
  INSTALL_DESTINATION ${fivek_cmake_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/fivekConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)  # Before 1.0 a break bumps MINOR.
install(
  FILES
    ${PROJECT_BINARY_DIR}/fivekConfig.cmake
    ${PROJECT_BINARY_DIR}/fivekConfigVersion.cmake
  DESTINATION ${fivek_cmake_dir} COMPONENT devel)
install(FILES LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT devel)
install(FILES include/fivek/method/policy.schema.json
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fivek COMPONENT devel)

# A distribution's layout is what its packages are made of.
find_program(FIVEK_DPKG_DEB dpkg-deb)
mark_as_advanced(FIVEK_DPKG_DEB)
if(FIVEK_DPKG_DEB AND PROJECT_IS_TOP_LEVEL AND TARGET fivek_tool AND
   TARGET fivek_shared AND TARGET fivek_static AND
   FIVEK_ABSEIL_PROVIDER STREQUAL "source" AND
   CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  include(cmake/FivekPackage.cmake)
endif()
