// Sets up everything that the build needs, once for each machine: toolchain, sources, libraries, CPython.
// SPDX-License-Identifier: MIT
//
// Each part lies in the cache folder under a name that holds a hash of all that went into it, and gets its
// name only when it is complete: a set-up that was cut off goes on with the first part that is missing,
// and one that has nothing to do ends at once. Clones of the project share the parts.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DEBIAN_SUITE, DISK_GIB, PACKAGES, SOURCES, TOOL_VERSIONS } from "./pins.js";
import { Step, SetupError, runLogged } from "./progress.js";
import { CACHE, PROJECT, USES_HOST_TOOLS, insideToolchain } from "./sandbox.js";

export { SetupError };

const LOGS = join(CACHE, "logs");

/**
 * Where the parts are.
 * @typedef {object} Parts
 * @property {string} toolchain the toolchain's folder ("" when the user brings the tools)
 * @property {string} sources   unpacked source packages, one folder each, named as in pins.js
 * @property {string} deps      include/ and lib/ of zlib, bzip2, lzma, sqlite3
 * @property {string} cpython   CPython's build folder
 */

/** @param {...string} inputs */
const hash = (...inputs) => createHash("sha256").update(inputs.join("\0")).digest("hex").slice(0, 12);
/** @param {string} path below the project */
const text = (path) => readFileSync(join(PROJECT, path), "utf8");

/** The names that the parts have for this state of the project. */
function partNames() {
  const toolchain = USES_HOST_TOOLS ? "host" : hash(DEBIAN_SUITE, PACKAGES.join());
  const sources = hash(JSON.stringify(SOURCES, (_, v) => (v instanceof RegExp ? v.source : v)));
  const deps = hash(toolchain, sources, text("wasm/toolchain/build-deps.sh"));
  const cpython = hash(
    deps,
    text("wasm/cpython/build-cpython.sh"),
    text("wasm/cpython/config.site"),
    text("wasm/cpython/Setup.local"),
  );
  return {
    toolchain: USES_HOST_TOOLS ? "" : join(CACHE, `toolchain-${toolchain}`),
    sources: join(CACHE, `sources-${sources}`),
    deps: join(CACHE, `deps-${deps}`),
    cpython: join(CACHE, `cpython-${cpython}`),
  };
}

const COMPLETE = ".heddle-complete";
/** @param {string} folder */
const isComplete = (folder) => folder === "" || existsSync(join(folder, COMPLETE));

/**
 * Sets up what is missing.
 * @returns {Promise<Parts>} rejects with a SetupError
 */
export async function setUp() {
  const parts = partNames();
  if (Object.values(parts).every(isComplete)) return parts;
  checkMachine();
  const unlock = lockCache();
  try {
    if (!isComplete(parts.toolchain)) await makeToolchain(parts.toolchain);
    checkTools(parts.toolchain);
    if (!isComplete(parts.sources)) await fetchSources(parts.toolchain, parts.sources);
    if (!isComplete(parts.deps)) {
      await build(
        "Libraries (zlib, bzip2, lzma, sqlite3)",
        parts.toolchain,
        parts.deps,
        "wasm/toolchain/build-deps.sh",
        [parts.sources],
      );
    }
    if (!isComplete(parts.cpython)) {
      await build("CPython 3.13", parts.toolchain, parts.cpython, "wasm/cpython/build-cpython.sh", [
        parts.sources,
        parts.deps,
        join(PROJECT, "wasm/cpython"),
      ]);
    }
    return parts;
  } finally {
    unlock();
  }
}

/** Refuses machines that cannot do it, before anything is downloaded. */
function checkMachine() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetupError(
      `Building Heddle needs Linux on x86-64; this is ${process.platform} on ${process.arch}. ` +
        "Use a Debian 12 or 13 machine or container, or install the npm package, which needs no build.",
    );
  }
  mkdirSync(CACHE, { recursive: true });
  const { bavail, bsize } = statfsSync(CACHE);
  const free = (bavail * bsize) / 2 ** 30;
  const have =
    existsSync(partNames().toolchain || CACHE) &&
    readdirSync(CACHE).some((name) => name.startsWith("toolchain-"));
  if (!have && free < DISK_GIB) {
    throw new SetupError(
      `${CACHE} has ${free.toFixed(1)} GiB free; the first set-up needs ${DISK_GIB}. ` +
        "Free some space, or choose another disk with XDG_CACHE_HOME=<folder>.",
    );
  }
}

/**
 * Makes a part of the cache if it is missing, one process at a time; make() gets a folder of a temporary
 * name and fills it.
 * @param {string} folder
 * @param {(part: string) => Promise<void>} make
 */
export async function setUpPart(folder, make) {
  if (isComplete(folder)) return;
  const unlock = lockCache();
  const part = `${folder}.part`;
  try {
    await make(part);
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(join(part, COMPLETE), "");
    renameSync(part, folder);
  } finally {
    unlock();
  }
}

/** One set-up at a time: a second one does not wait, it ends and names the process that is at work. */
function lockCache() {
  const path = join(CACHE, "setup.lock");
  for (;;) {
    try {
      const fd = openSync(path, "wx");
      writeSync(fd, String(process.pid));
      closeSync(fd);
      const release = () => rmSync(path, { force: true });
      process.once("exit", release);
      for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
        process.once(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
      }
      return release;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const pid = Number(readFileSync(path, "utf8"));
    if (pid && existsSync(`/proc/${pid}`)) {
      throw new SetupError(
        `Another set-up is running (process ${pid}). Wait for it to end, then run the command again.`,
      );
    }
    rmSync(path, { force: true });
  }
}

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

/** @param {string} folder */
async function makeToolchain(folder) {
  const root = rootPrefix("The first set-up installs a Debian system into the cache folder", {
    otherwise: "Later builds need neither. Or bring your own tools with HEDDLE_TOOLCHAIN=host.",
  });
  const step = new Step(
    `Toolchain (Debian ${DEBIAN_SUITE} with Emscripten 3.1.69, clang 19, Python 3.13; about 3 GB)`,
  );
  const log = join(LOGS, "toolchain.log");
  const part = `${folder}.part`;
  try {
    if (spawnSync("debootstrap", ["--version"]).error) {
      step.say("installing debootstrap");
      const install = "apt-get update -q && apt-get install -q -y --no-install-recommends debootstrap";
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
function checkTools(toolchain) {
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

/** @param {string} toolchain @param {string} folder */
async function fetchSources(toolchain, folder) {
  const step = new Step("Sources (CPython, zlib, bzip2, xz, sqlite3)");
  const log = join(LOGS, "sources.log");
  const part = `${folder}.part`;
  try {
    const apt = privateApt(part);
    const inside = (/** @type {string[]} */ argv, cwd = part) =>
      runLogged(step, insideToolchain(toolchain, argv, { cwd }), log);
    await inside([...apt, "update"]);
    for (const source of SOURCES) {
      step.say(`downloading ${source.name}`);
      await downloadSource(source, toolchain, part, apt, inside);
      const archive = join(part, source.archive);
      const seen = existsSync(archive) ? await sha256(archive) : "no such file";
      if (seen !== source.sha256) {
        throw new SetupError(
          `${source.archive} is not the pinned one: expected sha256 ${source.sha256}, got ${seen}. ` +
            "Run the command again; if it stays, the archive has moved on and wasm/toolchain/pins.js needs the new version.",
        );
      }
      const description = readdirSync(part).find(
        (name) => name.startsWith(`${source.name}_`) && name.endsWith(".dsc"),
      );
      const target = join(part, source.name);
      const { patches } = source;
      const skip = patches ? ["--skip-patches"] : [];
      await inside(["dpkg-source", "--no-check", ...skip, "-x", String(description), target]);
      if (patches) {
        const series = readFileSync(join(target, "debian/patches/series"), "utf8")
          .split("\n")
          .map((line) => line.trim());
        for (const patch of series.filter((name) => patches.test(name))) {
          await inside(["patch", "-p1", "-s", "-i", `debian/patches/${patch}`], target);
        }
      }
    }
    for (const name of readdirSync(part)) {
      if (!SOURCES.some((source) => source.name === name))
        rmSync(join(part, name), { recursive: true, force: true });
    }
    writeFileSync(join(part, COMPLETE), "");
    renameSync(part, folder);
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

/**
 * Downloads the newest revision of a source package that the archive really has: on the days around a point
 * release its index may already name one whose files are still to come, beside the one before.
 * @param {import("./pins.js").Source} source
 * @param {string} toolchain
 * @param {string} part the folder it goes to
 * @param {string[]} apt
 * @param {(argv: string[]) => Promise<void>} inside
 */
async function downloadSource(source, toolchain, part, apt, inside) {
  const showsrc = [
    apt[0].replace("apt-get", "apt-cache"),
    ...apt.slice(1),
    "showsrc",
    "--only-source",
    source.name,
  ];
  const { file, args, env } = insideToolchain(toolchain, showsrc, { cwd: part });
  const listing = spawnSync(file, args, { env, encoding: "utf8", maxBuffer: 2 ** 26 });
  const versions = [...listing.stdout.matchAll(/^Version: (\S+)$/gm)].map((match) => match[1]);
  const newestFirst = versions.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  for (const [tried, version] of newestFirst.entries()) {
    try {
      return await inside([
        ...apt,
        "source",
        "--download-only",
        "--only-source",
        `${source.name}=${version}`,
      ]);
    } catch (error) {
      if (tried === newestFirst.length - 1) throw error;
      // dpkg-source below takes the only description that is there.
      for (const name of readdirSync(part)) {
        if (name.startsWith(`${source.name}_`) && !name.includes(".orig.")) rmSync(join(part, name));
      }
    }
  }
  throw new SetupError(
    `Debian ${DEBIAN_SUITE} lists no source package ${source.name}: ${listing.stderr.trim() || "no versions"}. ` +
      "Check the network, or choose another archive with HEDDLE_DEBIAN_MIRROR=<address>.",
  );
}

/** @param {string} path @returns {Promise<string>} */
function sha256(path) {
  return new Promise((done, failed) => {
    const digest = createHash("sha256");
    createReadStream(path)
      .on("data", (chunk) => digest.update(chunk))
      .on("error", failed)
      .on("end", () => done(digest.digest("hex")));
  });
}

/**
 * Runs a build script as `sh SCRIPT ARGS... FOLDER`; FOLDER is under a temporary name until it is complete.
 * @param {string} title
 * @param {string} toolchain
 * @param {string} folder
 * @param {string} script below the project
 * @param {string[]} args
 */
async function build(title, toolchain, folder, script, args) {
  const step = new Step(title);
  const log = join(LOGS, `${script.split("/").pop()}.log`);
  try {
    rmSync(folder, { recursive: true, force: true });
    await runLogged(step, insideToolchain(toolchain, ["sh", join(PROJECT, script), ...args, folder]), log);
    writeFileSync(join(folder, COMPLETE), "");
    step.end();
  } catch (error) {
    step.end("failed");
    throw error;
  }
}

if (process.argv[1] && statSync(process.argv[1]).ino === statSync(new URL(import.meta.url)).ino) {
  try {
    const parts = await setUp();
    if (process.argv.includes("--print")) console.log(JSON.stringify(parts, null, 2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`heddle: ${error.message}`);
    process.exit(1);
  }
}
