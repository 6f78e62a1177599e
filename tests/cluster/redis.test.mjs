import { declareBehaviours } from './lib/behaviours.mjs';

declareBehaviours('redis', ['--adapter', 'redis']);
