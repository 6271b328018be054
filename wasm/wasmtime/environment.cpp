// Environment imports: the variables that the command line grants.
// SPDX-License-Identifier: MIT
#include "imports.h"
#include "program.h"

namespace heddle::host {
namespace {

constexpr int32_t kSuccess = 0;

std::vector<std::string> variables(const Options& options) {
    std::vector<std::string> variables = options.environment;
    // main.cpp of the module goes there and takes it away.
    if (!options.working_folder.empty())
        variables.push_back("HEDDLE_CWD=" + options.working_folder);
    return variables;
}

int32_t environ_sizes_get(Thread& self, uint32_t count_out, uint32_t bytes_out) {
    uint32_t count = 0, bytes = 0;
    for (const std::string& variable : variables(self.program().options())) {
        count++;
        bytes += static_cast<uint32_t>(variable.size() + 1);
    }
    self.program().memory().write(count_out, count);
    self.program().memory().write(bytes_out, bytes);
    return kSuccess;
}

int32_t environ_get(Thread& self, uint32_t pointers, uint32_t bytes) {
    const Memory& memory = self.program().memory();
    for (const std::string& variable : variables(self.program().options())) {
        memory.write(pointers, bytes);
        memory.write_text(bytes, variable, static_cast<uint32_t>(variable.size() + 1));
        pointers += sizeof(uint32_t);
        bytes += static_cast<uint32_t>(variable.size() + 1);
    }
    return kSuccess;
}

}  // namespace

void add_environment_imports(Imports& imports) {
    imports.add<environ_sizes_get>("environ_sizes_get", "wasi_snapshot_preview1");
    imports.add<environ_get>("environ_get", "wasi_snapshot_preview1");
}

}  // namespace heddle::host
