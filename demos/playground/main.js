// The playground: puts the editor, Python, the output and the panes together.
// SPDX-License-Identifier: MIT
// @ts-check

import { Editor } from "./editor.js";
import { Engine, HOME } from "./engine.js";
import { EXAMPLES } from "./examples.js";
import { FilesPanel } from "./files-panel.js";
import { filesBelow } from "./files.js";
import { InputLine } from "./input-line.js";
import { beforeLoading, keepForOffline } from "./offline.js";
import { Output } from "./output.js";
import { isPicture, PicturesPanel } from "./pictures-panel.js";
import { recall, remember } from "./settings.js";
import { codeIn } from "./share.js";
import { setUpShareDialog } from "./share-dialog.js";
import { makeSplitter } from "./splitter.js";
import { setUpTheme } from "./theme.js";
import { ThreadNames } from "./thread-names.js";
import { ThreadsPanel } from "./threads-panel.js";
import { Views } from "./views.js";

const MAIN = "main.py";
const TICK_MS = 200;

/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);

/** @param {string} text what happened, for everybody to see and hear */
const say = (text) => ($("status").textContent = text);

// ---- Editor --------------------------------------------------------------------------------------

const editor = new Editor($("editor"), {
  onChange: keepText,
  commands: [
    { key: "Mod-Enter", run: () => (void run(), true) },
    { key: "Mod-.", run: () => (stop(), true) },
  ],
});
/** @type {string[]} */
const openFiles = [MAIN];
editor.open(MAIN, recall("code") ?? EXAMPLES[0].code);
setUpTheme($("theme"), (dark) => editor.setDark(dark));
showOpenFiles();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let keeping;

function keepText() {
  clearTimeout(keeping);
  keeping = setTimeout(saveText, 300);
}

/** Keeps what is in the editor: the program in this browser, other files in Python's folder. */
async function saveText() {
  clearTimeout(keeping);
  remember("code", editor.textOf(MAIN));
  const fs = engine.python?.fs;
  for (const file of openFiles) {
    if (file !== MAIN && fs) await fs.writeFile(file, editor.textOf(file) ?? "").catch(report);
  }
}

function showOpenFiles() {
  const buttons = openFiles.map((file) => {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const tab = document.createElement("span");
    tab.className = "file-tab";
    const select = tab.appendChild(document.createElement("button"));
    select.textContent = name;
    select.setAttribute("aria-pressed", String(file === editor.file));
    select.addEventListener("click", () => showFile(file));
    if (file !== MAIN) {
      const close = tab.appendChild(document.createElement("button"));
      close.textContent = "×";
      close.className = "close";
      close.setAttribute("aria-label", `Close ${name}`);
      close.addEventListener("click", () => closeFile(file));
    }
    return tab;
  });
  $("files-open").replaceChildren(...buttons);
}

/**
 * @param {string} file
 * @param {string} [text] of a file that is opened now
 */
function showFile(file, text) {
  if (!openFiles.includes(file)) openFiles.push(file);
  editor.open(file, text);
  showOpenFiles();
  views.show("code");
  editor.focus();
}

/** @param {string} file */
async function closeFile(file) {
  if (!openFiles.includes(file)) return;
  await saveText();
  openFiles.splice(openFiles.indexOf(file), 1);
  if (editor.file === file) editor.open(MAIN);
  editor.forget(file);
  showOpenFiles();
}

/**
 * Goes to a line that a traceback, or a thread, names.
 * @param {string} file
 * @param {number} line
 */
async function goTo(file, line) {
  const path = file.startsWith("/") ? file : `${HOME}/${file}`;
  if (path === `${HOME}/${MAIN}`) {
    showFile(MAIN);
  } else {
    const text = openFiles.includes(path)
      ? ""
      : await engine.python?.fs.readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return say(`${file} cannot be opened here.`);
    showFile(path, text);
  }
  editor.goTo(line);
}

// ---- Python and its output -------------------------------------------------------------------------

const output = new Output($("log"), { onPlace: goTo });
const names = new ThreadNames(() => engine.python?.threads() ?? []);
const input = new InputLine($("input"), {
  onLine(line) {
    output.write(line === null ? "\n" : `${line}\n`, "in");
    engine.answer(line);
  },
  onInterrupt: stop,
});

const engine = new Engine({
  onState(state, error) {
    document.body.dataset.state = state;
    const busy = state === "running" || state === "stopping";
    $("run").disabled = busy;
    $("stop").disabled = !busy;
    $("problem").hidden = state !== "failed";
    if (state === "loading") say("Loading Python…");
    if (state === "ready") say("Ready");
    if (state === "running") say("Running");
    if (state === "stopping") say("Stopping…");
    if (state === "failed") {
      say("Python could not be loaded");
      $("problem").querySelector("p").textContent = error.message;
      views.show("output");
    }
  },
  onOutput(text, stream, thread) {
    $("output-empty").hidden = true;
    output.write(text, stream, names.of(thread));
  },
  onError: showError,
  onInput(wanted) {
    output.flush();
    input.show(wanted, output.lastLine);
    if (wanted) views.show("output");
    if (output.atEnd) output.scrollToEnd();
  },
});

/** Where the program's own code was when it raised. @param {any} error */
function ownFrame(error) {
  return error.frames?.findLast((/** @type {any} */ frame) => frame.filename === MAIN);
}

/** @param {string} text the playground's own words */
const note = (text) => output.writeLine(text, "note");

/** @param {any} error */
function showError(error) {
  if (error.type === "SystemExit") {
    note(typeof error.code === "number" ? `exit code ${error.code}` : String(error.message));
    return;
  }
  output.writeLine(error.traceback.trimEnd(), "err");
  const frame = ownFrame(error);
  const message = error.message.split("\n")[0].replace(/ \([^()]*, line \d+\)$/, "");
  if (frame && editor.file === MAIN) {
    editor.markError({ line: frame.line, message: message ? `${error.type}: ${message}` : error.type });
  }
}

async function run() {
  if ($("run").disabled || engine.state === "failed") return;
  $("run").disabled = true; // it may have to wait for Python
  const waiting = engine.state === "loading";
  output.clear();
  $("output-empty").hidden = true;
  editor.markError(null);
  names.reset();
  threadsPanel.reset();
  views.forgetChoice();
  if (views.narrow) views.show("output");
  if (waiting) say("Runs as soon as Python is loaded…");
  await saveText();
  const picturesBefore = await pictureStamps();
  drawnBefore = picturesBefore;
  const started = performance.now();
  const clock = setInterval(() => {
    if (engine.state === "running")
      $("clock").textContent = formatSeconds((performance.now() - started) / 1000);
  }, 100);
  const ticking = tickWhile();
  const ending = await engine.run(editor.textOf(MAIN) ?? "", MAIN);
  ticking.stop();
  clearInterval(clock);
  $("clock").textContent = "";
  output.flush();
  editor.showThreads([]);
  threadsPanel.reset();
  views.badge("threads", "");
  await showFiles();
  if (ending) tellEnding(ending);
}

/** @param {import("./engine.js").Ending} ending */
function tellEnding({ how, seconds, error, threadsLeft = 0 }) {
  const time = formatSeconds(seconds);
  const left = threadsLeft === 1 ? "1 thread was" : `${threadsLeft} threads were`;
  if (how === "finished") {
    say(`Finished in ${time}`);
    if (threadsLeft) note(`(${left} ended with the program)`);
  } else if (how === "raised") {
    const frame = ownFrame(error);
    say(frame ? `${error.type} in line ${frame.line}` : error.type);
  } else if (how === "stopped") {
    say(`Stopped after ${time}`);
    const frame = error && ownFrame(error);
    note(
      `Stopped${frame ? ` at ${frame.filename}:${frame.line}` : ""}${threadsLeft ? `; ${left} ended` : ""}.`,
    );
  } else if (how === "died") {
    say("Python ended; a fresh one is there");
    note(`${error.message.replace(/ Call loadPython.*$/, "")} A fresh Python is there; files were kept.`);
  } else {
    say(`Python was closed after ${time}; a fresh one is there`);
    note("Python was closed while the program ran; a fresh one is there. Files were kept.");
  }
}

function stop() {
  void engine.stop();
}

/** @param {number} seconds */
function formatSeconds(seconds) {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** @param {unknown} error */
function report(error) {
  say(/** @type {Error} */ (error).message);
}

// ---- Panes ---------------------------------------------------------------------------------------------

const views = new Views($("tabs"), (view) => {
  if (view === "files" || view === "pictures") void showFiles();
  if (view === "output" && output.atEnd) output.scrollToEnd();
  if (view === "code" && views.narrow) editor.showError(); // nothing scrolls out of sight
});
const threadsPanel = new ThreadsPanel($("threads"), { names, onPlace: goTo });
const picturesPanel = new PicturesPanel($("pictures"));
const filesPanel = new FilesPanel($("files"), {
  home: HOME,
  fs: () => engine.python?.fs,
  onOpen: showFile,
  onDelete: (path) => void closeDeleted(path),
  async say(text) {
    say(text);
    await showFiles();
  },
});
filesPanel.acceptDrops(document.body);

/** @param {string} path */
async function closeDeleted(path) {
  if (!openFiles.includes(path)) return;
  openFiles.splice(openFiles.indexOf(path), 1);
  if (editor.file === path) editor.open(MAIN);
  editor.forget(path);
  showOpenFiles();
}

/** @type {Set<string>} the pictures that were there before this run, as they were */
let drawnBefore = new Set();

async function pictureStamps() {
  const fs = engine.python?.fs;
  if (!fs) return new Set();
  const pictures = (await filesBelow(fs, HOME)).filter(isPicture);
  return new Set(pictures.map((picture) => JSON.stringify(picture)));
}

async function showFiles() {
  const fs = engine.python?.fs;
  if (!fs) return;
  try {
    const files = await filesBelow(fs, HOME);
    filesPanel.show(files);
    views.badge("files", files.length ? String(files.length) : "");
    await picturesPanel.show(files, fs);
    const pictures = files.filter(isPicture);
    views.badge("pictures", pictures.length ? String(pictures.length) : "");
    const drawn = pictures.some((picture) => !drawnBefore.has(JSON.stringify(picture)));
    if (drawn && engine.state === "running") views.offer("pictures");
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "ClosedError") report(error);
  }
}

/** Follows the threads and files of a running program: often while they are in sight, else now and then. */
function tickWhile() {
  let count = 0;
  const timer = setInterval(async () => {
    count++;
    if (document.hidden || engine.state === "loading") return;
    const rarely = count % 5 === 0;
    if (views.isVisible("threads") || rarely) showThreads();
    if (views.isVisible("files") || views.isVisible("pictures") || rarely) await showFiles();
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}

function showThreads() {
  const py = engine.python;
  if (!py) return;
  const threads = py.threads().filter((thread) => thread.state !== "ended");
  const { deadlocked, places } = threadsPanel.show(threads, py.stacks());
  views.badge("threads", deadlocked ? "deadlock" : String(threads.length), deadlocked);
  editor.showThreads(places.filter(({ file }) => file === editor.file));
}

// ---- Buttons and keys --------------------------------------------------------------------------------------

$("run").addEventListener("click", run);
$("stop").addEventListener("click", stop);
$("restart").addEventListener("click", async () => {
  await saveText();
  await engine.restart();
});
$("problem")
  .querySelector("button")
  .addEventListener("click", () => engine.restart());
$("clear").addEventListener("click", () => {
  output.clear();
  $("output-empty").hidden = engine.state === "running";
});
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(output.text);
    say("Output copied");
  } catch {
    say("The browser does not let this page copy. Select the text and copy it.");
  }
});
$("help").addEventListener("click", () => $("help-dialog").showModal());
setUpShareDialog($("share"), $("share-dialog"), () => editor.textOf(MAIN) ?? "");

const colours = $("colours");
/** @param {boolean} on */
function setColours(on) {
  colours.setAttribute("aria-pressed", String(on));
  $("log").classList.toggle("colours", on);
  remember("colours", on);
}
setColours(recall("colours") ?? false);
colours.addEventListener("click", () => setColours(colours.getAttribute("aria-pressed") !== "true"));

$("log").addEventListener("scroll", () => ($("to-end").hidden = output.atEnd), { passive: true });
$("to-end").addEventListener("click", () => output.scrollToEnd());
for (const separator of document.querySelectorAll("[role=separator]")) {
  makeSplitter(/** @type {HTMLElement} */ (separator));
}

document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const view = /^Digit([1-5])$/.exec(event.code)?.[1];
  if (control && event.key === "Enter") void run();
  else if (control && event.key === ".") stop();
  else if (control && event.key === "s") void saveText().then(() => say("Kept in this browser"));
  else if (event.altKey && !control && view) {
    views.show(
      /** @type {any} */ (["code", "output", "threads", "files", "pictures"][Number(view) - 1]),
      true,
    );
    if (view === "1") editor.focus();
  } else return;
  event.preventDefault();
});

// ---- Examples and links ----------------------------------------------------------------------------------------

const examples = $("examples");
examples.append(...EXAMPLES.map(({ name, title }) => new Option(title, name)));
examples.addEventListener("change", () => {
  showExample(examples.value);
  examples.value = "";
});

/** @param {string} name */
function showExample(name) {
  const example = EXAMPLES.find((one) => one.name === name);
  if (example) showProgram(example.code, `Example: ${example.title}`);
}

/**
 * Puts another program into the editor.
 * @param {string} code
 * @param {string} what
 */
function showProgram(code, what) {
  showFile(MAIN);
  if (editor.text === code) return;
  editor.replace(code);
  say(`${what}. Undo (Ctrl-Z) brings your program back.`);
}

async function openLink() {
  try {
    const code = await codeIn(location.hash);
    const example = /^#example=(\w+)$/.exec(location.hash)?.[1];
    if (code !== undefined) showProgram(code, "Program from the link");
    else if (example) showExample(example);
    else return;
  } catch (error) {
    report(error);
  }
  // What is edited from now on is no longer what the address says.
  history.replaceState(null, "", location.pathname + location.search);
}

window.addEventListener("hashchange", openLink);
window.addEventListener("pagehide", () => void saveText());
await openLink();
await beforeLoading();
await engine.start();
await showFiles();
await keepForOffline(say);
