// What `heddle -h` and `heddle serve -h` print.
// SPDX-License-Identifier: MIT
// @ts-check

export const HELP = `usage: heddle [option] ... [-c cmd | -m mod | file | -] [arg] ...
       heddle serve [folder] [--port=8000]   (heddle serve -h says more)
       heddle verify                         (which build this is, and whether its files are whole)
Runs Python programs on CPython 3.13 in WebAssembly, with real threads.

The program comes from:
  file     a file                    -c cmd   the command line (ends the options)
  -        standard input            -m mod   a module (ends the options)
  (none)   the interactive prompt, or standard input if it is no terminal

Python's own options, as python3.13 has them:
  -b -B -d -E -i -I -O -OO -P -q -s -S -u -v -V -x -W arg -X opt
  --check-hash-based-pycs arg, --help-env, --help-xoptions, --help-all

Heddle's options:
  --mount=FOLDER[:PATH]  the program may read and write this folder too, at its own path or at
                    PATH; may be repeated
  --no-host-files   the program sees no other file of this machine
  --host=wasmtime   run python.wasm under wasmtime, in a native host; default is --host=node.
                    With it, the program can be held to less than this machine has:
  --max-memory=SIZE, --max-threads=N, --timeout=SECONDS, --no-host-env, --no-clock
  -h, --help        this text

Files: the program may read and write the current folder, the folder of the script, the folders on
PYTHONPATH, and each file's folder or folder that exists and is named among its arguments, all at
their own paths. Nothing else of this machine is there, and / as a whole never is; /tmp and the rest
live in memory and are gone at the end.
Environment: PYTHON* as python3.13 has them; PYTHON_HISTORY names the prompt's history
(~/.heddle_history by default).
Exit codes are python's. Ctrl-C is SIGINT; three within two seconds end the program at once.
`;

export const SERVE_HELP = `usage: heddle serve [folder] [--port=8000]
Serves a folder to the browsers of this machine, with the headers that give a page shared memory,
until Ctrl-C. Without a folder it is the current one.

  -p, --port=PORT   8000 by default; 0 takes any that is free
  -h, --help        this text

Only regular files in the folder are served, and index.html for a folder. A link is followed when it
stays in the folder. Names that start with a dot are hidden, except /.well-known/. Requests must name
localhost, 127.0.0.1 or [::1] as their host, once.
`;
