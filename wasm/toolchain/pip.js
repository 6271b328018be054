// Wheels of Python packages, by name, version and checksum.
// SPDX-License-Identifier: MIT
//
// pip is the client for that. The toolchain has a Python and no pip, and a fresh machine may have neither: pip comes as
// Debian's package of its own archive, which Python runs as it is.

import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateApt } from "./debian.js";
import { PIP } from "./pins.js";
import { runLogged } from "./progress.js";
import { USES_HOST_TOOLS, insideToolchain } from "./sandbox.js";

// A machine that trusts more authorities than Debian does (a company's proxy) has them here.
const OWN_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Downloads wheels into a folder of the cache and unpacks them there.
 * @param {import("./progress.js").Step} step says what goes on
 * @param {string} toolchain
 * @param {string} part the folder; a file pip/, apt/ or *.whl in it is removed
 * @param {{ requirements: string, platform: string, log: string }} what
 *   requirements: lines NAME==VERSION --hash=sha256:..., each for a wheel; platform: as wheels name it
 */
export async function fetchWheels(step, toolchain, part, { requirements, platform, log }) {
  const apt = privateApt(part);
  const env = pipEnvironment(part);
  const inside = (/** @type {string[]} */ argv) =>
    runLogged(step, insideToolchain(toolchain, argv, { cwd: part, env }), log);
  const pip = USES_HOST_TOOLS ? ["python3.13", "-m", "pip"] : await fetchPip(inside, apt, part);
  writeFileSync(join(part, "requirements.txt"), requirements);
  step.say("downloading wheels");
  await inside([
    ...[...pip, "download", "--disable-pip-version-check", "--no-deps", "--require-hashes"],
    ...["--only-binary=:all:", `--platform=${platform}`, "--requirement=requirements.txt"],
  ]);
  const wheels = readdirSync(part).filter((name) => name.endsWith(".whl"));
  for (const wheel of wheels) await inside(["python3.13", "-m", "zipfile", "-e", wheel, "."]);
  await inside(["rm", "-rf", "apt", "pip", "requirements.txt", ...wheels]);
}

/**
 * @param {(argv: string[]) => Promise<void>} inside
 * @param {string[]} apt
 * @param {string} part
 * @returns {Promise<string[]>} the command that is pip
 */
async function fetchPip(inside, apt, part) {
  await inside([...apt, "update"]);
  await inside([...apt, "download", PIP]);
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
