import fc from "fast-check";
import { expect, test } from "vitest";

// The page's data are read when its modules are loaded.
Object.assign(globalThis, {
  document: { getElementById: () => ({ textContent: '{"workspace":{"id":"wsp_1"}}' }) },
});
const { eventReader } = await import("../../dashboard/api/stream.ts");

const events = [
  { id: "a", data: '{"n":1}' },
  { id: "", data: "two\nlines" },
  { id: "c", data: "…ende\u2028\u2029" },
];
/** As the server writes them; a regular expression would take U+2028 for the end of a line. */
const linesOf = (data: string) =>
  data
    .split("\n")
    .map((line) => `data: ${line}`)
    .join("\n");
const written = `retry: 2000\n\n${events
  .map(({ id, data }) => `event: scores\n${id ? `id: ${id}\n` : ""}${linesOf(data)}\n\n`)
  .join(":\n\n")}:\n\n`;

test.each(["\n", "\r\n"])("events are read wherever the stream is cut, with line ends %j", (end) => {
  const text = written.replaceAll("\n", end);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 30 }), (places) => {
      const cuts = [0, ...places.sort((one, other) => one - other), text.length];
      const read = eventReader();
      const found = cuts.flatMap((place, index) => read(text.slice(place, cuts[index + 1] ?? place)));
      expect(found).toEqual(events);
    }),
    { numRuns: 500 },
  );
});

test("what is not ended yet is no event", () => {
  const read = eventReader();
  expect(read("data: 1")).toEqual([]);
  expect(read("\n")).toEqual([]);
  expect(read("\n")).toEqual([{ id: "", data: "1" }]);
});

test("an id alone renews what a client comes back with", () => {
  expect(eventReader()("id: e\n\n")).toEqual([{ id: "e", data: "" }]);
});
