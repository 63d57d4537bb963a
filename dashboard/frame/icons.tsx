/** Line drawings in a box of 16. */
const paths = {
  home: "M2.5 7.2 8 2.6l5.5 4.6v6.2H9.8V9.6H6.2v3.8H2.5z",
  answers: "M2 9.4 3.9 3h8.2L14 9.4V13H2zM2 9.4h3.7a2.3 2.3 0 0 0 4.6 0H14",
  surveys: "M3.2 2.5h9.6v11H3.2zM5.6 5.9h4.8M5.6 8.4h4.8M5.6 10.9h2.9",
  sends: "M14 2 7.3 8.7M14 2 9.8 14 7.3 8.7 2 6.2z",
  settings:
    "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4M8 1.8v1.7M8 12.5v1.7M1.8 8h1.7M12.5 8h1.7M3.6 3.6l1.2 1.2M11.2 11.2l1.2 1.2M3.6 12.4l1.2-1.2M11.2 4.8l1.2-1.2",
  find: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3l3.2 3.2",
  open: "M4.5 6.5 8 10l3.5-3.5",
  next: "M6.5 4.5 10 8l-3.5 3.5",
  back: "M9.5 4.5 6 8l3.5 3.5",
  filter: "M2 4h12M4.5 8h7M6.5 12h3",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
  same: "M3 8h10",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.8V8l2.2 1.6",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M2.5 9.75h11M6.5 6.5V13",
  plus: "M8 3v10M3 8h10",
  done: "M3.5 8.5l3 3 6-7",
  close: "M4 4l8 8M12 4l-8 8",
  code: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  place:
    "M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14M8 8.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.5 5.5 0 1 0 6.6 6.6z",
  switch: "M3 5.5h9M9.5 3 12 5.5 9.5 8M13 10.5H4M6.5 8 4 10.5 6.5 13",
  passkey: "M5.5 13a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M7.5 8.2 13 2.7M10.5 5.2l2 2",
  mail: "M2 3.5h12v9H2zM2 4.5l6 4.5 6-4.5",
  leave: "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
  members:
    "M6 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 6 8M1.5 13.5c.3-2.4 2-3.8 4.5-3.8s4.2 1.4 4.5 3.8M10.6 3a2.6 2.6 0 0 1 0 4.9M12 9.9c1.4.5 2.3 1.8 2.5 3.6",
  keys: "M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.5h6",
} as const;

export type IconName = keyof typeof paths;

/** Drawn beside words, never in their place: it is hidden from those who hear the page. */
export const Icon = ({ name, turns = false }: { name: IconName; turns?: boolean }) => (
  <svg class={turns ? "i turn" : "i"} viewBox="0 0 16 16" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

/** Candor's own mark. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="#5b5bd6" />
    <path
      d="M9 16.5l5 5 9-11"
      fill="none"
      stroke="#fff"
      stroke-width="3.4"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
