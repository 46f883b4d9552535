package dev.fairlead.store.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compression of what the log keeps. The first byte says how: 0 not at all, 1 zstd, 2 zstd with the
 * words that short pieces are made of, which takes half the time and space there. Not safe for
 * several threads at once.
 */
final class Zip implements AutoCloseable {
  private static final int LEVEL = 3;

  /** For short pieces a higher one takes twice the time and saves nothing. */
  private static final int SHORT_LEVEL = 1;

  private static final int WORTH_IT = 48;
  private static final int SHORT = 1024;
  private static final long MOST = 2L << 30;

  /** Where pieces are packed is kept for the next while it is not larger than this. */
  private static final int MOST_ROOM = 256 * 1024;

  /** What short pieces look like; may never change, since stored ones need it to be read. */
  private static final byte[] WORDS =
      """
      {"model":"claude-sonnet-4-5","max_tokens":32000,"temperature":1,"system":[{"type":"text",\
      "text":"","cache_control":{"type":"ephemeral"}}],"metadata":{"user_id":"user_","thinking":\
      {"type":"enabled","budget_tokens":"stream":true,"stream_options":{"include_usage":true},\
      "parallel_tool_calls":true,"store":false,"include":["reasoning.encrypted_content"],\
      "reasoning":{"effort":"medium","summary":"auto"},"prompt_cache_key":"","tool_choice":"auto",\
      "tools":[{"type":"function","function":{"name":"","description":"","input_schema":\
      "parameters":{"type":"object","properties":{"required":["additionalProperties":false}}}],\
      "messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_","is_error":\
      {"role":"assistant","content":[{"type":"tool_use","id":"toolu_","input":{"role":"tool",\
      "tool_call_id":"call_","type":"function_call_output","call_id":"call_","output":"\
      {"principal":"vk:","client_address":"127.0.0.1","client_request_id":"","request_dialect":\
      "openai-chat","reply_dialect":"openai-responses","openai-completions","anthropic-messages",\
      "gemini","path":"/v1/chat/completions","/v1/responses","/anthropic/v1/messages","user_agent":\
      "claude-cli/ (external, cli)","codex_cli_rs/","parent_request_id":"","request_lane":"bytes",\
      "splice","rewrite","none","reply_lane":"frames","reply_id":"chatcmpl-","resp_","msg_01",\
      "failure_message":"","dropped":[""],"warnings":["the header x-bf- has no effect here"],\
      "headers":{},"tags":{},"attempts":[{"provider":"openrouter","provider":"gemini","provider":\
      "anthropic","model":"claude-sonnet-4-5","provider":"openai","model":"gpt-5.1","key":"primary",\
      "status":200,"started_us":412,"queued_us":0,"first_byte_us":812345,"total_us":1812345,\
      "failure":"rate_limited","server_error","detail":""}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private byte[] room = new byte[2 * SHORT];
  private final ZstdCompressCtx plain = new ZstdCompressCtx().setLevel(LEVEL);
  private final ZstdDictCompress packWords = new ZstdDictCompress(WORDS, SHORT_LEVEL);
  private final ZstdCompressCtx worded = new ZstdCompressCtx().loadDict(packWords);
  private final ZstdDecompressCtx open = new ZstdDecompressCtx();
  private final ZstdDictDecompress unpackWords = new ZstdDictDecompress(WORDS);
  private final ZstdDecompressCtx openWorded = new ZstdDecompressCtx().loadDict(unpackWords);

  byte[] pack(byte[] bytes, int offset, int length) {
    if (length < WORTH_IT) {
      return stored(bytes, offset, length);
    }
    return length < SHORT
        ? packed(worded, 2, bytes, offset, length)
        : packed(plain, 1, bytes, offset, length);
  }

  byte[] pack(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return pack(bytes, 0, bytes.length);
  }

  private byte[] packed(ZstdCompressCtx by, int how, byte[] bytes, int offset, int length) {
    int bound = Math.toIntExact(Zstd.compressBound(length) + 1);
    byte[] to = room(bound);
    int size = by.compressByteArray(to, 1, bound - 1, bytes, offset, length);
    if (size >= length) {
      return stored(bytes, offset, length);
    }
    to[0] = (byte) how;
    return Arrays.copyOf(to, size + 1);
  }

  private byte[] room(int bytes) {
    if (bytes > MOST_ROOM) {
      return new byte[bytes];
    }
    if (bytes > room.length) {
      room = new byte[Math.min(MOST_ROOM, 2 * bytes)];
    }
    return room;
  }

  private static byte[] stored(byte[] bytes, int offset, int length) {
    byte[] stored = new byte[length + 1];
    System.arraycopy(bytes, offset, stored, 1, length);
    return stored;
  }

  /** What was packed; fails when it is not of our making. */
  byte[] unpack(byte[] packed) {
    if (packed.length > 0 && packed[0] == 0) {
      return Arrays.copyOfRange(packed, 1, packed.length);
    }
    long size = Zstd.getFrameContentSize(packed, 1, packed.length - 1, false);
    if (size < 0 || size > MOST || packed[0] > 2) {
      throw new IllegalStateException("a stored body cannot be read");
    }
    byte[] bytes = new byte[Math.toIntExact(size)];
    ZstdDecompressCtx by = packed[0] == 2 ? openWorded : open;
    by.decompressByteArray(bytes, 0, bytes.length, packed, 1, packed.length - 1);
    return bytes;
  }

  @Override
  public void close() {
    plain.close();
    worded.close();
    packWords.close();
    open.close();
    openWorded.close();
    unpackWords.close();
  }
}
