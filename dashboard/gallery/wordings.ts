import type { GalleryWords } from "./templates.ts";

/** One file a language; its templates are in it, and by the build what the kinds ask. */
const languages: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  en: () => import("./words/en.json"),
  de: () => import("./words/de.json"),
  ar: () => import("./words/ar.json"),
};

/** The gallery in one language, in English where it has no other. */
export async function wordsIn(tag: string): Promise<GalleryWords> {
  const loaded = await (languages[tag] ?? languages.en)?.();
  // The build makes `GalleryWords` of each file (scripts/build/build-dashboard.ts).
  return loaded?.default as GalleryWords;
}

/** In all its languages: a survey is made with the words of each. */
export const allWords = async (): Promise<Record<string, GalleryWords>> =>
  Object.fromEntries(
    await Promise.all(Object.keys(languages).map(async (tag) => [tag, await wordsIn(tag)] as const)),
  );
