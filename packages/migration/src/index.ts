/** The migration: proving, moving and undoing. Its first step is the rehearsal. */
export { rehearse } from './rehearse/index.ts'
export type { RehearseInput } from './rehearse/index.ts'
export { createKeyRing } from './rehearse/key-ring.ts'
export type { KeyRing, KeyRingEntry, RehearsalKey } from './rehearse/key-ring.ts'
export type { DecryptedContent, DocumentParser, ParsedDocument } from './rehearse/document-parser.ts'
export type { RehearsedDocument } from './rehearse/rehearse-document.ts'
export type { RehearsalReport } from './rehearse/report.ts'
export { htmlReport } from './rehearse/html-report.ts'

export { clientScripts } from './client-scripts/script-files.ts'
export type { ClientScripts, ScriptFile } from './client-scripts/script-files.ts'
export type { ClusterUrl, RedirectionPlan, UrlSource } from './client-scripts/redirection-plan.ts'
export { clusterUrlsOfReport, readPlanFile } from './client-scripts/plan-file.ts'
export { hostsOf, warningSentences } from './client-scripts/plan-warnings.ts'
export type { PlanWarning } from './client-scripts/plan-warnings.ts'
export type { UrlVariant } from './client-scripts/url-variants.ts'
export { collectChecks } from './client-scripts/collected-checks.ts'
export type { CollectedChecks, CollectedClient } from './client-scripts/collected-checks.ts'

export { createWatch, verdicts } from './watch/verdicts.ts'
export type { Watch, WatchOptions } from './watch/verdicts.ts'
export type {
  LeftoverRequest,
  Readiness,
  SubjectVerdict,
  Verdict,
  Verdicts,
  WatchedDay,
} from './watch/verdict.ts'
export type { Agent, AgentFamily } from './watch/agent.ts'
export type { Operation, RequestEvent, System } from './watch/request-event.ts'
export { readServiceRequestExport } from './watch/service-request-export.ts'
export { readUsageLog } from './watch/usage-log.ts'
export { readRequestRows } from './watch/request-rows.ts'
export { rekeyShare } from './watch/rekey-share.ts'
export type { RekeyDay, RekeyShare } from './watch/rekey-share.ts'
export { watchTable } from './watch/watch-table.ts'
export { dailyLine, verdictBar } from './watch/watch-picture.ts'
export { readLicensorKey } from './steps/licensor-reader.ts'
export { logWatch } from './watch/watch-port.ts'

export type { ExitAdministration } from './exit/exit-administration.ts'
export { deactivate } from './exit/deactivate.ts'
export type { CommandOutput, DeactivateOptions } from './exit/deactivate.ts'
export { exportAllKeys } from './exit/export-all-keys.ts'
export type { ExportedKey, ExportKeysInput, KeyExport } from './exit/export-all-keys.ts'
export { exitPlan } from './exit/exit-plan.ts'
export type { ExitOption, ExitPlan, ExitSituation, PlannedExit } from './exit/exit-plan.ts'
export { exitRehearse } from './exit/exit-rehearse.ts'
export type { EmptyInstance, ExitRehearsal, ExitRehearsalInput } from './exit/exit-rehearse.ts'
export { exitPort } from './exit/exit-port.ts'
export { exitRun } from './exit/exit-run.ts'
export type { ExitResult, ExitRun } from './exit/exit-run.ts'
export { checkNothingProtected } from './exit/decrypt-folders.ts'
export type { DecryptFoldersInput } from './exit/decrypt-folders.ts'
export {
  checkCannotProtect,
  checkNewContentNames,
  checkOpens,
  checkRecoveriesLogged,
} from './exit/option-checks.ts'
export { openerWithClients } from './exit/opener.ts'
export type { Opener, Opening } from './exit/opener.ts'

export type {
  AdminApi,
  DecisionPreview,
  ImportDomainRequest,
  ImportedDomain,
  IssuedLicensor,
  OnboardingPolicy,
  RequestPage,
  RequestRow,
  ServiceConfiguration,
  ServiceKeySummary,
  ServiceState,
  SuperUserList,
  TemplateContent,
  TemplateSummary,
} from './admin-api.ts'
export { createAdminClient } from './admin-client.ts'
export type { AdminClientOptions } from './admin-client.ts'
export { createProject, openProject } from './project/project.ts'
export type { Project, WorkOptions } from './project/project.ts'
export { planMigration } from './project/plan-migration.ts'
export { readProjectPlan } from './project/read-project-plan.ts'
export type { PlannedMigration } from './project/plan-migration.ts'
export type { MigrationPlan } from './project/plan.ts'
export { askApproval, approve } from './project/approve.ts'
export type { ApprovalRequest, ApprovedWork } from './project/approvals.ts'
export { checkStep } from './project/check-step.ts'
export type { CheckedStep } from './project/check-step.ts'
export { runStep } from './project/run-step.ts'
export type { StepOptions, StepRun } from './project/run-step.ts'
export { undoStep } from './project/undo-step.ts'
export type { UndoneStep } from './project/undo-step.ts'
export { projectStatus } from './project/project-status.ts'
export type { ProjectStatus, StepStatus } from './project/project-status.ts'
export type { MigrationEvent, OnEvent } from './project/events.ts'
export type { CheckRecord } from './project/evidence.ts'
export type { CheckResult } from './steps/check.ts'
export type { MigrationState, Role } from './project/states.ts'
export { createDnsReader } from './steps/dns-reader.ts'
export type { DnsReader, ExitPort, MigrationPorts } from './steps/ports.ts'
export type { WatchPort } from './steps/watch-port.ts'
export { knownProblems } from './steps/known-problems.ts'
export { rollbackMatrix } from './steps/rollback-matrix.ts'
export { writeReport, verifyReport } from './report/write-report.ts'
export type { VerifiedReport, WrittenReport } from './report/write-report.ts'
export type { BoardReport } from './report/board-report.ts'
