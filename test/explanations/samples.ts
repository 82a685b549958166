/** Data: messages of the table's rows. Those of the reports stand verbatim as published; collected 2026-11-21 from public issues, pull requests,
 * AWS documentation and knowledge-centre articles (ids masked as in the source, … where the source cuts). */

export interface Sample {
  readonly id: string;
  readonly message: string;
  /** `report`: quoted in a report or a page; `form`: the standard form of AWS, an SDK or Python, not quoted from a batch job. */
  readonly source: "report" | "form";
}

export const samples: readonly Sample[] = [
  {
    id: "E01",
    source: "report",
    message:
      "AccessDeniedException when calling the CreateModelInvocationJob operation: User: ...:assumed-role/airflow-development-capi-smoketest is not authorized to perform: iam:PassRole on resource: .../role/bedrock-batch-inference-role because no identity-based policy allows the iam:PassRole action",
  },
  { id: "E02", source: "report", message: "Cross-account pass role is not allowed" },
  { id: "E03", source: "report", message: "Could not assume provided IAM role" },
  {
    id: "E04",
    source: "form",
    message:
      "User: arn:aws:iam::111122223333:user/x is not authorized to perform: bedrock:CreateModelInvocationJob on resource: *",
  },
  {
    id: "E05",
    source: "report",
    message:
      "User: arn:aws:sts::123456789012:assumed-role/AmazonBedrockExecutionRoleForAgents_ABCD1234567/BedrockAgents-xxxxxx is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:<region>::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0 with an explicit deny in a service control policy",
  },
  {
    id: "E06",
    source: "report",
    message:
      "... is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: arn:aws:bedrock:us-east-1:<acct>:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0 with an explicit deny in an identity-based policy",
  },
  {
    id: "E07",
    source: "form",
    message:
      "User: arn:aws:iam::111122223333:user/x is not authorized to perform: kms:GenerateDataKey on resource: arn:aws:kms:us-east-1:111122223333:key/0",
  },
  { id: "E08", source: "report", message: "because no identity-based policy allows the bedrock:InvokeModel action" },
  { id: "E09", source: "report", message: "Your account is not authorized to invoke this API operation." },
  {
    id: "E10",
    source: "report",
    message: "Batch inference is not supported for model amazon.nova-lite-v1:0 in region us-west-2",
  },
  { id: "E11", source: "report", message: "Batch inference is not supported for the requested model" },
  { id: "E12", source: "report", message: "The provided model identifier is invalid" },
  {
    id: "E13",
    source: "report",
    message:
      "Invocation of model ID anthropic.claude-3-5-sonnet-20241022-v2:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
  },
  {
    id: "E14",
    source: "report",
    message:
      "Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model.",
  },
  {
    id: "E15",
    source: "report",
    message:
      "Your AWS Marketplace subscription for this model cannot be completed at this time. If you recently fixed this issue, try again after 2 minutes.",
  },
  {
    id: "E16",
    source: "report",
    message:
      "Your account is not authorized to access this model. Your AWS Marketplace subscription for this model is still being processed",
  },
  { id: "E17", source: "report", message: "Model use case details have not been submitted for this account" },
  { id: "E18", source: "report", message: "This Model is marked by provider as Legacy" },
  { id: "E19", source: "report", message: "The provided job name is currently in use." },
  { id: "E20", source: "report", message: "reached the quota for number of concurrent invoke-model jobs in progress." },
  { id: "E21", source: "report", message: "Too many tokens per day, please wait before trying again." },
  {
    id: "E22",
    source: "report",
    message:
      "Batch job arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdefghijkl contains less records (10) than the required minimum of: 100",
  },
  {
    id: "E23",
    source: "report",
    message:
      "Not enough records to run batch extraction. List of nodes contains fewer records (87) than the minimum required by Bedrock (100)",
  },
  { id: "E24", source: "report", message: "Customer doesn't have permissions to invokeModel" },
  { id: "E25", source: "report", message: "Could not validate ListBucket permissions for S3URI: s3://bucket/in/" },
  {
    id: "E26",
    source: "report",
    message: "Could not validate GetObject permissions to access Amazon S3 bucket: X at key Y",
  },
  {
    id: "E27",
    source: "report",
    message:
      "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket: X at key output/.write_access_check_file.tmp",
  },
  {
    id: "E28",
    source: "report",
    message: "Unable to parse Amazon S3 file: fileName.jsonl. Data files must conform to JSONL format.",
  },
  {
    id: "E29",
    source: "report",
    message: "Encountered an unexpected error when processing the request, please try again",
  },
  { id: "E30", source: "report", message: "400 ValidationException: The provided ARN is invalid" },
  { id: "E31", source: "report", message: "404 UnknownOperationException" },
  {
    id: "E32",
    source: "form",
    message: 'Unknown parameter in input: "modelInvocationType", must be one of: jobName, roleArn',
  },
  { id: "E33", source: "report", message: "AttributeError: 'Bedrock' object has no attribute 'invoke_model'" },
  {
    id: "E34",
    source: "report",
    message: "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.",
  },
  { id: "E35", source: "report", message: "NoSuchKey" },
  {
    id: "E36",
    source: "report",
    message: "RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
  },
  {
    id: "E37",
    source: "report",
    message:
      "RequestTimeout: Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  },
  {
    id: "E38",
    source: "report",
    message:
      "The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile",
  },
  { id: "E39", source: "report", message: "The security token included in the request is expired" },
  { id: "E40", source: "form", message: "ExpiredTokenException" },
  { id: "E41", source: "form", message: "RequestExpired" },
  { id: "E42", source: "form", message: "IncompleteSignature" },
  {
    id: "E43",
    source: "report",
    message: "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
  },
  { id: "E44", source: "report", message: "`temperature` is deprecated for this model" },
  { id: "E45", source: "report", message: "The maximum tokens you requested exceeds the model limit of 10000" },
  { id: "E46", source: "report", message: "anthropic_version: Field required" },
  {
    id: "E47",
    source: "report",
    message:
      'Malformed input request: #: subject must not be valid against schema {"required":["messages"]}#: extraneous key [inferenceConfig] is not permitted',
  },
  { id: "E48", source: "report", message: "Malformed input request: #: extraneous key [thinking] is not permitted" },
  {
    id: "E49",
    source: "report",
    message:
      "Malformed input request: #: required key [max_tokens] not found#: required key [anthropic_version] not found",
  },
  { id: "E50", source: "report", message: "modelId: Extra inputs are not permitted" },
  {
    id: "E51",
    source: "report",
    message: "You invoked an unsupported model or your request did not allow prompt caching",
  },
  {
    id: "E52",
    source: "report",
    message:
      "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
  },
  { id: "E53", source: "report", message: "A conversation must alternate between user and assistant roles." },
  {
    id: "E54",
    source: "report",
    message: "This model does not support assistant message prefill. The conversation must end with a user message.",
  },
  {
    id: "E55",
    source: "report",
    message:
      "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.",
  },
  { id: "E56", source: "report", message: "A text block must be included alongside a document block." },
  {
    id: "E57",
    source: "report",
    message: "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
  },
  { id: "E58", source: "form", message: "ThrottlingException" },
  { id: "E59", source: "form", message: "ServiceQuotaExceededException" },
  { id: "E60", source: "report", message: "LiteLLM doesn't support custom_llm_provider=bedrock for 'create_batch'" },
  {
    id: "E61",
    source: "report",
    message: "AWS IAM role ARN is required for Bedrock batch jobs. Set 'aws_batch_role_arn'",
  },
  { id: "E62", source: "report", message: "S3 bucket_name is required" },
  { id: "E63", source: "report", message: "Enqueued token limit reached for gpt-4o-mini in organization org-x" },
  { id: "E64", source: "report", message: "requests.0.custom_id: String should have at most 64 characters" },
  { id: "E65", source: "report", message: "Your credit balance is too low to access the Anthropic API" },
  { id: "E66", source: "report", message: "File is too large." },
  { id: "E67", source: "report", message: "Model grok-4.5 is not supported for batch processing." },
  {
    id: "E68",
    source: "report",
    message: "Cannot find file file-VC5eF687ZfDPFKkBrPGZpa, or organization org-x does not have access to it.",
  },
  { id: "E69", source: "report", message: "JSONDecodeError: Expecting ',' delimiter" },
  {
    id: "E70",
    source: "report",
    message: "json.decoder.JSONDecodeError: Expecting value: line 197 column 14 (char 11429)",
  },
  {
    id: "E71",
    source: "form",
    message: "json.decoder.JSONDecodeError: Unterminated string starting at: line 1 column 9 (char 8)",
  },
  {
    id: "E72",
    source: "report",
    message:
      "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.",
  },
  { id: "E73", source: "report", message: "The provided S3 URI is invalid" },
  {
    id: "E74",
    source: "report",
    message:
      "1 validation error detected: Value 's3://..' failed to satisfy constraint: Member must satisfy regular expression pattern: s3://",
  },
  {
    id: "E75",
    source: "report",
    message:
      "Invalid training input data configuration. Check the input data S3 Uris(Uri should be a file, not a directory) and retry request",
  },
];

/** One message for each further row: in the words of the service, the SDKs or Node, as the row's pattern has them. */
export const furtherSamples: readonly Sample[] = [
  {
    id: "H01",
    source: "form",
    message:
      "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/Batch with an explicit deny in a service control policy",
  },
  {
    id: "H42",
    source: "form",
    message:
      "KMS.DisabledException: arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab is disabled.",
  },
  {
    id: "H43",
    source: "form",
    message:
      "KMS.NotFoundException: Key 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab' does not exist",
  },
  {
    id: "H02",
    source: "form",
    message:
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::data/a.jsonl" with an explicit deny in a resource-based policy',
  },
  {
    id: "H03",
    source: "form",
    message:
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::data/a.jsonl" because no permissions boundary allows the s3:PutObject action',
  },
  {
    id: "H04",
    source: "form",
    message: "Your account is not authorized to perform this action. Please create a support case",
  },
  {
    id: "H44",
    source: "form",
    message:
      "ResourceNotFoundException: This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
  },
  { id: "H05", source: "form", message: "Signature expired: 20261121T093012Z is now earlier than 20261121T100000Z" },
  { id: "H06", source: "form", message: "Expecting value: line 1 column 1 (char 0)" },
  {
    id: "H07",
    source: "form",
    message:
      "1 validation error detected: Value '200' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
  },
  { id: "H08", source: "form", message: "Too many tokens, please wait before trying again." },
  {
    id: "H09",
    source: "form",
    message: "ModelTimeoutException: Model has timed out in processing the request. Try your request again.",
  },
  {
    id: "H10",
    source: "form",
    message:
      "InternalServerException: The system encountered an unexpected error during processing. Try your request again.",
  },
  { id: "H11", source: "form", message: "ServiceUnavailableException: Bedrock is unable to process your request." },
  { id: "H12", source: "form", message: "max_tokens: Field required" },
  {
    id: "H13",
    source: "form",
    message:
      "max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001",
  },
  { id: "H14", source: "form", message: "Input is too long for requested model." },
  { id: "H15", source: "form", message: "temperature: Input should be less than or equal to 1" },
  { id: "H16", source: "form", message: "messages: text content blocks must be non-empty" },
  {
    id: "H17",
    source: "form",
    message: "Malformed input request, please reformat your input and try again.",
  },
  { id: "H18", source: "form", message: "The value at messages.0.role is not a valid enum value" },
  {
    id: "H19",
    source: "form",
    message: "Batch job x contains more records (120,000) than the allowed maximum per file of: 100,000",
  },
  { id: "H20", source: "form", message: "The file s3://bucket/a.jsonl is larger than the allowed maximum of: 1 GB" },
  {
    id: "H21",
    source: "form",
    message:
      "The model invocation job arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdefghijkl could not be found",
  },
  { id: "H22", source: "form", message: "The job cannot be stopped because it is in the state Completed" },
  {
    id: "H23",
    source: "form",
    message: "The inference profile xx.anthropic.claude-haiku-4-5-20251001-v1:0 could not be found",
  },
  { id: "H24", source: "form", message: "NoSuchBucket: The specified bucket does not exist" },
  {
    id: "H25",
    source: "form",
    message:
      "PermanentRedirect: The bucket you are attempting to access must be addressed using the specified endpoint.",
  },
  { id: "H26", source: "form", message: "NoSuchUpload" },
  { id: "H27", source: "form", message: "AccessDenied: Access Denied" },
  {
    id: "H28",
    source: "form",
    message: "UnrecognizedClientException: The security token included in the request is invalid.",
  },
  {
    id: "H29",
    source: "form",
    message: "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.",
  },
  {
    id: "H30",
    source: "form",
    message: "MissingAuthenticationTokenException: Request is missing Authentication Token",
  },
  { id: "H31", source: "form", message: "The role with name Batch cannot be found." },
  { id: "H32", source: "form", message: "NoSuchEntityException" },
  { id: "H33", source: "form", message: "getaddrinfo ENOTFOUND bedrock.us-east-9.amazonaws.com" },
  { id: "H49", source: "form", message: "Error: self-signed certificate in certificate chain" },
  { id: "H34", source: "form", message: "connect ECONNREFUSED 127.0.0.1:4566" },
  { id: "H35", source: "form", message: "The model returned the following errors: prefill is not available" },
  { id: "H36", source: "form", message: "The answer was blocked by the content filter" },
  { id: "H37", source: "form", message: "CredentialsProviderError: Could not load credentials from any providers" },
  {
    id: "H40",
    source: "form",
    message: "UnmodifiableEntityException: Cannot perform the operation on the protected role 'AWSServiceRoleForX'",
  },
  { id: "H41", source: "form", message: "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user ana" },
  { id: "H39", source: "form", message: "Streaming is not supported" },
  { id: "H38", source: "form", message: "The model anthropic.claude-x is no longer known" },
  {
    id: "H45",
    source: "form",
    message: "the model broke off with an error of its own (malformed_model_output)",
  },
  { id: "H46", source: "form", message: "the model paused its turn: the answer is not whole (pause_turn)" },
  {
    id: "H47",
    source: "form",
    message: "the answer ended with a stop reason that is not known to end a whole one (something_new)",
  },
  { id: "H48", source: "form", message: "the answer is of another shape than the answers of this model" },
];
