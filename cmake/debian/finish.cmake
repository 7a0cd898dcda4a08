# Packs again, by dpkg-deb, what CPack has packed: it has no field Multi-Arch
# before CMake 3.31, and calls ldconfig in scripts where Debian has a trigger.
# CPack calls this with its packages.
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(tree ${package}.tree)
  file(REMOVE_RECURSE ${tree})
  execute_process(COMMAND ${CPACK_FIVEK_DPKG_DEB} -R ${package} ${tree}
    COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${tree}/DEBIAN/postinst ${tree}/DEBIAN/postrm)
  file(READ ${tree}/DEBIAN/control control)
  string(REGEX MATCH "Package: ([^\n]+)" name "${control}")
  set(name "${CMAKE_MATCH_1}")
  if(NOT control MATCHES "Multi-Arch:")
    string(STRIP "${control}" control)
    foreach(entry IN LISTS CPACK_FIVEK_MULTIARCH)
      if(entry MATCHES "^([^=]+)=(.+)$" AND CMAKE_MATCH_1 STREQUAL name)
        set(multiarch "Multi-Arch: ${CMAKE_MATCH_2}\n")
      endif()
    endforeach()
    file(WRITE ${tree}/DEBIAN/control "${control}\n${multiarch}")
  endif()
  execute_process(
    COMMAND find ${tree} -exec touch -h -d @$ENV{SOURCE_DATE_EPOCH} {} +
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(
    COMMAND ${CPACK_FIVEK_DPKG_DEB} --root-owner-group -Zxz -b ${tree} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${tree})
endforeach()
