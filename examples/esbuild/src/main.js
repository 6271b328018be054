import { loadPython } from "heddle";

const output = document.querySelector("pre");
const py = await loadPython({
  indexURL: new URL("heddle/", import.meta.url), // where build.js copies heddle/dist to
  stdout: (text) => output.append(text),
});
await py.run(`
import threading

timer = threading.Timer(0.1, print, ["hello from a timer"])
timer.start()
timer.join()
`);
