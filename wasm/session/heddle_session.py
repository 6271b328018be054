"""Heddle's session: runs the code that loadPython().run() sends, in the namespace of __main__."""
# SPDX-License-Identifier: MIT
#
# js/src/session/protocol.js describes the messages, js/src/session/value-codec.js the copying of values. Little is
# imported before the first answer, because it would delay every start: _json is the C half of json; linecache and
# traceback come when there is time, or need.

import _heddle
import _json
import builtins
import heddle_streams
import sys

# Containers nested deeper than this arrive as their repr: both sides walk them recursively.
MAX_DEPTH = _heddle.MAX_DEPTH
# Integers beyond this are not exact as a JavaScript number.
MAX_SAFE_INTEGER = 2**53 - 1
# Sources kept for tracebacks of runs that were given no filename.
MAX_UNNAMED_SOURCES = 256
# Frames listed with an error, the innermost ones.
MAX_FRAMES = _heddle.MAX_FRAMES

# For the functions of this file: the user's code may delete builtins.
__builtins__ = vars(builtins).copy()

_here = sys._getframe().f_code.co_filename
_unnamed_runs = 0

# The user's code may delete modules too. Python cannot make these again: a second sys would know no streams.
_modules = sys.modules
_main = _modules["__main__"]
_irreplaceable = {
    name: _modules[name]
    for name in (
        "builtins",
        "sys",
        "_imp",
        "_frozen_importlib",
        "_frozen_importlib_external",
        "encodings",
        "_heddle",
    )
}


# ---- Messages: a length, JSON, and the bytes that the JSON refers to ---------------------------


class _JSONSettings:
    """What the JSON scanner reads its settings from."""

    strict = True
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = None
    memo = None

    def __init__(self, object_hook):
        self.object_hook = object_hook


def unpack(message, decode_values=True):
    """The JSON value of a message, its tagged values decoded if asked for."""
    size = int.from_bytes(message[:4], "little")
    blobs = memoryview(message)[4 + size :]
    text = str(message[4 : 4 + size], "utf-8")
    hook = (lambda tagged: _decode(tagged, blobs)) if decode_values else None
    return _json.make_scanner(_JSONSettings(hook))(text, 0)[0]


def pack(value, blobs=()):
    """The message for a JSON value and the bytes objects that it refers to."""
    encoder = _json.make_encoder(
        None, None, _json.encode_basestring_ascii, None, ":", ",", False, False, False
    )
    text = "".join(encoder(value, 0)).encode("ascii")
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])


# ---- Values: JSON, with one-key objects for what JSON has no word for -------------------------


def _decode(tagged, blobs):
    """The Python value of a JSON object; an object with several keys is a message, left alone."""
    if len(tagged) != 1:
        return tagged
    ((tag, value),) = tagged.items()
    match tag:
        case "n":
            return int(value, 16)
        case "f":
            return float(value)
        case "b":
            start, size = value
            return bytes(blobs[start : start + size])
        case "d":
            return dict(zip(value[::2], value[1::2]))
        case "s":
            return set(value)
    return tagged


class Encoder:
    """Turns values into JSON values, collecting the bytes objects beside them."""

    def __init__(self):
        self.blobs = []
        self._blob_bytes = 0
        self._inside = set()  # ids of the containers around the value at hand

    def encode(self, value):
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            value = int(value)
            if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
                return value
            return {"n": format(value, "x")}
        if isinstance(value, float):
            value = float(value)
            # A NaN is unequal to itself; an infinity minus itself is a NaN.
            return value if value - value == 0 else {"f": repr(value)}
        if isinstance(value, (bytes, bytearray)):
            return self._blob(bytes(value))
        if isinstance(value, memoryview):
            return self._blob(value.tobytes())
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return self._container(value)
        return _representation(value)

    def _blob(self, data):
        start = self._blob_bytes
        self.blobs.append(data)
        self._blob_bytes += len(data)
        return {"b": [start, len(data)]}

    def _container(self, value):
        mark = id(value)
        if mark in self._inside or len(self._inside) >= MAX_DEPTH:
            return _representation(value)
        self._inside.add(mark)
        try:
            encode = self.encode
            if isinstance(value, (list, tuple)):
                return [encode(item) for item in value]
            if isinstance(value, dict):
                return {"d": [encode(part) for item in value.items() for part in item]}
            return {"s": [encode(item) for item in value]}
        finally:
            self._inside.discard(mark)


def _representation(value):
    """A value that is not copied: its type and its repr."""
    try:
        text = str.__str__(repr(value))
    except Exception as error:
        text = f"<{_type_name(type(value))} object, whose repr() raised {_type_name(type(error))}>"
    return {"r": [_type_name(type(value)), text]}


def _type_name(kind):
    module = kind.__module__
    if module in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{module}.{kind.__qualname__}"


# ---- Errors ---------------------------------------------------------------------------------------


def _users_traceback(error):
    """The traceback without the frames of this file that the user's code was called from."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == _here:
        frames = frames.tb_next
    return frames


def describe_error(error, encoder):
    """The JSON value for an exception, with the traceback as Python prints it."""
    frames = error.__traceback__
    try:
        message = str(error)  # may be the user's own and hang, so Stop must end it
    except Exception:
        message = "<exception str() failed>"
    except BaseException as stop:
        stop.__context__ = None  # or its traceback would ask for the same str() again
        raise
    _heddle.hold_interrupts()
    try:
        _restore_modules()
        import traceback

        text = "".join(traceback.format_exception(type(error), error, frames))
    except Exception:  # memory is out, or the exception's own methods fail
        text = f"{_type_name(type(error))}: {message}\n"
    described = {
        "type": _type_name(type(error)),
        "message": message,
        "traceback": text,
        "frames": _frames(error, frames),
    }
    if isinstance(error, SystemExit):
        described["code"] = encoder.encode(error.code)
    return described


def _frames(error, frames):
    """Where the error came from, outermost first; for a SyntaxError, the place it complains of."""
    found = []
    while frames is not None:
        code = frames.tb_frame.f_code
        found.append(
            {"filename": code.co_filename, "line": frames.tb_lineno, "name": code.co_name}
        )
        frames = frames.tb_next
    if isinstance(error, SyntaxError) and isinstance(error.lineno, int):
        filename = error.filename if isinstance(error.filename, str) else "<unknown>"
        found.append({"filename": filename, "line": error.lineno, "name": "<module>"})
    return found[-MAX_FRAMES:]


# ---- Running ------------------------------------------------------------------------------------


def _restore_modules():
    """Puts back what sys.modules must have, so that no run takes the next one's imports away."""
    vars(sys).setdefault("modules", _modules)
    _modules.update(_irreplaceable)


def _main_namespace():
    """The variables of __main__, of the first one if the user's code has deleted it."""
    module = _modules.get("__main__")
    if not isinstance(module, type(sys)):
        module = _modules["__main__"] = _main
    namespace = module.__dict__
    namespace.setdefault("__builtins__", builtins)  # or exec() would set this file's
    return namespace


def _remember_source(filename, code):
    """Lets tracebacks, of all threads and of later runs, show the lines of this code."""
    try:
        import linecache
    except Exception:  # the user's code has broken imports; its next run may mend them
        return
    lines = code.splitlines(keepends=True)
    linecache.cache[filename] = (len(code), None, lines, filename)


def _unnamed():
    """A name for code that was given none: one of its own, so that old functions keep their lines."""
    global _unnamed_runs
    _unnamed_runs += 1
    if _unnamed_runs > MAX_UNNAMED_SOURCES:
        import linecache

        linecache.cache.pop(f"<run {_unnamed_runs - MAX_UNNAMED_SOURCES}>", None)
    return f"<run {_unnamed_runs}>"


def execute(code, filename, namespace):
    """Runs the code; the value of its last statement, if that is an expression, else None."""
    body, value = _heddle.compile_program(code, filename)
    exec(body, namespace)
    return None if value is None else eval(value, namespace)


def _flush():
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except Exception:
            pass  # closed, replaced or deleted by the user's code


def answer(message):
    """The reply to a request."""
    encoder = Encoder()
    try:
        # An interrupt that comes before the code begins is raised where it would begin.
        _heddle.hold_interrupts()
        request = unpack(message)
        filename = request.get("filename")
        if filename is None:
            filename = _unnamed()
        code = request["code"]
        _restore_modules()
        _remember_source(filename, code)
        namespace = _main_namespace()
        namespace.update(request.get("globals") or {})
        _heddle.release_interrupts()
        value = encoder.encode(execute(code, filename, namespace))
        reply = {"type": "heddle:result", "id": request["id"], "value": value}
    except BaseException as error:
        return failed(message, error)
    _flush()
    return pack(reply, encoder.blobs)


def failed(message, error):
    """The reply to a request that raised, or that was interrupted between two lines of answer()."""
    # An interrupt that hit between two lines of this file, when the code had raised already, is one
    # too many: the code's own exception counts.
    while error.__context__ is not None and _users_traceback(error) is None:
        error = error.__context__
    error.__traceback__ = _users_traceback(error)
    sys.last_exc = error
    encoder = Encoder()
    described = describe_error(error, encoder)
    _flush()
    request_id = unpack(message, decode_values=False)["id"]
    reply = {"type": "heddle:error", "id": request_id, "error": described}
    return pack(reply, encoder.blobs)


def main():
    """Says that Python is ready, then answers requests for ever."""
    heddle_streams.install()
    sys.argv[0] = ""
    sys.path.insert(0, "")  # the current folder, as at python's own prompt
    greeting = pack({"type": "heddle:ready", "version": sys.version})
    _heddle.serve(greeting, answer, failed)
