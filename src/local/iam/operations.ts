/** The operations of IAM (IAM API reference, 2010-05-08). */
import { listOperations, nameOperations } from "../operation.ts";
import type { IamKind } from "./operation.ts";
import { attachRolePolicy } from "./operations/attach-role-policy.ts";
import { attachUserPolicy } from "./operations/attach-user-policy.ts";
import { createAccessKey } from "./operations/create-access-key.ts";
import { createPolicy } from "./operations/create-policy.ts";
import { createPolicyVersion } from "./operations/create-policy-version.ts";
import { createRole } from "./operations/create-role.ts";
import { createUser } from "./operations/create-user.ts";
import { deleteAccessKey } from "./operations/delete-access-key.ts";
import { deletePolicy } from "./operations/delete-policy.ts";
import { deletePolicyVersion } from "./operations/delete-policy-version.ts";
import { deleteRole } from "./operations/delete-role.ts";
import { deleteRolePolicy } from "./operations/delete-role-policy.ts";
import { deleteUser } from "./operations/delete-user.ts";
import { deleteUserPolicy } from "./operations/delete-user-policy.ts";
import { detachRolePolicy } from "./operations/detach-role-policy.ts";
import { detachUserPolicy } from "./operations/detach-user-policy.ts";
import { getPolicy } from "./operations/get-policy.ts";
import { getPolicyVersion } from "./operations/get-policy-version.ts";
import { getRole } from "./operations/get-role.ts";
import { getRolePolicy } from "./operations/get-role-policy.ts";
import { getUser } from "./operations/get-user.ts";
import { getUserPolicy } from "./operations/get-user-policy.ts";
import { listAccessKeys } from "./operations/list-access-keys.ts";
import { listAttachedRolePolicies } from "./operations/list-attached-role-policies.ts";
import { listAttachedUserPolicies } from "./operations/list-attached-user-policies.ts";
import { listInstanceProfilesForRole } from "./operations/list-instance-profiles-for-role.ts";
import { listPolicies } from "./operations/list-policies.ts";
import { listPolicyVersions } from "./operations/list-policy-versions.ts";
import { listRolePolicies } from "./operations/list-role-policies.ts";
import { listRoleTags } from "./operations/list-role-tags.ts";
import { listRoles } from "./operations/list-roles.ts";
import { listUserPolicies } from "./operations/list-user-policies.ts";
import { listUsers } from "./operations/list-users.ts";
import { putRolePolicy } from "./operations/put-role-policy.ts";
import { putUserPolicy } from "./operations/put-user-policy.ts";
import { setDefaultPolicyVersion } from "./operations/set-default-policy-version.ts";
import { simulateCustomPolicy } from "./operations/simulate-custom-policy.ts";
import { simulatePrincipalPolicy } from "./operations/simulate-principal-policy.ts";
import { tagRole } from "./operations/tag-role.ts";
import { untagRole } from "./operations/untag-role.ts";
import { updateAccessKey } from "./operations/update-access-key.ts";
import { updateAssumeRolePolicy } from "./operations/update-assume-role-policy.ts";
import { updateRole } from "./operations/update-role.ts";
import { updateRoleDescription } from "./operations/update-role-description.ts";

export const iamOperations = listOperations<IamKind>({
  service: "IAM",
  signingName: "iam",
  protocol: "query",
  operations: [
    attachRolePolicy,
    attachUserPolicy,
    createAccessKey,
    createPolicy,
    createPolicyVersion,
    createRole,
    createUser,
    deleteAccessKey,
    deletePolicy,
    deletePolicyVersion,
    deleteRole,
    deleteRolePolicy,
    deleteUser,
    deleteUserPolicy,
    detachRolePolicy,
    detachUserPolicy,
    getPolicy,
    getPolicyVersion,
    getRole,
    getRolePolicy,
    getUser,
    getUserPolicy,
    listAccessKeys,
    listAttachedRolePolicies,
    listAttachedUserPolicies,
    listInstanceProfilesForRole,
    listPolicies,
    listPolicyVersions,
    listRolePolicies,
    listRoles,
    listRoleTags,
    listUserPolicies,
    listUsers,
    putRolePolicy,
    putUserPolicy,
    setDefaultPolicyVersion,
    simulateCustomPolicy,
    simulatePrincipalPolicy,
    tagRole,
    untagRole,
    updateAccessKey,
    updateAssumeRolePolicy,
    updateRole,
    updateRoleDescription,
  ],
  all: nameOperations(
    "action",
    `
    AcceptDelegationRequest AddClientIDToOpenIDConnectProvider AddRoleToInstanceProfile AddUserToGroup
    AssociateDelegationRequest AttachGroupPolicy ChangePassword CreateAccountAlias CreateDelegationRequest
    CreateGroup CreateInstanceProfile CreateLoginProfile CreateOpenIDConnectProvider CreateSAMLProvider
    CreateServiceLinkedRole CreateServiceSpecificCredential CreateVirtualMFADevice DeactivateMFADevice
    DeleteAccountAlias DeleteAccountPasswordPolicy DeleteGroup DeleteGroupPolicy DeleteInstanceProfile
    DeleteLoginProfile DeleteOpenIDConnectProvider DeleteRolePermissionsBoundary DeleteSAMLProvider
    DeleteSSHPublicKey DeleteServerCertificate DeleteServiceLinkedRole DeleteServiceSpecificCredential
    DeleteSigningCertificate DeleteUserPermissionsBoundary DeleteVirtualMFADevice DetachGroupPolicy
    DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
    DisableOutboundWebIdentityFederation EnableMFADevice EnableOrganizationsRootCredentialsManagement
    EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport
    GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails GetAccessKeyLastUsed
    GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountSummary GetContextKeysForCustomPolicy
    GetContextKeysForPrincipalPolicy GetCredentialReport GetDelegationRequest GetGroup GetGroupPolicy
    GetHumanReadableSummary GetInstanceProfile GetLoginProfile GetMFADevice GetOpenIDConnectProvider
    GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo GetSAMLProvider GetSSHPublicKey
    GetServerCertificate GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities
    GetServiceLinkedRoleDeletionStatus ListAccountAliases ListAttachedGroupPolicies ListDelegationRequests
    ListEntitiesForPolicy ListGroupPolicies ListGroups ListGroupsForUser ListInstanceProfileTags
    ListInstanceProfiles ListMFADeviceTags ListMFADevices ListOpenIDConnectProviderTags
    ListOpenIDConnectProviders ListOrganizationsFeatures ListPoliciesGrantingServiceAccess ListPolicyTags
    ListSAMLProviderTags ListSAMLProviders ListSSHPublicKeys ListServerCertificateTags ListServerCertificates
    ListServiceSpecificCredentials ListSigningCertificates ListUserTags ListVirtualMFADevices PutGroupPolicy
    PutRolePermissionsBoundary PutUserPermissionsBoundary RejectDelegationRequest
    RemoveClientIDFromOpenIDConnectProvider RemoveRoleFromInstanceProfile RemoveUserFromGroup
    ResetServiceSpecificCredential ResyncMFADevice SendDelegationToken SetSecurityTokenServicePreferences
    TagInstanceProfile TagMFADevice TagOpenIDConnectProvider TagPolicy TagSAMLProvider TagServerCertificate
    TagUser UntagInstanceProfile UntagMFADevice UntagOpenIDConnectProvider UntagPolicy UntagSAMLProvider
    UntagServerCertificate UntagUser UpdateAccountPasswordPolicy UpdateDelegationRequest UpdateGroup
    UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider UpdateSSHPublicKey
    UpdateServerCertificate UpdateServiceSpecificCredential UpdateSigningCertificate UpdateUser
    UploadSSHPublicKey UploadServerCertificate UploadSigningCertificate
  `,
  ),
});
