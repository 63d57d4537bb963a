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
 * The package's own settings look for fonts only under /tmp. The machine's fonts cover more scripts. Latin always comes
 * from the package, so that pictures are the same on every machine.
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
 * Unpacks the browser from its npm package, once. The package unpacks into TMPDIR and accepts a half-written file. Test
 * files run in parallel, so it is unpacked elsewhere and then moved.
 */
async function unpackChromium(): Promise<void> {
  if (existsSync(unpacked)) return;
  await mkdir(dirname(unpacked), { recursive: true });
  const aside = await mkdtemp(`${unpacked}-`);
  const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  // The package unpacks the shared libraries only on Lambda, but any minimal Linux needs them.
  const env = { ...process.env, TMPDIR: aside, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], { env });
  await rename(aside, unpacked).catch(() => rm(aside, { recursive: true }));
}

/** Like the tests' own time limits, this only ends what hangs: a busy machine takes many times longer. */
const patient = (browser: Browser): Browser =>
  browser.on("context", (context) => context.setDefaultTimeout(120_000));

/**
 * A headless Chromium: from CHROME_PATH, installed on this machine, or else from @sparticuz/chromium. That package's
 * own arguments are not used: they turn off web security, so CORS and CSP would go untested.
 */
export async function openBrowser(): Promise<Browser> {
  const args = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    // Chromium refuses to sandbox for root, and tests in a container run as root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  const path = installed.find((candidate) => candidate && existsSync(candidate));
  if (path) return patient(await chromium.launch({ executablePath: path, args }));
  await unpackChromium();
  // Written elsewhere and moved into place, since other processes read it meanwhile.
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
