// How long interrupted code may take to end.
// SPDX-License-Identifier: MIT
// @ts-check

/** Milliseconds, unless told otherwise; a run that goes on for longer is given up, and Python with it. */
export const DEFAULT_GRACE_MS = 3000;
