/** Opens an address in the user's browser; where there is none, nothing happens: the address is on the terminal. */
export async function openInBrowser(url: string): Promise<void> {
  try {
    const { default: open } = await import("open");
    const child = await open(url);
    child.on("error", () => undefined);
  } catch {
    // A server without a desktop has no browser to open.
  }
}
