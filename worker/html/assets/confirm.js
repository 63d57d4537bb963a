/**
 * Counts the rating that was clicked in a mail, as soon as a person does anything at all on the page. Scanners of mails load
 * pages, run their scripts, wait and scroll; what they do not do is to move a pointer or press a key.
 */
const [form] = document.forms;
const status = document.querySelector("[role=status]");
const signs = ["pointerdown", "pointermove", "touchstart", "keydown", "wheel"];
// The server's time: of two answers the later stands, whichever arrives last.
let revision = Number(form.dataset.opened);
let counted;
let place;

/** The rating that is chosen now, unless it is counted already. */
async function count() {
  const { value } = form.elements.rating;
  if (!value || value === counted) return;
  const before = counted;
  counted = value;
  const again = form.elements.again?.value;
  const { opened: made } = form.dataset;
  const body = new URLSearchParams({
    rating: value,
    version: form.elements.version?.value ?? "",
    opened: String(revision++),
    made,
    ...(again && { again }),
  });
  const answer = await fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => null);
  if (answer?.ok) {
    status.textContent = status.dataset.text;
    // again.js remembers it.
    form.dispatchEvent(new Event("counted"));
  }
  // A later gesture tries again, and the button always can.
  else
    setTimeout(() => {
      if (counted === value) counted = before;
    }, 2000);
}

function onSign(event) {
  // Scripts make events too, but not trusted ones. `scroll` is left out: a script's scrolling is trusted.
  if (!event.isTrusted) return;
  const { type, target, screenX, screenY } = event;
  // A page that opens under a resting pointer hears that it is there: only one that moves is moved by somebody.
  if (type === "pointermove") {
    const here = `${screenX} ${screenY}`;
    const rests = place === undefined || place === here;
    place = here;
    if (rests) return;
  }
  // Whoever presses another rating must not have this one counted before.
  if ((type === "pointerdown" || type === "touchstart") && target.closest?.(".scale, button")) return;
  if (type === "keydown" && target.closest?.(".scale") && event.key.startsWith("Arrow")) return;
  void count();
}

for (const sign of signs) addEventListener(sign, onSign, { passive: true });
// After them, and for who has answered the scale itself.
form.addEventListener("change", ({ isTrusted, target }) => isTrusted && target.name === "rating" && count());
form.addEventListener("click", ({ isTrusted, target }) => isTrusted && target.name === "rating" && count());
