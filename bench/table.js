// The Markdown table and the JSON of one host's samples.
// SPDX-License-Identifier: MIT
// @ts-check

import { MEAN } from "./rows.js";
import { cell, geometricMean, human, summary } from "./statistics.js";

/** @typedef {import("./rows.js").Row} Row */

/**
 * What one subject has given for one row.
 * @typedef {object} Result
 * @property {number[]} samples
 * @property {"cannot" | "failed" | undefined} instead why there are none
 */

/** The results of one host, by row and subject. */
export class Results {
  /** @type {Map<string, Result>} */
  #results = new Map();

  /**
   * @param {Row[]} rows
   * @param {{name: string, title: string}[]} subjects the first is Heddle
   */
  constructor(rows, subjects) {
    this.rows = rows;
    this.subjects = subjects;
  }

  /** @param {string} row @param {string} subject @returns {Result} */
  of(row, subject) {
    const key = `${row} ${subject}`;
    const result = this.#results.get(key) ?? { samples: [], instead: undefined };
    this.#results.set(key, result);
    return result;
  }

  /** Heddle's median over the other's; undefined where one has none. @param {string} row @param {string} other */
  ratio(row, other) {
    const [ours, theirs] = [this.subjects[0].name, other].map((name) => this.of(row, name).samples);
    return ours.length && theirs.length ? summary(ours).median / summary(theirs).median : undefined;
  }

  /** Of the rows that all subjects have. */
  meanRow() {
    const rows = this.rows.filter(
      ({ name }) =>
        MEAN.of.test(name) && this.subjects.every((subject) => this.of(name, subject.name).samples.length),
    );
    if (rows.length < 2) return undefined;
    const means = this.subjects.map((subject) =>
      geometricMean(rows.map(({ name }) => summary(this.of(name, subject.name).samples).median)),
    );
    return { ...MEAN, count: rows.length, means, ratios: means.slice(1).map((mean) => means[0] / mean) };
  }

  markdown() {
    const peers = this.subjects.slice(1);
    const heads = [
      "what",
      ...this.subjects.map(({ title }) => title),
      ...peers.map(({ name }) => `÷ ${name}`),
    ];
    const lines = [heads, heads.map(() => "---")];
    const mean = this.meanRow();
    const lastOfMean = this.rows.findLast(({ name }) => MEAN.of.test(name));
    for (const row of this.rows) {
      lines.push([
        row.title,
        ...this.subjects.map(({ name }) => {
          const { samples, instead } = this.of(row.name, name);
          return samples.length ? cell(samples, row.unit) : (instead ?? "—");
        }),
        ...peers.map(({ name }) => ratioCell(this.ratio(row.name, name))),
      ]);
      if (mean && row === lastOfMean) {
        const title = `${mean.title} of ${mean.count}`;
        lines.push([title, ...mean.means.map((it) => human(it, "s")), ...mean.ratios.map(ratioCell)]);
      }
    }
    return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }

  json() {
    const rows = this.rows.map(({ name, title, unit }) => ({
      name,
      title,
      unit,
      results: Object.fromEntries(
        this.subjects.map((subject) => {
          const { samples, instead } = this.of(name, subject.name);
          return [subject.name, samples.length ? { ...summary(samples), samples } : { instead }];
        }),
      ),
      ratios: Object.fromEntries(
        this.subjects.slice(1).map((subject) => [subject.name, this.ratio(name, subject.name)]),
      ),
    }));
    return {
      subjects: this.subjects.map(({ name, title }) => ({ name, title })),
      rows,
      mean: this.meanRow(),
    };
  }
}

/** @param {number | undefined} ratio */
const ratioCell = (ratio) => (ratio === undefined ? "—" : `${Number(ratio.toPrecision(2))}×`);
