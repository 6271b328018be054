// Lint rules for the JavaScript of the package, the scripts and the tests.
// SPDX-License-Identifier: MIT
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["build/", "dist/", "types/", "js/page/", "examples/*/dist/"] },
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: { ...globals.node, ...globals.browser },
    },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
      "prefer-const": "error",
      "no-regex-spaces": "off", // tracebacks are indented by counted spaces
    },
  },
  {
    // Read by emcc as a library: its helpers are globals there.
    files: ["wasm/host/imports.js"],
    languageOptions: {
      sourceType: "script",
      globals: Object.fromEntries(
        [
          "addToLibrary",
          "mergeInto",
          "LibraryManager",
          "Module",
          "HEAPU8",
          "HEAP32",
          "HEAPU32",
          "HEAPF64",
          "UTF8ToString",
          "ENVIRONMENT_IS_PTHREAD",
          "ENVIRONMENT_IS_NODE",
          "stringToUTF8",
          "lengthBytesUTF8",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
];
