import { onTestFinished } from "vitest";
import { makeLocalPlace } from "../../src/access/make-local-place.ts";
import { type LocalServer, startLocal } from "../../src/local/index.ts";

/** A local service beside the command, with the variables that point the command at it. */
export async function serve(
  speed = 6000,
): Promise<{ server: LocalServer; env: Record<string, string>; place: string[] }> {
  const server = await startLocal({ speed, seed: 1 });
  onTestFinished(() => server.close());
  const dummyCredentials = {
    accessKeyId: server.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: server.env.AWS_SECRET_ACCESS_KEY,
  };
  const connection = { region: server.region, endpointUrl: server.url, dummyCredentials };
  const { bucket, roleArn } = await makeLocalPlace(connection, {
    bucket: "my-bucket",
    prefix: "halfprice/",
    roleName: "BatchRole",
  });
  return { server, env: { ...server.env }, place: ["--bucket", bucket, "--role", roleArn] };
}
