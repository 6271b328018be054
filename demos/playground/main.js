// The playground: puts the editor, Python, the output and the panes together.
// SPDX-License-Identifier: MIT
// @ts-check

import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import { EXAMPLES } from "./examples.js";
import { HOME, MAIN } from "./files.js";
import { FilesPanel } from "./files-panel.js";
import { Follower } from "./follower.js";
import { HomeFolder } from "./home-folder.js";
import { InputLine } from "./input-line.js";
import { setUpKeys } from "./keys.js";
import { beforeLoading, keepForOffline } from "./offline.js";
import { OpenFiles } from "./open-files.js";
import { openLink, setUpExamples } from "./other-programs.js";
import { Output } from "./output.js";
import { OutputPane } from "./output-pane.js";
import { PicturesPanel } from "./pictures-panel.js";
import { Runner } from "./runner.js";
import { recall } from "./settings.js";
import { setUpShareDialog } from "./share-dialog.js";
import { makeSplitter } from "./splitter.js";
import { Status } from "./status.js";
import { setUpTheme } from "./theme.js";
import { ThreadNames } from "./thread-names.js";
import { ThreadsPanel } from "./threads-panel.js";
import { Views } from "./views.js";

/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);

const status = new Status({ line: $("status"), run: $("run"), stop: $("stop"), problem: $("problem") });
const { say, report } = status;

// What keys, buttons and links do; all parts are there by then.

function run() {
  void runner.run();
}

function stop() {
  void engine.stop();
}

/** Python's files, while there is a Python. @returns {import("heddle").Python["fs"] | undefined} */
function fs() {
  return engine.python?.fs;
}

/** @param {string} file @param {number} line */
function goTo(file, line) {
  void openFiles.goTo(file, line);
}

/** @param {string} code @param {string} what */
function showProgram(code, what) {
  if (openFiles.replaceProgram(code)) say(`${what}. Undo (Ctrl-Z) brings your program back.`);
}

// ---- The editor ----

const editor = new Editor($("editor"), {
  onChange: () => openFiles.keepSoon(),
  commands: [
    { key: "Mod-Enter", run: () => (run(), true) },
    { key: "Mod-.", run: () => (stop(), true) },
  ],
});
editor.open(MAIN, recall("code") ?? EXAMPLES[0].code);
setUpTheme($("theme"), (dark) => editor.setDark(dark));
const openFiles = new OpenFiles(editor, $("files-open"), { fs, say, onShow: () => views.show("code") });

// ---- Python, its output and its input ----

const engine = new Engine({
  onState(state, error) {
    status.show(state, error);
    if (state === "failed") views.show("output");
  },
  onOutput(text, stream, thread) {
    outputPane.hideHint();
    output.write(text, stream, names.of(thread));
  },
  onError: (error) => runner.showError(error),
  onInput(wanted) {
    output.flush();
    input.show(wanted, output.lastLine);
    if (wanted) views.show("output");
    if (output.atEnd) output.scrollToEnd();
  },
});
const output = new Output($("log"), { onPlace: goTo });
const outputPane = new OutputPane($("output"), { output, say, isRunning: () => engine.state === "running" });
const names = new ThreadNames(() => engine.python?.threads() ?? []);
const input = new InputLine($("input"), {
  onLine(line) {
    output.write(line === null ? "\n" : `${line}\n`, "in");
    engine.answer(line);
  },
  onInterrupt: stop,
});

// ---- The panes ----

const views = new Views($("tabs"), (view) => {
  if (view === "files" || view === "pictures") void home.show();
  if (view === "output" && output.atEnd) output.scrollToEnd();
  if (view === "code" && views.narrow) editor.showError(); // nothing scrolls out of sight
});
const threadsPanel = new ThreadsPanel($("threads"), { names, onPlace: goTo });
const picturesPanel = new PicturesPanel($("pictures"));
const filesPanel = new FilesPanel($("files"), {
  home: HOME,
  fs,
  onOpen: (path, text) => openFiles.show(path, text),
  onDelete: (path) => openFiles.drop(path),
  async say(text) {
    say(text);
    await home.show();
  },
});
filesPanel.acceptDrops(document.body);
const home = new HomeFolder({ engine, views, filesPanel, picturesPanel, report });
for (const separator of document.querySelectorAll("[role=separator]")) {
  makeSplitter(/** @type {HTMLElement} */ (separator));
}

// ---- Runs ----

const follower = new Follower({ engine, editor, views, threadsPanel, home, clock: $("clock") });
const runner = new Runner({
  engine,
  editor,
  openFiles,
  output,
  outputPane,
  names,
  threadsPanel,
  home,
  follower,
  views,
  status,
});

// ---- Buttons, keys, examples, links ----

$("run").addEventListener("click", run);
$("stop").addEventListener("click", stop);
$("restart").addEventListener("click", async () => {
  await openFiles.keep();
  await engine.restart();
});
$("problem")
  .querySelector("button")
  .addEventListener("click", () => engine.restart());
$("help").addEventListener("click", () => $("help-dialog").showModal());
setUpShareDialog($("share"), $("share-dialog"), () => openFiles.program);
setUpKeys({
  run,
  stop,
  keep: () => void openFiles.keep().then(() => say("Kept in this browser")),
  show(view) {
    views.show(view, true);
    if (view === "code") editor.focus();
  },
});
setUpExamples($("examples"), showProgram);
window.addEventListener("hashchange", () => openLink(showProgram, report));
window.addEventListener("pagehide", () => void openFiles.keep());

// ---- The start ----

await openLink(showProgram, report);
await beforeLoading();
await engine.start();
await home.show();
await keepForOffline(say);
