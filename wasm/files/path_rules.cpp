// Path rules: what WASMFS's parser lets through is refused here, for all calls that take a path.
// SPDX-License-Identifier: MIT
//
// A path that ends in a slash names a folder, also through a link (POSIX, 4.16 Pathname Resolution), and
// none is as long as PATH_MAX. WASMFS drops the slash and takes any length. Its calls meet at these three
// functions, which are taken at the linker's --wrap.
#include "files/path_rules.h"

#include <errno.h>
#include <limits.h>

#include <string>

#include "paths.h"

namespace heddle {
namespace {

using wasmfs::path::LinkBehavior;
using wasmfs::path::ParsedFile;
using wasmfs::path::ParsedParent;

bool is_too_long(std::string_view path) { return path.size() >= PATH_MAX; }

}  // namespace
}  // namespace heddle

using namespace heddle;

#define PARSE_PARENT \
    "_ZN6wasmfs4path11parseParentENSt3__217basic_string_viewIcNS1_11char_traitsIcEEEEj"
#define PARSE_FILE \
    "_ZN6wasmfs4path9parseFileENSt3__217basic_string_viewIcNS1_11char_traitsIcEEEEjNS0_12LinkBehaviorE"
#define GET_FILE_AT \
    "_ZN6wasmfs4path9getFileAtEjNSt3__217basic_string_viewIcNS1_11char_traitsIcEEEEi"

ParsedParent real_parse_parent(std::string_view path,
                               __wasi_fd_t folder) asm("__real_" PARSE_PARENT);
ParsedFile real_parse_file(std::string_view path, __wasi_fd_t folder,
                           LinkBehavior links) asm("__real_" PARSE_FILE);
ParsedFile real_get_file_at(__wasi_fd_t folder, std::string_view path,
                            int flags) asm("__real_" GET_FILE_AT);

ParsedParent wrap_parse_parent(std::string_view path,
                               __wasi_fd_t folder) asm("__wrap_" PARSE_PARENT);
ParsedFile wrap_parse_file(std::string_view path, __wasi_fd_t folder,
                           LinkBehavior links) asm("__wrap_" PARSE_FILE);
ParsedFile wrap_get_file_at(__wasi_fd_t folder, std::string_view path,
                            int flags) asm("__wrap_" GET_FILE_AT);

ParsedFile wrap_parse_file(std::string_view path, __wasi_fd_t folder, LinkBehavior links) {
    if (is_too_long(path)) return {-ENAMETOOLONG};
    if (!ends_in_slash(path)) return real_parse_file(path, folder, links);
    ParsedFile parsed = real_parse_file(path, folder, wasmfs::path::FollowLinks);
    if (parsed.getError() == 0 && !parsed.getFile()->is<wasmfs::Directory>()) return {-ENOTDIR};
    return parsed;
}

ParsedFile wrap_get_file_at(__wasi_fd_t folder, std::string_view path, int flags) {
    if (is_too_long(path)) return {-ENAMETOOLONG};
    if (!ends_in_slash(path)) return real_get_file_at(folder, path, flags);
    return wrap_parse_file(path, folder, wasmfs::path::FollowLinks);
}

ParsedParent wrap_parse_parent(std::string_view path, __wasi_fd_t folder) {
    if (is_too_long(path)) return {-ENAMETOOLONG};
    if (ends_in_slash(path)) {
        const ParsedFile parsed = wrap_parse_file(path, folder, wasmfs::path::FollowLinks);
        if (auto found = parsed; found.getError() == -ENOTDIR) return {-ENOTDIR};
    }
    return real_parse_parent(path, folder);
}
