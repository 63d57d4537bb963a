import { expect, test } from "vitest";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { nextMs } from "../clock.ts";
import { newLink, pathOf, responseOf, setUp, submit } from "../invitations/invitations-fixture.ts";
import { requestUnlimited } from "../workspace.ts";

setUp();

test("of a link that takes one answer the first rating stands, whoever sends what at once or later", async () => {
  const link = await newLink({ changeable: false });
  const path = pathOf(link.url);
  const both = await Promise.all(["2", "9"].map((rating) => submit(path, { rating })));
  expect(both.map(({ status }) => status)).toEqual([303, 303]);
  const { rating } = await responseOf(link);
  await nextMs();
  for (const other of ["0", "10", "5"]) await submit(path, { rating: other, comment: `${other}?` });
  await submit(path, { rating: "7", opened: String(Date.now()) });
  expect(await responseOf(link)).toMatchObject({ rating });
  const page = await (await requestUnlimited(`${path}?rating=1`)).text();
  expect(page).toContain(TEXTS.en.thanks);
  expect(page).not.toContain("<form");
  expect(page).not.toContain(TEXTS.en.change);
});

test("of a link that takes one answer no comment is overwritten, and none comes to another's rating", async () => {
  const answers: Record<string, string>[][] = [
    [
      { rating: "5", comment: "first" },
      { rating: "1", comment: "second" },
    ],
    [
      { rating: "5", comment: "first" },
      { rating: "5", comment: "second" },
    ],
    [
      { rating: "5", opened: "1" },
      { rating: "1", comment: "of 1" },
      { rating: "5", comment: "first" },
    ],
    [{ rating: "5" }, { rating: "5", comment: "first" }, { rating: "5", comment: "" }],
  ];
  for (const sent of answers) {
    const link = await newLink({ changeable: false });
    for (const fields of sent) await submit(pathOf(link.url), fields);
    expect(await responseOf(link), JSON.stringify(sent)).toMatchObject({ rating: 5, comment: "first" });
  }
});

test("the page of a link that takes one answer corrects the rating of its own gesture, and no other", async () => {
  const time = Date.now() - 1000;
  const made = String(time);
  const whole = { rating: 2, comment: "It broke" };
  const send = async (...sent: Record<string, string>[]) => {
    const link = await newLink({ changeable: false });
    for (const fields of sent) await submit(pathOf(link.url), fields);
    return responseOf(link);
  };
  const gesture = { rating: "9", opened: made, made };
  const form = { rating: "2", comment: "It broke", made };
  expect(await send(gesture, form)).toMatchObject(whole);
  expect(await send(gesture, form, { ...form, rating: "5", comment: "Late" })).toMatchObject(whole);
  expect(await send(form, gesture)).toMatchObject(whole);
  expect(await send(gesture, { ...form, rating: "9" })).toMatchObject({ rating: 9, comment: "It broke" });
  // Another rating is pressed on the page, whose gesture before may still be under way.
  const pressed = { rating: "4", opened: String(time + 1), made };
  expect(await send(gesture, pressed)).toMatchObject({ rating: 4 });
  expect(await send(gesture, pressed, gesture, form)).toMatchObject(whole);
  expect(await send(gesture, form, pressed)).toMatchObject(whole);
  // What is shortened after a 422 is still of that page.
  const link = await newLink({ changeable: false });
  const page = await (await requestUnlimited(`${pathOf(link.url)}?rating=9`)).text();
  const [, shown = ""] = /name="made" value="(\d+)"/.exec(page) ?? [];
  await submit(pathOf(link.url), { rating: "9", opened: shown, made: shown });
  const tooLong = await submit(pathOf(link.url), { ...form, comment: "x".repeat(4001), made: shown });
  expect(await tooLong.text()).toContain(`name="made" value="${shown}"`);
  // Another page of the same link.
  const others = { ...gesture, opened: String(time - 500) };
  expect(await send(others, form)).toMatchObject({ rating: 9, comment: null });
  for (const wrong of ["", "0", "-1", "soon"])
    expect(await send({ rating: "9" }, { ...form, made: wrong })).toMatchObject({ rating: 9, comment: null });
});

test("of answers at once to a link that takes one, the one that stands is whole", async () => {
  for (const withComment of [true, false]) {
    const link = await newLink({ changeable: false });
    const sends = [1, 2, 3, 4, 5].map((rating) =>
      submit(pathOf(link.url), {
        rating: String(rating),
        ...((withComment || rating > 2) && { comment: `of ${rating}` }),
      }),
    );
    const landed = (await Promise.all(sends)).map(({ headers }) => headers.get("location"));
    const { rating, comment } = await responseOf(link);
    expect(comment).toBe(withComment || rating > 2 ? `of ${rating}` : null);
    // All of them see the thanks for the rating that stands.
    expect(landed).not.toContain(null);
  }
});
