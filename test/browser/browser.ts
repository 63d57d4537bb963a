import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const installed = [
  process.env.CHROME_PATH ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

const unpacked = resolve("node_modules/.cache/candor-chromium");

/**
 * The package's own settings look for fonts under /tmp only; a machine's fonts know more scripts. Latin is the package's on every
 * machine, so that pictures are alike.
 */
const fonts = `<fontconfig>
  <match target="pattern">
    <test qual="any" name="family"><string>system-ui</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit>
  </match>
  <dir>/usr/share/fonts</dir>
  <dir>${unpacked}/fonts</dir>
  <cachedir>${unpacked}/fonts-cache</cachedir>
</fontconfig>`;

/**
 * Unpacks the browser that comes inside an npm package, once. The package unpacks where TMPDIR says and takes a half
 * written file for a whole one; test files run in parallel, so that it is done aside and then moved.
 */
async function unpackChromium(): Promise<void> {
  if (existsSync(unpacked)) return;
  await mkdir(dirname(unpacked), { recursive: true });
  const aside = await mkdtemp(`${unpacked}-`);
  const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  // Only on Lambda does the package unpack the shared libraries, which any small Linux needs.
  const env = { ...process.env, TMPDIR: aside, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], { env });
  await rename(aside, unpacked).catch(() => rm(aside, { recursive: true }));
}

/** Against hanging alone, as the tests' own limits: what a page does takes a busy machine many times longer. */
const patient = (browser: Browser): Browser =>
  browser.on("context", (context) => context.setDefaultTimeout(120_000));

/**
 * A headless Chromium: the one in CHROME_PATH or installed on this machine, otherwise the one of @sparticuz/chromium.
 * Not with that package's own arguments, which turn off web security: then CORS and CSP would not be tested.
 */
export async function openBrowser(): Promise<Browser> {
  const args = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    // Chromium refuses its sandbox to root, which is who runs tests in a container.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  const path = installed.find((candidate) => candidate && existsSync(candidate));
  if (path) return patient(await chromium.launch({ executablePath: path, args }));
  await unpackChromium();
  // Moved to its place whole, since others read it meanwhile.
  const settings = join(unpacked, "fonts.conf");
  await writeFile(`${settings}.${process.pid}`, fonts);
  await rename(`${settings}.${process.pid}`, settings);
  return patient(
    await chromium.launch({
      executablePath: join(unpacked, "chromium"),
      args: [...args, "--disable-gpu"],
      env: {
        ...process.env,
        LD_LIBRARY_PATH: join(unpacked, "al2023/lib"),
        FONTCONFIG_FILE: settings,
      },
    }),
  );
}
