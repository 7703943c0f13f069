export { BasicBroadcast } from './best-effort/basic-broadcast'
