// Runner of the console and file tests: plays the host, and does what the test program asks for.
// SPDX-License-Identifier: MIT
//
// node run.mjs path/to/files_test.mjs
//
// Lines of the program that begin with @ are for us:
//   pause <ms>                stop reading the console for that long
//   flooded <threads> <lines> all lines of the flood are out: check them
//   seen <text>               this line must have arrived in one piece
//   answer <line>             give this line 50 ms after the next request for input
//   answer-prompt <prompt> <line>  the same, and the request must show the prompt
//   end                       end the input at the next request
//   archive <address> <size> <ms>  the answer to the next request for the archive, so much later
//   requests <count>          so many requests for the archive must have come
//   hang                      a test hangs: give up
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { setEnvironmentData } from "node:worker_threads";
import { grantFolders } from "../../js/src/host/folder-grant.js";
import { ChunkLayout, HostEvent } from "../../js/src/module/host-layout.js";

const { default: load } = await import(pathToFileURL(resolve(process.argv[2])));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "heddle-files-")));
const decoder = new TextDecoder();
const problems = [];
const flood = new Map(); // thread in the line -> { next, ident }
const answers = [];
const recent = [];
const archives = []; // answers to requests for the archive
let requests = 0;
let chunk = 0; // a heddle_console_chunk_t
let paused = false;
let asking = false; // somebody wants input, as far as we know
const partial = { 1: "", 2: "" };

function onFlood(line, thread) {
  const [, number, index] = line.split(" ");
  const seen = flood.get(number) ?? { next: 0, thread };
  if (Number(index) !== seen.next) problems.push(`thread ${number}: line ${index}, not ${seen.next}`);
  if (thread !== seen.thread) problems.push(`thread ${number}: ident ${thread}, not ${seen.thread}`);
  seen.next++;
  flood.set(number, seen);
}

const commands = {
  pause(ms) {
    paused = true;
    setTimeout(() => {
      paused = false;
      drain();
    }, Number(ms));
  },
  flooded(threads, lines) {
    if (flood.size !== Number(threads)) problems.push(`flood of ${flood.size} threads, not ${threads}`);
    for (const [thread, { next }] of flood) {
      if (next !== Number(lines)) problems.push(`thread ${thread}: ${next} lines, not ${lines}`);
    }
  },
  seen(...words) {
    if (!recent.includes(words.join(" "))) problems.push(`not in one piece: ${words.join(" ")}`);
  },
  answer: (...words) => answers.push({ line: words.join(" ") }),
  "answer-prompt": (prompt, ...words) => answers.push({ prompt: `${prompt} `, line: words.join(" ") }),
  end: () => answers.push({ end: true }),
  archive: (...numbers) => archives.push(numbers.map(Number)),
  requests(count) {
    if (requests !== Number(count)) problems.push(`${requests} requests for the archive, not ${count}`);
  },
  hang: () => finish(3),
};

function onLine(line, thread, stream) {
  if (line.startsWith("flood ")) return onFlood(line, thread);
  if (line.startsWith("@")) {
    const [command, ...words] = line.slice(1).split(" ");
    commands[command](...words);
    return answerIfAsked();
  }
  if (/^[LNB]{60,}/.test(line)) line = `(${line.length} bytes of ${line[0]})`;
  (stream === 1 ? process.stdout : process.stderr).write(`${line}\n`);
}

// One chunk is one write of up to 64 KiB; lines of larger writes are put together.
function onChunk({ stream, thread, text }) {
  const whole = text.endsWith("\n") && partial[stream] === "";
  const lines = (partial[stream] + text).split("\n");
  partial[stream] = lines.pop();
  if (whole) recent.push(...lines.filter((line) => line.length < 100));
  recent.splice(0, recent.length - 50);
  for (const line of lines) onLine(line, thread, stream);
}

function drain() {
  chunk ||= module._malloc(ChunkLayout.bytes);
  const field = (name) => module.HEAPU32[(chunk + ChunkLayout[name]) >> 2];
  while (!paused && module._heddle_console_peek(chunk)) {
    const [stream, thread, data, size] = ["stream", "thread", "data", "size"].map(field);
    const text = decoder.decode(module.HEAPU8.slice(data, data + size));
    module._heddle_console_consume(1);
    onChunk({ stream, thread, text });
  }
}

// A request and its answer may come in any order, and a request may be over (a signal) before we know.
function answerIfAsked() {
  if (!asking || answers.length === 0 || !module._heddle_console_wants_input()) return;
  asking = false;
  const answer = answers.shift();
  const { prompt, line, end } = answer;
  setTimeout(() => {
    if (!module._heddle_console_wants_input()) {
      answers.unshift(answer);
      return answerIfAsked();
    }
    const shown = module.UTF8ToString(module._heddle_console_prompt());
    if (prompt !== undefined && shown !== prompt) problems.push(`prompt ${shown}, not ${prompt}`);
    if (end) return module._heddle_console_end_of_file();
    const bytes = module.stringToNewUTF8(`${line}\n`);
    const size = Buffer.byteLength(line) + 1;
    const taken = module._heddle_console_feed(bytes, size);
    if (taken !== size) problems.push(`fed ${taken} bytes of ${size}`);
    module._free(bytes);
  }, 50);
}

function giveArchive() {
  drain(); // the answer was told before the question
  requests++;
  const [address, size, delay] = archives.shift() ?? [0, 0, 0];
  setTimeout(() => module._heddle_files_give_archive(address, size), delay);
}

function onHeddleEvent(event) {
  if (event === HostEvent.output) drain();
  if (event === HostEvent.archive) giveArchive();
  if (event !== HostEvent.input) return;
  asking = true;
  answerIfAsked();
}

function finish(code) {
  if (code !== 3) drain();
  for (const problem of problems) console.log(`FAILED ${problem}`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(code || (problems.length > 0 ? 1 : 0));
}

setTimeout(() => {
  console.log("FAILED the tests took more than two minutes");
  finish(3);
}, 120_000);

const grant = grantFolders([folder, "/dev"]);
setEnvironmentData("heddle files", grant.lent); // for the glue's own workers

const module = {
  arguments: [folder],
  heddleFiles: grant.lent,
  onHeddleEvent,
  onExit: finish,
};
await load(module);
