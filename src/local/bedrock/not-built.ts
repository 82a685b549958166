/** Data: operations that Bedrock and Bedrock Runtime have and this service does not, by method and path (botocore 1.43). */
import type { Route } from "../wire/rest-json.ts";

/** An operation that answers by name that it is not built. */
export interface NotBuilt extends Route {
  readonly name: string;
}

const rows = `
BatchDeleteAdvancedPromptOptimizationJob POST /advanced-prompt-optimization-job/batch-delete
BatchDeleteEvaluationJob POST /evaluation-jobs/batch-delete
CancelAutomatedReasoningPolicyBuildWorkflow POST /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/cancel
CreateAdvancedPromptOptimizationJob POST /advanced-prompt-optimization-jobs
CreateAutomatedReasoningPolicy POST /automated-reasoning-policies
CreateAutomatedReasoningPolicyTestCase POST /automated-reasoning-policies/{policyArn}/test-cases
CreateAutomatedReasoningPolicyVersion POST /automated-reasoning-policies/{policyArn}/versions
CreateCustomModel POST /custom-models/create-custom-model
CreateCustomModelDeployment POST /model-customization/custom-model-deployments
CreateEvaluationJob POST /evaluation-jobs
CreateFoundationModelAgreement POST /create-foundation-model-agreement
CreateGuardrail POST /guardrails
CreateGuardrailVersion POST /guardrails/{guardrailIdentifier}
CreateInferenceProfile POST /inference-profiles
CreateMarketplaceModelEndpoint POST /marketplace-model/endpoints
CreateModelCopyJob POST /model-copy-jobs
CreateModelCustomizationJob POST /model-customization-jobs
CreateModelImportJob POST /model-import-jobs
CreatePromptRouter POST /prompt-routers
CreateProvisionedModelThroughput POST /provisioned-model-throughput
DeleteAutomatedReasoningPolicy DELETE /automated-reasoning-policies/{policyArn}
DeleteAutomatedReasoningPolicyBuildWorkflow DELETE /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}
DeleteAutomatedReasoningPolicyTestCase DELETE /automated-reasoning-policies/{policyArn}/test-cases/{testCaseId}
DeleteCustomModel DELETE /custom-models/{modelIdentifier}
DeleteCustomModelDeployment DELETE /model-customization/custom-model-deployments/{customModelDeploymentIdentifier}
DeleteEnforcedGuardrailConfiguration DELETE /enforcedGuardrailsConfiguration/{configId}
DeleteFoundationModelAgreement POST /delete-foundation-model-agreement
DeleteGuardrail DELETE /guardrails/{guardrailIdentifier}
DeleteImportedModel DELETE /imported-models/{modelIdentifier}
DeleteInferenceProfile DELETE /inference-profiles/{inferenceProfileIdentifier}
DeleteMarketplaceModelEndpoint DELETE /marketplace-model/endpoints/{endpointArn}
DeleteModelInvocationLoggingConfiguration DELETE /logging/modelinvocations
DeletePromptRouter DELETE /prompt-routers/{promptRouterArn}
DeleteProvisionedModelThroughput DELETE /provisioned-model-throughput/{provisionedModelId}
DeleteResourcePolicy DELETE /resource-policy/{resourceArn}
DeregisterMarketplaceModelEndpoint DELETE /marketplace-model/endpoints/{endpointArn}/registration
ExportAutomatedReasoningPolicyVersion GET /automated-reasoning-policies/{policyArn}/export
GetAdvancedPromptOptimizationJob GET /advanced-prompt-optimization-jobs/{jobIdentifier}
GetAutomatedReasoningPolicy GET /automated-reasoning-policies/{policyArn}
GetAutomatedReasoningPolicyAnnotations GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/annotations
GetAutomatedReasoningPolicyBuildWorkflow GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}
GetAutomatedReasoningPolicyBuildWorkflowResultAssets GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/result-assets
GetAutomatedReasoningPolicyNextScenario GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/scenarios
GetAutomatedReasoningPolicyTestCase GET /automated-reasoning-policies/{policyArn}/test-cases/{testCaseId}
GetAutomatedReasoningPolicyTestResult GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/test-cases/{testCaseId}/test-results
GetCustomModel GET /custom-models/{modelIdentifier}
GetCustomModelDeployment GET /model-customization/custom-model-deployments/{customModelDeploymentIdentifier}
GetEvaluationJob GET /evaluation-jobs/{jobIdentifier}
GetGuardrail GET /guardrails/{guardrailIdentifier}
GetImportedModel GET /imported-models/{modelIdentifier}
GetMarketplaceModelEndpoint GET /marketplace-model/endpoints/{endpointArn}
GetModelCopyJob GET /model-copy-jobs/{jobArn}
GetModelCustomizationJob GET /model-customization-jobs/{jobIdentifier}
GetModelImportJob GET /model-import-jobs/{jobIdentifier}
GetModelInvocationLoggingConfiguration GET /logging/modelinvocations
GetPromptRouter GET /prompt-routers/{promptRouterArn}
GetProvisionedModelThroughput GET /provisioned-model-throughput/{provisionedModelId}
GetResourcePolicy GET /resource-policy/{resourceArn}
ListAdvancedPromptOptimizationJobs GET /advanced-prompt-optimization-jobs
ListAutomatedReasoningPolicies GET /automated-reasoning-policies
ListAutomatedReasoningPolicyBuildWorkflows GET /automated-reasoning-policies/{policyArn}/build-workflows
ListAutomatedReasoningPolicyTestCases GET /automated-reasoning-policies/{policyArn}/test-cases
ListAutomatedReasoningPolicyTestResults GET /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/test-results
ListCustomModelDeployments GET /model-customization/custom-model-deployments
ListCustomModels GET /custom-models
ListEnforcedGuardrailsConfiguration GET /enforcedGuardrailsConfiguration
ListEvaluationJobs GET /evaluation-jobs
ListFoundationModelAgreementOffers GET /list-foundation-model-agreement-offers/{modelId}
ListGuardrails GET /guardrails
ListImportedModels GET /imported-models
ListMarketplaceModelEndpoints GET /marketplace-model/endpoints
ListModelCopyJobs GET /model-copy-jobs
ListModelCustomizationJobs GET /model-customization-jobs
ListModelImportJobs GET /model-import-jobs
ListPromptRouters GET /prompt-routers
ListProvisionedModelThroughputs GET /provisioned-model-throughputs
PutEnforcedGuardrailConfiguration PUT /enforcedGuardrailsConfiguration
PutModelInvocationLoggingConfiguration PUT /logging/modelinvocations
PutResourcePolicy POST /resource-policy
PutUseCaseForModelAccess POST /use-case-for-model-access
RegisterMarketplaceModelEndpoint POST /marketplace-model/endpoints/{endpointIdentifier}/registration
StartAutomatedReasoningPolicyBuildWorkflow POST /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowType}/start
StartAutomatedReasoningPolicyTestWorkflow POST /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/test-workflows
StopAdvancedPromptOptimizationJob POST /advanced-prompt-optimization-jobs/{jobIdentifier}/stop
StopEvaluationJob POST /evaluation-job/{jobIdentifier}/stop
StopModelCustomizationJob POST /model-customization-jobs/{jobIdentifier}/stop
UpdateAutomatedReasoningPolicy PATCH /automated-reasoning-policies/{policyArn}
UpdateAutomatedReasoningPolicyAnnotations PATCH /automated-reasoning-policies/{policyArn}/build-workflows/{buildWorkflowId}/annotations
UpdateAutomatedReasoningPolicyTestCase PATCH /automated-reasoning-policies/{policyArn}/test-cases/{testCaseId}
UpdateCustomModelDeployment PATCH /model-customization/custom-model-deployments/{customModelDeploymentIdentifier}
UpdateGuardrail PUT /guardrails/{guardrailIdentifier}
UpdateMarketplaceModelEndpoint PATCH /marketplace-model/endpoints/{endpointArn}
UpdateProvisionedModelThroughput PATCH /provisioned-model-throughput/{provisionedModelId}
ApplyGuardrail POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply
ConverseStream POST /model/{modelId}/converse-stream
GetAsyncInvoke GET /async-invoke/{invocationArn}
InvokeModelWithBidirectionalStream POST /model/{modelId}/invoke-with-bidirectional-stream
InvokeModelWithResponseStream POST /model/{modelId}/invoke-with-response-stream
ListAsyncInvokes GET /async-invoke
StartAsyncInvoke POST /async-invoke
`;

export const notBuilt: readonly NotBuilt[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [name = "", method = "", path = ""] = row.split(" ");
    return { name, method: method as Route["method"], path };
  });
