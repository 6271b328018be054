// Median, quartiles, geometric mean, and how a measured value is written for people.
// SPDX-License-Identifier: MIT
// @ts-check

/**
 * The value below which the given share of the samples lies, interpolated.
 * @param {number[]} samples
 * @param {number} share 0 to 1
 */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/** @param {number[]} samples */
export function summary(samples) {
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share));
  return { median, q1, q3, iqr: q3 - q1, n: samples.length };
}

/** Three digits and a unit: 0.00123 gives "1.23 ms". @param {number} seconds */
export function humanTime(seconds) {
  const [factor, unit] =
    seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : seconds >= 1e-6 ? [1e6, "µs"] : [1e9, "ns"];
  return `${Number((seconds * factor).toPrecision(3))} ${unit}`;
}

/** @param {number[]} values above 0 */
export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Three digits and the unit. @param {number} value @param {string} unit "s" is made to fit */
export function human(value, unit) {
  if (unit === "s") return humanTime(value);
  return `${Number(value.toPrecision(3))}${unit === "×" ? "" : " "}${unit}`;
}

/** A table's cell: "1.2 ms ± 30 µs (45)". @param {number[]} samples @param {string} unit */
export function cell(samples, unit) {
  const { median, iqr, n } = summary(samples);
  return `${human(median, unit)}${n > 1 ? ` ± ${human(iqr / 2, unit)}` : ""} (${n})`;
}
