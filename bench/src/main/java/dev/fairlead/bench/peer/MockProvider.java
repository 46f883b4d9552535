package dev.fairlead.bench.peer;

import dev.fairlead.bench.process.NettyTransport;
import dev.fairlead.bench.process.ParentLink;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A provider that always knows its answer: a server of OpenAI's Chat Completions and Anthropic's
 * Messages whose replies are laid out beforehand, so that what remains to measure is the gateway.
 * It refuses requests that still carry the client's key (401) or a provider prefix in the model
 * name (400); a gateway that does nothing fails. {@code GET /bench/state} tells how many requests
 * are open, how many were abandoned by their client and when the last one was.
 */
public final class MockProvider {

  /** The only key it accepts. */
  public static final String KEY = "upstream-secret";

  private static final String AUTHORIZATION = "Bearer " + KEY;
  private static final int MAX_BODY_BYTES = 8 << 20;

  private final Replies chat = new Replies(EventTemplate.chat(), chatCompletion());
  private final Replies messages = new Replies(EventTemplate.messages(), message());

  // Confined to the one event loop.
  private int open;
  private long aborts;
  private long lastAbortNanos;

  private MockProvider() {}

  /** What is said in one dialect. */
  private record Replies(EventTemplate events, ByteBuf json) {
    Replies(EventTemplate events, String json) {
      this(events, Unpooled.unreleasableBuffer(fixed(200, "OK", "application/json", json)));
    }
  }

  /**
   * Serves on 127.0.0.1 until the parent process is gone; the argument is the port, 0 for any free
   * one.
   */
  public static void main(String[] args) throws InterruptedException {
    NettyTransport transport = NettyTransport.best();
    EventLoopGroup group = transport.group(1);
    MockProvider provider = new MockProvider();
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    HttpDecoderConfig config =
                        new HttpDecoderConfig().setMaxChunkSize(1 << 17).setValidateHeaders(false);
                    channel
                        .pipeline()
                        .addLast(new HttpRequestDecoder(config), provider.new Connection());
                  }
                })
            .bind("127.0.0.1", args.length == 0 ? 0 : Integer.parseInt(args[0]))
            .sync()
            .channel();
    ParentLink.announce(System.out, ((InetSocketAddress) server.localAddress()).getPort());
    server.closeFuture().sync();
  }

  /** One connection; it answers one request after the other. */
  private final class Connection extends ChannelInboundHandlerAdapter {

    private boolean authorized;
    private Replies replies = chat;
    private boolean wantsState;
    private byte[] body = new byte[4096];
    private int length;
    private boolean busy;
    private @Nullable ScheduledFuture<?> timer;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof HttpRequest request) {
          wantsState = request.method().equals(HttpMethod.GET);
          boolean asksMessages = request.uri().endsWith("/messages");
          replies = asksMessages ? messages : chat;
          authorized =
              asksMessages
                  ? KEY.equals(request.headers().get("x-api-key"))
                  : AUTHORIZATION.equals(request.headers().get(HttpHeaderNames.AUTHORIZATION));
          length = 0;
        }
        if (message instanceof HttpContent content) {
          append(context, content.content());
          if (message instanceof LastHttpContent) {
            answer(context);
          }
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void append(ChannelHandlerContext context, ByteBuf piece) {
      int size = piece.readableBytes();
      if (length + size > MAX_BODY_BYTES) {
        context.close();
        return;
      }
      if (length + size > body.length) {
        body = Arrays.copyOf(body, Math.max(length + size, body.length * 2));
      }
      piece.readBytes(body, length, size);
      length += size;
    }

    private void answer(ChannelHandlerContext context) {
      if (wantsState) {
        String state = "open=" + open + " aborts=" + aborts + " lastAbortNanos=" + lastAbortNanos;
        context
            .writeAndFlush(fixed(200, "OK", "text/plain", state))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
      if (!authorized) {
        refuse(context, 401, "the Authorization header is not the provider's key");
        return;
      }
      @Nullable String model = ModelField.last(body, length);
      Optional<ReplyScript> script = model == null ? Optional.empty() : ReplyScript.ofModel(model);
      if (script.isEmpty()) {
        refuse(context, 400, "no such model: " + model);
        return;
      }
      play(context, script.get());
    }

    private void play(ChannelHandlerContext context, ReplyScript script) {
      EventTemplate events = replies.events();
      switch (script) {
        case JSON ->
            context.writeAndFlush(replies.json().retainedDuplicate(), context.voidPromise());
        case SSE_BURST -> {
          byte[] all = events.render(0, events.pieces(), System.nanoTime());
          context.writeAndFlush(Unpooled.wrappedBuffer(all), context.voidPromise());
        }
        case SSE_SINGLY -> {
          for (int i = 0; i < events.pieces(); i++) {
            write(context, i);
          }
        }
        case JSON_SLOW, SILENT -> {
          begin();
          later(
              context,
              script,
              () -> {
                end();
                context.writeAndFlush(replies.json().retainedDuplicate(), context.voidPromise());
              });
        }
        case SSE_10_MS, SSE_500_MS -> {
          begin();
          event(context, script, 0);
        }
      }
    }

    private void event(ChannelHandlerContext context, ReplyScript script, int index) {
      if (index == replies.events().pieces() - 1) {
        end();
      } else {
        later(context, script, () -> event(context, script, index + 1));
      }
      write(context, index);
    }

    private void write(ChannelHandlerContext context, int index) {
      byte[] piece = replies.events().render(index, index + 1, System.nanoTime());
      context.writeAndFlush(Unpooled.wrappedBuffer(piece), context.voidPromise());
    }

    private void later(ChannelHandlerContext context, ReplyScript script, Runnable step) {
      timer = context.executor().schedule(step, script.delayMillis(), TimeUnit.MILLISECONDS);
    }

    private void begin() {
      busy = true;
      open++;
    }

    private void end() {
      busy = false;
      open--;
    }

    private void refuse(ChannelHandlerContext context, int status, String reason) {
      String text =
          "{\"error\":{\"message\":\"mock provider: " + reason.replace('"', '\'') + "\"}}";
      context.writeAndFlush(fixed(status, "Refused", "application/json", text));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (timer != null) {
        timer.cancel(false);
      }
      if (busy) {
        end();
        aborts++;
        lastAbortNanos = System.nanoTime();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private static ByteBuf fixed(int status, String reason, String type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 "
            + status
            + " "
            + reason
            + "\r\nContent-Type: "
            + type
            + "\r\n"
            + "x-request-id: req_0123456789abcdef\r\n"
            + "openai-processing-ms: 1\r\n"
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n";
    return Unpooled.directBuffer()
        .writeBytes(head.getBytes(StandardCharsets.US_ASCII))
        .writeBytes(bytes);
  }

  private static String chatCompletion() {
    return "{\"id\":\"chatcmpl-AbCdEf0123456789\",\"object\":\"chat.completion\",\"created\":1700000000,"
               + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + "The loop reads \\\"one\\\" line too many.\\nMove the check up.\\n".repeat(10)
        + "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
        + "\"usage\":{\"prompt_tokens\":512,\"completion_tokens\":100,\"total_tokens\":612,"
        + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
        + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},"
        + "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\"}";
  }

  private static String message() {
    return "{\"id\":\"msg_AbCdEf0123456789\",\"type\":\"message\",\"role\":\"assistant\","
        + "\"model\":\"claude-sonnet-5\",\"content\":[{\"type\":\"text\",\"text\":\""
        + "The loop reads \\\"one\\\" line too many.\\nMove the check up.\\n".repeat(10)
        + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
        + "\"usage\":{\"input_tokens\":512,\"cache_creation_input_tokens\":0,"
        + "\"cache_read_input_tokens\":0,\"output_tokens\":100}}";
  }
}
