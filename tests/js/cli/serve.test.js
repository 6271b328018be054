// `heddle serve` serves a folder, with the headers that give a page shared memory, and nothing else than that folder.
// SPDX-License-Identifier: MIT
// @ts-check

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

import { UsageError } from "../../../js/src/cli/arguments.js";
import { serve } from "../../../js/src/cli/serve.js";
import { HEDDLE, temporaryFolder } from "../support.js";
import { ask, DEADLINE_MS, exchange, LIMITED, served } from "./serve-support.js";

const folder = temporaryFolder();
const site = join(folder, "site");
/** @type {Record<string, string>} */
const FILES = {
  "secret.txt": "secret",
  "outside/index.html": "secret",
  "site-beside/secret.txt": "secret",
  "site/index.html": "<p>index</p>",
  "site/sub/index.html": "<p>sub</p>",
  "site/sub two/index.html": "<p>sub two</p>",
  "site/no-index/file.txt": "",
  "site/folder-as-index/index.html/file.txt": "",
  "site/python.wasm": "wasm",
  "site/PICTURE.PNG": "png",
  "site/empty.txt": "",
  "site/ä b%.txt": "strange name",
  "site/.env": "hidden",
  "site/.git/config": "hidden",
  "site/.well-known/security.txt": "contact",
  "site/.well-known/.git/config": "hidden",
  "site/.well-known.txt": "hidden",
  "site/sub/.well-known/security.txt": "hidden",
};
/** @type {Record<string, string>} from names to targets */
const LINKS = {
  "link.txt": "../secret.txt",
  link: "../outside",
  "linked/index.html": "../../secret.txt",
  beside: "../site-beside",
  circle: "circle",
  "inside.wasm": "python.wasm",
  "sub-link": "sub",
};
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
for (const [name, target] of Object.entries(LINKS)) {
  mkdirSync(dirname(join(site, name)), { recursive: true });
  symlinkSync(target, join(site, name));
}

const { port, server } = await served({ after }, site);
const base = `http://localhost:${port}`;

test("pages are isolated and files have their types", LIMITED, async () => {
  const page = await fetch(`${base}/`);
  assert.equal(await page.text(), "<p>index</p>");
  assert.equal(page.headers.get("Cross-Origin-Opener-Policy"), "same-origin");
  assert.equal(page.headers.get("Cross-Origin-Embedder-Policy"), "require-corp");
  assert.equal(page.headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal((await fetch(`${base}/python.wasm`)).headers.get("Content-Type"), "application/wasm");
  assert.equal((await fetch(`${base}/PICTURE.PNG`)).headers.get("Content-Type"), "image/png");
  assert.equal(await (await fetch(`${base}/sub`)).text(), "<p>sub</p>");
});

/** @type {[target: string, body: string][]} */
const SERVED = [
  ["/index.html?query", "<p>index</p>"],
  ["//sub//index.html", "<p>sub</p>"],
  ["/sub/../python.wasm", "wasm"],
  ["/inside.wasm", "wasm"],
  ["/sub-link/", "<p>sub</p>"],
  ["/empty.txt", ""],
  ["/%c3%a4%20b%25.txt", "strange name"],
  ["/.well-known/security.txt", "contact"],
  ["http://localhost/python.wasm", "wasm"],
];

for (const [target, body] of SERVED) {
  test(`${target} is served`, LIMITED, async () => {
    assert.deepEqual({ ...(await ask(port, target)), head: "" }, { status: 200, head: "", body });
  });
}

/** @type {[status: number, targets: string][]} each between spaces */
const REFUSED = [
  // Ways out of the folder.
  [404, "/%2e%2e/secret.txt /../secret.txt /..%2fsecret.txt /%2e%2e%2fsecret.txt /..%5csecret.txt"],
  [404, "/sub/..%2f..%2fsecret.txt /sub%2findex.html /sub%5cindex.html /..\\secret.txt //secret.txt"],
  [404, "/../site-beside/secret.txt /..%2fsite-beside%2fsecret.txt /%252e%252e/secret.txt"],
  [404, "/link.txt /link /link/ /link/index.html /linked /linked/ /linked/index.html /beside/secret.txt"],
  [404, "http://localhost/..%2fsecret.txt http://localhost/link.txt"],
  // Hidden names.
  [404, "/.env /%2eenv /.git /.git/ /.git/config /%2Egit/config //.git//config"],
  [404, "/.well-known/.git/config /sub/.well-known/security.txt /.well-known.txt"],
  // Names of nothing.
  [404, "/nothing /no-index /no-index/ /index.html/ /index.html/x /circle /circle/x"],
  [404, `/folder-as-index /folder-as-index/ /${"x".repeat(300)} /${"x/".repeat(4000)}`],
  // No paths.
  [400, "/% /%zz /%c3 /sub/%00 /index.html%00.png * ftp://localhost/"],
];

for (const [status, targets] of REFUSED) {
  for (const target of targets.split(" ")) {
    test(`${target.slice(0, 40)} is ${status}`, LIMITED, async () => {
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask(port, target, { method });
        assert.equal(answer.status, status, method);
        assert.doesNotMatch(answer.body, /secret|hidden/);
        assert.match(answer.head, /nosniff/);
      }
      assert.equal((await ask(port, "/")).status, 200);
    });
  }
}

/** @type {[target: string, location: string][]} */
const REDIRECTED = [
  ["/sub", "/sub/"],
  ["/sub?query", "/sub/?query"],
  ["//sub", "/sub/"],
  ["///sub", "/sub/"],
  ["/\\sub", "/sub/"],
  ["/sub%20two", "/sub%20two/"],
  ["http://localhost/sub", "/sub/"],
];

for (const [target, location] of REDIRECTED) {
  test(`${target} leads to ${location}`, LIMITED, async () => {
    const { status, head } = await ask(port, target);
    assert.deepEqual([status, /^location: (.*)$/im.exec(head)?.[1]], [301, location]);
  });
}

test("Node itself refuses what is no target, and what is too long", LIMITED, async () => {
  for (const [target, status] of Object.entries({
    x: 400,
    "localhost:80": 400,
    [`/${"x".repeat(100_000)}`]: 431,
  }))
    assert.equal((await ask(port, target)).status, status);
  assert.equal((await ask(port, "/")).status, 200);
});

test("no redirect leads to another host", LIMITED, async () => {
  for (const target of [
    "//a//evil.example/..%2f",
    "//evil.example/%2e%2e",
    "//evil.example/..",
    "/\\evil.example/..",
  ])
    assert.doesNotMatch((await ask(port, target)).head, /^location:\s*[/\\]{2}/im, target);
});

test("other methods are 405, and say which there are", LIMITED, async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]) {
    const { status, head } = await ask(port, "/", { method });
    assert.equal(status, 405, method);
    assert.match(head, /^Allow: GET, HEAD$/im);
  }
  const { status, head, body } = await ask(port, "/", { method: "HEAD" });
  assert.deepEqual([status, body], [200, ""]);
  assert.match(head, /^Content-Length: 12$/im);
});

test("only the names of this machine are answered", LIMITED, async () => {
  for (const host of [
    "localhost",
    "LOCALHOST:1",
    "localhost.",
    "127.0.0.1",
    `127.0.0.1:${port}`,
    "[::1]",
    "[::1]:80",
  ])
    assert.equal((await ask(port, "/", { host })).status, 200, host);
  const foreign = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "127.0.0.2",
  ];
  for (const host of [...foreign, "", "localhost:80@evil.example", "localhost:x", "::1"]) {
    const { status, head, body } = await ask(port, "/", { host });
    assert.equal(status, 421, host);
    assert.match(head, /nosniff/);
    assert.doesNotMatch(body, /index/);
  }
  assert.equal((await ask(port, "http://evil.example/")).status, 421);
  assert.equal((await ask(port, "http://localhost/", { host: "evil.example" })).status, 421);
  assert.match(await exchange(port, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), /^HTTP\/1.1 400 /);
  assert.match(await exchange(port, "GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1.1 200 .*<p>index<\/p>$/s);
});

test("a file that has not changed is not sent again", LIMITED, async () => {
  const version = (await fetch(`${base}/`)).headers.get("ETag") ?? "";
  assert.equal((await fetch(`${base}/`, { headers: { "If-None-Match": version } })).status, 304);
});

test("If-None-Match may name several versions, weak ones, or any", LIMITED, async () => {
  const tag = (await fetch(`${base}/index.html`)).headers.get("etag");
  for (const [known, status] of /** @type {[string, number][]} */ ([
    [`"other", ${tag}`, 304],
    [`W/${tag}`, 304],
    [`"a,b",W/${tag} , "c"`, 304],
    ["*", 304],
    [`"other"`, 200],
    [`${tag}x`.replaceAll('"', ""), 200],
  ])) {
    const request = `GET /index.html HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: ${known}\r\nConnection: close\r\n\r\n`;
    assert.match(await exchange(port, request), new RegExp(`^HTTP/1\\.1 ${status} `), known);
  }
});

test("a part or another protocol is not given: the answer is the whole file", LIMITED, async () => {
  for (const [name, value] of [
    ["Range", "bytes=1-2"],
    ["Upgrade", "websocket\r\nConnection: Upgrade"],
    ["Upgrade", "h2c\r\nConnection: Upgrade, HTTP2-Settings"],
  ]) {
    const request = `GET / HTTP/1.1\r\nHost: localhost\r\n${name}: ${value}\r\nConnection: close\r\n\r\n`;
    assert.match(await exchange(port, request), /^HTTP\/1\.1 200 .*<p>index<\/p>$/s, value);
  }
});

test("Node's limits of time end a client that never finishes its request", LIMITED, () => {
  for (const limit of /** @type {const} */ (["headersTimeout", "requestTimeout"]))
    assert.ok(server[limit] > 0 && server[limit] <= 300_000, limit);
});

test("a request that names two hosts is refused", LIMITED, async () => {
  for (const second of ["evil.example", "localhost"]) {
    const request = `GET / HTTP/1.1\r\nHost: localhost\r\nHost: ${second}\r\nConnection: close\r\n\r\n`;
    assert.match(await exchange(port, request), /^HTTP\/1\.1 400 /);
  }
});

test("numbers and folders that only look like some are usage errors", LIMITED, async () => {
  for (const number of ["0x50", " 80", "1e3", "80 ", "+80", "-1", "65536", ""])
    await assert.rejects(serve([site, `--port=${number}`]), UsageError, number);
  await assert.rejects(serve([""]), { message: /the folder's name is empty/ });
});

test("mistakes on the command line are usage errors", LIMITED, async () => {
  await assert.rejects(serve([join(folder, "nowhere")]), UsageError);
  await assert.rejects(serve([join(site, "index.html")]), UsageError);
  for (const args of [["--port=x"], ["--port="], ["--port=65536"], ["--nonsense"], ["one", "two"]])
    await assert.rejects(serve(args), UsageError, args.join(" "));
});

test("heddle serve --help says how, and ends", LIMITED, async () => {
  for (const option of ["--help", "-h"]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [HEDDLE, "serve", option], {
      encoding: "utf8",
      timeout: DEADLINE_MS,
    });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^usage: heddle serve \[folder\] \[--port=8000\]\n/);
  }
});
