// The instructions that eval_loop.c keeps together in one function: what programs mostly execute.
// SPDX-License-Identifier: MIT
//
// Chosen for what common programs execute, and tried on those of bench/. The fewer there are, the
// sooner the function is compiled.
#ifndef HEDDLE_HOT_INSTRUCTIONS_H_
#define HEDDLE_HOT_INSTRUCTIONS_H_

// IS_HOT(HOT_NOP) is 1 where HOT_NOP is defined, else 0.
#define HEDDLE_SECOND(first, second, ...) second
#define IS_HOT(mark) HEDDLE_SECOND(mark 1, 0)

// Locals, constants, the stack
#define HOT_LOAD_FAST ~,
#define HOT_LOAD_FAST_CHECK ~,
#define HOT_LOAD_FAST_LOAD_FAST ~,
#define HOT_STORE_FAST ~,
#define HOT_STORE_FAST_LOAD_FAST ~,
#define HOT_STORE_FAST_STORE_FAST ~,
#define HOT_LOAD_CONST ~,
#define HOT_LOAD_DEREF ~,
#define HOT_STORE_DEREF ~,
#define HOT_POP_TOP ~,
#define HOT_COPY ~,
#define HOT_SWAP ~,
#define HOT_PUSH_NULL ~,
#define HOT_NOP ~,

// Names and attributes
#define HOT_LOAD_NAME ~,
#define HOT_STORE_NAME ~,
#define HOT_LOAD_GLOBAL_BUILTIN ~,
#define HOT_LOAD_GLOBAL_MODULE ~,
#define HOT_LOAD_ATTR_CLASS ~,
#define HOT_LOAD_ATTR_INSTANCE_VALUE ~,
#define HOT_LOAD_ATTR_METHOD_NO_DICT ~,
#define HOT_LOAD_ATTR_METHOD_WITH_VALUES ~,
#define HOT_LOAD_ATTR_MODULE ~,
#define HOT_LOAD_ATTR_SLOT ~,
#define HOT_LOAD_ATTR_WITH_HINT ~,
#define HOT_STORE_ATTR_INSTANCE_VALUE ~,
#define HOT_STORE_ATTR_SLOT ~,

// Arithmetic and comparison
#define HOT_BINARY_OP ~,
#define HOT_BINARY_OP_ADD_FLOAT ~,
#define HOT_BINARY_OP_ADD_INT ~,
#define HOT_BINARY_OP_MULTIPLY_FLOAT ~,
#define HOT_BINARY_OP_MULTIPLY_INT ~,
#define HOT_BINARY_OP_SUBTRACT_FLOAT ~,
#define HOT_BINARY_OP_SUBTRACT_INT ~,
#define HOT_COMPARE_OP_FLOAT ~,
#define HOT_COMPARE_OP_INT ~,
#define HOT_COMPARE_OP_STR ~,
#define HOT_CONTAINS_OP ~,
#define HOT_CONTAINS_OP_DICT ~,
#define HOT_CONTAINS_OP_SET ~,
#define HOT_IS_OP ~,
#define HOT_UNARY_NEGATIVE ~,
#define HOT_UNARY_NOT ~,
#define HOT_TO_BOOL_ALWAYS_TRUE ~,
#define HOT_TO_BOOL_BOOL ~,
#define HOT_TO_BOOL_INT ~,
#define HOT_TO_BOOL_LIST ~,
#define HOT_TO_BOOL_NONE ~,

// Containers
#define HOT_BINARY_SUBSCR ~,
#define HOT_BINARY_SUBSCR_DICT ~,
#define HOT_BINARY_SUBSCR_LIST_INT ~,
#define HOT_BINARY_SUBSCR_TUPLE_INT ~,
#define HOT_STORE_SUBSCR ~,
#define HOT_STORE_SUBSCR_DICT ~,
#define HOT_STORE_SUBSCR_LIST_INT ~,
#define HOT_BUILD_LIST ~,
#define HOT_BUILD_TUPLE ~,
#define HOT_LIST_APPEND ~,
#define HOT_UNPACK_SEQUENCE_LIST ~,
#define HOT_UNPACK_SEQUENCE_TUPLE ~,
#define HOT_UNPACK_SEQUENCE_TWO_TUPLE ~,

// Jumps and loops
#define HOT_JUMP_BACKWARD ~,
#define HOT_JUMP_FORWARD ~,
#define HOT_POP_JUMP_IF_FALSE ~,
#define HOT_POP_JUMP_IF_NONE ~,
#define HOT_POP_JUMP_IF_NOT_NONE ~,
#define HOT_POP_JUMP_IF_TRUE ~,
#define HOT_GET_ITER ~,
#define HOT_FOR_ITER ~,
#define HOT_FOR_ITER_GEN ~,
#define HOT_FOR_ITER_LIST ~,
#define HOT_FOR_ITER_RANGE ~,
#define HOT_FOR_ITER_TUPLE ~,
#define HOT_END_FOR ~,
#define HOT_YIELD_VALUE ~,

// Calls
#define HOT_CALL_BOUND_METHOD_EXACT_ARGS ~,
#define HOT_CALL_BUILTIN_FAST ~,
#define HOT_CALL_BUILTIN_O ~,
#define HOT_CALL_ISINSTANCE ~,
#define HOT_CALL_LEN ~,
#define HOT_CALL_LIST_APPEND ~,
#define HOT_CALL_METHOD_DESCRIPTOR_FAST ~,
#define HOT_CALL_METHOD_DESCRIPTOR_NOARGS ~,
#define HOT_CALL_METHOD_DESCRIPTOR_O ~,
#define HOT_CALL_PY_EXACT_ARGS ~,
#define HOT_RESUME_CHECK ~,
#define HOT_RETURN_CONST ~,
#define HOT_RETURN_VALUE ~,

#endif  // HEDDLE_HOT_INSTRUCTIONS_H_
