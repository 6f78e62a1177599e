import { declareBehaviours } from './lib/behaviours.mjs';

declareBehaviours('redis-streams', ['--adapter', 'redis-streams']);
