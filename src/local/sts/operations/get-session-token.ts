import { noRights } from "../../operation.ts";
import { QueryError } from "../../wire/query-error.ts";
import { form } from "../../wire/query-fields.ts";
import { defineOperation, writeCredentials } from "../operation.ts";

/** Temporary credentials of the user who asks. */
export const getSessionToken = defineOperation({
  name: "GetSessionToken",
  wire: "action",
  input: form({
    DurationSeconds: { type: "integer", min: 900, max: 129_600 },
    SerialNumber: { type: "string", min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" },
    TokenCode: { type: "string", min: 6, max: 6, pattern: "[\\d]*" },
  }),
  rights: noRights,
  notes: { served: "yes", differs: "MFA is taken and not checked" },
  async act(input, { sessions, wallMs }, { caller }) {
    if (caller.accessKeyId !== undefined && sessions.findSession(caller.accessKeyId) !== undefined) {
      throw new QueryError("AccessDenied", 403, "Cannot call GetSessionToken with session credentials");
    }
    const { accountId, arn, userId } = caller;
    const durationSeconds = Number(input.find("DurationSeconds") ?? 43_200);
    const expiresAtMs = Math.floor(wallMs() / 1000 + durationSeconds) * 1000;
    return writeCredentials(await sessions.issue({ caller: { accountId, arn, userId }, expiresAtMs }));
  },
});
