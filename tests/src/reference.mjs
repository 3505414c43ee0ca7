// Runs a module under node's WASI as an elfin executable would run.
// Arguments: module, working directory, export to call or "", HOST::GUEST lines, NAME=VALUE lines, then the guest's.
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { WASI } from "node:wasi";

const [file, cwd, invoke, directories, variables, ...args] = process.argv.slice(2);
const lines = (text) => text.split("\n").filter((line) => line);

const preopens = {};
for (const directory of lines(directories)) {
  const [host, guest] = directory.split("::");
  preopens[guest ?? host] = join(cwd, host);
}
const env = {};
for (const variable of lines(variables)) {
  const at = variable.indexOf("=");
  if (at < 0) env[variable] = process.env[variable];
  else env[variable.slice(0, at)] = variable.slice(at + 1);
}

const wasi = new WASI({ version: "preview1", args: ["program", ...args], env, preopens, returnOnExit: false });
const module = await WebAssembly.compile(readFileSync(file));

function parse(text, type) {
  if (type === "i64") return BigInt.asIntN(64, BigInt(text));
  if (type === "i32") return Number(text) | 0;
  return Number(text.replace(/^(-?)inf$/, "$1Infinity").replace(/^nan$/i, "NaN"));
}

function show(value) {
  if (Object.is(value, -0)) return "-0";
  return String(value).replace("Infinity", "inf");
}

try {
  const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
  if (invoke === "") {
    // node's `start` wants a memory.
    if (instance.exports.memory) wasi.start(instance);
    else instance.exports._start();
  } else {
    const call = instance.exports[invoke];
    const { parameters } = WebAssembly.Function.type(call);
    const results = call(...parameters.map((type, index) => parse(args[index], type)));
    const list = results === undefined ? [] : Array.isArray(results) ? results : [results];
    writeSync(1, list.map((value) => show(value) + "\n").join(""));
  }
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
  console.error(String(error));
  process.exit(134);
}
