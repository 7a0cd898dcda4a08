"""fivek's C library for Conan 2: `conan create cmake/conan` in fivek's folder.

The source is that of the tree around this file; nothing is downloaded by the
recipe. Where Abseil comes from, cmake/Abseil.cmake decides, unless the
configuration says in which folder it is:

  conan create cmake/conan -c user.fivek:abseil_source_dir=FOLDER

nlohmann_json, of which headers are compiled in, is a requirement, or with
-o "fivek/*:system_json=True" the one that is installed. cmake/check_conan.sh
tries the latter; the requirement, which needs a remote, is untried.
"""

import os
import re

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load


class Fivek(ConanFile):
  name = 'fivek'
  description = 'How a complex sale works: evidence, milestones, probability'
  license = 'Apache-2.0 WITH LLVM-exception'
  package_type = 'library'
  settings = 'os', 'arch', 'compiler', 'build_type'
  options = {'shared': [True, False], 'system_json': [True, False]}
  default_options = {'shared': True, 'system_json': False}

  def _root(self):
    return os.path.join(self.recipe_folder, '..', '..')

  def set_version(self):
    project = load(self, os.path.join(self._root(), 'CMakeLists.txt'))
    self.version = re.search(r'project\(fivek VERSION ([0-9.]+)', project)[1]

  def export_sources(self):
    for pattern in ('CMakeLists.txt', 'LICENSE', 'capi/*', 'cmake/*',
                    'include/*', 'src/*'):
      copy(self, pattern, src=self._root(), dst=self.export_sources_folder)

  def layout(self):
    cmake_layout(self)

  def requirements(self):
    if not self.options.system_json:
      self.requires('nlohmann_json/[>=3.7 <4]', visible=False)

  def generate(self):
    CMakeDeps(self).generate()
    toolchain = CMakeToolchain(self)
    toolchain.cache_variables.update({
        'FIVEK_BUILD_SHARED': bool(self.options.shared),
        'FIVEK_BUILD_STATIC': not self.options.shared,
        'FIVEK_BUILD_TOOL': False,
        'FIVEK_BUILD_TESTS': False,
    })
    abseil = self.conf.get('user.fivek:abseil_source_dir')
    if abseil:
      toolchain.cache_variables['FIVEK_ABSEIL_SOURCE_DIR'] = abseil
    toolchain.generate()

  def build(self):
    cmake = CMake(self)
    cmake.configure()
    cmake.build()

  def package(self):
    cmake = CMake(self)
    for component in ('runtime', 'shared' if self.options.shared else 'static'):
      cmake.install(component=component)
    copy(self, 'LICENSE', src=self.source_folder,
         dst=os.path.join(self.package_folder, 'licenses'))
    copy(self, 'policy.schema.json',
         src=os.path.join(self.source_folder, 'include/fivek/method'),
         dst=os.path.join(self.package_folder, 'share/fivek'))

  def package_id(self):
    # C functions only are shown: the standard of its C++ is nobody's business.
    self.info.settings.rm_safe('compiler.cppstd')

  def package_info(self):
    kind = 'shared' if self.options.shared else 'static'
    self.cpp_info.libs = ['fivek']
    self.cpp_info.set_property('cmake_file_name', 'fivek')
    self.cpp_info.set_property('cmake_target_name', 'fivek::fivek')
    self.cpp_info.set_property('cmake_target_aliases', [f'fivek::{kind}'])
    self.cpp_info.set_property('pkg_config_name', 'fivek')
    if not self.options.shared:
      self.cpp_info.system_libs = ['stdc++', 'm', 'pthread']
