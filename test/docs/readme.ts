import { readFile } from "node:fs/promises";

/** One fenced block of a page. */
interface Snippet {
  language: string;
  text: string;
}

/** Every fenced block of a page, in order. */
export async function snippetsOf(file: string): Promise<Snippet[]> {
  const page = await readFile(file, "utf8");
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
}

export const readmeSnippets = (): Promise<Snippet[]> => snippetsOf("README.md");

/** Reads a `curl` command as shell and curl would, since the machine may lack both. Throws on unknown options. */
export function readCurl(command: string): Request {
  const [program, ...words] = [...command.replaceAll("\\\n", " ").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
  if (program !== "curl") throw new Error(`not a curl command: ${program}`);
  const headers = new Headers();
  let [method, url, body] = ["GET", "", null as string | null];
  while (words.length > 0) {
    const word = words.shift() ?? "";
    if (word === "-X") method = words.shift() ?? "";
    else if (word === "-d" || word === "--data-binary") body = words.shift() ?? "";
    else if (word === "-H") {
      const [name = "", value = ""] = (words.shift() ?? "").split(/:\s*(.*)/);
      headers.set(name, value);
    } else if (/^https?:/.test(word)) url = word;
    else throw new Error(`not a curl option that the README uses: ${word}`);
  }
  return new Request(url, { method, headers, body });
}
