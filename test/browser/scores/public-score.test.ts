import type { BrowserContextOptions } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { browser, setUpStage, stage } from "../fixture.ts";
import { pageFaults } from "../page-faults.ts";

setUpStage();
beforeAll(async () => {
  const ratings = [5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 2, 1];
  const responses = ratings.map((rating) => ({ id: crypto.randomUUID(), touchpoint: "checkout", rating }));
  const headers = { authorization: `Bearer ${stage.secretKey}`, "content-type": "application/json" };
  const body = JSON.stringify({ responses });
  await fetch(`${stage.origin}/v1/responses/batch`, { method: "POST", headers, body });
});

const phone = { viewport: { width: 375, height: 667 } };
const looks: [name: string, options: BrowserContextOptions][] = [
  ["light", {}],
  ["dark on a phone", { ...phone, colorScheme: "dark" }],
  ["in forced colours", { forcedColors: "active" }],
];
for (const [name, options] of looks) {
  test(`on a page of another origin badge and figure are shown, and axe finds nothing, ${name}`, async () => {
    const page = await stage.visit("public-score", options);
    const figure = page.frameLocator("iframe");
    await figure.getByText("75 % satisfied").waitFor();
    expect(await figure.getByRole("listitem").allInnerTexts()).toEqual(
      ["Satisfied 4–5\n75 %", "Neutral 3\n8 %", "Dissatisfied 1–2\n17 %"].map((text) =>
        text.replaceAll(" %", "\u00a0%"),
      ),
    );
    const width = () => page.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth);
    await expect.poll(width).toBeGreaterThan(200);
    expect(await pageFaults(page)).toEqual([]);
  });
}

test.each(["en", "de", "fr", "es", "ar"])(
  "the badge's texts stay within their fields in %s",
  async (locale) => {
    const page = await browser.newPage();
    await page.goto(`${stage.origin}/v1/public/${stage.publicId}/badge.svg?locale=${locale}`);
    const gaps = await page.evaluate(() => {
      const box = (name: string) => document.querySelector(name)?.getBoundingClientRect() ?? new DOMRect();
      const [svg, accent] = [box("svg"), box(".accent")];
      const isMirrored = accent.left > svg.left;
      const rest = isMirrored
        ? { left: svg.left, right: accent.left }
        : { left: accent.right, right: svg.right };
      const fields = { ".value": accent, ".claim": rest, ".basis": rest };
      return Object.entries(fields).flatMap(([name, { left, right }]) => [
        box(name).left - left,
        right - box(name).right,
        box(name).width,
      ]);
    });
    expect(gaps).toHaveLength(9);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
  },
);

test("the badge in a page is dark where its visitor prefers that, and where the page says so", async () => {
  const brightness = async (theme: string, colorScheme: "light" | "dark") => {
    const page = await browser.newPage({ colorScheme });
    await page.goto(`${stage.site}/public-score.html`);
    const src = `${stage.origin}/v1/public/${stage.publicId}/badge.svg?theme=${theme}`;
    await page.setContent(`<img src="${src}">`);
    const shot = await page.locator("img").screenshot();
    return page.evaluate(
      async (picture) => {
        const image = await createImageBitmap(await (await fetch(picture)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas?.drawImage(image, 0, 0);
        return canvas?.getImageData(image.width - 12, image.height / 2, 1, 1).data[0];
      },
      `data:image/png;base64,${shot.toString("base64")}`,
    );
  };
  expect(await brightness("auto", "light")).toBe(0xff);
  expect(await brightness("auto", "dark")).toBe(0x18);
  expect(await brightness("light", "dark")).toBe(0xff);
  expect(await brightness("dark", "light")).toBe(0x18);
});
