// What figures were measured on, in one line.
// SPDX-License-Identifier: MIT
// @ts-check

import { spawnSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { projectRoot } from "../tests/python/interpreters.js";

/** @param {string} [peer] what Heddle is compared with, and its version */
export function machineLine(peer) {
  const cpu = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: projectRoot,
    encoding: "utf8",
  }).stdout.trim();
  const load = loadavg()[0].toFixed(1);
  return (
    `${cpu[0]?.model.trim() ?? "unknown CPU"}, ${cpu.length} cores, ${memory}, load ${load} at the start, Node ${process.version}, ` +
    `${peer ? `${peer}, ` : ""}commit ${commit || "none"}, ${new Date().toISOString().slice(0, 10)}`
  );
}
