import { chmodSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Notice, sendNotices } from "../../src/notify/send-notices.ts";
import { makeFolder, writeFile } from "../support/folder.ts";

const notice: Notice = {
  text: "told: 3 rows, 2 answered; $(touch stolen) -e 'x'",
  runId: "20260314-093000-k3x9a",
  name: "--reviews “é”",
  state: "done",
  rowCount: 3,
  answeredCount: 2,
  outcomeCounts: { answered: 2, refused: 1 },
  paidUsd: 0.01,
  output: null,
  report: "report.html",
};

/** A service that answers every call alike, and what it was asked. */
async function openSns(status: number, body: string): Promise<{ url: string; forms: URLSearchParams[] }> {
  const forms: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      forms.push(new URLSearchParams(sent));
      response.writeHead(status, { "content-type": "text/xml" }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, forms };
}

describe("notices of a run's end", () => {
  it.skipIf(process.platform === "win32")(
    "reach the desktop's own program as arguments, which nothing evaluates",
    async () => {
      const folder = makeFolder();
      for (const program of ["notify-send", "osascript"]) {
        writeFile(folder, program, `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/told.txt"\n`);
        chmodSync(join(folder, program), 0o755);
      }
      vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
      expect(await sendNotices([{ way: "desktop" }], notice, {})).toEqual([]);
      const told = readFileSync(join(folder, "told.txt"), "utf8").split("\n");
      expect(told.slice(-3)).toEqual(["halfprice: --reviews “é”", notice.text, ""]);
      // After this, no text is an option.
      if (process.platform === "linux") expect(told.slice(0, 2)).toEqual(["--app-name=halfprice", "--"]);
      expect(existsSync(join(folder, "stolen"))).toBe(false);
      vi.unstubAllEnvs();
    },
  );

  it("say where the desktop has no such program", async () => {
    vi.stubEnv("PATH", makeFolder());
    const [problem] = await sendNotices([{ way: "desktop" }], notice, {});
    expect(problem).toMatch(/^Not notified by desktop: .*(notify-send|osascript|msg)/);
    vi.unstubAllEnvs();
  });

  it("are published to SNS with a subject that it takes, and a refusal is a sentence", async () => {
    const topicArn = "arn:aws:sns:eu-west-1:111122223333:runs";
    const sns = [{ way: "sns", topicArn }] as const;
    const dummyCredentials = { accessKeyId: "test", secretAccessKey: "test" };
    const taken = await openSns(
      200,
      `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`,
    );
    expect(await sendNotices(sns, notice, { endpointUrl: taken.url, dummyCredentials })).toEqual([]);
    const [form] = taken.forms;
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      Action: "Publish",
      TopicArn: topicArn,
      Subject: "halfprice: --reviews   done",
      Message: expect.stringContaining(notice.text),
    });
    expect(form?.get("Message")).toContain('"answeredCount": 2');
    const refusing = await openSns(
      403,
      `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>not yours</Message></Error></ErrorResponse>`,
    );
    const [problem, ...more] = await sendNotices(sns, notice, { endpointUrl: refusing.url, dummyCredentials });
    expect([problem, more]).toEqual([
      expect.stringMatching(/^Not notified by SNS .*AuthorizationError.*not yours/),
      [],
    ]);
  });
});
