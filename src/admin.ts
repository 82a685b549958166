/** What surrounds runs: the account, its set-up, what runs leave behind, models, messages. */
export {
  type AdoptJobOptions,
  adopt,
  type CleanOptions,
  type CleanReport,
  clean,
  type DoctorOptions,
  type DoctorReport,
  doctor,
  explain,
  type ModelOptions,
  models,
  refreshModelList,
  type SetupOptions,
  type SetupReport,
  type SetupStep,
  setup,
} from "./library/administer.ts";
