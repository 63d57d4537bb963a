import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** So many at once take a slow machine less than 50 ms, which nobody who scrolls or presses something notices. */
const aFrame = 3;

const waiting: (() => void)[] = [];

function drawSome(): void {
  for (const draw of waiting.splice(0, aFrame)) draw();
  if (waiting.length > 0) requestAnimationFrame(drawSome);
}

interface LaterProps {
  /** The place among its like: the first ones are drawn at once. */
  index: number;
  until: ComponentChildren;
  children: () => ComponentChildren;
}

/** Draws one of many parts when those before it are drawn, a few a frame: all at once would be one long task. */
export function Later({ index, until, children }: LaterProps) {
  const [drawn, setDrawn] = useState(index < aFrame);
  useEffect(() => {
    if (drawn) return;
    if (waiting.length === 0) requestAnimationFrame(drawSome);
    const draw = () => setDrawn(true);
    waiting.push(draw);
    return () => {
      const place = waiting.indexOf(draw);
      if (place >= 0) waiting.splice(place, 1);
    };
  }, []);
  return <>{drawn ? children() : until}</>;
}
