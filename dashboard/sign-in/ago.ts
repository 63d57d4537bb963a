import { locale } from "../words.tsx";

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** How long ago something was, in its largest unit: "40 seconds ago". */
export function ago(instant: number): string {
  const seconds = Math.max(0, Math.floor((Date.now() - instant) / 1000));
  const [unit, size] = units.find((one) => seconds >= one[1]) ?? units[3];
  return new Intl.RelativeTimeFormat(`${locale()}-u-nu-latn`).format(-Math.floor(seconds / size), unit);
}
