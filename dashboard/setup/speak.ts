import { speakAlso } from "../words.tsx";

/** The words of the views that set something up: home needs them once, if at all. */
export const setupWords = (): Promise<void> =>
  speakAlso({
    en: () => import("./words/en.json"),
    de: () => import("./words/de.json"),
    ar: () => import("./words/ar.json"),
  });
