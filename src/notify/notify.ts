/** How somebody is told that a run has ended. */
export type Notify =
  | { readonly way: "desktop" }
  | { readonly way: "command"; readonly command: string }
  | { readonly way: "webhook"; readonly url: string }
  | { readonly way: "sns"; readonly topicArn: string };

/** A way as it may be shown: never the path of a webhook, or a command's words, which may hold a token. */
export function sayNotify(notify: Notify): string {
  if (notify.way === "webhook") return `webhook (${new URL(notify.url).host})`;
  return notify.way === "sns" ? `SNS (${notify.topicArn})` : notify.way;
}
