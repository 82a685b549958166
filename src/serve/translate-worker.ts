/** What translators do, in threads: started by `translators.ts`. */
export { translateMessages as messages } from "./anthropic/translate-results.ts";
export { translateRequests as requests } from "./openai/translate-requests.ts";
export { translateResults as results } from "./openai/translate-results.ts";

/** Does nothing: the thread is there. */
export const wake = (): void => undefined;
