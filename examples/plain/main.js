import { loadPython } from "heddle";

const output = document.querySelector("pre");
const py = await loadPython({ stdout: (text) => output.append(text) });
await py.run(`
import threading

thread = threading.Thread(target=lambda: print("hello from", threading.current_thread().name), name="a thread")
thread.start()
thread.join()
`);
