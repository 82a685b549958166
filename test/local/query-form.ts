/** A query request as bytes: fields by name, structures and lists as the protocol flattens them. */
import { type RawAnswer, send } from "./served.ts";

export type FormValue = string | readonly (string | Readonly<Record<string, string>>)[];

export function writeForm(action: string, version: string, fields: Readonly<Record<string, FormValue>>): string {
  const form = new URLSearchParams({ Action: action, Version: version });
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") form.set(name, value);
    else {
      for (const [index, member] of value.entries()) {
        const at = `${name}.member.${index + 1}`;
        if (typeof member === "string") form.set(at, member);
        else for (const [inner, text] of Object.entries(member)) form.set(`${at}.${inner}`, text);
      }
    }
  }
  return form.toString();
}

export interface QueryAnswer extends RawAnswer {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Sends a form, unsigned. */
export async function sendForm(url: string, form: string): Promise<QueryAnswer> {
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const answer = await send(url, { method: "POST", path: "/", headers, body: form });
  return {
    ...answer,
    code: /<Code>([^<]*)</.exec(answer.body)?.[1],
    message: /<Message>([\s\S]*?)<\/Message>/.exec(answer.body)?.[1],
  };
}
