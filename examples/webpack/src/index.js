import { loadPython } from "heddle";

const output = document.querySelector("pre");
const py = await loadPython({ stdout: (text) => output.append(text) });
await py.run(`
import queue, threading

lines = queue.Queue()
threading.Thread(target=lambda: lines.put("hello through a queue")).start()
print(lines.get())
`);
