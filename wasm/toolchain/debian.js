// The toolchain: a Debian system in the cache folder, and apt for what else Debian has.
// SPDX-License-Identifier: MIT

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMPLETE, LOGS } from "./parts.js";
import { DEBIAN_SUITE, PACKAGES, TOOL_VERSIONS } from "./pins.js";
import { SetupError, Step, runLogged } from "./progress.js";
import { CACHE, USES_HOST_TOOLS, insideToolchain } from "./sandbox.js";

/**
 * The command line prefix that makes this user root, or a SetupError.
 * @param {string} what needs it: a sentence without its end
 * @param {{ otherwise: string }} advice what else can be done
 */
export function rootPrefix(what, { otherwise }) {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync("sudo", ["-v"], { stdio: "inherit" });
  if (sudo.status === 0) return ["sudo"];
  throw new SetupError(`${what}, which needs root: run it as root or install sudo. ${otherwise}`);
}

/** The Debian archive that this machine uses, so that local mirrors and proxies are respected. */
function debianMirror() {
  if (process.env.HEDDLE_DEBIAN_MIRROR) return process.env.HEDDLE_DEBIAN_MIRROR;
  const files = ["/etc/apt/sources.list", ...list("/etc/apt/sources.list.d")].filter((f) => existsSync(f));
  for (const file of files) {
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const found = /^\s*(?:deb(?:\s+\[[^\]]*\])?|URIs:)\s+(\S+\/debian)\/?(?:\s|$)/.exec(line);
      if (found) return found[1];
    }
  }
  return null;
}
/** @param {string} folder */
const list = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

/** What debootstrap needs to check that the archive's index is Debian's: its keys, and what reads signatures. */
const BOOTSTRAP = ["debootstrap", "debian-archive-keyring", "gpgv"];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const hasVerifier = () => ["gpgv", "sqv"].some((name) => !spawnSync(name, ["--version"]).error);

/** @param {string} folder */
export async function makeToolchain(folder) {
  const root = rootPrefix("The first set-up installs a Debian system into the cache folder", {
    otherwise: "Later builds need neither. Or bring your own tools with HEDDLE_TOOLCHAIN=host.",
  });
  const step = new Step(
    `Toolchain (Debian ${DEBIAN_SUITE} with Emscripten 3.1.69, clang 19, Python 3.13; about 3 GB)`,
  );
  const log = join(LOGS, "toolchain.log");
  const part = `${folder}.part`;
  try {
    const keyring = process.env.HEDDLE_DEBIAN_KEYRING || KEYRING;
    if (spawnSync("debootstrap", ["--version"]).error || !existsSync(keyring) || !hasVerifier()) {
      step.say(`installing ${BOOTSTRAP.join(", ")}`);
      const install = `apt-get update -q && apt-get install -q -y --no-install-recommends ${BOOTSTRAP.join(" ")}`;
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      await runLogged(step, asRoot(root, ["sh", "-c", install], env), log);
    }
    // A half-made system cannot be resumed; downloaded packages can, so they are kept beside it.
    const downloads = join(CACHE, "packages");
    mkdirSync(downloads, { recursive: true });
    await runLogged(step, asRoot(root, ["rm", "-rf", part]), log);
    const mirror = debianMirror();
    await runLogged(
      step,
      asRoot(
        root,
        [
          "debootstrap",
          "--variant=minbase",
          "--arch=amd64",
          "--force-check-gpg", // or fail: without a keyring it would go on and only say so
          `--keyring=${keyring}`,
          `--cache-dir=${downloads}`,
          `--include=${PACKAGES.join()}`,
          DEBIAN_SUITE,
          part,
          ...(mirror ? [mirror] : []),
        ],
        { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      ),
      log,
    );
    const bare = [
      `cat > ${part}/etc/apt/sources.list.d/sources.list <<'EOF'`,
      ...readFileSync(join(part, "etc/apt/sources.list"), "utf8")
        .split("\n")
        .filter((line) => line.startsWith("deb "))
        .map((line) => line.replace(/^deb /, "deb-src ")),
      "EOF",
      `chmod -R a+rX ${part}/etc ${part}/var/lib`,
      `rm -rf ${part}/var/cache/apt/archives/*.deb`,
      `touch ${part}/${COMPLETE}`,
    ].join("\n");
    await runLogged(step, asRoot(root, ["sh", "-e", "-c", bare]), log);
    await runLogged(step, asRoot(root, ["mv", part, folder]), log);
    await runLogged(step, asRoot(root, ["rm", "-rf", downloads]), log);
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

/** @param {string[]} root @param {string[]} argv @param {NodeJS.ProcessEnv} [env] */
function asRoot(root, argv, env = process.env) {
  const all = [...root, ...argv];
  return { file: all[0], args: all.slice(1), env };
}

/** @param {string} toolchain */
export function checkTools(toolchain) {
  for (const { command, expect, name } of TOOL_VERSIONS) {
    const { file, args, env } = insideToolchain(toolchain, ["sh", "-c", command]);
    const result = spawnSync(file, args, { env, encoding: "utf8" });
    if (result.status !== 0 || !expect.test(result.stdout)) {
      const seen = (result.stdout || result.stderr || String(result.error ?? "nothing"))
        .trim()
        .split("\n")[0];
      throw new SetupError(
        `The toolchain has no ${name}: '${command}' said '${seen}'. ` +
          (USES_HOST_TOOLS
            ? "Install it, or unset HEDDLE_TOOLCHAIN to have the pinned toolchain set up."
            : `Remove ${toolchain} and run the command again.`),
      );
    }
  }
}

/**
 * Makes an empty folder in which apt, inside the toolchain, keeps its state: the toolchain's own may not be
 * written by an ordinary user.
 * @param {string} folder
 * @returns {string[]} the command apt-get with its options
 */
export function privateApt(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ["lists/partial", "archives/partial", "state"])
    mkdirSync(join(folder, "apt", name), { recursive: true });
  writeFileSync(join(folder, "apt/status"), "");
  const options = [
    `Dir::State=${folder}/apt/state`,
    `Dir::State::Lists=${folder}/apt/lists`,
    `Dir::State::status=${folder}/apt/status`,
    `Dir::Cache=${folder}/apt`,
    "APT::Sandbox::User=root",
  ];
  return ["apt-get", "-q", ...options.flatMap((option) => ["-o", option])];
}
