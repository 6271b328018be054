// Folders that may not be mounted: those of procfs, and what holds one.
// SPDX-License-Identifier: MIT
//
// Its files are no files: /proc/PID/mem is a process's memory, this one's too, and /proc/PID/root
// all of the machine.
#ifndef HEDDLE_WASM_WASMTIME_PROC_FOLDERS_H_
#define HEDDLE_WASM_WASMTIME_PROC_FOLDERS_H_

#include <string>

namespace heddle::host {

// Whether path is the folder, or lies in it. Both absolute.
bool lies_in(const std::string& path, const std::string& folder);

// Ends the process, with a message, if the folder of a mount is in a procfs or has one in it.
void refuse_proc_folder(const std::string& folder);

}  // namespace heddle::host

#endif  // HEDDLE_WASM_WASMTIME_PROC_FOLDERS_H_
