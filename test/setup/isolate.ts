/**
 * Every test starts with no credentials, no profile and no endpoint of the person who runs it.
 * A test that wants some sets its own.
 */
for (const name of Object.keys(process.env)) {
  if (/^(AWS_|HALFPRICE_|BEDROCK_)/.test(name)) delete process.env[name];
}
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
process.env["AWS_EC2_METADATA_DISABLED"] = "true";
process.env["AWS_CONFIG_FILE"] = "/dev/null";
process.env["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
process.env["NO_COLOR"] = "1";
// Jobs of `--local` take no wall time; a test that wants to meet one half done says how slow it is to be.
process.env["HALFPRICE_LOCAL_SPEED"] = "6000";
delete process.env["FORCE_COLOR"];
