import { signal } from "@preact/signals";
import { page } from "../page.ts";
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
  { name: "settings", path: "/settings", icon: "settings", key: "," },
];

/** What the settings are of: one page an item, in the order in which they stand. */
export const items = [
  { name: "members", path: "/settings/members", icon: "members" },
  { name: "audit", path: "/settings/audit", icon: "clock" },
  { name: "account", path: "/settings/account", icon: "passkey" },
] as const satisfies readonly Omit<Place, "key">[];

/** Something that can be done where one is: views offer their own to the palette. */
export interface Act {
  name: string;
  icon: IconName;
  more?: string;
  /** No button on a phone, where the title needs the room. */
  wide?: boolean;
  run: () => unknown;
}

/** What the view on the screen offers. */
export const viewActs = signal<readonly Act[]>([]);

/** What the member is called, who may change that while the page is open. */
export const memberName = signal(page.member.name);

export const paletteOpen = signal(false);
export const keysOpen = signal(false);
