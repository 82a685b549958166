import { type Connection, makeClientOptions } from "./connection.ts";
import { sdk } from "./sdk.ts";
import { calling } from "./wrap-error.ts";

/**
 * Publishes a message to a topic, in the topic's own region.
 * @param subject at most 100 letters of ASCII without line breaks; others are left out (Publish, "Subject", read 2026-11-30)
 * @throws NO_CREDENTIALS, CREDENTIALS_REFUSED, UNREACHABLE, SERVICE_REFUSED
 */
export async function publishMessage(
  connection: Connection,
  topicArn: string,
  subject: string,
  message: string,
): Promise<void> {
  const region = topicArn.split(":")[3];
  await calling("SNS", "Publish", async () => {
    const options = makeClientOptions({ ...connection, ...(region === undefined || region === "" ? {} : { region }) });
    const client = new sdk.sns.SNSClient({
      // A handler that is there goes through the environment's proxy.
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 },
      ...options,
      maxAttempts: 2,
    });
    try {
      const plain = subject
        .replace(/[^\x20-\x7e]+/g, " ")
        .trim()
        .slice(0, 100);
      await client.send(
        new sdk.sns.PublishCommand({
          TopicArn: topicArn,
          Message: message,
          ...(plain === "" ? {} : { Subject: plain }),
        }),
      );
    } finally {
      client.destroy();
    }
  });
}
