/** What a page would do itself: report an event, pass on a consent. Before the widget has loaded it waits for it. */
window.candor ??= (...call) => {
  window.candor.q ??= [];
  window.candor.q.push(call);
};
for (const button of document.querySelectorAll("[data-report]"))
  button.addEventListener("click", () =>
    window.candor("track", button.dataset.report, JSON.parse(button.dataset.properties)),
  );
for (const button of document.querySelectorAll("button[data-consent]"))
  button.addEventListener("click", () => window.candor("consent", true));
