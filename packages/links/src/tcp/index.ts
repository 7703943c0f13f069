export { DEFAULT_FRAME_LIMIT_BYTES, FrameDecoder, FrameError, type FrameErrorCode, frame } from './framing'
