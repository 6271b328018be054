// Build id: read from where the files have it.
// SPDX-License-Identifier: MIT
#include "build_id.h"

#include <string_view>

#include "errors.h"

namespace heddle::host {
namespace {

constexpr size_t kIdSize = 32;
constexpr std::string_view kNone = "one without an id";

std::string_view text_of(const MappedFile& file) {
    return {reinterpret_cast<const char*>(file.data()), file.size()};
}

// What follows `before` at this place of the file.
std::string_view id_after(const MappedFile& file, size_t at, std::string_view before) {
    const std::string_view text = text_of(file);
    if (text.size() < at + before.size() + kIdSize) return kNone;
    if (text.substr(at, before.size()) != before) return kNone;
    return text.substr(at + before.size(), kIdSize);
}

// The last section of python.wasm: its name, and the id, each after its size.
std::string_view build_of_module(const MappedFile& file) {
    constexpr std::string_view kBefore =
        "\x08"
        "build_id\x20";
    const size_t size = kBefore.size() + kIdSize;
    return file.size() < size ? kNone : id_after(file, file.size() - size, kBefore);
}

// The first entry of a zip archive: its header has this size.
std::string_view build_of_archive(const MappedFile& file) { return id_after(file, 30, "build.id"); }

}  // namespace

void check_same_build(const std::string& folder, const MappedFile& stdlib) {
    const MappedFile wasm(folder + "/python.wasm");
    if (!wasm.ok()) give_up("cannot read " + folder + "/python.wasm: " + wasm.error());
    const std::string module_build(build_of_module(wasm));
    const std::string archive_build(build_of_archive(stdlib));
    if (module_build == archive_build) return;
    give_up("the files in " + folder + " are of different builds: python.wasm of " + module_build +
            ", stdlib.zip of " + archive_build + ". Install all of them again.");
}

}  // namespace heddle::host
