# Toolchain: cross-compiles with Debian's packages for FIVEK_CROSS, the name of a
# machine such as aarch64, and runs what was built under QEMU. Installed by
# cmake/setup.sh --cross.
#
#   cmake --preset aarch64
#   cmake --build build/aarch64 --target golden_test
#   ctest --test-dir build/aarch64 -R golden_test

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${FIVEK_CROSS})
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FIVEK_CROSS)

set(fivek_triplet ${FIVEK_CROSS}-linux-gnu)
set(CMAKE_C_COMPILER ${fivek_triplet}-gcc)
set(CMAKE_CXX_COMPILER ${fivek_triplet}-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${FIVEK_CROSS} -L /usr/${fivek_triplet})

# Header-only packages of the host serve every machine; its libraries do not.
set(CMAKE_FIND_ROOT_PATH /usr/${fivek_triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
