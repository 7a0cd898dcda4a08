# What a Debian package has beside the files that are installed: copyright,
# changelogs, compressed manual pages; and in libfivek-dev what all of them
# consist of. CPack calls this when the trees of the packages are complete.
set(source ${CPACK_CMAKE_CURRENT_SOURCE_DIR})
set(stage ${CPACK_TEMPORARY_DIRECTORY})
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

macro(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endmacro()

string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(group lib dev command)
  string(TOUPPER ${group} name)
  set(doc ${stage}/${group}/usr/share/doc/${CPACK_DEBIAN_${name}_PACKAGE_NAME})
  file(MAKE_DIRECTORY ${doc})
  configure_file(${source}/cmake/debian/copyright ${doc}/copyright COPYONLY)
  configure_file(${source}/CHANGELOG.md ${doc}/changelog COPYONLY)
  file(WRITE ${doc}/changelog.Debian
    "fivek (${version}) unstable; urgency=medium\n\n"
    "  * Version ${CPACK_PACKAGE_VERSION}, packaged from its own source: see\n"
    "    changelog.gz for what it brings.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(GLOB manuals ${stage}/${group}${CPACK_PACKAGING_INSTALL_PREFIX}/${CPACK_CMAKE_INSTALL_MANDIR}/man*/*.[1-9])
  run(gzip -9nf ${doc}/changelog ${doc}/changelog.Debian ${manuals})
endforeach()

# The licence is in the copyright file.
file(REMOVE_RECURSE ${stage}/dev/usr/share/doc/fivek)
# As dh_strip and dh_fixperms have it.
file(GLOB binaries ${stage}/lib/usr/lib/*/*.so.*.*.* ${stage}/command/usr/bin/*)
file(GLOB archives ${stage}/dev/usr/lib/*/*.a)
run(${CPACK_CMAKE_STRIP} -R .comment -R .note ${binaries})
run(${CPACK_CMAKE_STRIP} --strip-debug -R .comment -R .note
  --enable-deterministic-archives ${archives})
run(chmod -R u=rwX,go=rX ${stage})
run(find ${stage}/lib -name "*.so.*" -type f -exec chmod 644 {} +)

run(${CPACK_Python3_EXECUTABLE} ${source}/cmake/spdx.py write
  --output ${stage}/dev/usr/share/doc/libfivek-dev/fivek.spdx.json
  --version ${CPACK_PACKAGE_VERSION}
  --package ${CPACK_DEBIAN_LIB_PACKAGE_NAME}=${stage}/lib
  --package libfivek-dev=${stage}/dev
  --package fivek=${stage}/command
  --compiled-in "Abseil=${CPACK_FIVEK_ABSEIL_VERSION}"
  --compiled-in "nlohmann-json=${CPACK_FIVEK_JSON_VERSION}"
  --compiled-in "CLI11=${CPACK_FIVEK_CLI11_VERSION}")
