/** A block of a stream: an event, or a heartbeat, which has no fields. */
export type Block = Partial<Record<"event" | "id" | "data" | "retry", string>>;

/** Yields the blocks of server-sent events as they arrive; ending the iteration closes the connection. */
export async function* blocksOf(answer: Response): AsyncGenerator<Block> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.split("\n").filter((line) => !line.startsWith(":"));
      yield Object.fromEntries(fields.map((line) => line.split(/: (.*)/s).slice(0, 2)));
    }
  }
}

/** The text of an answer; for a stream, which may last for minutes, its first chunk. */
export async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get("content-type") !== "text/event-stream") return await answer.text();
  for await (const chunk of answer.body ?? []) return new TextDecoder().decode(chunk);
  return "";
}
