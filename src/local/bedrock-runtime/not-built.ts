/** Data: operations that Bedrock Runtime has beside those that are served, by method and path (botocore 1.43). */
import { readRoutes } from "../wire/rest-json.ts";

export const otherOperations = readRoutes(`
ApplyGuardrail POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply
ConverseStream POST /model/{modelId}/converse-stream
GetAsyncInvoke GET /async-invoke/{invocationArn}
InvokeModelWithBidirectionalStream POST /model/{modelId}/invoke-with-bidirectional-stream
InvokeModelWithResponseStream POST /model/{modelId}/invoke-with-response-stream
ListAsyncInvokes GET /async-invoke
StartAsyncInvoke POST /async-invoke
`);
