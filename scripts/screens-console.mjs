// Every page of the console with data in it, at three sizes, in light and dark.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startConsole } from "../build/console/start-console.js";

const pagesFolder = fileURLToPath(new URL("../dist/console/web/", import.meta.url));
const sizes = [
  ["desktop", 1440, 900],
  ["tablet", 900, 1100],
  ["phone", 390, 800],
];

/**
 * @param page a page of a browser
 * @param folder a folder with a workspace in which two runs on the same rows and a failed one have ended
 * @param out where the pictures go
 */
export async function drawConsole(page, folder, out) {
  process.chdir(folder);
  const server = await startConsole({ session: { local: true }, port: 0, version: "screens", pagesFolder });
  const base = new URL(server.url).origin;
  try {
    await page.goto(server.url);
    await page.waitForSelector("table.list tbody tr");
    const runs = await page.$$eval("table.list tbody th a", (links) =>
      links.map((link) => [link.textContent, link.getAttribute("href").split("/")[2]]),
    );
    const idOf = (name) => runs.find(([text]) => text === name)?.[1];
    const [one, other, failed] = [idOf("one"), idOf("other"), idOf("failed")];
    const pages = [
      ["runs", "runs", "table.list tbody tr"],
      ["run", `runs/${one}`, ".charts .bar"],
      ["failed-run", `runs/${failed}`, ".cause"],
      ["rows", `runs/${one}/rows`, ".grid-row .cell"],
      ["row", `runs/${one}/rows`, ".grid-row .cell", () => page.locator(".grid-row").nth(3).click()],
      ["chart", `runs/${one}/rows`, ".grid-row .cell", () => page.locator(".of-answer .head-name").first().click()],
      ["compare", `compare?one=${one}&other=${other}`, "td.one"],
      ["label", `runs/${one}/label`, "form button", () => page.getByRole("button", { name: "Begin" }).click()],
      ["new", "new", "select", takeRecipe],
      ["jobs", "jobs", "table.list tbody tr"],
      ["doctor", "doctor", ".checks li >> nth=8"],
      ["local", "local", ".plain li"],
    ];
    for (const [name, path, content, act] of pages) {
      for (const [size, width, height] of sizes) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: "light" });
        await page.goto("about:blank");
        await page.goto(`${base}/#/${path}`);
        await page.locator(content).first().waitFor();
        await act?.();
        await page.waitForTimeout(700);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({
            path: join(out, `console-${name}-${size}-${colorScheme}.png`),
            fullPage: name !== "row",
          });
        }
      }
    }
  } finally {
    await server.close();
  }

  async function takeRecipe() {
    await page.getByLabel("Recipe").selectOption("classify");
    await page.getByText("The same on a terminal").waitFor();
  }
}
