/** From what a request carries to the object that it means: decoding, defaults, patches and who owns which field. */

export { type Decoded, type DecodedKind, decode, type FieldValidation } from './decode.ts';
export { applyDefaults } from './defaults/index.ts';
export { pullPolicyOf } from './defaults/pod.ts';
export { type Apply, applyServerSide, recordUpdate, type Update } from './fields/index.ts';
export { ownersAfterScale, ownersOfScale } from './fields/scale.ts';
export { applyJsonPatch, isEqual, JsonPatchError, type PatchOperation } from './json-patch.ts';
export { applyMergePatch } from './merge-patch.ts';
export { type PatchKind, type PatchRequest, patchObject } from './patch-object.ts';
export { applyStrategicMergePatch } from './strategic-merge-patch.ts';
