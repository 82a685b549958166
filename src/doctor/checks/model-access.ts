import type { ModelAvailability, ModelReader } from "../../aws/model-reading.ts";
import { isRefusal } from "../../aws/wrap-error.ts";
import { HalfpriceError, isError } from "../../foundation/errors/index.ts";
import { findConsoleHost } from "../../foundation/partitions.ts";
import type { ModelChoice } from "../../foundation/types/index.ts";
import { type CheckResult, fail, pass, skip, warn } from "./check.ts";

interface ModelQuestion {
  readonly models: ModelReader;
  readonly model: ModelChoice;
  readonly region: string;
}

/** Is the model there, under the id that is sent, and not at its end? @throws UNREACHABLE, CREDENTIALS_REFUSED */
export async function checkModelId({ models, model, region }: ModelQuestion): Promise<CheckResult> {
  const { invokeId, baseId, route, label } = model;
  const subject = `model ${invokeId}`;
  const isPlain = !baseId.startsWith("arn:");
  try {
    const isProfile = route === "geo" || route === "global";
    if (isProfile) await models.readDestinations(invokeId);
    // A region from which a profile is used need not have the model itself: there, nothing follows from not finding it.
    const facts = isPlain ? await models.readModel(baseId).catch(isProfile ? ignoreUnknown : undefined) : undefined;
    if (facts?.lifecycle === "LEGACY") {
      return warn(subject, `${label} is marked as legacy: an account that has not used it lately may be refused`, {
        fix: "halfprice models lists newer ones",
      });
    }
    if (
      (route === "region" || route === "given") &&
      facts !== undefined &&
      !facts.inferenceTypes.includes("ON_DEMAND") &&
      invokeId === baseId
    ) {
      const fix =
        "use halfprice's alias (halfprice models), or put the prefix of a profile before the id: us., eu., apac. or global.";
      const problem = `${invokeId} can be invoked through an inference profile only; a job with the bare id is accepted and ends with no answer`;
      return fail(subject, new HalfpriceError("MODEL_ACCESS", { model: label, problem, fix }));
    }
    return pass(subject, route === "region" || route === "given" ? "there" : "there, model and profile");
  } catch (error) {
    if (isRefusal(error, "AccessDeniedException"))
      return skip(subject, "not looked at: this caller has no bedrock:GetFoundationModel or GetInferenceProfile");
    if (!isRefusal(error, "ValidationException", "ResourceNotFoundException")) throw error;
    const fix = `halfprice models --region ${region} has the ids as they are used there`;
    const problem = `${region} does not know ${invokeId}`;
    return fail(subject, new HalfpriceError("MODEL_ACCESS", { model: label, problem, fix }, { cause: error }));
  }
}

function ignoreUnknown(error: unknown): undefined {
  if (isRefusal(error, "ValidationException", "ResourceNotFoundException")) return undefined;
  throw error;
}

/**
 * May the account use the model? Agreement, form, entitlement and region are told apart. All four being there proves
 * nothing. @see sources#model-access, collected 2026-11-21 @throws UNREACHABLE, CREDENTIALS_REFUSED
 */
export async function checkModelAccess({ models, model, region }: ModelQuestion): Promise<CheckResult> {
  const { baseId, label } = model;
  const subject = `access to ${label}`;
  if (baseId.startsWith("arn:")) return skip(subject, "an ARN stands for itself");
  let found: ModelAvailability;
  try {
    found = await models.readAvailability(baseId);
  } catch (error) {
    if (!isError(error, "SERVICE_REFUSED")) throw error;
    return skip(subject, "not looked at: this caller has no bedrock:GetFoundationModelAvailability");
  }
  const refuse = (problem: string, fix: string): CheckResult =>
    fail(subject, new HalfpriceError("MODEL_ACCESS", { model: label, problem, fix }), { isLikely: true });
  const page = `https://${findConsoleHost(region)}/bedrock/home?region=${region}#/model-catalog`;
  // A profile's model need not be offered in the region that asks.
  if (found.region === "NOT_AVAILABLE" && model.route === "region")
    return refuse(`${region} does not offer it`, `halfprice models --region ${region} lists what it offers`);
  if (found.entitlement === "NOT_AVAILABLE")
    return refuse(
      "the account has no entitlement to it, as new and restricted accounts have not",
      `open a support case and name model and region (https://console.aws.amazon.com/support); it takes days`,
    );
  // An organisation's form serves its accounts, whose own may be missing: only both together say that it is.
  const form = found.authorization === "AUTHORIZED" ? "sent" : await readForm(models, baseId);
  if (form === "missing")
    return refuse(
      "Anthropic's first-use form was not sent for this account",
      `fill it in once: ${page} (or aws bedrock put-use-case-for-model-access); it holds at once, for the account or, from the management account, for the whole organisation`,
    );
  if (found.agreement === "PENDING")
    return refuse("its agreement is being made", "wait 2 to 15 minutes, then look again: halfprice doctor");
  if (found.agreement === "NOT_AVAILABLE" || found.agreement === "ERROR") {
    const why = found.agreementError === undefined ? "" : ` (${found.agreementError})`;
    return refuse(
      `its agreement is missing${why}`,
      `whoever calls it first signs it (halfprice try with one row) and needs aws-marketplace:Subscribe, aws-marketplace:Unsubscribe and aws-marketplace:ViewSubscriptions, and the account a payment method; one call that works proves little, as calls may pass for 15 minutes before they are refused. Or sign it in the console: ${page}`,
    );
  }
  if (found.authorization === "NOT_AUTHORIZED")
    return refuse("the account is not authorized for it", `ask for access: ${page}`);
  return pass(subject, "agreement, authorization and entitlement are there", { isLikely: true });
}

/** Only Anthropic has a form. Which error says that there is none is unconfirmed. */
async function readForm(models: ModelReader, baseId: string): Promise<"sent" | "missing" | "unknown"> {
  if (!baseId.startsWith("anthropic.")) return "unknown";
  try {
    await models.readUseCase();
    return "sent";
  } catch (error) {
    if (isRefusal(error, "ResourceNotFoundException")) return "missing";
    if (isError(error, "SERVICE_REFUSED")) return "unknown";
    throw error;
  }
}
