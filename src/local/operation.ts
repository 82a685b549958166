/**
 * What an operation is, of every service: one definition in a file of its own, and one line in the list of its service. All else comes from
 * the lists: which operation a request asks for, which rights it takes, the name that a fault plan knows it by, its row in
 * docs/local-service.md.
 */
import type { AccessRequest } from "./iam/access-request.ts";
import type { Authority } from "./iam/authority.ts";
import type { SigningName, WireRequest } from "./service.ts";
import type { FormShape, Input } from "./wire/query-fields.ts";
import type { Static, StructureShape } from "./wire/shape.ts";
import type { XmlNode } from "./wire/xml.ts";

/** restJson1: a method and a path, with `{label}` for a percent-encoded segment. */
export interface RestWire {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** The body is not JSON that the input describes, but the model's own. */
  readonly rawBody?: true;
}

/** S3: a method, what the address names, and what else tells the operation from others. */
export interface S3Wire {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE" | "OPTIONS";
  readonly level: "service" | "bucket" | "object";
  /** Parameters that must all be there, `name` or `name=value`. The operation with the most of them is meant. */
  readonly query?: readonly string[];
  /** A header that must be there. */
  readonly header?: string;
}

/** The operation's own name: as `Action` of a form, or behind the dot of `X-Amz-Target`. */
export type NameWire = "action" | "target" | "action or target";

export type Wire = RestWire | S3Wire | NameWire;

/** The body of an S3 request; headers and parameters are read by the operation. */
export type BodyShape =
  | { readonly type: "none" }
  /** Any number of bytes, taken as they come. */
  | { readonly type: "bytes" }
  /** A document as it is. */
  | { readonly type: "text" }
  /** A document of XML with this root. */
  | {
      readonly type: "xml";
      readonly root: string;
      /** What an empty body is answered with; MissingRequestBodyError where it is left out. */
      readonly makeEmpty?: () => Error;
      /** A checksum in the headers is not the body's. */
      readonly isChecksumOfOther?: true;
    };

/** What an operation takes. */
export type Schema = StructureShape | FormShape | BodyShape;

/** What an operation is given of its input. Documents are read when it asks for them: S3 looks at bucket and key first. */
export type InputOf<S extends Schema> = S extends StructureShape
  ? Static<S>
  : S extends FormShape
    ? Input
    : S extends { readonly type: "xml" }
      ? () => Promise<XmlNode>
      : S extends { readonly type: "text" }
        ? () => Promise<string>
        : undefined;

/** One thing that a caller needs a right to; in the Region of the request where none is named. */
export type Right<Action extends string = string> = Omit<AccessRequest, "action" | "region"> & {
  readonly action: Action;
  readonly region?: string;
};

/** What lets a caller without a name in, beside a bucket's policy. */
export interface AnonymousRight {
  readonly action: string;
  /** What a canned ACL of the bucket, or of the object, has to grant. */
  readonly bucket?: "READ" | "WRITE";
  readonly object?: "READ";
}

/** The rights that a call takes, where IAM is enforced. */
export interface Rights<Given, Context, Request, Action extends string = string> {
  /** Every action that can be asked for, as policies name them. */
  readonly actions: readonly Action[];
  /** What this call takes, in the order in which AWS asks. May throw what AWS says before it asks. */
  list(given: Given, context: Context, request: Request): readonly Right<NoInfer<Action>>[];
  /** Nobody without a name may where it is left out. */
  readonly anonymous?: AnonymousRight;
}

/** How far an operation is built; the tables of docs/local-service.md are made from this. */
export interface OperationNotes {
  /** What it does. */
  readonly served: string;
  /** What is checked beyond its input's constraints. */
  readonly checked?: string;
  readonly notBuilt?: string;
  /** How it differs from AWS, or may. */
  readonly differs?: string;
}

/** What the operations of one service have in common. */
export interface OperationKind {
  /** What they work on. */
  readonly context: unknown;
  readonly wire: Wire;
  readonly schema: Schema;
  readonly request: WireRequest;
  readonly answer: unknown;
}

export interface Operation<K extends OperationKind = OperationKind> {
  /** As AWS names it. */
  readonly name: string;
  /** How its requests are told from those of others. */
  readonly wire: K["wire"];
  readonly input: K["schema"];
  readonly rights: Rights<unknown, K["context"], K["request"]>;
  readonly notes: OperationNotes;
  /** Does it, its input checked and its caller allowed. @throws the service's errors */
  act(input: unknown, context: K["context"], request: K["request"]): K["answer"];
}

/** What `defineOperation` takes. */
export interface Definition<K extends OperationKind, S extends K["schema"], Action extends string>
  extends Pick<Operation<K>, "name" | "wire" | "notes"> {
  readonly input: S;
  readonly rights: Rights<InputOf<S>, K["context"], K["request"], Action>;
  act(input: InputOf<S>, context: K["context"], request: K["request"]): K["answer"];
}

/** Makes a service's `defineOperation`, which binds rights and action of an operation to the type of its input. */
export const makeDefiner =
  <K extends OperationKind>() =>
  <const S extends K["schema"], const Action extends string>(definition: Definition<K, S, Action>): Operation<K> => {
    const { rights } = definition;
    return {
      ...definition,
      rights: {
        ...rights,
        list: (given, context, request) => rights.list(given as InputOf<S>, context, request),
      },
      act: (given, context, request) => definition.act(given as InputOf<S>, context, request),
    };
  };

/** Of operations that everybody may call. */
export const noRights: Rights<unknown, unknown, unknown, never> = { actions: [], list: () => [] };

/** A right to everything of a service, where AWS knows no narrower one. */
export const toAll = <const Action extends string>(action: Action): Rights<unknown, unknown, unknown, Action> => ({
  actions: [action],
  list: () => [{ action, resource: "*" }],
});

/** An operation that AWS has and this service has not: it answers by its name. */
export interface OtherOperation<W extends Wire = Wire> {
  readonly name: string;
  readonly wire: W;
}

/** Rows of operations that their names alone tell apart. */
export const nameOperations = <W extends NameWire>(wire: W, names: string): OtherOperation<W>[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, wire }));

/** The operations of one service. */
export interface OperationList<K extends OperationKind = OperationKind> {
  /** As the docs call it. */
  readonly service: string;
  readonly signingName: SigningName;
  /** As the docs describe it. */
  readonly protocol: string;
  /** Those that are served, in the order of the docs. */
  readonly operations: readonly Operation<K>[];
  /** Those that are not; empty where an unknown name is answered in the same way. */
  readonly notBuilt: readonly OtherOperation<K["wire"]>[];
}

/** @param all what AWS has; rows of what is served are passed over, so that building one needs no second edit */
export function listOperations<K extends OperationKind>({
  all,
  ...list
}: Omit<OperationList<K>, "notBuilt"> & { readonly all: readonly OtherOperation<K["wire"]>[] }): OperationList<K> {
  const served = new Set(list.operations.map(({ name }) => name));
  return { ...list, notBuilt: all.filter(({ name }) => !served.has(name)) };
}

/**
 * Why a caller may not, in AWS's words; undefined where the call is allowed, or IAM not enforced.
 * @param given what `rights.list` is given
 */
export function findDenial<K extends OperationKind>(
  { rights }: Pick<Operation<K>, "rights">,
  given: unknown,
  context: K["context"],
  request: K["request"],
  authority: Authority | undefined,
): string | undefined {
  if (authority === undefined) return undefined;
  const { caller, region } = request;
  for (const right of rights.list(given, context, request)) {
    const denial = authority.findDenial(caller, { region, ...right });
    if (denial !== undefined) return denial;
  }
  return undefined;
}
