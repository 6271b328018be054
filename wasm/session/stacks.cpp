// Stacks: where each Python thread is, as JSON, read by the host thread while they run.
// SPDX-License-Identifier: MIT
//
// Overview
//   The host thread must not wait for the GIL: the thread to be seen may hold it in a long C call,
//   or all of them may be in a deadlock. So the frames are read as they lie in memory, without the
//   GIL. CPython's lock over the list of threads is held meanwhile: no thread state goes away.
//
// Torn reads
//   A thread that runs goes on while it is read. A frame may end, and its code object be freed,
//   between two loads. So nothing is believed: an object counts only if it lies in memory and has
//   the type that is expected, an instruction only if it lies in its code. Anything else ends that
//   thread's list. Threads that wait, or are in a C call, do not change and are exact.
#include "cpython/cpython_internals.h"

extern "C" {
#include "pycore_code.h"
#include "pycore_frame.h"
}

#include "heddle/text_writer.h"
#include "heddle/thread.h"
#include "heddle/time.h"
#include "host/host.h"

namespace {

constexpr int kMaxFrames = HEDDLE_MAX_FRAMES;
constexpr Py_ssize_t kMaxNameChars = 500;
constexpr size_t kWasmPageBytes = 65536;

template <typename T>
T load(T const& place) {
    return __atomic_load_n(&place, __ATOMIC_RELAXED);
}

// Whether size bytes at the address are in memory, so that reading them does not trap.
bool is_readable(const void* address, size_t size) {
    const size_t start = reinterpret_cast<size_t>(address);
    const size_t end = __builtin_wasm_memory_size(0) * kWasmPageBytes;
    return start != 0 && start % alignof(void*) == 0 && start <= end && size <= end - start;
}

bool is_a(PyObject* object, PyTypeObject* type) {
    return is_readable(object, static_cast<size_t>(type->tp_basicsize)) &&
           load(object->ob_type) == type;
}

// A UTF-16 unit as JSON escapes it.
void put_unit(heddle::TextWriter& json, Py_UCS4 unit) {
    json.put("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
        json.put_char("0123456789abcdef"[unit >> shift & 0xF]);
    }
}

// A character of a JSON string, all in ASCII. Surrogates and 0 become U+FFFD.
void put_character(heddle::TextWriter& json, Py_UCS4 c) {
    if (c >= 0x10000) {
        put_unit(json, 0xD800 + ((c - 0x10000) >> 10 & 0x3FF));
        put_unit(json, 0xDC00 + (c & 0x3FF));
    } else if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
        json.put_char(static_cast<char>(c));
    } else {
        const bool is_none = c == 0 || (c >= 0xD800 && c < 0xE000);
        put_unit(json, is_none ? 0xFFFD : c);
    }
}

void put_string(heddle::TextWriter& json, PyObject* string) {
    json.put_char('"');
    if (is_a(string, &PyUnicode_Type) && PyUnicode_IS_COMPACT(string)) {
        const auto kind = PyUnicode_KIND(string);
        Py_ssize_t length = PyUnicode_GET_LENGTH(string);
        if (length > kMaxNameChars) length = kMaxNameChars;
        const void* data = PyUnicode_DATA(string);
        const bool whole =
            length >= 0 && is_readable(string, sizeof(PyCompactUnicodeObject) +
                                                   static_cast<size_t>(length) * kind);
        for (Py_ssize_t i = 0; whole && i < length; ++i) {
            put_character(json, PyUnicode_READ(kind, data, i));
        }
    }
    json.put_char('"');
}

// One call on a thread's stack.
struct Call {
    PyCodeObject* code;
    int offset;  // of the instruction in the code, in bytes
};

// Whether the frame is a call of Python code, and which. A frame that was just entered, and has not
// reached its first line, is none.
bool read_call(_PyInterpreterFrame* frame, Call* out) {
    PyObject* executable = load(frame->f_executable);
    if (!is_a(executable, reinterpret_cast<PyTypeObject*>(&PyCode_Type))) return false;
    auto* code = reinterpret_cast<PyCodeObject*>(executable);
    const auto offset = load(frame->instr_ptr) - _PyCode_CODE(code);
    if (offset < 0 || offset >= Py_SIZE(code)) return false;
    *out = {code, static_cast<int>(offset) * static_cast<int>(sizeof(_Py_CODEUNIT))};
    return true;
}

// The line of the instruction, or 0. PyCode_Addr2Line() would believe the code object, which may be
// gone by now, as module code is once the module has been imported.
uint64_t line_of(const Call& call) {
    PyObject* table = load(call.code->co_linetable);
    if (!is_a(table, &PyBytes_Type)) return 0;
    const Py_ssize_t size = load(reinterpret_cast<PyVarObject*>(table)->ob_size);
    // In bytes that are no table, a number may seem to go on beyond their end.
    constexpr size_t kBeyond = 256;
    if (size < 0 ||
        !is_readable(table, sizeof(PyBytesObject) + static_cast<size_t>(size) + kBeyond)) {
        return 0;
    }
    PyCodeAddressRange range;
    _PyLineTable_InitAddressRange(reinterpret_cast<PyBytesObject*>(table)->ob_sval, size,
                                  load(call.code->co_firstlineno), &range);
    while (range.ar_end <= call.offset) {
        if (!_PyLineTable_NextAddressRange(&range)) return 0;
    }
    return range.ar_line > 0 ? static_cast<uint64_t>(range.ar_line) : 0;
}

void put_frames(heddle::TextWriter& json, PyThreadState* thread) {
    Call calls[kMaxFrames];
    int count = 0;
    _PyInterpreterFrame* frame = load(thread->current_frame);
    // Twice: between two calls there may be a frame that only marks where C code called Python.
    for (int i = 0; i < 2 * kMaxFrames && count < kMaxFrames; ++i) {
        if (!is_readable(frame, sizeof *frame)) break;
        if (frame->owner != FRAME_OWNED_BY_CSTACK && read_call(frame, &calls[count])) ++count;
        frame = load(frame->previous);
    }
    bool first = true;
    while (count-- > 0) {
        const Call& call = calls[count];
        json.put(first ? "{\"filename\":" : ",{\"filename\":");
        first = false;
        put_string(json, load(call.code->co_filename));
        json.put(",\"line\":");
        json.put_number(line_of(call));
        json.put(",\"name\":");
        put_string(json, load(call.code->co_qualname));
        json.put("}");
    }
}

bool lock_thread_list(PyMutex* mutex) {
    const heddle::Deadline patience = heddle::deadline_after(heddle::kLookPatienceNs);
    do {
        if (_PyMutex_LockTimed(mutex, /*timeout=*/0, _Py_LOCK_DONT_DETACH) == PY_LOCK_ACQUIRED) {
            return true;
        }
    } while (heddle::time_left_ns(patience) > 0);
    return false;
}

}  // namespace

extern "C" size_t heddle_python_stacks(char* buffer, size_t capacity) {
    heddle::TextWriter json(buffer, capacity);
    PyMutex* mutex = &_PyRuntime.interpreters.mutex;
    json.put("[");
    if (lock_thread_list(mutex)) {
        PyInterpreterState* interpreter = _PyRuntime.interpreters.main;
        PyThreadState* thread = interpreter != nullptr ? interpreter->threads.head : nullptr;
        for (bool first = true; thread != nullptr; thread = thread->next, first = false) {
            json.put(first ? "{\"ident\":" : ",{\"ident\":");
            json.put_number(thread->thread_id);
            json.put(",\"frames\":[");
            put_frames(json, thread);
            json.put("]}");
        }
        PyMutex_Unlock(mutex);
    }
    json.put("]");
    return json.finish();
}
