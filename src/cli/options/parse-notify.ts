import { HalfpriceError } from "../../foundation/errors/index.ts";
import type { Notify } from "../../index.ts";

/** `desktop`, `command:<command>`, `webhook:<url>`, `sns:<topic ARN>`. @throws BAD_OPTIONS with all that cannot be used */
export function parseNotify(texts: readonly string[], command: string): Notify[] {
  const problems: string[] = [];
  const found = texts.flatMap((text): Notify[] => {
    const [, way = text, rest = ""] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
    if (text === "desktop") return [{ way: "desktop" }];
    if (way === "command" && rest.trim() !== "") return [{ way: "command", command: rest }];
    if (way === "webhook" && isHttp(rest)) return [{ way: "webhook", url: rest }];
    const topicArn = way === "sns" ? rest : text;
    if (/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(topicArn)) return [{ way: "sns", topicArn }];
    problems.push(
      `--notify is ${JSON.stringify(hidePath(text))}; it has to be desktop, command:<command>, webhook:<http or https URL> or sns:<topic ARN>`,
    );
    return [];
  });
  if (problems.length > 0) throw new HalfpriceError("BAD_OPTIONS", { problems, command });
  return found;
}

function isHttp(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** Who knows a webhook's path may post to it: only its host is ever shown. */
const hidePath = (text: string): string => text.replace(/^(webhook:\w+:\/\/[^/]*\/).+$/s, "$1…");
