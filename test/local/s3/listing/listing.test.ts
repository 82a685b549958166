import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listPage, type Position, startAfter } from "../../../../src/local/s3/listing/listing.ts";
import { SortedKeys } from "../../../../src/local/s3/store/sorted-keys.ts";
import { refusalOf, type Served, send, serve } from "../../served.ts";

let served: Served;
beforeAll(async () => {
  served = await serve({ verifySignatures: false });
});
afterAll(() => served.close());

const fill = async (Bucket: string, keys: readonly string[]): Promise<void> => {
  await served.s3.send(new CreateBucketCommand({ Bucket }));
  await Promise.all(keys.map((Key) => served.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))));
};
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("a walk through the keys", () => {
  const key = fc
    .array(fc.constantFrom("a", "b", "/", "//", "é", "\u{1f600}", "\uffee", " "), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(""));

  /** What a listing is, said as simply as can be: nothing is sought, everything is looked at. */
  function listSimply(keys: readonly string[], prefix: string, delimiter: string): string[] {
    const rolled = keys
      .filter((each) => each.startsWith(prefix))
      .map((each) => {
        const cut = delimiter === "" ? -1 : each.indexOf(delimiter, prefix.length);
        return cut < 0 ? each : `${each.slice(0, cut + delimiter.length)} …`;
      });
    return [...new Set(rolled)];
  }

  it("gives every page of every bucket what a simple listing gives at once", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 60 }),
        fc.oneof(fc.constant(""), key),
        fc.constantFrom("", "/", "//", "a"),
        fc.integer({ min: 1, max: 7 }),
        (keys, prefix, delimiter, max) => {
          const sorted = new SortedKeys<{ key: string }>();
          for (const each of keys) sorted.set({ key: each });
          const expected = listSimply(keys.toSorted(byBytes), prefix, delimiter);
          const seen: string[] = [];
          let start: Position | undefined;
          do {
            const page = listPage(sorted, { prefix, delimiter, start, max });
            const items = [...page.items.map((each) => each.key), ...page.commonPrefixes.map((each) => `${each} …`)];
            expect(items.length).toBeLessThanOrEqual(max);
            seen.push(...items);
            start = page.next;
          } while (start !== undefined);
          expect(seen.toSorted(byBytes)).toEqual(expected.toSorted(byBytes));
          expect(new Set(seen).size).toBe(seen.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps the order of the bytes however keys come and go", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 3000, minLength: 600 }), (changes) => {
        const sorted = new SortedKeys<{ key: string }>();
        const model = new Set<string>();
        for (const [isAdded, each] of changes) {
          if (isAdded) sorted.set({ key: each });
          else sorted.delete(each);
          if (isAdded) model.add(each);
          else model.delete(each);
        }
        expect(
          listPage(sorted, { prefix: "", delimiter: "", start: undefined, max: 5000 }).items.map((each) => each.key),
        ).toEqual([...model].toSorted(byBytes));
        expect(sorted.size).toBe(model.size);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["boo/", "", "/", { afterPrefix: "boo/" }],
    ["boo/bar", "", "/", { after: "boo/bar" }],
    ["boo/", "boo/", "/", { after: "boo/" }],
    ["boo/baz/", "boo/", "/", { afterPrefix: "boo/baz/" }],
    ["boo/", "", "", { after: "boo/" }],
    ["", "", "/", undefined],
  ])("that starts after %j under %j by %j goes on at %j", (marker, prefix, delimiter, position) => {
    expect(startAfter(marker, prefix, delimiter)).toEqual(position);
  });
});

describe("ListObjectsV2", () => {
  it("pages through everything once, in the order of the keys' bytes", async () => {
    const keys = ["b", "a", "é", "a/b", "\u{1f600}", "\uffee", "Z", "a b", "a+b", "&<>\"'"];
    await fill("order", keys);
    const seen: (string | undefined)[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: served.s3, pageSize: 3 },
      { Bucket: "order" },
    )) {
      seen.push(...Contents.map(({ Key }) => Key));
    }
    expect(seen).toEqual(keys.toSorted(byBytes));
  });

  it("rolls up what lies behind the delimiter, and counts it", async () => {
    await fill("rolled", ["asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla"]);
    const all = await served.s3.send(new ListObjectsV2Command({ Bucket: "rolled", Delimiter: "/" }));
    expect(all.Contents?.map(({ Key }) => Key)).toEqual(["asdf"]);
    expect(all.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["boo/", "cquux/"]);
    expect([all.KeyCount, all.MaxKeys, all.IsTruncated, all.Delimiter]).toEqual([3, 1000, false, "/"]);
    const first = await served.s3.send(new ListObjectsV2Command({ Bucket: "rolled", Delimiter: "/", MaxKeys: 2 }));
    const second = await served.s3.send(
      new ListObjectsV2Command({ Bucket: "rolled", Delimiter: "/", ContinuationToken: first.NextContinuationToken }),
    );
    expect([first.IsTruncated, second.CommonPrefixes?.map(({ Prefix }) => Prefix), second.Contents]).toEqual([
      true,
      ["cquux/"],
      undefined,
    ]);
  });

  it("starts after a key, there or not, and says what it was asked", async () => {
    await fill("after", ["bar", "baz", "foo", "quxx"]);
    const list = async (StartAfter: string) => {
      const { Contents = [], StartAfter: said } = await served.s3.send(
        new ListObjectsV2Command({ Bucket: "after", StartAfter }),
      );
      return [said, ...Contents.map(({ Key }) => Key)];
    };
    expect(await list("baz")).toEqual(["baz", "foo", "quxx"]);
    expect(await list("blah")).toEqual(["blah", "foo", "quxx"]);
    expect(await list("zzz")).toEqual(["zzz"]);
  });

  it("names no owner unless asked to", async () => {
    await fill("owner", ["a"]);
    const plain = await served.s3.send(new ListObjectsV2Command({ Bucket: "owner" }));
    const fetched = await served.s3.send(new ListObjectsV2Command({ Bucket: "owner", FetchOwner: true }));
    expect([plain.Contents?.[0]?.Owner, fetched.Contents?.[0]?.Owner?.ID?.length]).toEqual([undefined, 64]);
  });

  it.each([
    [0, 0, false],
    [1, 1, true],
    [1000, 2, false],
    [5000, 2, false],
  ])("with at most %i keys gives %i", async (MaxKeys, count, isTruncated) => {
    await fill(`max-${MaxKeys}`, ["a", "b"]);
    const page = await served.s3.send(new ListObjectsV2Command({ Bucket: `max-${MaxKeys}`, MaxKeys }));
    expect([page.KeyCount, page.MaxKeys, page.IsTruncated]).toEqual([count, Math.min(MaxKeys, 1000), isTruncated]);
  });

  it.each(["max-keys=-1", "max-keys=blah", "max-keys=2147483648", "encoding-type=rot13", "continuation-token=%21%21"])(
    "refuses %s",
    async (query) => {
      await fill("refused", []);
      const { status, body } = await send(served.local.url, { path: `/refused?list-type=2&${query}` });
      expect([status, /<Code>(\w+)</.exec(body)?.[1]]).toEqual([400, "InvalidArgument"]);
    },
  );

  it("encodes names where that is asked", async () => {
    await fill("encoded", ["foo+1/bar", "foo/bar/xyzzy", "quux ab/thud", "asdf+b"]);
    const page = await served.s3.send(
      new ListObjectsV2Command({ Bucket: "encoded", Delimiter: "/", EncodingType: "url" }),
    );
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(["asdf%2Bb"]);
    expect(page.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["foo%2B1/", "foo/", "quux%20ab/"]);
  });

  it("sees each write and each removal at once, with a hundred clients at work", async () => {
    await fill("busy", []);
    const work = async (client: number): Promise<void> => {
      const Prefix = `client-${client}/`;
      const list = async (): Promise<number> =>
        (await served.s3.send(new ListObjectsV2Command({ Bucket: "busy", Prefix }))).KeyCount ?? 0;
      for (let round = 1; round <= 4; round += 1) {
        await served.s3.send(new PutObjectCommand({ Bucket: "busy", Key: `${Prefix}${round}`, Body: "x" }));
        expect(await list()).toBe(round);
      }
      await served.s3.send(new DeleteObjectCommand({ Bucket: "busy", Key: `${Prefix}1` }));
      expect(await list()).toBe(3);
    };
    await Promise.all(Array.from({ length: 100 }, (_, client) => work(client)));
    expect((await served.s3.send(new ListObjectsV2Command({ Bucket: "busy" }))).KeyCount).toBe(300);
  });
});

describe("ListObjects", () => {
  it("goes on after a marker, and names the next one only with a delimiter", async () => {
    await fill("first", ["asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla"]);
    const list = async (Marker: string, MaxKeys: number, Delimiter?: string) => {
      const page = await served.s3.send(new ListObjectsCommand({ Bucket: "first", Marker, MaxKeys, Delimiter }));
      return [
        page.Contents?.map(({ Key }) => Key) ?? [],
        page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? [],
        page.IsTruncated,
        page.NextMarker,
      ];
    };
    expect(await list("", 1, "/")).toEqual([["asdf"], [], true, "asdf"]);
    expect(await list("asdf", 1, "/")).toEqual([[], ["boo/"], true, "boo/"]);
    expect(await list("boo/", 1, "/")).toEqual([[], ["cquux/"], false, undefined]);
    expect(await list("", 2)).toEqual([["asdf", "boo/bar"], [], true, undefined]);
  });
});

describe("ListObjectVersions", () => {
  it("gives each object its one version, called null", async () => {
    await fill("versions", ["a", "b"]);
    const { Versions, IsTruncated } = await served.s3.send(new ListObjectVersionsCommand({ Bucket: "versions" }));
    expect(Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ["a", "null", true],
      ["b", "null", true],
    ]);
    expect(IsTruncated).toBe(false);
    await served.s3.send(new DeleteObjectCommand({ Bucket: "versions", Key: "a", VersionId: "null" }));
    expect(
      await refusalOf(served.s3.send(new DeleteObjectCommand({ Bucket: "versions", Key: "b", VersionId: "other" }))),
    ).toEqual({ code: "InvalidArgument", status: 400 });
  });
});
