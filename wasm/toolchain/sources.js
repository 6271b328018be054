// The sources: Debian's source packages at the pinned versions, unpacked.
// SPDX-License-Identifier: MIT

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { privateApt } from "./debian.js";
import { LOGS, complete } from "./parts.js";
import { DEBIAN_SUITE, SOURCES } from "./pins.js";
import { SetupError, Step, runLogged } from "./progress.js";
import { insideToolchain } from "./sandbox.js";

/** @param {string} toolchain @param {string} folder */
export async function fetchSources(toolchain, folder) {
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
    complete(part, folder);
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
