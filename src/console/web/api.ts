import { useEffect, useState } from "preact/hooks";
import type { ConsoleEvent, ErrorView } from "../views.ts";

/** What the server said no with. */
export class ApiError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor({ code, message, fix }: ErrorView["error"]) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

async function call<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new ApiError({
      code: "CONSOLE_GONE",
      message: "The console does not answer.",
      fix: "start it again on the terminal: halfprice console",
    });
  }
  const body = (await response.json()) as Answer & Partial<ErrorView>;
  if (!response.ok && body.error !== undefined) throw new ApiError(body.error);
  return body;
}

/** The address of a run on the server. */
export const runPath = (id: string): string => `/api/runs/${encodeURIComponent(id)}`;

/** Reads something. */
export const get = <Answer>(path: string): Promise<Answer> => call<Answer>(path);

/** Sends something and reads the answer. */
export const post = <Answer>(path: string, body: object, signal?: AbortSignal): Promise<Answer> =>
  call<Answer>(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });

/** What a page waits for: its data, or why there is none. */
export interface Loaded<Data> {
  readonly data: Data | undefined;
  readonly error: Error | undefined;
  readonly reload: () => void;
}

/** Loads something when the page opens, and whenever what it depends on changes. */
export function useLoaded<Data>(load: () => Promise<Data>, on: readonly unknown[]): Loaded<Data> {
  const [state, setState] = useState<{ data?: Data; error?: Error }>({});
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (data) => isCurrent && setState({ data }),
      (error: Error) => isCurrent && setState((last) => ({ ...last, error })),
    );
    return () => {
      isCurrent = false;
    };
  }, [...on, count]);
  return { data: state.data, error: state.error, reload: () => setCount((last) => last + 1) };
}

type Listener = (event: ConsoleEvent) => void;
const listeners = new Set<Listener>();

/** Begins to listen to the server; the browser connects again by itself. */
export function listen(): void {
  const source = new EventSource("/api/events");
  source.addEventListener("message", ({ data }) => {
    const event = JSON.parse(String(data)) as ConsoleEvent;
    for (const listener of listeners) listener(event);
  });
}

/** Is told what happens while the page is open. */
export function useEvents(listener: Listener, on: readonly unknown[] = []): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, on);
}
