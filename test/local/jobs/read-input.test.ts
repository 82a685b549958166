import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeQuotas, parseQuotaSetting } from "../../../src/local/models/quotas.ts";
import { claudeBody, type JobBench, makeInput, makeJobBench } from "../bedrock/job-bench.ts";

let jobs: JobBench;
beforeEach(async () => {
  jobs = await makeJobBench({
    quotas: makeQuotas(["records-per-job=300", "records-per-file=250", "min-records=100"].map(parseQuotaSetting)),
  });
});
afterEach(() => jobs.close());

const at = (s3Uri: string) => ({ inputDataConfig: { s3InputDataConfig: { s3Uri } } });
const put = (key: string, text: string): void => jobs.bench.objects.put("bucket", key, text);
const good = makeInput(100);

describe("the message of a job that fails in validation", () => {
  const rows: readonly [string, string, string][] = [
    [
      "a line that is no JSON",
      `${good}\n{"recordId":`,
      "Unable to parse Amazon S3 file: a.jsonl. Data files must conform to JSONL format.",
    ],
    ["a blank line", good.replace("\n", "\n\n"), "Unable to parse Amazon S3 file: a.jsonl."],
    ["a line of blanks", good.replace("\n", "\n   \n"), "Unable to parse Amazon S3 file: a.jsonl."],
    ["an array", `${good}\n[1]`, "Unable to parse Amazon S3 file: a.jsonl."],
    ["a line that is no object", `${good}\n"text"`, "Unable to parse Amazon S3 file: a.jsonl."],
    ["a byte order mark", `\ufeff${good}`, "Unable to parse Amazon S3 file: a.jsonl."],
    [
      "printed JSON",
      JSON.stringify(JSON.parse(good.split("\n")[0] ?? ""), null, 2),
      "Unable to parse Amazon S3 file: a.jsonl.",
    ],
    ["nothing at all", "", "contains less records (0) than the required minimum of: 100"],
    ["too few records", makeInput(99), "contains less records (99) than the required minimum of: 100"],
    [
      "too many records in the file",
      makeInput(251),
      "contains more records (251) than the allowed maximum per file of: 250",
    ],
  ];
  it.each(rows)("names %s", async (_, text, message) => {
    put("in/a.jsonl", text);
    const done = await jobs.finish();
    expect(done.status).toBe("Failed");
    expect(done.message).toContain(message);
    expect(jobs.bench.objects.keys("bucket")).toEqual(["in/a.jsonl"]);
  });

  it("names bytes that are not UTF-8", async () => {
    put("in/a.jsonl", good);
    await jobs.bench.objects.write(
      "bucket",
      "in/a.jsonl",
      (async function* () {
        yield Buffer.concat([
          Buffer.from(`${good}\n{"recordId":"`),
          Buffer.from([0xe9]),
          Buffer.from(`","modelInput":{}}`),
        ]);
      })(),
    );
    expect((await jobs.finish()).message).toContain("Unable to parse Amazon S3 file: a.jsonl.");
  });

  it("names a bucket that is said to be another account's", async () => {
    put("in/a.jsonl", good);
    const s3BucketOwner = "999999999999";
    const input = { s3InputDataConfig: { s3Uri: "s3://bucket/in/a.jsonl", s3BucketOwner } };
    expect((await jobs.finish({ inputDataConfig: input })).message).toBe(
      "Could not validate ListBucket permissions for S3URI: s3://bucket/in/a.jsonl",
    );
    const output = { s3OutputDataConfig: { s3Uri: "s3://bucket/out/", s3BucketOwner } };
    expect((await jobs.finish({ outputDataConfig: output })).message).toContain("perms missing (PutObject)");
  });

  it("names a missing object, a wrong extension, a bucket elsewhere, an output bucket that is not there", async () => {
    put("in/data.json", good);
    jobs.bench.objects.addBucket("far-away", "eu-west-1");
    expect((await jobs.finish()).message).toBe(
      "Could not validate GetObject permissions to access Amazon S3 bucket: bucket at key in/a.jsonl",
    );
    expect((await jobs.finish(at("s3://bucket/in/data.json"))).message).toBe(
      "Unable to parse Amazon S3 file: data.json. Data files must conform to JSONL format.",
    );
    expect((await jobs.finish(at("s3://far-away/a.jsonl"))).message).toBe(
      "Could not validate ListBucket permissions for S3URI: s3://far-away/a.jsonl",
    );
    put("in/a.jsonl", good);
    expect(
      (await jobs.finish({ outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://no-such/out/" } } })).message,
    ).toBe(
      "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: no-such at key out/.write_access_check_file.tmp",
    );
  });

  it("names a file and a job that are too large", async () => {
    put("in/a.jsonl", good);
    const small = await makeJobBench({ quotas: makeQuotas([parseQuotaSetting("file-size-gb=0.000001")]) }, jobs.bench);
    expect((await small.finish()).message).toBe(
      "Input file a.jsonl is larger than the allowed maximum of: 0.000001 GB",
    );
    await small.close();
    const narrow = await makeJobBench({ quotas: makeQuotas([parseQuotaSetting("job-size-gb=0.000001")]) }, jobs.bench);
    expect((await narrow.finish()).message).toContain("is larger than the allowed maximum of: 0.000001 GB");
    await narrow.close();
  });
});

describe("what validation lets pass", () => {
  it("is CRLF, a last newline, no recordId, records that fit no model", async () => {
    const lines = good.split("\n");
    lines[0] = JSON.stringify({ modelInput: claudeBody("no id") });
    lines[1] = JSON.stringify({ recordId: "x", custom_id: "y", body: {} });
    lines[2] = JSON.stringify({ recordId: 7, modelInput: { nonsense: true } });
    put("in/a.jsonl", `${lines.join("\r\n")}\r\n`);
    const done = await jobs.finish();
    expect(done).toMatchObject({ status: "Completed", successRecordCount: 98, errorRecordCount: 2 });
    const output = jobs.output(done.jobArn ?? "");
    expect(output.find(({ recordId }) => recordId === "REC00000000")?.modelOutput).toBeDefined();
    expect(output.find(({ recordId }) => recordId === "x")?.error?.errorMessage).toBe("modelInput: Field required");
    expect(output.find(({ recordId }) => recordId === "7")?.error?.errorMessage).toBe(
      "anthropic_version: Field required",
    );
  });
});

describe("a folder", () => {
  it("gives one output file for each of its .jsonl files, and leaves media and sub-folders alone", async () => {
    put("in/a.jsonl", makeInput(60));
    put("in/b.jsonl", makeInput(60));
    put("in/video.mp4", "not text");
    put("in/deeper/c.jsonl", makeInput(500));
    const done = await jobs.finish(at("s3://bucket/in/"));
    expect(done).toMatchObject({ status: "Completed", totalRecordCount: 120 });
    const arn = done.jobArn ?? "";
    expect(jobs.output(arn, "a.jsonl")).toHaveLength(60);
    expect(jobs.output(arn, "b.jsonl")).toHaveLength(60);
    expect(jobs.bench.objects.keys("bucket").filter((key) => key.startsWith("out/"))).toHaveLength(3);
  });

  it("is meant without its last slash too, and as a bucket's root", async () => {
    put("in/a.jsonl", good);
    put("root.jsonl", good);
    expect((await jobs.finish(at("s3://bucket/in"))).status).toBe("Completed");
    const done = await jobs.finish({
      ...at("s3://bucket"),
      outputDataConfig: { s3OutputDataConfig: { s3Uri: "s3://bucket" } },
    });
    expect(done.status).toBe("Completed");
    expect(jobs.bench.objects.keys("bucket")).toContain(`${done.jobArn?.slice(-12)}/root.jsonl.out`);
  });

  it("without a .jsonl file, and over the maximum in sum, fails", async () => {
    put("in/part-0001.txt", good);
    expect((await jobs.finish(at("s3://bucket/in/"))).message).toContain("Could not validate GetObject permissions");
    put("in/a.jsonl", makeInput(200));
    put("in/b.jsonl", makeInput(200));
    expect((await jobs.finish(at("s3://bucket/in/"))).message).toContain(
      "contains more records (400) than the allowed maximum of: 300",
    );
  });
});
