/** Loads the sheet of a view, which is awaited with it: otherwise it would be drawn bare for a moment. */
export function withSheet(href: string): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((resolve) => {
    // A view without its sheet is still a view.
    link.onload = link.onerror = () => resolve();
  });
}
