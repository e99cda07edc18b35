/** From what a request carries to the object that it means: decoding, defaults, patches and who owns which field. */

export { type Decoded, type DecodedKind, decode, type FieldValidation } from './decode.ts';
export { applyDefaults } from './defaults/index.ts';
export { pullPolicyOf } from './defaults/pod.ts';
export { formatQuantity, QuantityError } from './quantity.ts';
