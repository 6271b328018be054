// What the build is made with: versions and checksums, in this one place.
// SPDX-License-Identifier: MIT

/** The Debian release that the toolchain comes from; a stable release, so versions stay. */
export const DEBIAN_SUITE = "trixie";

/** Packages of the toolchain, beside the smallest Debian system ("minbase"). */
export const PACKAGES = [
  "emscripten", // emcc, with its multi-threaded system libraries and WASMFS prebuilt
  "binaryen", // wasm-opt
  "clang-19",
  "lld-19",
  "libclang-rt-19-dev", // the core's native builds and their sanitizers
  "wasi-libc",
  "libclang-rt-19-dev-wasm32",
  "libc++-19-dev-wasm32", // the core for wasm32-wasip1-threads
  "clang-format-19",
  "clang-tidy-19", // npm run check
  "libgtest-dev", // GoogleTest
  "python3.13", // builds CPython's generated files and bytecode; the oracle of the tests
  "cmake",
  "ninja-build",
  "make",
  "ccache",
  "patch",
  "pkgconf",
  "file",
  "xz-utils",
  "zip",
  "tcl", // makes sqlite's amalgamation
  "dpkg-dev",
  "ca-certificates", // unpacks source packages
];

/** Tools whose version is checked after the set-up, and in a toolchain that the user brings. */
export const TOOL_VERSIONS = [
  { command: "emcc --version", expect: /\b3\.1\.69\b/, name: "emcc 3.1.69" },
  { command: "clang-19 --version", expect: /\b19\.1\./, name: "clang-19" },
  { command: "wasm-opt --version", expect: /\bversion 1[2-9]\d/, name: "wasm-opt 120 or later" },
  { command: "python3.13 --version", expect: /\b3\.13\./, name: "python3.13" },
  { command: "cmake --version", expect: /\b(3\.(2[5-9]|[3-9]\d)|[4-9]\.)/, name: "cmake 3.25 or later" },
  { command: "ninja --version", expect: /^1\./, name: "ninja" },
];

/**
 * Debian source packages. `sha256` is that of the upstream archive, which a new Debian revision does not
 * change; the revision's own patches are authenticated by Debian's signed index. `patches` chooses from the
 * package's series (default: all): of CPython's, only corrections and security fixes, because
 * the others move folders to where Debian wants them.
 * @typedef {{ name: string, upstream: string, archive: string, sha256: string, patches?: RegExp }} Source
 * @type {Source[]}
 */
export const SOURCES = [
  {
    name: "python3.13",
    upstream: "3.13.5",
    archive: "python3.13_3.13.5.orig.tar.xz",
    sha256: "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640",
    patches: /^(CVE-|ssl-|dict-use-after-free|traverse-managed-dicts|issue127330)/,
  },
  {
    name: "zlib",
    upstream: "1.3.1",
    archive: "zlib_1.3.dfsg+really1.3.1.orig.tar.gz",
    sha256: "60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb",
  },
  {
    name: "bzip2",
    upstream: "1.0.8",
    archive: "bzip2_1.0.8.orig.tar.gz",
    sha256: "ab5a03176ee106d3f0fa90e381da478ddae405918153cca248e682cd0c4a2269",
  },
  {
    name: "xz-utils",
    upstream: "5.8.1",
    archive: "xz-utils_5.8.1.orig.tar.xz",
    sha256: "0b54f79df85912504de0b14aec7971e3f964491af1812d83447005807513cd9e",
  },
  {
    name: "sqlite3",
    upstream: "3.46.1",
    archive: "sqlite3_3.46.1.orig.tar.xz",
    sha256: "d0cdd2ece271b29e7ce18095745d892517ee26d0f270065b3a25c2e9eb11639c",
  },
];

/**
 * wasmtime's C library, which its Python package brings ready made. Only `node scripts/build.js wasmtime`
 * fetches it, with the pip of Debian's package.
 */
export const WASMTIME = {
  version: "50.0.1",
  wheel: "wasmtime-50.0.1-py3-none-manylinux1_x86_64.whl",
  platform: "manylinux1_x86_64",
  sha256: "cc14c3a17654e0394e0225b11813532ef0cd7bd1e222a0c5494cdedaabeddac4",
};

/** Debian's package with pip in it, for where Python's packages come from. */
export const PIP = "python3-pip-whl";

/** Free disk space that a first set-up needs, in GiB. */
export const DISK_GIB = 6;
