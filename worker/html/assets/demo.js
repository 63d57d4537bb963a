/** The live view of /demo and its mailbox: follows the scores as they change and writes each into its card. */
const view = document.querySelector("[data-read-key]");
const cards = [...view.querySelectorAll("[data-touchpoint]")];
const announcement = view.querySelector("[aria-live]");
const failure = view.querySelector(".failure");
/** Score and n as they were when the page was opened, by touchpoint. */
const first = new Map();
const shownN = new Map();

const digits = { points: 1, percent: 1, rating: 2 };
const units = {
  points: () => "points",
  percent: () => "%",
  rating: (score) => `of ${score.scale.max}`,
};

function format(value, unit, signDisplay = "auto") {
  const fraction = digits[unit];
  const options = { minimumFractionDigits: fraction, maximumFractionDigits: fraction, signDisplay };
  return new Intl.NumberFormat("en", options).format(value);
}

const responses = (n) => (n === 1 ? "1 response" : `${n.toLocaleString("en")} responses`);

/** The change since the page was opened, once there is one. */
function changeText({ touchpoint, unit, score, n }) {
  if (!first.has(touchpoint)) first.set(touchpoint, { score, n });
  const before = first.get(touchpoint);
  if (score === null || before.score === null || (before.score === score && before.n === n)) return "";
  return format(score - before.score, unit, "exceptZero");
}

function basisText({ n, unit, interval }) {
  if (n === 0) return "No responses yet.";
  if (!interval) return responses(n);
  return `${format(interval.low, unit)} to ${format(interval.high, unit)} (95 %) · ${responses(n)}`;
}

function writeBuckets(card, buckets) {
  const bar = card.querySelector(".bar");
  const list = card.querySelector(".buckets");
  // Kept from one reading to the next, so that a change of width can be seen.
  while (bar.children.length < buckets.length) {
    bar.append(document.createElement("span"));
    list.append(document.createElement("li"));
  }
  buckets.forEach(({ name, count }, index) => {
    bar.children[index].style.flexGrow = count;
    list.children[index].textContent = `${name} ${count.toLocaleString("en")}`;
  });
}

function write(card, score) {
  const { unit, n } = score;
  const text = (selector, content) => {
    card.querySelector(selector).textContent = content;
  };
  const value =
    score.score === null ? "–" : format(score.score, unit, unit === "points" ? "exceptZero" : "auto");
  text(".value", value);
  text(".unit", unit && n > 0 ? units[unit](score) : "");
  text(".change", changeText(score));
  text(".basis", basisText(score));
  card.querySelector(".small-sample").hidden = n === 0 || !score.small_sample;
  if (n > 0) writeBuckets(card, score.buckets);
  const known = shownN.get(score.touchpoint);
  if (known !== undefined && known !== n) {
    announcement.textContent = `${card.dataset.title} is now ${value}, from ${responses(n)}.`;
  }
  shownN.set(score.touchpoint, n);
}

function show({ data }) {
  for (const card of cards) {
    const { touchpoint } = card.dataset;
    const score = data.find(({ group }) => group.touchpoint === touchpoint);
    write(card, { touchpoint, n: 0, score: null, unit: null, interval: null, ...score });
  }
}

const retryMs = 2000;
/** Ends the stream that is open, so that the next one begins at once: the stream itself looks every few seconds. */
let again = () => undefined;

/** examples/wall.html explains the client that this one is a part of. */
async function follow() {
  const names = cards.map(({ dataset }) => dataset.touchpoint);
  for (let lastId = ""; ; ) {
    const ended = new AbortController();
    const hurried = new Promise((resolve) => {
      again = () => resolve(ended.abort());
    });
    try {
      const answer = await fetch(`/v1/scores/stream?group_by=touchpoint&touchpoint=${names}`, {
        headers: {
          authorization: `Bearer ${view.dataset.readKey}`,
          ...(lastId && { "last-event-id": lastId }),
        },
        signal: ended.signal,
      });
      if (!answer.ok) throw new Error(`the stream answered ${answer.status}`);
      failure.textContent = "";
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const blocks = (text + read.value).split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const { id, data } = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/)));
          if (id) lastId = id;
          if (data) show(JSON.parse(data));
        }
      }
    } catch {
      if (!ended.signal.aborted) failure.textContent = "The scores cannot be read right now. Trying again …";
    }
    if (!ended.signal.aborted)
      await Promise.race([hurried, new Promise((resolve) => setTimeout(resolve, retryMs))]);
  }
}

/** The widget tells of an answer when it sends it: the second look sees what the first was too early for. */
function lookTwice() {
  setTimeout(() => again(), 200);
  setTimeout(() => again(), 1200);
}

document.addEventListener("candor:answered", lookTwice);
document.addEventListener("candor:completed", lookTwice);
// Whoever comes back from the survey link sees what it did.
document.addEventListener("visibilitychange", () => document.hidden || again());
document.querySelector("#again")?.addEventListener("click", () => {
  // What the widget remembers of whom it asked; answers that are not sent yet stay.
  const { unsent } = JSON.parse(localStorage.candor ?? '{"unsent":[]}');
  localStorage.candor = JSON.stringify({ unsent, waits: {} });
  location.reload();
});

await follow();
