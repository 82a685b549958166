/** What surrounds runs: the account, its set-up, what runs leave behind, models, messages. */
export {
  type CleanOptions,
  type CleanReport,
  type CleanWorkspaceOptions,
  clean,
  cleanWorkspace,
  type LeftBehind,
  listDrafts,
  type WorkspaceCleanReport,
} from "./library/admin/clean.ts";
export {
  type DeployOptions,
  type DeployPlan,
  type DeployReport,
  deploy,
  type FunctionFiles,
  type FunctionOptions,
  makeFunction,
  type UndeployOptions,
  undeploy,
} from "./library/admin/deploy.ts";
export { type DoctorOptions, type DoctorReport, type DoctorStep, doctor } from "./library/admin/doctor.ts";
export { type ExplainedMessage, explain } from "./library/admin/explain.ts";
export { type AccountJob, type AdoptJobOptions, adopt, listJobs } from "./library/admin/jobs.ts";
export {
  changeLocal,
  type LocalChange,
  type LocalRequest,
  type LocalState,
  listObjects,
  readLocalState,
} from "./library/admin/local-control.ts";
export {
  type CatalogueState,
  describeCatalogue,
  type ListedModel,
  type ModelOptions,
  type ModelRefresh,
  models,
  refreshModelList,
} from "./library/admin/models.ts";
export { type ListedRecipe, listRecipes, type Recipe, recipes, writeRecipe } from "./library/admin/recipes.ts";
export {
  makePolicies,
  makeTemplate,
  type PolicyOptions,
  type SetupOptions,
  type SetupPlan,
  type SetupReport,
  type SetupStep,
  setup,
} from "./library/admin/setup.ts";
export { copyWorkspace } from "./library/admin/workspace.ts";
export { keepLocal, readSettings, type Settings } from "./library/library-session.ts";
export {
  type DonePart,
  joinPart,
  parts,
  preparePart,
  type RunPart,
  type RunParts,
} from "./library/parts/part-verbs.ts";
