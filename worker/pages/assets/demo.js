/** The live view of /demo: reads each score from the API and writes it into its card. */
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

async function readScore(touchpoint) {
  const answer = await fetch(`/v1/touchpoints/${touchpoint}/score`, {
    headers: { authorization: `Bearer ${view.dataset.readKey}` },
  });
  if (!answer.ok) throw new Error(`the score answered ${answer.status}`);
  return answer.json();
}

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

async function refresh() {
  if (document.hidden) return;
  try {
    const scores = await Promise.all(cards.map((card) => readScore(card.dataset.touchpoint)));
    cards.forEach((card, index) => {
      write(card, scores[index]);
    });
    failure.textContent = "";
  } catch {
    failure.textContent = "The scores cannot be read right now. Trying again …";
  }
}

/** The widget tells of an answer when it sends it: the second reading sees what the first was too early for. */
function refreshTwice() {
  setTimeout(refresh, 200);
  setTimeout(refresh, 1200);
}

document.addEventListener("candor:answered", refreshTwice);
document.addEventListener("candor:completed", refreshTwice);
document.addEventListener("visibilitychange", refresh);
document.querySelector("#again").addEventListener("click", () => {
  // What the widget remembers of whom it asked; answers that are not sent yet stay.
  const { unsent } = JSON.parse(localStorage.candor ?? '{"unsent":[]}');
  localStorage.candor = JSON.stringify({ unsent, waits: {} });
  location.reload();
});

await refresh();
setInterval(refresh, 4000);
