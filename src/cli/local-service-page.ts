import { recordFaultKinds } from "../local/faults/fault-plan.ts";
import { callErrors } from "../local/faults/known-errors.ts";
import { serviceTables } from "../local/operation-tables.ts";

/** Apart, so that it is not taken for an import of this file. */
const exampleImport = 'import { makeSteppedClock, startLocal } from "halfprice/local";';

const head = `# The local service

<!-- Made from the code by \`npm run docs\`; its words are in src/cli/local-service-page.ts, its tables in src/local/. -->

\`halfprice local\` serves what a batch job needs of AWS on one port of 127.0.0.1: Bedrock, Bedrock Runtime, S3, IAM, STS,
KMS, Service Quotas and CloudWatch, over AWS's own protocols. It costs nothing and asks nothing of the network.

**Answers are simulated, not a model's.** The simulation reads the request and gives an answer of the asked shape: a text that
says what it is, JSON that fits the asked schema (of offered labels the one that shares most words with the text), a unit vector
made of the words. Token counts are counted from the text. With \`--answers openai:http://127.0.0.1:11434/v1#model\` an
OpenAI-compatible server (Ollama, vLLM, llama.cpp) answers instead. With \`--model-behaviour file.json\` simulated models are right as often
as the file says ([below](#models-that-are-right-as-often-as-a-file-says)).

## Starting it

\`\`\`
halfprice local                                   real time: a job takes its ten to twenty-five minutes
halfprice local --speed 60 --data ./aws           a minute a second; what is kept survives restarts and kill -9
halfprice local --env                             prints the variables that point a client at it
halfprice local --quota min-records=5             a batch quota that is not at its default
halfprice local --model-access use-case-form      what the account lacks of models, as a new one does
halfprice local --model-behaviour behaviour.json  models that are right as often as it says
halfprice local --faults faults.json --seed 7     what is to go wrong, the same each time
halfprice local --verify-signatures               checks SigV4 as AWS does; then the keys are those of --env
halfprice local --enforce-iam                     decides every call by IAM's policies; the key of --env is the administrator's
halfprice local --allow-origin http://localhost:3000   lets a web page use it; without this none may
halfprice local --throttle 60                     InvokeModel and Converse take 60 requests a minute
\`\`\`

One folder of data has one owner at a time; a second one is told where the first listens. Without \`--verify-signatures\`
every key is taken for the account's user, and the region is the one that the request was signed for.

The service of \`--local\` is 300 times as fast as real time; \`HALFPRICE_LOCAL_SPEED=3000\` makes it faster, for tests and CI.

## While it runs

\`\`\`
curl http://127.0.0.1:4566/_halfprice/state                                        its clock, its faults, the latest 500 requests
curl -X PUT http://127.0.0.1:4566/_halfprice/faults -d @faults.json                another fault plan from here on; -X DELETE for none
curl -X POST http://127.0.0.1:4566/_halfprice/clock -d '{"skipMs": 3600000}'       an hour on: jobs go on as if it had passed
\`\`\`

The console has the same on a page: \`halfprice console --local\`.

## Pointing a client at it

| client | how |
|---|---|
| any AWS SDK, the AWS CLI | the variables of \`--env\`: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION |
| JavaScript | \`new BedrockClient({ endpoint: "http://127.0.0.1:4566", region, credentials })\`; S3 needs no \`forcePathStyle\` on an address |
| an AWS CLI before 2.13 (Debian 12 has 2.9) | \`aws --endpoint-url http://127.0.0.1:4566 …\` |
| boto3 | \`boto3.client("bedrock", endpoint_url="http://127.0.0.1:4566")\` |
| halfprice | \`--local\`, or \`--endpoint-url http://127.0.0.1:4566\` |

In Vitest, with a clock that moves when the test says so:

\`\`\`ts
${exampleImport}

const clock = makeSteppedClock(Date.now());
const server = await startLocal({ clock });
// … create a job with the SDK against server.url, then:
clock.advance(30 * 60_000);
await server.whenIdle();   // every job has moved as far as the clock lets it
await server.close();
\`\`\`

In pytest, as a fixture:

\`\`\`python
import os, re, subprocess, pytest

@pytest.fixture(scope="session")
def aws():
    service = subprocess.Popen(["npx", "halfprice", "local", "--port", "0", "--speed", "600", "--env"], stdout=subprocess.PIPE, text=True)
    for _ in range(6):
        name, value = re.match(r"export (\\w+)=(.*)", service.stdout.readline()).groups()
        os.environ[name] = value
    yield
    service.terminate()
\`\`\`

## Web pages

Every page that a browser shows can send requests to 127.0.0.1. So a request is refused (403) where its \`Host\` is a name of the
public DNS (DNS rebinding), or where \`Origin\` or \`Sec-Fetch-Site\` say that a page of another origin made it. AWS clients
send neither. \`--allow-origin http://localhost:3000\`, or \`startLocal({ allowOrigins: [...] })\`, lets one in; it then gets the CORS headers
that a browser wants. A name that leads to this machine (\`--allow-origin http://my.machine.example:4566\`) is allowed the same way.

## Jobs

A job goes from Submitted through Validating, Scheduled and InProgress to its end, on the service's clock. What is checked when is
what AWS is known to check then: the shape of the request, the model and the quota of jobs when it is created; buckets, files, lines,
counts and sizes while it is validated; each record's body while it runs. A job whose every record is refused is Completed.
Output is at \`<output>/<job id>/<input name>.out\` with \`manifest.json.out\` beside it, its records in another order than the input.

## Who may do what

Everybody may do everything, until \`--enforce-iam\` or \`startLocal({ enforceIam: true })\`. Then every call needs a signature that
holds, and is decided by the policies of its caller (a user, a role's session, or the administrator, whose key is that of
\`--env\`), by bucket policies, session policies, permissions boundaries and what \`startLocal({ organisationDenies: [...] })\` denies
the whole account. Refusals are in AWS's words.

| when | what is asked | what is said |
|---|---|---|
| a call | its action on its resources; of S3 also who may list, before a missing key is called missing | \`User: … is not authorized to perform: …\`, 403 |
| S3 under a KMS key | \`kms:GenerateDataKey\` to write, \`kms:Decrypt\` to read and for every part: of the key's policy, and of the caller's own where that leaves it to IAM | the same, with the key's ARN, as S3's AccessDenied |
| AssumeRole | the role's trust policy; the caller's own where it trusts the account | the same, without a reason |
| CreateModelInvocationJob | whose role it is; the right to create on model and jobs; \`iam:PassRole\` with \`iam:PassedToService\` | \`Cross-account pass role is not allowed.\`, or the same |
| Validating | the role's trust in bedrock.amazonaws.com with \`aws:SourceAccount\` and \`aws:SourceArn\`; its ListBucket, GetObject, PutObject; its keys; of a job in a VPC its rights to a network interface | \`Could not assume provided IAM role\`, \`Could not validate ListBucket permissions …\` and so on, as the job's message |
| the end of InProgress | the role's InvokeModel on the profile and the model in every destination Region | \`Customer doesn't have permissions to invokeModel\`, as the job's message |

Otherwise than on AWS: loopback counts as TLS (\`aws:SecureTransport\`), changes hold at once, an API key (a bearer token) is the
administrator's, other accounts cannot be had, AWS's own managed policies beyond the common ones allow nothing, and
of an organisation's policies only the Deny statements count. Where IAM is not enforced, any name passes for a KMS key.

## Models that are right as often as a file says

\`--model-behaviour file.json\` and \`startLocal({ modelBehaviour })\` take the path of a file; \`--local\` takes it from
\`HALFPRICE_MODEL_BEHAVIOUR\`, when its service starts. Paths in it are relative to it.

\`\`\`json
{
  "gold": { "file": "t.csv", "text": "text", "label": "intent" },
  "models": { "nova-micro": { "accuracy": 0.85, "perClass": { "card_arrival": 0.4 } } },
  "packed": { "drop": 0.01, "double": 0.01, "reorder": 0.01, "exchange": 0.01, "merge": 0.01 },
  "seed": 7
}
\`\`\`

A request whose text has one of the gold table's texts in it is answered with that row's label, as often as the model is right about it, and
with another label else; the same request always gets the same answer. The label goes into the member of the asked schema whose list has it,
else into the one that is called like its column, else into the first text. What is no row of the table, and a model that the file does not
name, is simulated as without it. A request with several rows has an answer for each as if it were asked alone; of these items the shares in
\`packed\` are left out, come twice, come last, have each other's content under their own keys, or are one item under two keys. A file that
cannot be used is MODEL_BEHAVIOUR, with its path and the reason.

## What can go wrong, when told to

\`--faults file.json\` and \`startLocal({ faults })\` take the same: \`{"seed": 1, "calls": [...], "jobs": [...], "records": [...]}\`.
Every rule has a \`fault\`, and may have \`probability\` (0 to 1), \`after\` and \`times\`. Calls are named by \`operation\`, jobs by \`job\` or
\`model\`, records by \`job\` and \`record\`, each with \`*\` for any letters.

\`\`\`json
{
  "calls": [{ "operation": "CreateModelInvocationJob", "fault": { "kind": "lost-answer" }, "times": 1 }],
  "jobs": [{ "fault": { "end": { "status": "PartiallyCompleted", "doneRatio": 0.5 } } }],
  "records": [{ "fault": "truncated", "probability": 0.1 }]
}
\`\`\`
`;

const escapeCell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** docs/local-service.md, from the tables of the service. */
export function makeLocalServicePage(): string {
  const errors = Object.entries(callErrors).map(
    ([name, { type, status, message }]) => `| \`${name}\` | ${status} | ${type} | ${escapeCell(message)} |`,
  );
  const services = serviceTables.map(({ service, protocol, operations, notBuilt }) => {
    const rows = operations.map(
      ({ name, served, checked, notBuilt: missing, differs }) =>
        `| ${[name, served, checked, missing, differs].map(escapeCell).join(" | ")} |`,
    );
    const others =
      notBuilt.length === 0
        ? "Every other operation is not built."
        : `Not built, and answered so by name: ${notBuilt.join(", ")}.`;
    return [
      `## ${service}\n\nProtocol: ${protocol}.\n`,
      "| operation | served | checked | not built | differs from AWS |\n|---|---|---|---|---|",
      ...rows,
      `\n${others}\n`,
    ].join("\n");
  });
  return [
    head,
    `Faults of records: ${recordFaultKinds.map((kind) => `\`${kind}\``).join(", ")}, or \`{"errorCode": …, "errorMessage": …}\`.`,
    'Faults of calls: `reset`, `lost-answer`, `cut`, `slow`, `wrong-checksum`, `corrupt` as `{"kind": …}`, an error of one\'s own, or one of:\n',
    "| name | status | type | message |\n|---|---|---|---|",
    ...errors,
    "",
    ...services,
  ].join("\n");
}
