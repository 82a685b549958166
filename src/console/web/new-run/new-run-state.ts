import { useEffect, useState } from "preact/hooks";
import type { ConsoleView, InputPreview, NewRunForm, PlanView, TryView } from "../../views.ts";
import { post } from "../api.ts";

interface PromptParts {
  readonly prompt: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly system?: string;
  readonly output?: object;
}

type Change = (change: Partial<NewRunForm>) => void;

/** Of the table, the prompt and the plan: undefined where it is well. */
type Problems = Readonly<Record<string, Error | undefined>>;

/** Keeps the problem of something, or says that it has none. */
type Fail = (name: string) => (error: Error | undefined) => void;

/** What the page of a new run shows, and what can be done there. */
export interface NewRun {
  readonly form: NewRunForm;
  readonly preview: InputPreview | undefined;
  /** The prompt with the cells of the first rows. */
  readonly texts: readonly string[];
  readonly plan: PlanView | undefined;
  readonly isPlanning: boolean;
  readonly tried: TryView | undefined;
  readonly problems: Problems;
  readonly setTried: (tried: TryView) => void;
  readonly set: Change;
  /** As `set`, of what a prompt file says too: the form is not that of the file any more. */
  readonly edit: Change;
  readonly readPrompt: (path: string) => void;
  readonly takeRecipe: (name: string) => void;
}

/** The form of a new run; what is shown beside it is asked for as it changes. */
export function useNewRun(view: ConsoleView): NewRun {
  const [form, setForm] = useState<NewRunForm>({ table: "", prompt: "", model: "nova-2-lite", isSimulated: true });
  const [tried, setTried] = useState<TryView>();
  const [problems, setProblems] = useState<Problems>({});
  const fail: Fail = (name) => (error) => {
    if (error?.name !== "AbortError") setProblems((last) => ({ ...last, [name]: error }));
  };
  const preview = usePreview(form.table, fail);
  const texts = useTexts(form.prompt, preview, fail);
  const isReady = preview !== undefined && form.prompt.trim() !== "" && form.model !== "";
  useEffect(() => setTried(undefined), [form, isReady]);
  const { plan, isPlanning } = usePlan(form, isReady, fail);

  const set: Change = (change) => setForm((last) => ({ ...last, ...change }));
  const edit: Change = (change) => setForm((last) => ({ ...withoutFile(last), ...change }));
  const readPrompt = (path: string): void => {
    post<PromptParts>("/api/prompt", { path }).then((parts) => {
      setProblems((last) => ({ ...last, prompt: undefined }));
      set({ promptFile: path, ...toForm(parts) });
    }, fail("prompt"));
  };
  const takeRecipe = (name: string): void => {
    const recipe = view.recipes.find((each) => each.name === name);
    if (recipe === undefined) return;
    set({ table: recipe.table });
    readPrompt(recipe.prompt);
  };
  return { form, preview, texts, plan, isPlanning, tried, problems, setTried, set, edit, readPrompt, takeRecipe };
}

/** The first rows of the table, a little after its name was written. */
function usePreview(table: string, fail: Fail): InputPreview | undefined {
  const [preview, setPreview] = useState<InputPreview>();
  useEffect(() => {
    setPreview(undefined);
    if (table === "") return undefined;
    const timer = setTimeout(() => {
      post<InputPreview>("/api/preview", { table }).then((found) => {
        setPreview(found);
        fail("table")(undefined);
      }, fail("table"));
    }, 300);
    return () => clearTimeout(timer);
  }, [table]);
  return preview;
}

function useTexts(prompt: string, preview: InputPreview | undefined, fail: Fail): readonly string[] {
  const [texts, setTexts] = useState<readonly string[]>([]);
  useEffect(() => {
    if (preview === undefined || prompt === "") return setTexts([]);
    post<{ texts: string[] }>("/api/render", { prompt, rows: preview.rows.slice(0, 3) }).then((found) => {
      setTexts(found.texts);
      fail("prompt")(undefined);
    }, fail("prompt"));
    return undefined;
  }, [preview, prompt]);
  return texts;
}

/** The plan of a form that is complete; a later change ends a plan that is being made. */
function usePlan(form: NewRunForm, isReady: boolean, fail: Fail): Pick<NewRun, "plan" | "isPlanning"> {
  const [plan, setPlan] = useState<PlanView>();
  const [isPlanning, setPlanning] = useState(false);
  useEffect(() => {
    if (!isReady) return setPlan(undefined);
    const controller = new AbortController();
    const take = (found: PlanView): void => {
      setPlan(found);
      fail("plan")(undefined);
    };
    const refuse = (error: Error): void => {
      if (error.name === "AbortError") return;
      setPlan(undefined);
      fail("plan")(error);
    };
    const timer = setTimeout(() => {
      setPlanning(true);
      post<PlanView>("/api/plan", form, controller.signal)
        .then(take, refuse)
        .finally(() => setPlanning(false));
    }, 600);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [form, isReady]);
  return { plan, isPlanning };
}

function toForm({ prompt, model, maxTokens, system, output }: PromptParts): Partial<NewRunForm> {
  return {
    prompt,
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(system === undefined ? {} : { system }),
    schema: output === undefined ? "" : JSON.stringify(output, null, 2),
  };
}

function withoutFile(form: NewRunForm): NewRunForm {
  const { promptFile: _, ...others } = form;
  return others;
}
