#!/usr/bin/env node
// The `heddle` command.
// SPDX-License-Identifier: MIT
// @ts-check

import { main } from "../src/cli/main.js";

await main(process.argv.slice(2));
