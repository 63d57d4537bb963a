import { build } from "esbuild";
import type { Page } from "playwright-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type * as Runtime from "../../../widget/jsx-runtime.ts";
import { browser, setUpBrowser } from "../fixture.ts";

/** The widget's JSX runtime in a real page, as `runtime`, drawing into `box`. */

declare const runtime: typeof Runtime;
declare const box: HTMLElement;

let page: Page;
let script: string;
setUpBrowser();
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ["widget/jsx-runtime.ts"],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "runtime",
  });
  script = outputFiles[0]?.text ?? "";
  page = await browser.newPage();
});
beforeEach(async () => {
  await page.goto("about:blank");
  await page.setContent("<main id=box></main>");
  await page.addScriptTag({ content: script });
});

test("a component's key is that of the element which it returns: with another key it is another element", async () => {
  const kept = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const Field = ({ name }: { name: string }) => jsx("label", { children: jsx("input", { name }) });
    const draw = (key: string) => {
      render(jsx(Field, { name: key }, key), box);
      return box.firstChild;
    };
    const one = draw("one");
    return [draw("one") === one, draw("two") === one];
  });
  expect(kept).toEqual([true, false]);
});

test("a tag and a key are not taken for another tag and key that read the same", async () => {
  const tags = await page.evaluate(() => {
    const { jsx, render } = runtime;
    render(jsx("a", {}, "side"), box);
    render(jsx("aside", {}), box);
    return box.innerHTML;
  });
  expect(tags).toBe("<aside></aside>");
});

test("what is drawn again stays: its element, its focus and what was typed into it", async () => {
  const kept = await page.evaluate(() => {
    const { jsx, jsxs, render } = runtime;
    const draw = (title: string) => {
      render(jsxs("div", { title, children: [jsx("p", { children: title }), jsx("input", {})] }), box);
      return box.querySelector("input") as HTMLInputElement;
    };
    const input = draw("one");
    input.value = "typed";
    input.focus();
    const again = draw("two");
    return [again === input, again.value, document.activeElement === input, box.innerHTML];
  });
  expect(kept).toEqual([true, "typed", true, '<div title="two"><p>two</p><input></div>']);
});

test("what comes in front of something keyed leaves it as it is", async () => {
  const values = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (...keys: string[]) =>
      render(
        keys.map((key) => jsx("input", { name: key }, key)),
        box,
      );
    draw("b");
    (box.firstChild as HTMLInputElement).value = "typed";
    draw("a", "b", "c");
    return [...box.querySelectorAll("input")].map(({ name, value }) => name + value);
  });
  expect(values).toEqual(["a", "btyped", "c"]);
});

test("what is keyed keeps its element and its focus while others come and go on both sides of it", async () => {
  const kept = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (...keys: string[]) =>
      render(
        keys.map((key) => jsx("input", { name: key }, key)),
        box,
      );
    draw("a", "b", "c");
    const b = box.children[1] as HTMLInputElement;
    b.focus();
    return [["b"], ["b", "c"], ["a", "b", "d"]].map((keys) => {
      draw(...keys);
      return box.children[keys.indexOf("b")] === b && document.activeElement === b;
    });
  });
  expect(kept).toEqual([true, true, true]);
});

test("of what changes places, what comes first stays and what it passed is made anew", async () => {
  const kept = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (...keys: string[]) => {
      render(
        keys.map((key) => jsx("i", { children: key }, key)),
        box,
      );
      return [...box.children];
    };
    const before = draw("a", "b", "c");
    const after = draw("c", "a", "b");
    return [box.textContent, ...after.map((element) => before.includes(element))];
  });
  expect(kept).toEqual(["cab", true, false, false]);
});

test("a list and a list in it are what is in them, and a text that changes stays the same node", async () => {
  const seen = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (text: string) => {
      render([text, [jsx("i", {}), [jsx("b", {})]]], box);
      return box.firstChild;
    };
    return [draw("one") === draw("two"), box.innerHTML];
  });
  expect(seen).toEqual([true, "two<i></i><b></b>"]);
});

test("what is not drawn any more goes, from the end, the middle and everywhere", async () => {
  const seen = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (...keys: string[]) => {
      render(
        keys.map((key) => jsx("i", { children: key }, key)),
        box,
      );
      return box.textContent;
    };
    draw("a", "b", "c");
    return [draw("a", "b"), draw("b"), draw()];
  });
  expect(seen).toEqual(["ab", "b", ""]);
});

test("nothing is drawn of null, undefined, true, false and no text, and a 0 is drawn", async () => {
  const html = await page.evaluate(() => {
    runtime.render([null, undefined, true, false, "", 0, [["deep"]]], box);
    return box.innerHTML;
  });
  expect(html).toBe("0deep");
});

test("text is text, whatever it looks like", async () => {
  const html = await page.evaluate(() => {
    runtime.render(runtime.jsx("p", { title: '"<b>', children: "<img src=x onerror=alert(1)>" }), box);
    return [box.querySelectorAll("img").length, box.textContent, box.querySelector("p")?.title];
  });
  expect(html).toEqual([0, "<img src=x onerror=alert(1)>", '"<b>']);
});

test("an attribute that is true stands, one that is false or missing goes, and aria says both", async () => {
  const html = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const draw = (on: boolean | undefined) => {
      render(jsx("i", { hidden: on, title: on && "yes", "aria-checked": on }), box);
      return box.innerHTML;
    };
    return [draw(true), draw(false), draw(undefined)];
  });
  expect(html).toEqual([
    '<i hidden="" title="yes" aria-checked="true"></i>',
    '<i aria-checked="false"></i>',
    "<i></i>",
  ]);
});

test("the handler of the last drawing is called, once, and none after it is gone", async () => {
  const calls = await page.evaluate(() => {
    const { jsx, render } = runtime;
    const heard: string[] = [];
    const draw = (onClick?: () => void) => {
      render(jsx("button", { onClick }), box);
      box.querySelector("button")?.click();
    };
    draw(() => heard.push("first"));
    draw(() => heard.push("second"));
    draw();
    return heard;
  });
  expect(calls).toEqual(["first", "second"]);
});

test("a drawing is an svg's inside an svg, and HTML's elsewhere", async () => {
  const spaces = await page.evaluate(() => {
    const { jsx, render } = runtime;
    render([jsx("svg", { children: jsx("path", { d: "M0 0" }) }), jsx("p", {})], box);
    return [...box.querySelectorAll("*")].map((element) => element.namespaceURI?.split("/").pop());
  });
  expect(spaces).toEqual(["svg", "svg", "xhtml"]);
});

test("what the compiler refuses would be set in vain", async () => {
  const made = await page.evaluate(() => {
    const { jsx, render } = runtime;
    type Elements = Runtime.JSX.IntrinsicElements;
    // @ts-expect-error: misspelt.
    const misspelt: Elements["button"] = { tpye: "button" };
    // @ts-expect-error: not a number.
    const wrong: Elements["textarea"] = { rows: "three" };
    // @ts-expect-error: not a function.
    const text: Elements["button"] = { onClick: "alert(1)" };
    // @ts-expect-error: not a property of elements.
    const capturing: Elements["button"] = { onClickCapture: () => box.remove() };
    // @ts-expect-error: not an HTML attribute.
    const theirs: Elements["label"] = { htmlFor: "comment" };
    // @ts-expect-error: not a string.
    const style: Elements["p"] = { style: { color: "red" } };
    const make = (tag: string, props: object) => {
      render(jsx(tag, { ...props }), box);
      const element = box.firstChild;
      render(null, box);
      return element as HTMLElement;
    };
    make("button", capturing).click();
    return [
      (make("button", misspelt) as HTMLButtonElement).type,
      (make("textarea", wrong) as HTMLTextAreaElement).rows,
      make("button", text).onclick,
      box.isConnected,
      (make("label", theirs) as HTMLLabelElement).htmlFor,
      make("p", style).style.color,
    ];
  });
  expect(made).toEqual(["submit", 2, null, true, "", ""]);
});
