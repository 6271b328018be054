// Shutdown list: the threads that the interpreter waits for before it ends.
// SPDX-License-Identifier: MIT
//
// Concurrency
//   A thread takes its own handle off the list when it ends, without the GIL, and maybe after the
//   module of the list is gone (then the list was cleared). So one lock guards all lists and the
//   links inside the handles. It is held for a few instructions, and nothing blocks under it.
#ifndef HEDDLE_WASM_CPYTHON_THREAD_MODULE_SHUTDOWN_LIST_H_
#define HEDDLE_WASM_CPYTHON_THREAD_MODULE_SHUTDOWN_LIST_H_

#include "cpython/cpython_internals.h"

namespace heddle::thread_module {

class ShutdownList;
class ThreadHandle;

// The links that each handle has for the list. Under the lists' lock.
struct ShutdownLinks {
    ShutdownList* list = nullptr;  // the list that the handle is on, or null
    ThreadHandle* previous = nullptr;
    ThreadHandle* next = nullptr;
};

class ShutdownList {
  public:
    // Adds a handle that is on no list. The list holds no reference to it.
    void add(ThreadHandle* handle);
    // Takes the handle off its list, if it is on one.
    static void remove(ThreadHandle* handle);
    // Takes all handles off.
    void clear();
    // A new reference to the first handle of another thread than `except`, or null.
    ThreadHandle* first_other_than(PyThread_ident_t except);

  private:
    ThreadHandle* first_ = nullptr;  // under the lists' lock
};

}  // namespace heddle::thread_module

#endif  // HEDDLE_WASM_CPYTHON_THREAD_MODULE_SHUTDOWN_LIST_H_
