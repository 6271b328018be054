// Fetches wasmtime's C library for the host in wasm/wasmtime, once for each machine.
// SPDX-License-Identifier: MIT
//
// wasmtime publishes it for Python, as a package with the shared library in it; pip is the client
// for that. The toolchain has a Python and no pip, and a fresh machine may have neither: pip comes as
// Debian's package of its own archive, which Python runs as it is.

import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateApt } from "./debian.js";
import { LOGS, setUpPart } from "./parts.js";
import { WASMTIME } from "./pins.js";
import { Step, runLogged } from "./progress.js";
import { CACHE, USES_HOST_TOOLS, insideToolchain } from "./sandbox.js";
import { setUp } from "./setup.js";

// A machine that trusts more authorities than Debian does (a company's proxy) has them here.
const OWN_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Sets up what is missing.
 * @returns {Promise<string>} the unpacked package's folder; rejects with a SetupError
 */
export async function setUpWasmtime() {
  const { toolchain } = await setUp();
  const folder = join(CACHE, `wasmtime-${WASMTIME.version}-${WASMTIME.sha256.slice(0, 12)}`);
  await setUpPart(folder, (part) => fetchPackage(toolchain, part));
  return folder;
}

/** @param {string} toolchain @param {string} part */
async function fetchPackage(toolchain, part) {
  const step = new Step(`wasmtime ${WASMTIME.version} (its C library, 10 MB)`);
  try {
    const apt = privateApt(part);
    const env = pipEnvironment(part);
    const inside = (/** @type {string[]} */ argv) =>
      runLogged(step, insideToolchain(toolchain, argv, { cwd: part, env }), join(LOGS, "wasmtime.log"));
    const pip = USES_HOST_TOOLS ? ["python3.13", "-m", "pip"] : await fetchPip(inside, apt, part);
    writeFileSync(
      join(part, "requirements.txt"),
      `wasmtime==${WASMTIME.version} --hash=sha256:${WASMTIME.sha256}\n`,
    );
    step.say(`downloading ${WASMTIME.wheel}`);
    await inside([
      ...[...pip, "download", "--disable-pip-version-check", "--no-deps", "--require-hashes"],
      ...["--only-binary=:all:", `--platform=${WASMTIME.platform}`, "--requirement=requirements.txt"],
    ]);
    await inside(["python3.13", "-m", "zipfile", "-e", WASMTIME.wheel, "."]);
    await inside(["rm", "-rf", "apt", "pip", "requirements.txt", WASMTIME.wheel]);
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

/**
 * @param {(argv: string[]) => Promise<void>} inside
 * @param {string[]} apt
 * @param {string} part
 * @returns {Promise<string[]>} the command that is pip
 */
async function fetchPip(inside, apt, part) {
  await inside([...apt, "update"]);
  await inside([...apt, "download", WASMTIME.pip]);
  const debs = readdirSync(part).filter((name) => name.endsWith(".deb"));
  await inside(["dpkg-deb", "-x", debs[0], "pip"]);
  await inside(["rm", ...debs]);
  const folder = "pip/usr/share/python-wheels";
  const wheel = readdirSync(join(part, folder)).find((name) => name.startsWith("pip-"));
  return ["python3.13", `${folder}/${wheel}/pip`];
}

/**
 * What pip and its network need from this machine's environment.
 * @param {string} part
 * @returns {Record<string, string>}
 */
function pipEnvironment(part) {
  const wanted = Object.entries(process.env).filter(([name]) => /^(PIP_|(https?|no|all)_proxy$)/i.test(name));
  const env = /** @type {Record<string, string>} */ (Object.fromEntries(wanted));
  if (!env.PIP_CERT && !USES_HOST_TOOLS && existsSync(OWN_CERTIFICATES)) env.PIP_CERT = OWN_CERTIFICATES;
  if (env.PIP_CERT && !USES_HOST_TOOLS) {
    // Inside the toolchain only the cache and the project are at their own paths.
    const copy = join(part, "apt/certificates.crt");
    copyFileSync(env.PIP_CERT, copy);
    env.PIP_CERT = copy;
  }
  return env;
}
