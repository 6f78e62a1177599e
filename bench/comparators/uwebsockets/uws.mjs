// The package has a fallback in JavaScript that nobody should mistake for the real thing: only the binary is taken.
import { createRequire } from "node:module";

const abi = process.versions.modules;
export const uws = createRequire(import.meta.url)(
  `@trufflesuite/uws-js-unofficial/dist/uws_${process.platform}_${process.arch}_${abi}.node`,
);
