// Unused imports: parts of Emscripten's library that are linked in and that no program reaches.
// SPDX-License-Identifier: MIT
#include "imports.h"

namespace heddle::host {
namespace {

// Files that JavaScript puts there before main(): none.
uint32_t none(Thread&) { return 0; }
uint32_t none_of(Thread&, uint32_t) { return 0; }
void not_written(Thread&, uint32_t, uint32_t) {}

// Files that JavaScript implements: none, so none can be used.
constexpr const char* kNoFile = "a file of JavaScript's was used";
int32_t no_size(Thread&, uint32_t, uint32_t) { throw GuestFault(kNoFile); }
int32_t no_access(Thread&, uint32_t, uint32_t, uint32_t, uint32_t, int64_t) {
    throw GuestFault(kNoFile);
}
int32_t no_set_size(Thread&, uint32_t, uint32_t, int64_t) { throw GuestFault(kNoFile); }

}  // namespace

void add_unused_imports(Imports& imports) {
    imports.add<none>("_wasmfs_get_num_preloaded_files");
    imports.add<none>("_wasmfs_get_num_preloaded_dirs");
    imports.add<none_of>("_wasmfs_get_preloaded_file_size");
    imports.add<none_of>("_wasmfs_get_preloaded_file_mode");
    imports.add<not_written>("_wasmfs_copy_preloaded_file_data");
    imports.add<not_written>("_wasmfs_get_preloaded_parent_path");
    imports.add<not_written>("_wasmfs_get_preloaded_child_path");
    imports.add<not_written>("_wasmfs_get_preloaded_path_name");
    imports.add<not_written>("_wasmfs_jsimpl_alloc_file");
    imports.add<not_written>("_wasmfs_jsimpl_free_file");
    imports.add<no_size>("_wasmfs_jsimpl_get_size");
    imports.add<no_access>("_wasmfs_jsimpl_read");
    imports.add<no_access>("_wasmfs_jsimpl_write");
    imports.add<no_set_size>("_wasmfs_jsimpl_set_size");
}

}  // namespace heddle::host
