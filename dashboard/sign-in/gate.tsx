import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Refused } from "../api/refused.ts";
import { Mark } from "../frame/icons.tsx";
import { say, t } from "../words.tsx";

interface GateProps {
  title: string;
  lead?: ComponentChildren;
  /** Said at the end, quietly. */
  aside?: ComponentChildren;
  children?: ComponentChildren;
}

/** One step of getting in. A step that follows another takes the focus, so that it is read out. */
export function Gate({ title, lead, aside, children }: GateProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Candor`;
    heading.current?.focus();
  }, [title]);
  return (
    <main>
      <p class="row">
        <Mark />
        <b>Candor</b>
      </p>
      <div class="stack">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="quiet">{lead}</p>}
      </div>
      {children}
      {aside && <p class="note aside">{aside}</p>}
    </main>
  );
}

/** Why something failed. `known` words refusals by their status, where they mean more here than elsewhere. */
export const Failure = ({
  of: failure,
  known = {},
}: {
  of: unknown;
  known?: Readonly<Record<number, ComponentChildren>>;
}) =>
  failure === null ? null : (
    <p class="wrong" role="alert">
      {reasonOf(failure, known)}
    </p>
  );

function reasonOf(failure: unknown, known: Readonly<Record<number, ComponentChildren>>): ComponentChildren {
  // The browser's own error: somebody has closed its dialog, or has no passkey for this host.
  if (!(failure instanceof Refused)) return t("passkey.none");
  const { status } = failure;
  if (known[status]) return known[status];
  if (status === 0) return t("unreached");
  if (status === 429) return t("too-many");
  return say("refused", { status: String(status) });
}

/** A command of a shell, in a sentence. */
export const Command = ({ children }: { children: string }) => (
  <code dir="ltr" translate={false}>
    {children}
  </code>
);
