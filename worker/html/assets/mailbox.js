/** Shows at /demo/mailbox what a reload would, without one. */
const everyMs = 2000;
const part = (id, page = document) => page.getElementById(id);

/** In the reader's own zone. */
function writeTimes() {
  for (const time of document.querySelectorAll("time"))
    time.textContent = new Date(time.dateTime).toLocaleTimeString();
}

async function refresh() {
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Only where it differs: what is written anew is read out anew.
  for (const id of ["progress", "skipped", "silence"])
    if (part(id).innerHTML !== part(id, fresh).innerHTML)
      part(id).replaceChildren(...part(id, fresh).childNodes);
  // A mail that is shown stays the same element, and keeps the focus.
  for (const shown of [...part("mails").children]) if (!part(shown.id, fresh)) shown.remove();
  part("mails").prepend(...[...part("mails", fresh).children].filter(({ id }) => !part(id)));
  writeTimes();
}

writeTimes();
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, everyMs));
  // The mailbox may be starting again: the next time will tell.
  if (!document.hidden) await refresh().catch(() => undefined);
}
