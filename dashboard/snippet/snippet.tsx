import type { ComponentChildren, Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { copy } from "../frame/asked.tsx";
import { Icon } from "../frame/icons.tsx";
import { page } from "../page.ts";
import { Seg } from "../shown/pick.tsx";
import { say, t } from "../words.tsx";
import { MakeKey } from "./make-key.tsx";
import { snippets, TOOLS, type Tool } from "./snippets.ts";

/** A text to paste, and a button that copies it. */
export const Code = ({ text, pre }: { text: string; pre?: Ref<HTMLPreElement> }) => (
  // From left to right as a whole: the button must not stand where the code begins.
  <div class="snippet" dir="ltr">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the window is scrolled by keys. */}
    <pre tabIndex={0} translate={false} ref={pre}>
      <code>{text}</code>
    </pre>
    <button class="btn" type="button" onClick={() => void copy(text)}>
      <Icon name="copy" />
      {t("copy")}
    </button>
  </div>
);

interface SnippetProps {
  touchpoint: string;
  /** One more tab, for what is no snippet of a page. */
  more?: { name: string; view: () => ComponentChildren };
}

/** What puts a touchpoint into a page, by what the page is made with. */
export function Snippet({ touchpoint, more }: SnippetProps) {
  const [tool, setTool] = useState<Tool | "more">("html");
  const { key } = page;
  const code = useRef<HTMLPreElement>(null);
  const hadKey = useRef(key !== null);
  // The button that made the key is gone, and with it the focus: it goes on to what came in its place.
  useEffect(() => {
    if (key && !hadKey.current) code.current?.focus();
    hadKey.current = key !== null;
  }, [key]);
  return (
    <>
      <div class="scroll">
        <Seg
          label={t("snippet.for")}
          value={tool}
          onChange={setTool}
          options={[
            ...TOOLS.map((one) => [one, t(`snippet.${one}`)] as const),
            ...(more ? [["more", more.name] as const] : []),
          ]}
        />
      </div>
      {tool === "more" ? (
        more?.view()
      ) : (
        <>
          <p>{say(`snippet.${tool}.where`)}</p>
          {key ? (
            <Code text={snippets[tool]({ origin: location.origin, key: key.key, touchpoint })} pre={code} />
          ) : (
            <MakeKey />
          )}
        </>
      )}
    </>
  );
}

/** The snippet in a mail of one's own, for whoever can paste it. */
export const mailToDeveloper = (touchpoint: string): string | null => {
  if (!page.key) return null;
  const snippet = snippets.html({ origin: location.origin, key: page.key.key, touchpoint });
  const subject = t("snippet.mail.subject", { workspace: page.workspace.name });
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${t("snippet.html.where")}\n\n${snippet}`)}`;
};
