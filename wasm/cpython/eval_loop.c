// The bytecode interpreter: functions that end by calling the next instruction's function.
// SPDX-License-Identifier: MIT
//
// Overview
//   CPython's own loop is one C function with a switch over all instructions. WebAssembly engines
//   are bad at it. V8 exchanges a function's first, slow code for the optimised one only when the
//   function is called again, so a Python loop could stay in the slow code for as long as it ran.
//   And all of its hundreds of kilobytes are compiled before the first instruction runs.
//
//   Here each instruction is a small function that calls the next one in tail position. Its
//   variables are arguments, in registers. It is optimised on its own, and used at once. An
//   instruction that a program does not execute is not compiled at all. A call through a table
//   costs more than a jump in a switch, though. So the instructions that programs execute most
//   (hot_instructions.h) are together in one function with a switch, hot_loop(), which is small
//   enough to be compiled soon and well. Every hundredth turn of a Python loop or Python call
//   leaves it and enters it again, and so finds the optimised code as soon as it is there.
//
//   The instructions are CPython's, from its generated_cases.c.h as it is. Only the macros that
//   they are written in (TARGET, DISPATCH, ...) get another meaning. The build makes
//   instruction_table.h of CPython's opcode_targets.h. ceval.c is compiled with this file, for all
//   else that it has. Its own loop gets another name, and the linker drops it, as nobody calls it.
//
// State
//   The local variables of CPython's loop are passed on as arguments. `word` is oparg in its lower
//   half and the opcode in its upper one. So all fit into the five registers that V8 has for them.
#include "Python.h"
#include "pycore_ceval.h"
#include "pycore_emscripten_signal.h"

#include "cpython/hot_instructions.h"

// Signals are the core's: nobody needs to look for them at the host every few instructions.
#undef _Py_CHECK_EMSCRIPTEN_SIGNALS_PERIODICALLY
#define _Py_CHECK_EMSCRIPTEN_SIGNALS_PERIODICALLY() ((void)0)
#undef Py_EMSCRIPTEN_SIGNAL_HANDLING
#define Py_EMSCRIPTEN_SIGNAL_HANDLING 0
#define _Py_emscripten_signal_clock ((int){1})

#define _PyEval_EvalFrameDefault heddle_unused_switch_loop
#include "ceval.c"
#undef _PyEval_EvalFrameDefault

// Each handler has all the parameters and labels, whether it uses them or not.
#define MAYBE_UNUSED __attribute__((unused))

#define PARAMETERS                                                               \
    _PyInterpreterFrame *frame, PyObject **stack_pointer, PyThreadState *tstate, \
        _Py_CODEUNIT *next_instr, MAYBE_UNUSED uint64_t word
#define ARGUMENTS frame, stack_pointer, tstate, next_instr, (uint32_t)oparg | (uint64_t)opcode << 32
#define GO_ON(function) __attribute__((musttail)) return function(ARGUMENTS)
#define HANDLER(name) static PyObject* name(PARAMETERS)

typedef PyObject* (*handler_t)(PARAMETERS);
static const handler_t handlers[256];

HANDLER(start_frame);
HANDLER(resume_frame);
HANDLER(raise_error);
HANDLER(unwind_exception);
HANDLER(unwind_frame);

// What the labels of CPython's loop were.
#define LABEL(name) \
    name:           \
    MAYBE_UNUSED
#define LABELS               \
    LABEL(pop_4_error);      \
    stack_pointer--;         \
    LABEL(pop_3_error);      \
    stack_pointer--;         \
    LABEL(pop_2_error);      \
    stack_pointer--;         \
    LABEL(pop_1_error);      \
    stack_pointer--;         \
    LABEL(error);            \
    GO_ON(raise_error);      \
    LABEL(exception_unwind); \
    GO_ON(unwind_exception); \
    LABEL(start_frame);      \
    GO_ON(start_frame);      \
    LABEL(resume_frame);     \
    GO_ON(resume_frame)

#undef TARGET
#define TARGET(op)                       \
    LABELS;                              \
    }                                    \
    HANDLER(TARGET_##op) {               \
        int oparg = (int)(uint32_t)word; \
        uint8_t opcode = op;

// Instructions that find themselves specialised for other types go on in the middle of their
// general form. Its function bears the opcode's number, because CPython's macros pass that on.
#define NAME_OF_PREDICTED(number) predicted_##number
#define PREDICTED_HANDLER(op) NAME_OF_PREDICTED(op)
#undef GO_TO_INSTRUCTION
#define GO_TO_INSTRUCTION(op) GO_ON(PREDICTED_HANDLER(op))

#undef PREDICTED
#define PREDICTED(op)                           \
    GO_TO_INSTRUCTION(op);                      \
    }                                           \
    LABELS;                                     \
    }                                           \
    HANDLER(PREDICTED_HANDLER(op)) {            \
        int oparg = (int)(uint32_t)word;        \
        uint8_t opcode = (uint8_t)(word >> 32); \
        {
#undef DISPATCH_GOTO
#define DISPATCH_GOTO() GO_ON(handlers[opcode])

// Every one that generated_cases.c.h has.
HANDLER(PREDICTED_HANDLER(BINARY_OP));
HANDLER(PREDICTED_HANDLER(BINARY_SUBSCR));
HANDLER(PREDICTED_HANDLER(CALL));
HANDLER(PREDICTED_HANDLER(CALL_FUNCTION_EX));
HANDLER(PREDICTED_HANDLER(CALL_KW));
HANDLER(PREDICTED_HANDLER(COMPARE_OP));
HANDLER(PREDICTED_HANDLER(CONTAINS_OP));
HANDLER(PREDICTED_HANDLER(FOR_ITER));
HANDLER(PREDICTED_HANDLER(LOAD_ATTR));
HANDLER(PREDICTED_HANDLER(LOAD_GLOBAL));
HANDLER(PREDICTED_HANDLER(LOAD_SUPER_ATTR));
HANDLER(PREDICTED_HANDLER(RESUME));
HANDLER(PREDICTED_HANDLER(SEND));
HANDLER(PREDICTED_HANDLER(STORE_ATTR));
HANDLER(PREDICTED_HANDLER(STORE_SUBSCR));
HANDLER(PREDICTED_HANDLER(TO_BOOL));
HANDLER(PREDICTED_HANDLER(UNPACK_SEQUENCE));

// ---- Between the instructions -----------------------------------------------------------------

// A new frame begins.
HANDLER(start_frame) {
    int oparg = 0;
    uint8_t opcode = 0;
    if (_Py_EnterRecursivePy(tstate)) GO_ON(unwind_frame);
    next_instr = frame->instr_ptr;
    GO_ON(resume_frame);
}

HANDLER(resume_frame) {
    uint8_t opcode;
    int oparg;
    stack_pointer = _PyFrame_GetStackPointer(frame);
    DISPATCH();
}

// An exception is set: notes it in the traceback, and looks for who handles it.
__attribute__((noinline)) HANDLER(raise_error) {
    int oparg = 0;
    uint8_t opcode = 0;
    if (!_PyErr_Occurred(tstate)) {
        _PyErr_SetString(tstate, PyExc_SystemError, "error return without exception set");
    }
    if (!_PyFrame_IsIncomplete(frame)) {
        PyFrameObject* object = _PyFrame_GetFrameObject(frame);
        if (object != NULL) PyTraceBack_Here(object);
    }
    _PyEval_MonitorRaise(tstate, frame, next_instr - 1);
    GO_ON(unwind_exception);
}

static void drop_stack_above(_PyInterpreterFrame* frame, PyObject** stack_pointer, int level) {
    PyObject** const top = _PyFrame_Stackbase(frame) + level;
    while (stack_pointer > top) Py_XDECREF(*--stack_pointer);
}

// The exception goes to the frame's handler for it, or else leaves the frame.
__attribute__((noinline)) HANDLER(unwind_exception) {
    int oparg = 0;
    uint8_t opcode = 0;
    int level, handler, wants_lasti;
    // frame->instr_ptr is no help: RERAISE may have set it to the instruction that raised first.
    if (!get_exception_handler(_PyFrame_GetCode(frame), INSTR_OFFSET() - 1, &level, &handler,
                               &wants_lasti)) {
        drop_stack_above(frame, stack_pointer, 0);
        stack_pointer = _PyFrame_Stackbase(frame);
        _PyFrame_SetStackPointer(frame, stack_pointer);
        monitor_unwind(tstate, frame, next_instr - 1);
        GO_ON(unwind_frame);
    }
    drop_stack_above(frame, stack_pointer, level);
    stack_pointer = _PyFrame_Stackbase(frame) + level;
    if (wants_lasti) {
        PyObject* lasti = PyLong_FromLong(_PyInterpreterFrame_LASTI(frame));
        if (lasti == NULL) GO_ON(unwind_exception);
        *stack_pointer++ = lasti;
    }
    PyObject* exception = _PyErr_GetRaisedException(tstate);
    *stack_pointer++ = exception;
    next_instr = _PyCode_CODE(_PyFrame_GetCode(frame)) + handler;
    if (monitor_handled(tstate, frame, next_instr, exception) < 0) GO_ON(unwind_exception);
    DISPATCH();
}

// The frame ends by an exception, which its caller gets: a Python frame, or the C function that
// called _PyEval_EvalFrameDefault().
HANDLER(unwind_frame) {
    int oparg = 0;
    uint8_t opcode = 0;
    _Py_LeaveRecursiveCallPy(tstate);
    _PyInterpreterFrame* const dying = frame;
    frame = tstate->current_frame = dying->previous;  // unlinked before its objects can run code
    _PyEval_FrameClearAndPop(tstate, dying);
    frame->return_offset = 0;
    if (frame->owner == FRAME_OWNED_BY_CSTACK) {
        tstate->current_frame = frame->previous;
        tstate->c_recursion_remaining += PY_EVAL_C_STACK_UNITS;
        return NULL;
    }
    next_instr = frame->instr_ptr;
    stack_pointer = _PyFrame_GetStackPointer(frame);
    GO_ON(raise_error);
}

// ---- The instructions -------------------------------------------------------------------------

HANDLER(_unknown_opcode) {
    int oparg = (int)(uint32_t)word;
    uint8_t opcode = 0;
    _PyErr_Format(tstate, PyExc_SystemError, "%U:%d: unknown opcode %d",
                  _PyFrame_GetCode(frame)->co_filename, PyUnstable_InterpreterFrame_GetLine(frame),
                  next_instr->op.code);
    GO_ON(raise_error);
}

// Runs what watches lines (sys.settrace, sys.monitoring), then the instruction that this one stands
// for. It is not in generated_cases.c.h because it begins differently from all others.
HANDLER(TARGET_INSTRUMENTED_LINE) {
    uint8_t opcode = 0;
    int oparg = (int)(uint32_t)word;
    _Py_CODEUNIT* const before = frame->instr_ptr;
    _Py_CODEUNIT* const here = next_instr;
    frame->instr_ptr = here;
    int original;
    if (tstate->tracing) {
        const PyCodeObject* code = _PyFrame_GetCode(frame);
        const _PyCoLineInstrumentationData* lines = code->_co_monitoring->lines;
        original = lines->data[(here - _PyCode_CODE(code)) * lines->bytes_per_entry];
    } else {
        _PyFrame_SetStackPointer(frame, stack_pointer);
        original = _Py_call_instrumentation_line(tstate, frame, here, before);
        stack_pointer = _PyFrame_GetStackPointer(frame);
        if (original < 0) {
            next_instr = here + 1;
            GO_ON(raise_error);
        }
        next_instr = frame->instr_ptr;
        if (next_instr != here) DISPATCH();  // the watcher jumped (frame.f_lineno was set)
    }
    if (_PyOpcode_Caches[original]) {
        _PyBinaryOpCache* cache = (_PyBinaryOpCache*)(next_instr + 1);
        PAUSE_ADAPTIVE_COUNTER(cache->counter);  // a specialisation would overwrite the watching
    }
    opcode = (uint8_t)original;
    DISPATCH_GOTO();
}

// The first TARGET() in the file closes this one.
MAYBE_UNUSED HANDLER(unused_first) {
    int oparg = 0;
    uint8_t opcode = 0;
    goto error;
#include "generated_cases.c.h"
    LABELS;
}

// The hot ones once more, in one function. The others' cases can never be: the compiler drops them.
#define TURNS_AT_ONCE 100
#undef TARGET
#define TARGET(op)                                      \
    case (IS_HOT(HOT_##op) ? op : op + 256):         \
        if (!IS_HOT(HOT_##op)) __builtin_unreachable(); \
        if ((op == RESUME_CHECK || op == JUMP_BACKWARD) && --turns == 0) GO_ON(TARGET_##op);
#undef PREDICTED
#define PREDICTED(op) (void)0
// The opcode is hidden from the compiler: it would otherwise keep the undivided word for oparg and
// opcode, and engines then write that to memory and read it back before each instruction.
#undef DISPATCH_GOTO
#define DISPATCH_GOTO()             \
    do {                            \
        __asm__("" : "+r"(opcode)); \
        goto dispatch;              \
    } while (0)
// An opcode to pass on would stay alive across the instructions. Only general forms (CALL, ...)
// read it, to know whether they are watched (INSTRUMENTED_CALL, ...). What is watched is never hot.
#undef ARGUMENTS
#define ARGUMENTS frame, stack_pointer, tstate, next_instr, (uint32_t)oparg

HANDLER(hot_loop) {
    int oparg = (int)(uint32_t)word;
    unsigned opcode = (unsigned)(word >> 32);
    int turns = TURNS_AT_ONCE;
dispatch:
    switch (opcode) {
#include "generated_cases.c.h"
        default:
            GO_ON(handlers[opcode]);
    }
    LABELS;
}

#define ENTRY(op) IS_HOT(HOT_##op) ? hot_loop : TARGET_##op
static const handler_t handlers[256] = {
#include "instruction_table.h"
};

// ---- From and to C ----------------------------------------------------------------------------

// Runs a frame and what it calls until it returns, and pops it. NULL: with an exception set.
PyObject* _PyEval_EvalFrameDefault(PyThreadState* tstate, _PyInterpreterFrame* frame,
                                   int throwflag) {
    // Returning from `frame` ends in this one, whose instructions leave the handlers.
    _PyInterpreterFrame entry = {
        .f_executable = Py_None,
        .instr_ptr = (_Py_CODEUNIT*)_Py_INTERPRETER_TRAMPOLINE_INSTRUCTIONS + 1,
        .owner = FRAME_OWNED_BY_CSTACK,
        .previous = tstate->current_frame,
    };
    frame->previous = &entry;
    tstate->current_frame = frame;

    tstate->c_recursion_remaining -= PY_EVAL_C_STACK_UNITS - 1;
    if (_Py_EnterRecursiveCallTstate(tstate, "")) {
        tstate->c_recursion_remaining--;
        tstate->py_recursion_remaining--;
        return unwind_frame(frame, NULL, tstate, NULL, 0);
    }
    if (!throwflag) return start_frame(frame, NULL, tstate, NULL, 0);

    // generator.throw() begins with the exception, not with RESUME, which does these two steps.
    if (_Py_EnterRecursivePy(tstate)) return unwind_frame(frame, NULL, tstate, NULL, 0);
    _Py_Instrument(_PyFrame_GetCode(frame), tstate->interp);
    monitor_throw(tstate, frame, frame->instr_ptr);
    return raise_error(frame, _PyFrame_GetStackPointer(frame), tstate, frame->instr_ptr, 0);
}
