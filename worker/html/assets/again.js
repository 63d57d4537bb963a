/**
 * Whoever answers a mail's survey again in the same browser, from whichever of the mail's links, changes the answer that they
 * gave: the link only says whose it would be, which anybody can write, and this browser has the token of that answer.
 *
 * The page waits for it before it shows the button: sent before this has run, the answer would be another one beside the first.
 */
{
  const [form] = document.forms;
  const { claim } = form.dataset;
  const name = "candor.answers";
  const most = 20;
  const mostTokens = 4;

  /** Newest first: claim and tokens. Whatever else stands there, or a browser that keeps nothing, is none. */
  function read() {
    try {
      return JSON.parse(localStorage.getItem(name)).filter((one) => one.length === 2);
    } catch {
      return [];
    }
  }

  const before = read().find(([other]) => other === claim)?.[1];
  if (before) {
    const field = Object.assign(document.createElement("input"), {
      type: "hidden",
      name: "again",
      value: before,
    });
    form.append(field);
  }

  /** Once it was answered. */
  function remember() {
    // The page's own comes last: the answer is stored by it where all before were erased meanwhile.
    const own = new URL(form.action).pathname.split("/").at(-1);
    const tokens = [...new Set([...(before?.split(" ") ?? []), own])].slice(0, mostTokens).join(" ");
    const others = read().filter(([other]) => other !== claim);
    try {
      localStorage.setItem(name, JSON.stringify([[claim, tokens], ...others].slice(0, most)));
    } catch {
      // Then each opened link is an answer of its own.
    }
  }

  form.addEventListener("submit", remember);
  // confirm.js has counted the rating.
  form.addEventListener("counted", remember);
}
