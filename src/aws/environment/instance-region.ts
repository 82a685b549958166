import { nodeNetwork } from "../../foundation/node-network.ts";

/**
 * The region of the EC2 instance, container or notebook that this runs on, as its metadata service says. The SDK for JavaScript takes
 * credentials from there, and no region; the AWS CLI and boto3 users expect both.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html, known, not read again
 */
let found: string | undefined;

/** What `readInstanceRegion` has found in this process. */
export const findInstanceRegion = (): string | undefined => found;

/** Off an instance nothing answers at that address: it is not waited for. */
const patienceMs = 1000;

/** Asks the metadata service once; undefined where there is none, or where the environment forbids to ask. */
export async function readInstanceRegion(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  if (/^true$/i.test(environment["AWS_EC2_METADATA_DISABLED"] ?? "")) return undefined;
  const endpoint = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] || "http://169.254.169.254";
  try {
    const token = await ask("PUT", new URL("/latest/api/token", endpoint), {
      "x-aws-ec2-metadata-token-ttl-seconds": "60",
    });
    const region = await ask("GET", new URL("/latest/meta-data/placement/region", endpoint), {
      "x-aws-ec2-metadata-token": token,
    });
    if (/^[a-z]{2,3}(-[a-z]+)+-\d$/.test(region.trim())) found = region.trim();
  } catch {
    return undefined; // not on an instance
  }
  return found;
}

function ask(method: string, url: URL, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = nodeNetwork.http.request(url, { method, headers, timeout: patienceMs }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`the metadata service answered ${answer.statusCode}`));
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("the metadata service does not answer")));
    sent.on("error", reject);
    sent.end();
  });
}
