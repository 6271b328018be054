// Thread: its place in the program.
// SPDX-License-Identifier: MIT
#include "thread.h"

#include "program.h"

namespace heddle::host {

thread_local Thread* Thread::current_ = nullptr;

Thread::Thread(Program& program)
    : Instance(program.engine().handle(), program.instance_pre()), program_(program) {}

int32_t Thread::must_return(const char* name, const Outcome& outcome) {
    if (outcome.end == Outcome::End::returned) return outcome.value.i32;
    program_.crash(std::string(name) + "() did not return: " + outcome.reason);
}

}  // namespace heddle::host
