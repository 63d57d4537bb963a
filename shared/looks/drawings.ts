import type { Look, Scale } from "../surveys/kinds.ts";

/** A face whose mouth bends from a frown (-1) to a smile (1): an SVG path in a box of 24, drawn as a line. */
function face(mood: number): string {
  const bend = mood * 3;
  const corner = (15.2 - bend / 2).toFixed(1);
  const middle = (15.2 + bend).toFixed(1);
  return `M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19M9 9v.6M15 9v.6M8 ${corner}Q12 ${middle} 16 ${corner}`;
}

const thumb = (up: boolean): string =>
  up
    ? "M7.5 10.5 11.4 3.2a2.3 2.3 0 0 1 2.3 2.7L13 9.5h5.4a2 2 0 0 1 2 2.4l-1.4 6.9a2 2 0 0 1-2 1.7H7.5zM7.5 10.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h3z"
    : "M7.5 13.5l3.9 7.3a2.3 2.3 0 0 0 2.3-2.7L13 14.5h5.4a2 2 0 0 0 2-2.4L19 5.2a2 2 0 0 0-2-1.7H7.5zM7.5 13.5h-3a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1h3z";

/** Five points of radius 9.8 around (12, 12.6), as a line that ends where it began. */
const star = "M12 2.8l2.9 5.9 6.4.9-4.7 4.5 1.1 6.4-5.7-3-5.7 3 1.1-6.4-4.7-4.5 6.4-.9z";

/** The drawing of one rating, an SVG path in a box of 24 by 24; null: its text is shown. */
export function drawingOf(look: Look, scale: Scale, rating: number): string | null {
  const place = (rating - scale.min) / (scale.max - scale.min);
  if (look === "faces" && scale.max - scale.min < 5) return face(place * 2 - 1);
  if (look === "thumbs") return thumb(place > 0.5);
  // No star would mean no rating, so a scale that begins at 0 shows its numbers.
  if (look === "stars" && scale.min > 0) return star;
  return null;
}
