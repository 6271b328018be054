// _heddle: the Python module through which heddle_session.py talks to the host.
// SPDX-License-Identifier: MIT
//
// Signals
//   A signal's Python handler may run, and raise, between any two lines of Python. So the loop that
//   must not lose a request is here, in C++, where handlers run only when it asks for them: while
//   it waits for a request, just before it hands one over, and just after.
//   Before the code begins and once it has failed there is nothing to interrupt. Both take time
//   (the first error imports traceback), so answer() and failed() hold interrupts meanwhile.
//   An interrupt that came before the code is raised where the code begins. The loop drops one that
//   came after it.
//
// Memory
//   A reply that does not fit becomes that of the MemoryError. Where not even this one fits, the
//   request itself goes back, without its bytes. So every request has its reply, and the session
//   goes on.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <signal.h>

#include "console/console.h"
#include "host/host.h"
#include "session/compile_run.h"
#include "session/session.h"

namespace {

using heddle::Message;
using heddle::WaitResult;
namespace session = heddle::session;

// How often failed() may raise before the session gives up, and how often an interrupt may do that
// to it before they are held back: thousands can come at once.
constexpr int kMaxAttempts = 100;
constexpr int kMaxInterruptions = 10;

// How long no request must come before do_what_can_wait(): a program that has just called
// loadPython() is about to run something.
constexpr int64_t kIdleBeforeImports = 200 * heddle::kMillisecond;

// For what a signal's handler raised when no code of the user's ran. An interrupt is dropped,
// anything else is reported on stderr.
void drop_raised() {
    if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
        PyErr_Clear();
    } else {
        PyErr_WriteUnraisable(nullptr);
    }
}

// Runs the handlers of the signals that have come.
void run_handlers_while_idle() {
    if (PyErr_CheckSignals() < 0) drop_raised();
}

// Imports that were put off until there is time: once, when no request has come for a while.
void do_what_can_wait() {
    for (const char* name : {"linecache", "traceback"}) {
        PyObject* module = PyImport_ImportModule(name);  // the first error will need it
        if (module == nullptr) drop_raised();
        Py_XDECREF(module);
    }
}

// The next request. Blocks without the GIL.
Message* next_request() {
    static bool has_waited = false;
    for (;;) {
        const heddle::Deadline deadline =
            has_waited ? heddle::kNever : heddle::deadline_after(kIdleBeforeImports);
        WaitResult result;
        Py_BEGIN_ALLOW_THREADS
        result = session::wait_for_request(deadline);
        Py_END_ALLOW_THREADS
        switch (result) {
            case WaitResult::acquired:
                return session::take_request();
            case WaitResult::timed_out:
                has_waited = true;
                do_what_can_wait();
                break;
            case WaitResult::interrupted:
                break;
        }
        run_handlers_while_idle();
    }
}

// Sends bytes to the host and lets go of them. False with an exception set; nullptr has it already.
bool send(PyObject* bytes) {
    if (bytes == nullptr) return false;
    char* data = nullptr;
    Py_ssize_t size = 0;
    bool sent = false;
    if (PyBytes_AsStringAndSize(bytes, &data, &size) == 0) {
        sent = session::reply(data, static_cast<size_t>(size));
        if (!sent) PyErr_Format(PyExc_MemoryError, "no memory for a reply of %zd bytes", size);
    }
    Py_DECREF(bytes);
    return sent;
}

// The mask from before interrupts were held.
sigset_t mask_before;
bool holds_interrupts = false;

void hold_interrupts() {
    if (holds_interrupts) return;
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_BLOCK, &interrupt, &mask_before);
    holds_interrupts = true;
}

PyObject* module_hold_interrupts(PyObject*, PyObject*) {
    hold_interrupts();
    Py_RETURN_NONE;
}

// Interrupts that came meanwhile are pending now: their handlers run at the next opportunity.
void release_interrupts() {
    if (!holds_interrupts) return;
    holds_interrupts = false;
    pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
}

PyObject* module_release_interrupts(PyObject*, PyObject*) {
    release_interrupts();
    Py_RETURN_NONE;
}

// The reply that failed() makes of the exception that is set. A new reference, or nullptr with an
// exception set.
PyObject* describe_failure(PyObject* failed, PyObject* request) {
    PyObject* reply = nullptr;
    for (int attempt = 0; reply == nullptr && attempt < kMaxAttempts; ++attempt) {
        // Where memory is out for one description, it is so for the next.
        if (attempt > 0 && PyErr_ExceptionMatches(PyExc_MemoryError)) break;
        PyObject* raised = PyErr_GetRaisedException();
        if (attempt == kMaxInterruptions) hold_interrupts();
        reply = PyObject_CallFunctionObjArgs(failed, request, raised, nullptr);
        Py_XDECREF(raised);
    }
    return reply;
}

// Sends the reply, once the code's interrupts have been dealt with. Lets go of it. False with an
// exception set; nullptr has it already.
bool finish(PyObject* reply) {
    if (reply == nullptr) return false;
    release_interrupts();
    run_handlers_while_idle();
    return send(reply);
}

// Whether the request may begin. Handlers of signals that came before are run first: an interrupt
// that was meant for this request stays set, any other one is dropped.
bool may_begin(const Message& request) {
    if (PyErr_CheckSignals() == 0) return true;
    if (session::is_interrupted(request)) return false;
    drop_raised();
    return true;
}

// Sends the reply that answer() makes of the request. If answer() raises (an interrupt that hit
// between its lines), or if its reply does not fit, the one that failed() makes of the exception.
// False with an exception set.
bool answer_request(PyObject* answer, PyObject* failed, const Message& message) {
    PyObject* request = PyBytes_FromStringAndSize(reinterpret_cast<const char*>(message.bytes()),
                                                  static_cast<Py_ssize_t>(message.size));
    if (request == nullptr) return false;
    PyObject* reply = may_begin(message) ? PyObject_CallOneArg(answer, request) : nullptr;
    if (reply == nullptr) reply = describe_failure(failed, request);
    bool sent = finish(reply);
    if (!sent && reply != nullptr) sent = finish(describe_failure(failed, request));
    Py_DECREF(request);
    return sent;
}

PyDoc_STRVAR(serve_doc,
             "serve(greeting, answer, failed, /)\n--\n\n"
             "Send the greeting, then answer the host's requests for ever.\n\n"
             "answer(request) gets and returns bytes. When it raises, failed(request, exception)\n"
             "must return the answer instead. Raises what keeps it from going on.");

PyObject* serve(PyObject*, PyObject* args) {
    PyObject* greeting = nullptr;
    PyObject* answer = nullptr;
    PyObject* failed = nullptr;
    if (!PyArg_ParseTuple(args, "OOO:serve", &greeting, &answer, &failed)) return nullptr;
    heddle::g_input.stay_open();
    // From here on: once the host knows that Python is ready, its interrupts must not end the loop.
    if (!send(Py_NewRef(greeting))) return nullptr;
    for (;;) {
        Message* message = next_request();
        if (answer_request(answer, failed, *message)) {
            Message::free(message);
            continue;
        }
        if (!PyErr_ExceptionMatches(PyExc_MemoryError)) {
            Message::free(message);
            break;
        }
        PyErr_Clear();
        release_interrupts();
        run_handlers_while_idle();
        session::give_back(message);
    }
    session::end();
    return nullptr;
}

PyDoc_STRVAR(hold_interrupts_doc,
             "hold_interrupts()\n--\n\n"
             "Hold SIGINT back until release_interrupts(), or until the reply is made.");
PyDoc_STRVAR(release_interrupts_doc,
             "release_interrupts()\n--\n\n"
             "Let SIGINT through again, and those that came since hold_interrupts().");

PyDoc_STRVAR(compile_program_doc,
             "compile_program(source, filename, /)\n--\n\n"
             "The code of a program, and that of its last statement if it is an expression, else\n"
             "None.");

PyMethodDef methods[] = {
    {"compile_program", heddle_compile_program, METH_VARARGS, compile_program_doc},
    {"hold_interrupts", module_hold_interrupts, METH_NOARGS, hold_interrupts_doc},
    {"release_interrupts", module_release_interrupts, METH_NOARGS, release_interrupts_doc},
    {"serve", serve, METH_VARARGS, serve_doc},
    {nullptr, nullptr, 0, nullptr},
};

int add_constants(PyObject* module) {
    if (PyModule_AddIntConstant(module, "MAX_DEPTH", HEDDLE_MAX_DEPTH) < 0) return -1;
    return PyModule_AddIntConstant(module, "MAX_FRAMES", HEDDLE_MAX_FRAMES);
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(add_constants)},
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
    {0, nullptr},
};

PyDoc_STRVAR(module_doc, "The Python end of a Heddle session; see heddle_session.");

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_heddle", module_doc, 0, methods, slots, nullptr, nullptr, nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__heddle(void) { return PyModuleDef_Init(&definition); }
