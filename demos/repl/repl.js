// A Python prompt in a page: several lines, completion, history, Ctrl-C.
// SPDX-License-Identifier: MIT
// @ts-check

import { loadPython } from "heddle";

const [output, prompt, input] = /** @type {any} */ (document.querySelectorAll("#output, #prompt, #input"));
const history = /** @type {string[]} */ ([]);
let at = 0;
const ahead = /** @type {string[]} */ ([]); // typed while Python runs: for input(), or the next prompt
let answer = /** @type {any} */ (undefined); // answers input()
let busy = false;
const DROP_LINES = "print('KeyboardInterrupt'); _console.resetbuffer()";

/** @param {string} text */
function print(text) {
  output.append(text);
  input.scrollIntoView();
}

const stdin = () => new Promise((done) => (ahead.length ? done(ahead.shift()) : (answer = done)));
const py = await loadPython({ stdout: print, stderr: print, stdin });
await py.run(`
import code, rlcompleter
_console = code.InteractiveConsole(globals())
def _complete(text, completer=rlcompleter.Completer(globals())):
    return [text for text in iter(lambda n=iter(range(999)): completer.complete(text, next(n)), None)]`);
print(`Python ${py.version}\nTab completes, arrow keys go through the history, Ctrl-C interrupts.\n`);
input.disabled = false;
input.focus();

async function enter() {
  const line = input.value;
  input.value = "";
  print(`${prompt.textContent}${line}\n`);
  if (answer) return void (answer(line), (answer = undefined));
  ahead.push(line);
  if (busy) return;
  for (busy = true; ahead.length > 0;) await run(ahead.shift() ?? "");
  busy = false;
}

/** @param {string} line @param {string} code what to do with it */
async function run(line, code = "_console.push(_line)") {
  if (line && history.at(-1) !== line) history.push(line);
  at = history.length;
  prompt.textContent = "";
  const running = py.run(code, { globals: { _line: line } });
  const more = await running.catch((error) => print(`${error.type ?? error.message}\n`));
  answer = answer?.(null); // the end of an input() that was interrupted
  prompt.textContent = more ? "... " : ">>> ";
}

async function complete() {
  const { value, selectionStart, selectionEnd } = input;
  const [word] = /[\w.]*$/.exec(value.slice(0, selectionStart)) ?? [""];
  const found = word ? await py.run("_complete(_word)", { globals: { _word: word } }) : ["    "];
  if (found.length > 1) print(`${found.join("  ")}\n`);
  else if (found.length) input.setRangeText(found[0].slice(word.length), selectionStart, selectionEnd, "end");
}

input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  if (event.key === "Enter") void enter();
  else if (event.key === "Tab" && (input.value || prompt.textContent === "... ")) void complete();
  else if (event.key === "ArrowUp" && at > 0) input.value = history[--at];
  else if (event.key === "ArrowDown" && at < history.length) input.value = history[++at] ?? "";
  else if (event.key === "c" && event.ctrlKey && input.selectionStart === input.selectionEnd)
    busy ? py.interrupt() : void run((input.value = ""), DROP_LINES);
  else return;
  event.preventDefault();
});
