import { loadPython } from "heddle";

const output = document.querySelector("pre");
const py = await loadPython({ stdout: (text) => output.append(text) });
await py.run(`
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(max_workers=2, thread_name_prefix="pool") as pool:
    pool.submit(print, "hello from a pool")
`);
