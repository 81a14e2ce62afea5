/** For node: `node --test tests/live/js`. */

import test from "node:test";

import { tests } from "./lane.js";

for (const [name, run] of Object.entries(tests)) test(name, run);
