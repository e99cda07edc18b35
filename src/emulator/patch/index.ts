/** From what a request carries to the object that it means: decoding, defaults, patches and who owns which field. */

export { type Decoded, type DecodedKind, decode, type FieldValidation } from './decode.ts';
export { applyDefaults } from './defaults/index.ts';
export { type Apply, applyServerSide, recordUpdate, type Update } from './fields/index.ts';
export { ownersAfterScale, ownersOfScale } from './fields/scale.ts';
export { isEqual } from './json-patch.ts';
export { type PatchKind, type PatchRequest, patchObject } from './patch-object.ts';
