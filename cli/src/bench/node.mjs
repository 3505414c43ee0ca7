// Runs a module with node's WASI. Arguments: a JSON of `args`, `env` and `preopens`, and the module's file.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [given, file] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", returnOnExit: true, ...JSON.parse(given) });
const module = await WebAssembly.compile(await readFile(file));
const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport, wasi_unstable: wasi.wasiImport });
process.exitCode = wasi.start(instance);
