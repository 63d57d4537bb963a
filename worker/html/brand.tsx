/** Candor's name at the top of its own pages. A survey page shows only its survey's name. */
export const Brand = ({ links }: { links: Record<string, string> }) => (
  <header class="brand">
    <a href="/">
      <img src="/assets/icon.svg" alt="" width="28" height="28" />
      Candor
    </a>
    <nav aria-label="Candor">
      {Object.entries(links).map(([text, href]) => (
        <a href={href}>{text}</a>
      ))}
    </nav>
  </header>
);
