import type { FastifyReply } from "fastify";
import type { ConsoleEvent } from "./views.ts";

/** Says to every open page what happens, as server-sent events. */
export class EventHub {
  readonly #open = new Set<FastifyReply["raw"]>();

  /** Pages that listen. */
  get count(): number {
    return this.#open.size;
  }

  /** Keeps a reply open, and says everything in it from now on. */
  add(reply: FastifyReply): void {
    openStream(reply);
    this.#open.add(reply.raw);
    reply.raw.on("close", () => this.#open.delete(reply.raw));
  }

  say(event: ConsoleEvent): void {
    for (const stream of this.#open) sendEvent(stream, event);
  }

  close(): void {
    for (const stream of this.#open) stream.end();
    this.#open.clear();
  }
}

/** Begins a stream of events. */
export function openStream(reply: FastifyReply): void {
  reply.hijack();
  const headers = Object.entries(reply.getHeaders()).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  reply.raw.writeHead(200, { ...Object.fromEntries(headers), "content-type": "text/event-stream" });
  // A comment, so that the browser knows at once that it is open.
  reply.raw.write(": open\n\n");
}

/** One event of a stream. */
export const sendEvent = (stream: FastifyReply["raw"], event: unknown): void => {
  stream.write(`data: ${JSON.stringify(event)}\n\n`);
};
