/** Data: the operations of IAM that are served, and the names of all others (IAM API reference, 2010-05-08). */
import type { IamOperation } from "./context.ts";
import { attachRolePolicy } from "./operations/attach-role-policy.ts";
import { createPolicy } from "./operations/create-policy.ts";
import { createRole } from "./operations/create-role.ts";
import { deletePolicy } from "./operations/delete-policy.ts";
import { deleteRole } from "./operations/delete-role.ts";
import { deleteRolePolicy } from "./operations/delete-role-policy.ts";
import { detachRolePolicy } from "./operations/detach-role-policy.ts";
import { getPolicy } from "./operations/get-policy.ts";
import { getPolicyVersion } from "./operations/get-policy-version.ts";
import { getRole } from "./operations/get-role.ts";
import { getRolePolicy } from "./operations/get-role-policy.ts";
import { getUser } from "./operations/get-user.ts";
import { listAttachedRolePolicies } from "./operations/list-attached-role-policies.ts";
import { listInstanceProfilesForRole } from "./operations/list-instance-profiles-for-role.ts";
import { listPolicies } from "./operations/list-policies.ts";
import { listRolePolicies } from "./operations/list-role-policies.ts";
import { listRoleTags } from "./operations/list-role-tags.ts";
import { listRoles } from "./operations/list-roles.ts";
import { putRolePolicy } from "./operations/put-role-policy.ts";
import { tagRole } from "./operations/tag-role.ts";
import { untagRole } from "./operations/untag-role.ts";
import { updateAssumeRolePolicy } from "./operations/update-assume-role-policy.ts";
import { updateRole } from "./operations/update-role.ts";
import { updateRoleDescription } from "./operations/update-role-description.ts";

export const iamOperations: readonly IamOperation[] = [
  attachRolePolicy,
  createPolicy,
  createRole,
  deletePolicy,
  deleteRole,
  deleteRolePolicy,
  detachRolePolicy,
  getPolicy,
  getPolicyVersion,
  getRole,
  getRolePolicy,
  getUser,
  listAttachedRolePolicies,
  listInstanceProfilesForRole,
  listPolicies,
  listRolePolicies,
  listRoles,
  listRoleTags,
  putRolePolicy,
  tagRole,
  untagRole,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
];

/** They answer NotImplemented by name. */
export const iamNotBuilt: readonly string[] = `
    AcceptDelegationRequest AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile AddUserToGroup
    AssociateDelegationRequest AttachGroupPolicy AttachUserPolicy ChangePassword CreateAccessKey
    CreateAccountAlias CreateDelegationRequest CreateGroup CreateInstanceProfile CreateLoginProfile
    CreateOpenIDConnectProvider CreatePolicyVersion CreateSAMLProvider CreateServiceLinkedRole
    CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice DeactivateMFADevice
    DeleteAccessKey DeleteAccountAlias DeleteAccountPasswordPolicy DeleteGroup DeleteGroupPolicy
    DeleteInstanceProfile DeleteLoginProfile DeleteOpenIDConnectProvider DeletePolicyVersion
    DeleteRolePermissionsBoundary DeleteSAMLProvider DeleteSSHPublicKey DeleteServerCertificate
    DeleteServiceLinkedRole DeleteServiceSpecificCredential DeleteSigningCertificate DeleteUser
    DeleteUserPermissionsBoundary DeleteUserPolicy DeleteVirtualMFADevice DetachGroupPolicy
    DetachUserPolicy DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
    DisableOutboundWebIdentityFederation EnableMFADevice EnableOrganizationsRootCredentialsManagement
    EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport
    GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails GetAccessKeyLastUsed
    GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary
    GetContextKeysForCustomPolicy GetContextKeysForPrincipalPolicy GetCredentialReport
    GetDelegationRequest GetGroup GetGroupPolicy GetHumanReadableSummary GetInstanceProfile
    GetLoginProfile GetMFADevice GetOpenIDConnectProvider GetOrganizationsAccessReport
    GetOutboundWebIdentityFederationInfo GetSAMLProvider GetSSHPublicKey GetServerCertificate
    GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities
    GetServiceLinkedRoleDeletionStatus GetUserPolicy ListAccessKeys ListAccountAliases
    ListAttachedGroupPolicies ListAttachedUserPolicies ListDelegationRequests ListEntitiesForPolicy
    ListGroupPolicies ListGroups ListGroupsForUser ListInstanceProfileTags ListInstanceProfiles
    ListMFADeviceTags ListMFADevices ListOpenIDConnectProviderTags ListOpenIDConnectProviders
    ListOrganizationsFeatures ListPoliciesGrantingServiceAccess ListPolicyTags ListPolicyVersions
    ListSAMLProviderTags ListSAMLProviders ListSSHPublicKeys ListServerCertificateTags
    ListServerCertificates ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies
    ListUserTags ListUsers ListVirtualMFADevices PutGroupPolicy PutRolePermissionsBoundary
    PutUserPermissionsBoundary PutUserPolicy RejectDelegationRequest
    RemoveClientIDFromOpenIDConnectProvider RemoveRoleFromInstanceProfile RemoveUserFromGroup
    ResetServiceSpecificCredential ResyncMFADevice SendDelegationToken SetDefaultPolicyVersion
    SetSecurityTokenServicePreferences SimulateCustomPolicy SimulatePrincipalPolicy TagInstanceProfile
    TagMFADevice TagOpenIDConnectProvider TagPolicy TagSAMLProvider TagServerCertificate TagUser
    UntagInstanceProfile UntagMFADevice UntagOpenIDConnectProvider UntagPolicy UntagSAMLProvider
    UntagServerCertificate UntagUser UpdateAccessKey UpdateAccountPasswordPolicy UpdateDelegationRequest
    UpdateGroup UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider
    UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential UpdateSigningCertificate
    UpdateUser UploadSSHPublicKey UploadServerCertificate UploadSigningCertificate
  `
  .trim()
  .split(/\s+/);
