import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type LocalOptions, type LocalServer, startLocal } from "../../src/local/index.ts";

let browser: Browser;
let site: Server;
let port: number;

/** A page of somebody else's, on a name that leads to the local service when the browser asks again. */
const name = "rebound.example";

const safeArgs = sparticuz.args.filter(
  (arg) => !/web-security|insecure-content|single-process|site-isolation|site-per-process|no-zygote/.test(arg),
);

beforeAll(async () => {
  site = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>a page</title><body>a page</body>");
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  ({ port } = site.address() as AddressInfo);
  browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    // Without what switches the browser's own checks off, and with a process for each page, as it is on people's desks.
    // Chromium's own name resolution, as an attacker's DNS would have it; nothing is asked of the network.
    args: [...safeArgs, "--host-resolver-rules=MAP *.example 127.0.0.1"],
  });
}, 60_000);
afterAll(async () => {
  await browser.close();
  site.close();
});

interface Scene {
  readonly server: LocalServer;
  readonly page: Page;
  readonly buckets: () => Promise<(string | undefined)[]>;
}

/** A local service with a bucket and an object in it, and a page of another origin that is open. */
async function openScene(options: LocalOptions = {}, origin = `http://page.example:${port}`): Promise<Scene> {
  const server = await startLocal(options);
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: server.env.AWS_ACCESS_KEY_ID, secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY };
  const s3 = new S3Client({ endpoint: server.url, region: server.region, credentials, forcePathStyle: true });
  onTestFinished(() => s3.destroy());
  await fetch(`${server.url}/secrets`, { method: "PUT" });
  await s3.send(new PutObjectCommand({ Bucket: "secrets", Key: "a.txt", Body: "secret", ContentType: "text/plain" }));
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(origin);
  const buckets = async (): Promise<(string | undefined)[]> =>
    ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map((each) => each.Name);
  return { server, page, buckets };
}

/** What a page gets of a request: its status and text, `opaque` where it may not look, or why there was no answer. */
const ask = (page: Page, url: string, init: RequestInit = {}): Promise<string> =>
  page.evaluate(
    async ([target, how]) => {
      try {
        const response = await fetch(target, how);
        return response.type === "opaque" ? "opaque" : `${response.status} ${await response.text()}`;
      } catch (error) {
        return String(error);
      }
    },
    [url, init] as const,
  );

describe("a web page of another origin", () => {
  it("changes nothing with requests that need no permission: fetch without CORS, and a form", async () => {
    const { server, page, buckets } = await openScene();
    for (const method of ["GET", "POST"]) {
      const body = method === "POST" ? { body: "Action=CreateUser&UserName=eve&Version=2010-05-08" } : {};
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      await ask(page, `${server.url}/`, { method, mode: "no-cors", headers, ...body });
    }
    const sent = page.waitForResponse(
      (response) => response.url() === `${server.url}/` && response.request().method() === "POST",
    );
    await page.setContent(`<form method="post" action="${server.url}/" target="f"><input name="Action" value="CreateUser">
      <input name="UserName" value="mallory"><input name="Version" value="2010-05-08"><input type="submit"></form><iframe name="f"></iframe>`);
    await page.click("[type=submit]");
    expect((await sent).status()).toBe(403);
    const users = await fetch(`${server.url}/`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=ListUsers&Version=2010-05-08",
    });
    const text = await users.text();
    expect([users.status, text.includes("eve"), text.includes("mallory")]).toEqual([200, false, false]);
    expect(await buckets()).toEqual(["secrets"]);
  });

  it("reads nothing, and is let to write nothing", async () => {
    const { server, page, buckets } = await openScene();
    expect(await ask(page, `${server.url}/secrets/a.txt`)).toMatch(/TypeError/);
    expect(await ask(page, `${server.url}/evil`, { method: "PUT" })).toMatch(/TypeError/);
    expect(await ask(page, `${server.url}/secrets`, { method: "DELETE" })).toMatch(/TypeError/);
    expect(await buckets()).toEqual(["secrets"]);
    // Another port of localhost is another origin on the same site.
    await page.goto(`http://localhost:${port}`);
    expect(await ask(page, `http://localhost:${server.port}/secrets/a.txt`)).toMatch(/TypeError/);
  });

  it("cannot show or follow a link to what is kept", async () => {
    const { server, page } = await openScene();
    const status = page.waitForResponse((response) => response.url().endsWith("/secrets/a.txt"));
    await page.setContent(`<a href="${server.url}/secrets/a.txt">here</a>`);
    await page.click("a");
    expect((await status).status()).toBe(403);
    // Whoever writes the address into the browser is no page.
    const typed = await browser.newPage();
    onTestFinished(() => typed.close());
    expect((await typed.goto(`${server.url}/secrets/a.txt`))?.status()).toBe(200);
  });

  it("whose name is made to lead to the service gets nothing of it (DNS rebinding)", async () => {
    const { server, page } = await openScene();
    const answer = await page.goto(`http://${name}:${server.port}/secrets/a.txt`);
    expect(answer?.status()).toBe(403);
    expect(await page.content()).not.toContain("secret<");
    expect(await ask(page, "/secrets/a.txt")).toMatch(/^403 .*--allow-origin/s);
  });
});

describe("a web page that is allowed", () => {
  it("uses the service as any client, with requests that a browser asks about first", async () => {
    const origin = `http://page.example:${port}`;
    const { server, page, buckets } = await openScene({ allowOrigins: [origin] }, origin);
    expect(await ask(page, `${server.url}/secrets/a.txt`)).toBe("200 secret");
    const headers = { "x-amz-meta-a": "1", "content-type": "text/plain" };
    expect(await ask(page, `${server.url}/more`, { method: "PUT", headers })).toMatch(/^200/);
    expect(await buckets()).toEqual(["more", "secrets"]);
    await page.goto(`http://other.example:${port}`);
    expect(await ask(page, `${server.url}/secrets/a.txt`)).toMatch(/TypeError/);
  });
});
