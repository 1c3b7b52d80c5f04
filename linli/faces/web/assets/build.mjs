// Builds the one stylesheet, the one script and the icon sprite into static/built/.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../../..");
const modules = join(root, "node_modules");
const out = join(here, "../static/built");
// Web views of cheap phones stay years behind: what they cannot read must not be shipped.
const TARGET = ["chrome80", "safari13", "firefox78"];
const NOT_IN_OLD_WEB_VIEWS = [":has(", "color-mix("];
const BUDGET = 70_000;

async function styles() {
  const { css } = sass.compile(join(here, "styles/app.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: TARGET });
  const found = NOT_IN_OLD_WEB_VIEWS.filter((part) => code.includes(part));
  if (found.length) throw new Error(`app.css uses ${found.join(" and ")}`);
  return code;
}

async function script() {
  const result = await esbuild.build({
    entryPoints: [join(here, "elements/app.js")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: TARGET,
    // All of these browsers have it; esbuild counts an odd corner of it against Safari 13.
    supported: { destructuring: true },
    nodePaths: [modules],
    legalComments: "none",
  });
  return result.outputFiles[0].text;
}

function icon(name) {
  const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  const shape = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>[\s\S]*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s+/g, " ")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${shape}</symbol>`;
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  return `<svg xmlns="http://www.w3.org/2000/svg">${names.map(icon).join("")}</svg>`;
}

async function build() {
  mkdirSync(out, { recursive: true });
  const files = { "app.css": await styles(), "app.js": await script(), "icons.svg": sprite() };
  let all = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = gzipSync(text, { level: 9 });
    const size = packed.length;
    writeFileSync(join(out, name), text);
    writeFileSync(join(out, `${name}.gz`), packed);
    all += size;
    console.log(`${name.padEnd(10)} ${String(text.length).padStart(7)} bytes, ${size} compressed`);
  }
  if (all > BUDGET) throw new Error(`${all} bytes compressed; the budget is ${BUDGET}`);
}

await build();
