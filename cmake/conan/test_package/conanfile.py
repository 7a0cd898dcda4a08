"""Builds and runs the C consumer with the package, as a project without C++."""

import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout


class FivekTest(ConanFile):
  settings = 'os', 'arch', 'compiler', 'build_type'
  generators = ('CMakeDeps',)

  def requirements(self):
    self.requires(self.tested_reference_str)

  def layout(self):
    cmake_layout(self)

  def generate(self):
    shared = self.dependencies['fivek'].options.shared
    toolchain = CMakeToolchain(self)
    toolchain.cache_variables['CONSUMER_COMPONENT'] = (
        'shared' if shared == 'True' else 'static')
    toolchain.user_presets_path = False  # Not into the source.
    toolchain.generate()

  def build(self):
    cmake = CMake(self)
    cmake.configure(build_script_folder=os.path.join(
        self.recipe_folder, '../../../tests/consumer/c'))
    cmake.build()

  def test(self):
    if can_run(self):
      self.run(os.path.join(self.cpp.build.bindir, 'consumer'), env='conanrun')
