import { signal } from "@preact/signals";
import type { Key } from "../words.tsx";
import type { IconName } from "./icons.tsx";

/** A view that the side, the tabs and the palette lead to. */
interface Place {
  name: Key;
  path: string;
  icon: IconName;
  /** After `g`. */
  key: string;
}

/** In the order in which they stand. A view is listed when it is there: `routes.tsx` opens it. */
export const places: readonly Place[] = [
  { name: "home", path: "", icon: "home", key: "h" },
  { name: "gallery", path: "/surveys/new", icon: "surveys", key: "s" },
];

/** Something that can be done where one is: views offer their own to the palette. */
export interface Act {
  name: string;
  icon: IconName;
  more?: string;
  run: () => unknown;
}

/** What the view on the screen offers. */
export const viewActs = signal<readonly Act[]>([]);

export const paletteOpen = signal(false);
export const keysOpen = signal(false);
