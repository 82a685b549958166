import { onTestFinished } from "vitest";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/index.ts";
import { placeOn } from "./local-place.ts";

/** A local service beside the command, with the variables that point the command at it. */
export async function serve(
  options: LocalOptions = {},
): Promise<{ server: LocalServer; env: Record<string, string>; place: string[] }> {
  const server = await startLocal({ speed: 6000, seed: 1, ...options });
  onTestFinished(() => server.close());
  const { place } = await placeOn(server);
  return { server, env: { ...server.env }, place };
}
