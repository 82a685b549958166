/** What somebody must have a right to who invokes a model: it, or the profile and the model in every Region that it may go to. */
import { listDestinations, type ModelReference, makeFoundationArn } from "./answers/reference.ts";

export interface InvokeRight {
  readonly resource: string;
  /** As `aws:RequestedRegion`. */
  readonly region: string;
  readonly keys?: Readonly<Record<string, string>>;
}

/** The right that each is. A plain model in batch needs it too; AWS's page on the role names profiles only. unconfirmed */
export function listInvokeRights({ model, prefix, arn, source }: ModelReference, region: string): InvokeRight[] {
  if (prefix === undefined && source === undefined) return [{ resource: arn, region }];
  const destinations = prefix === undefined ? [region] : listDestinations(model, prefix, region);
  // Of an application profile that was made from another profile, that one is not asked for (sources#application-profiles).
  const behind = destinations.map((destination) => ({
    resource: makeFoundationArn(destination, model.id),
    // So the documentation of global profiles has it (known, not read again).
    region: destination === "" ? "unspecified" : destination,
    keys: { "bedrock:InferenceProfileArn": arn },
  }));
  return [{ resource: arn, region }, ...behind];
}
