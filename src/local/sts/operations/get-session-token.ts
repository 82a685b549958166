import { QueryError } from "../../wire/query-service.ts";
import { type StsOperation, writeCredentials } from "../context.ts";

/** Temporary credentials of the user who asks. */
export const getSessionToken: StsOperation = {
  name: "GetSessionToken",
  fields: {
    DurationSeconds: { type: "integer", min: 900, max: 129_600 },
    SerialNumber: { type: "string", min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
    TokenCode: { type: "string", min: 6, max: 6, pattern: "[\\d]*" },
  },
  async act(input, { request: { caller }, sessions, wallMs }) {
    if (caller.accessKeyId !== undefined && sessions.findSession(caller.accessKeyId) !== undefined) {
      throw new QueryError("AccessDenied", 403, "Cannot call GetSessionToken with session credentials");
    }
    const { accountId, arn, userId } = caller;
    const durationSeconds = Number(input.find("DurationSeconds") ?? 43_200);
    const expiresAtMs = Math.floor(wallMs() / 1000 + durationSeconds) * 1000;
    return writeCredentials(await sessions.issue({ caller: { accountId, arn, userId }, expiresAtMs }));
  },
};
