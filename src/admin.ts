/** What surrounds runs: the account, its set-up, what runs leave behind, models, messages. */
export {
  type AccountJob,
  type AdoptJobOptions,
  adopt,
  type CleanOptions,
  type CleanReport,
  clean,
  type DoctorOptions,
  type DoctorReport,
  doctor,
  explain,
  listJobs,
  type ModelOptions,
  models,
  refreshModelList,
  type SetupOptions,
  type SetupReport,
  type SetupStep,
  setup,
} from "./library/administer.ts";
export { keepLocal } from "./library/library-session.ts";
export {
  changeLocal,
  type LocalChange,
  type LocalRequest,
  type LocalState,
  listObjects,
  readLocalState,
} from "./library/local-control.ts";
export {
  type DonePart,
  joinPart,
  parts,
  preparePart,
  type RunPart,
  type RunParts,
} from "./library/parts/part-verbs.ts";
export { type ListedRecipe, listRecipes } from "./library/recipes.ts";
