// The program python.wasm: starts CPython on the main worker, as a command line or as a session.
// SPDX-License-Identifier: MIT
//
// The host passes Python's own command line, or `--heddle-session` as its first argument, and tells
// the rest through the environment: HEDDLE_CWD, the folder to start in. Both are taken away before
// Python sees them.

#include <Python.h>
#include <errno.h>
#include <fcntl.h>
#include <heddle/heddle.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpython/c_recursion.h"
#include "cpython/due_handlers.h"
#include "cpython/native_stack.h"
#include "cpython/readline_hook.h"
#include "host/host.h"
#include "program/main_stack.h"
#include "program/urllib3.h"
#include "program/warm.h"

extern "C" PyObject* PyInit__heddle();
extern "C" PyObject* PyInit__heddle_keys();

namespace {

// getpath finds the standard library (<prefix>/lib/python3.13) from here.
constexpr const wchar_t* kExecutable = L"/usr/local/bin/python3.13";
// getpath looks for compiled extension modules here and warns when the folder is not there.
constexpr const char* kDynloadFolder = HEDDLE_STDLIB_FOLDER "/lib-dynload";

// Python's own exit codes.
constexpr int kExitFailed = 1;
constexpr int kExitOutputLost = 120;  // what was printed could not be written

void make_path(const char* path) {
    char part[256];
    for (size_t i = 1; path[i - 1] != '\0' && i < sizeof part; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        mkdir(part, 0755);
    }
}

void enter_folder() {
    const char* folder = getenv("HEDDLE_CWD");
    if (folder == nullptr) return;
    if (chdir(folder) != 0) {
        fprintf(stderr, "heddle: cannot start in %s: %s\n", folder, strerror(errno));
    }
    unsetenv("HEDDLE_CWD");
}

PyStatus initialize(int argc, char** argv) {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    // First, because it preinitialises Python, which must see options like -X utf8 and -E.
    PyStatus status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) {
        status = PyConfig_SetString(&config, &config.executable, kExecutable);
    }
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    return status;
}

// collections.abc is a name that the package collections adds to sys.modules itself, in its first
// lines: a thread that asks for it while another thread still reads the package's file is told that
// there is no such module. Added here, it is there from the beginning, as os.path is.
void add_collections_abc() {
    PyObject* module = PyImport_ImportModule("_collections_abc");
    if (module == nullptr ||
        PyMapping_SetItemString(PyImport_GetModuleDict(), "collections.abc", module) < 0) {
        PyErr_Print();
    }
    Py_XDECREF(module);
}

// Serves requests until the host ends the program, or until the session fails.
int run_session() {
    PyObject* module = PyImport_ImportModule("heddle_session");
    if (module != nullptr) (void)PyObject_CallMethod(module, "main", nullptr);
    PyErr_Print();
    Py_XDECREF(module);
    return Py_FinalizeEx() < 0 ? kExitOutputLost : kExitFailed;
}

int run(int argc, char** argv) {
    heddle_main_thread_attach();
    make_path(kDynloadFolder);
    enter_folder();
    // The new prompt needs a terminal that this process does not own; the host edits lines instead.
    setenv("PYTHON_BASIC_REPL", "1", /*overwrite=*/1);

    bool session = argc > 1 && strcmp(argv[1], "--heddle-session") == 0;
    if (session) {
        argv[1] = argv[0];
        argv++;
        argc--;
    }
    // Warm carriers' workers load while Python initialises.
    if (session) heddle::make_warm_carriers();
    PyImport_AppendInittab("_heddle", PyInit__heddle);
    PyImport_AppendInittab("_heddle_keys", PyInit__heddle_keys);
    heddle_add_urllib3_module();
    heddle::install_readline_hook();
    heddle::install_due_check();
    PyStatus status = initialize(argc, argv);
    if (PyStatus_IsExit(status)) return status.exitcode;
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    PyThreadState_Get()->c_recursion_remaining =
        heddle_c_recursion_levels(heddle_thread_own_stack_bytes(), heddle_native_stack_bytes());
    add_collections_abc();
    return session ? run_session() : Py_RunMain();
}

}  // namespace

int main(int argc, char** argv) { return heddle_run_on_main_stack(run, argc, argv); }
