/** What the console's server sends to its pages, and takes from them: JSON over HTTP. */
import type {
  BatchMoney,
  DetailedJob,
  Estimate,
  Evaluation,
  Origin,
  Outcome,
  RunDetails,
  TableColumn,
} from "../index.ts";

export type { AccountJob, LocalState } from "../admin.ts";
export type {
  Cell,
  ColumnChart,
  DetailedJob,
  DifferingAnswers,
  Evaluation,
  InputPreview,
  Outcome,
  RowFilter,
  RunDetails,
  RunLabels,
  TableColumn,
  TableWindow,
  WholeRow,
} from "../index.ts";

/** What went wrong, in the words of the command. */
export interface ErrorView {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string };
}

/** A run in the list. Times are milliseconds since 1970. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly origin: Origin;
  readonly model: string;
  readonly rowCount: number;
  readonly recordCount: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly money: BatchMoney;
}

/** Where the console works, and what it may do. */
export interface ConsoleView {
  readonly version: string;
  readonly workspace: string;
  /** Everything that is begun here is simulated. */
  readonly isLocal: boolean;
  /** Folders and files of the working folder that a run could be about. */
  readonly tables: readonly string[];
  readonly prompts: readonly string[];
  readonly recipes: readonly {
    readonly name: string;
    readonly summary: string;
    readonly table: string;
    readonly prompt: string;
  }[];
  readonly models: readonly ModelView[];
}

/** A model that a run may use. */
export interface ModelView {
  readonly alias: string;
  readonly label: string;
  readonly hasBatch: boolean;
  /** US dollars a million tokens in batch. */
  readonly inputUsd?: number;
  readonly outputUsd?: number;
}

/** One run, with everything that is known without asking anyone. */
export interface RunPage {
  readonly run: RunView;
  readonly details: RunDetails;
  /** Reasons of rows without an answer, with what to do. */
  readonly causes: readonly {
    readonly outcome: string;
    readonly message: string;
    readonly count: number;
    readonly cause?: string;
    readonly fix?: string;
  }[];
  readonly discrepancies: readonly string[];
  readonly answerColumns: readonly string[];
  /** What the console can do with it now, and the command that does the same. */
  readonly actions: readonly RunAction[];
  /** What this console is doing with it. */
  readonly work?: WorkView;
}

/** Something that can be done with a run. */
export interface RunAction {
  readonly name: "watch" | "resume" | "stop" | "retry" | "export" | "report";
  readonly label: string;
  readonly command: string;
}

/** Work of the console's own process. */
export interface WorkView {
  readonly id: string;
  readonly what: string;
  readonly state: "running" | "done" | "failed";
  readonly step?: string;
  readonly runId?: string;
  readonly error?: ErrorView["error"];
}

/** A table's columns, before any row is read. */
export interface TableView {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** What `_halfprice_outcome` and `_halfprice_raw` are called in this run. */
  readonly outcomeColumn: string;
  readonly rawColumn: string;
}

/** What the form of a new run says. */
export interface NewRunForm {
  readonly table: string;
  readonly prompt: string;
  /** The file that the prompt was taken from, where it was not changed since. */
  readonly promptFile?: string;
  readonly model: string;
  readonly maxTokens?: number;
  readonly system?: string;
  /** A JSON Schema as text; empty for a text answer. */
  readonly schema?: string;
  readonly limit?: number;
  readonly name?: string;
  readonly maxCostUsd?: number;
  /** On the local service, for nothing. */
  readonly isSimulated: boolean;
}

/** What a new run would do and cost. */
export interface PlanView {
  readonly cost?: Estimate;
  readonly onDemandCost?: Estimate;
  readonly rowCount: number;
  readonly recordCount: number;
  readonly duplicateCount: number;
  readonly skippedCount: number;
  readonly answeredCount: number;
  readonly inputTokens: Estimate;
  readonly outputTokens: Estimate;
  readonly jobCount: number;
  readonly model: string;
  readonly warnings: readonly string[];
  readonly samples: readonly { readonly row: number; readonly text: string }[];
  readonly problems: readonly ErrorView["error"][];
  readonly offline?: string;
  readonly command: string;
}

/** What was tried, row by row. */
export interface TryView {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly paidUsd?: number;
  readonly wouldCostUsd?: number;
}

/** Two runs of the same rows. */
export interface ComparisonView {
  readonly rowCount: number;
  readonly differingCount: number;
  readonly evaluation: Evaluation;
  readonly cost: readonly { readonly runId: string; readonly perRowUsd?: number }[];
}

/** A row to be labelled. */
export interface LabelTask {
  readonly rows: readonly number[];
  readonly choices: readonly string[];
}

/** What the pages are told as it happens. */
export type ConsoleEvent =
  | { readonly kind: "runs"; readonly runs: readonly RunView[] }
  | { readonly kind: "jobs"; readonly runId: string; readonly jobs: readonly DetailedJob[] }
  | { readonly kind: "work"; readonly work: WorkView };

/** A line of doctor's. */
export interface CheckView {
  readonly name: string;
  readonly status: string;
  readonly text: string;
  readonly fix?: string;
}
