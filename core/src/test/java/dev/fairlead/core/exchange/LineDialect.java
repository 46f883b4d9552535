package dev.fairlead.core.exchange;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A dialect for tests whose frames are lines: {@code open ID}, {@code text …}, {@code usage IN
 * OUT}, {@code finish REASON}, {@code end}, {@code error TYPE STATUS MESSAGE} and comments that
 * start with a colon. A body is the same lines behind a first line {@code body}. Whatever is none
 * of these is malformed.
 */
final class LineDialect implements WireDialect {
  static final String PING = ": ping\n";
  private static final int MOST_FRAME = 1024;

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_CHAT;
  }

  @Override
  public ReplyReader streamReader() {
    return new Reader(true);
  }

  @Override
  public ReplyReader bodyReader() {
    return new Reader(false);
  }

  @Override
  public Bytes ping() {
    return Bytes.utf8(PING);
  }

  @Override
  public Bytes streamError(Failure failure, String requestId, @Nullable ReplyReader begun) {
    return Bytes.utf8("error " + words(failure) + "\n");
  }

  @Override
  public Bytes errorBody(Failure failure, String requestId) {
    return Bytes.utf8("failure " + words(failure));
  }

  private static String words(Failure failure) {
    return failure.code() + " " + failure.status() + " " + failure.message();
  }

  @Override
  public ReplyReader.ProviderError readError(int status, Bytes body) {
    String text = body.utf8();
    return text.startsWith("error ")
        ? error(text, status)
        : new ReplyReader.ProviderError("error", "", status);
  }

  /** {@code error TYPE STATUS MESSAGE}; a {@code status} above 0 wins. */
  private static ReplyReader.ProviderError error(String line, int status) {
    String[] parts = line.split(" ", 4);
    return new ReplyReader.ProviderError(
        parts[1], parts[3], status > 0 ? status : Integer.parseInt(parts[2]));
  }

  private static final class Reader implements ReplyReader {
    private final boolean stream;
    private final StringBuilder kept = new StringBuilder();
    private Progress progress = Progress.NOTHING;
    private boolean oversized;
    private boolean fed;
    private @Nullable Usage usage;
    private long generated;
    private @Nullable String id;
    private @Nullable String finish;
    private @Nullable ProviderError error;

    Reader(boolean stream) {
      this.stream = stream;
    }

    @Override
    public Progress feed(Bytes chunk, Consumer<Bytes> forward) {
      fed |= !chunk.isEmpty();
      if (stream) {
        feedLines(chunk.utf8(), forward);
      } else {
        kept.append(chunk.utf8());
        if (fed && progress == Progress.NOTHING) {
          progress = Progress.OPENED;
        }
        forward.accept(chunk);
      }
      return progress;
    }

    private void feedLines(String text, Consumer<Bytes> forward) {
      int from = 0;
      int end;
      while ((end = text.indexOf('\n', from)) >= 0) {
        kept.append(text, from, end + 1);
        if (!oversized) {
          read(kept.substring(0, kept.length() - 1));
        }
        oversized = false;
        pass(forward);
        from = end + 1;
      }
      kept.append(text, from, text.length());
      if (kept.length() > MOST_FRAME || (oversized && !kept.isEmpty())) {
        oversized = true;
        pass(forward);
      }
    }

    private void pass(Consumer<Bytes> forward) {
      forward.accept(Bytes.utf8(kept.toString()));
      kept.setLength(0);
    }

    private void read(String line) {
      if (progress == Progress.FINISHED || progress == Progress.FAILED || line.isEmpty()) {
        return;
      }
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case ":", "body" -> {}
        case "open" -> {
          id = words[1];
          reached(Progress.OPENED);
        }
        case "text" -> {
          generated += line.length() - 5;
          reached(Progress.CONTENT);
        }
        case "usage" ->
            usage =
                new Usage(Long.parseLong(words[1]), 0, 0, 0, Long.parseLong(words[2]), 0, false);
        case "finish" -> finish = words[1];
        case "end" -> progress = Progress.FINISHED;
        case "error" -> failed(LineDialect.error(line, 0));
        default -> {
          if (progress.compareTo(Progress.CONTENT) < 0) {
            failed(new ProviderError("malformed_reply", "no frame", 502));
          }
        }
      }
    }

    private void reached(Progress reached) {
      progress = reached.compareTo(progress) > 0 ? reached : progress;
    }

    private void failed(ProviderError reported) {
      error = reported;
      progress = Progress.FAILED;
    }

    @Override
    public Progress end(Consumer<Bytes> forward) {
      if (stream) {
        if (!kept.isEmpty()) {
          pass(forward);
        }
        return progress;
      }
      if (!fed) {
        return progress;
      }
      if (kept.length() > 1024 * 1024) {
        progress = Progress.FINISHED;
      } else if (!kept.toString().startsWith("body\n")) {
        failed(new ProviderError("malformed_reply", "no body", 502));
      } else {
        progress = Progress.NOTHING;
        kept.toString().lines().forEach(this::read);
        progress = progress == Progress.FAILED ? progress : Progress.FINISHED;
      }
      return progress;
    }

    @Override
    public Progress progress() {
      return progress;
    }

    @Override
    public boolean midFrame() {
      return stream ? oversized : fed && progress != Progress.FINISHED;
    }

    @Override
    public @Nullable Usage usage() {
      return usage;
    }

    @Override
    public long generatedBytes() {
      return generated;
    }

    @Override
    public @Nullable String replyId() {
      return id;
    }

    @Override
    public @Nullable String replyModel() {
      return null;
    }

    @Override
    public @Nullable String finishReason() {
      return finish;
    }

    @Override
    public @Nullable ProviderError error() {
      return error;
    }
  }
}
