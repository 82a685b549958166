import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What was asked of the Price List. */
export interface PriceListCall {
  readonly ServiceCode: string;
  readonly Filters: readonly { readonly Type: string; readonly Field: string; readonly Value: string }[];
  readonly FormatVersion: string;
  readonly MaxResults: number;
  readonly NextToken?: string;
  /** The region that the call was signed for. */
  readonly signedFor: string;
}

export interface PriceListServer {
  readonly url: string;
  readonly calls: PriceListCall[];
  /** Replaced by a test: the rows, and the error that is answered instead of them. */
  rows: readonly string[];
  error: { readonly type: string; readonly message: string } | undefined;
}

const target = "AWSPriceListService.GetProducts";
const rowsPerPage = 7;

/** The Price List's wire form (awsJson1.1) over loopback, page by page; what is not the Price List's goes on to `behind`. */
export async function openPriceList(behind: string): Promise<PriceListServer> {
  const state: PriceListServer = { url: "", calls: [], rows: [], error: undefined };
  const server = createServer((request, response) => {
    if (request.headers["x-amz-target"] === target) void answerPrices(state, request, response);
    else pass(behind, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function answerPrices(state: PriceListServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const asked = JSON.parse(Buffer.concat(chunks).toString()) as Omit<PriceListCall, "signedFor">;
  const signedFor = /Credential=[^/]+\/\d+\/([^/]+)\/pricing\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
  state.calls.push({ ...asked, signedFor });
  response.setHeader("content-type", "application/x-amz-json-1.1");
  if (state.error !== undefined) {
    response.statusCode = 400;
    response.end(JSON.stringify({ __type: state.error.type, message: state.error.message }));
    return;
  }
  const rows = state.rows.filter((row) => row.includes(`"serviceCode":"${asked.ServiceCode}"`));
  const from = Number(asked.NextToken ?? "0");
  const to = from + rowsPerPage;
  const more = to < rows.length ? { NextToken: String(to) } : {};
  response.end(JSON.stringify({ FormatVersion: "aws_v1", PriceList: rows.slice(from, to), ...more }));
}

function pass(behind: string, request: IncomingMessage, response: ServerResponse): void {
  const { hostname, port } = new URL(behind);
  const { method, url: path, headers } = request;
  const onward = forward({ hostname, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}
