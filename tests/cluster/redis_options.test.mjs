// The adapters' options, which all servers of a cluster have in common.
import { declareBehaviours } from './lib/behaviours.mjs';

declareBehaviours('redis, answers to who has asked', ['--adapter', 'redis', '--specific-responses'], ['acknowledgements', 'fetches', 'server-side emits']);
declareBehaviours('redis-sharded, static', ['--adapter', 'redis-sharded', '--mode', 'static'], ['broadcasts', 'moves', 'fetches']);
declareBehaviours('redis-sharded, dynamic-private', ['--adapter', 'redis-sharded', '--mode', 'dynamic-private'], ['broadcasts', 'moves', 'fetches']);
