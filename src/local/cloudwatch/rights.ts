/** What a call of CloudWatch is a right to: all metrics, under a condition of their namespace. */
import type { Rights } from "../operation.ts";

export const toNamespace = <const A extends string>(
  action: A,
): Rights<{ readonly Namespace?: string }, unknown, unknown, A> => ({
  actions: [action],
  list: ({ Namespace }) => [{ action, resource: "*", keys: { "cloudwatch:namespace": Namespace } }],
});
