// Shutdown: waiting for the threads that are not daemons.
// SPDX-License-Identifier: MIT
#include <mutex>

#include "cpython/thread_module/handle.h"
#include "cpython/thread_module/module.h"
#include "cpython/thread_module/shutdown_list.h"
#include "heddle/lock.h"

namespace heddle::thread_module {
namespace {

constinit Lock lists_lock;  // guards all lists and the links in the handles

// Under lists_lock.
void unlink(ThreadHandle* handle, ThreadHandle** first) {
    ShutdownLinks& links = handle->shutdown_links;
    if (links.previous != nullptr) {
        links.previous->shutdown_links.next = links.next;
    } else {
        *first = links.next;
    }
    if (links.next != nullptr) links.next->shutdown_links.previous = links.previous;
    links = ShutdownLinks{};
}

}  // namespace

void ShutdownList::add(ThreadHandle* handle) {
    std::lock_guard guard(lists_lock);
    handle->shutdown_links = {.list = this, .previous = nullptr, .next = first_};
    if (first_ != nullptr) first_->shutdown_links.previous = handle;
    first_ = handle;
}

void ShutdownList::remove(ThreadHandle* handle) {
    std::lock_guard guard(lists_lock);
    ShutdownList* list = handle->shutdown_links.list;
    if (list != nullptr) unlink(handle, &list->first_);
}

void ShutdownList::clear() {
    std::lock_guard guard(lists_lock);
    while (first_ != nullptr) unlink(first_, &first_);
}

ThreadHandle* ShutdownList::first_other_than(PyThread_ident_t except) {
    std::lock_guard guard(lists_lock);
    for (ThreadHandle* handle = first_; handle != nullptr; handle = handle->shutdown_links.next) {
        if (handle->ident() != except) return handle->add_ref();
    }
    return nullptr;
}

namespace {

PyObject* shutdown(PyObject* module, PyObject*) {
    ShutdownList& list = state_of(module).shutdown_list;
    const PyThread_ident_t self = PyThread_get_thread_ident_ex();
    while (ThreadHandle* handle = list.first_other_than(self)) {
        const bool ended = handle->wait_and_reap(HEDDLE_FOREVER);
        // A handle whose thread ended takes itself off; this is for those that never began.
        if (ended) ShutdownList::remove(handle);
        handle->drop_ref();
        if (!ended) {
            // A signal handler raised (Ctrl-C, say): tell, and leave the other threads behind.
            PyErr_WriteUnraisable(nullptr);
            break;
        }
    }
    Py_RETURN_NONE;
}

constexpr char kShutdownDoc[] =
    "_shutdown($module, /)\n--\n\n"
    "Wait until all other threads that are not daemons have ended.";

PyMethodDef functions[] = {
    {"_shutdown", as_method(shutdown), METH_NOARGS, kShutdownDoc},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int add_shutdown(PyObject* module) { return PyModule_AddFunctions(module, functions); }

}  // namespace heddle::thread_module
