package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** Writes one script to one connection, step by step. */
final class ScriptPlayer {
  /** What the connection does after the script. */
  enum After {
    KEEP_ALIVE,
    FINISH,
    RESET
  }

  /** Thrown inside the player when waiting or writing makes no sense any more. */
  private static final class Ended extends IOException {
    private static final long serialVersionUID = 1;

    Ended() {
      super("the connection has ended");
    }
  }

  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(ISO_8859_1);

  private final OutputStream out;
  private final boolean bodyAllowed;
  private final CompletableFuture<?> ended;
  private final LongConsumer written;

  private Framing framing = Framing.none();
  private boolean headWritten;
  private boolean bodyEnded;
  private long bodySize;
  private int cut;
  private Duration pause = Duration.ZERO;

  /**
   * @param bodyAllowed false for an answer to HEAD: body steps are then counted, not written
   * @param ended completes when the client is gone or the provider closes
   * @param written is told of every write, in bytes on the wire
   */
  ScriptPlayer(
      OutputStream out, boolean bodyAllowed, CompletableFuture<?> ended, LongConsumer written) {
    this.out = out;
    this.bodyAllowed = bodyAllowed;
    this.ended = ended;
    this.written = written;
  }

  /** Plays the whole script; a connection that ends meanwhile is an {@link IOException}. */
  After play(Script script) throws IOException {
    for (Step step : script.steps()) {
      switch (step) {
        case Step.Head head -> writeHead(head);
        case Step.Data(Bytes bytes) -> writeFramed(bytes.shared(), 1);
        case Step.Repeat(Bytes unit, long times) -> writeFramed(unit.shared(), times);
        case Step.Raw(Bytes bytes) -> write(bytes.shared());
        case Step.End() -> endBody();
        case Step.Cut(int bytes, Duration between) -> {
          cut = bytes;
          pause = between;
        }
        case Step.Await(Gate gate) -> {
          gate.pass(ended);
          failIfEnded();
        }
        case Step.Pause(Duration duration) -> waitFor(duration);
        case Step.Stall() -> {
          ended.handle((value, failure) -> value).join();
          throw new Ended();
        }
        case Step.Close() -> {
          return After.FINISH;
        }
        case Step.Reset() -> {
          return After.RESET;
        }
      }
    }
    endBody();
    return headWritten && framing instanceof Framing.ContentLength(long declared)
        ? keepIfComplete(declared)
        : keepIfSelfDelimiting();
  }

  private After keepIfComplete(long declared) {
    if (bodyAllowed && declared != bodySize) {
      throw new IllegalStateException(
          "the script wrote "
              + bodySize
              + " of "
              + declared
              + " declared bytes and then ended; say close(), reset() or stall() to mean it");
    }
    return After.KEEP_ALIVE;
  }

  private After keepIfSelfDelimiting() {
    boolean endless = !headWritten || framing instanceof Framing.UntilClose;
    return endless ? After.FINISH : After.KEEP_ALIVE;
  }

  private void writeHead(Step.Head head) throws IOException {
    var text = new StringBuilder(256);
    text.append("HTTP/1.1 ").append(head.status()).append(' ').append(reason(head.status()));
    text.append("\r\n");
    head.headers().forEach(header -> text.append(header).append("\r\n"));
    text.append(
        switch (head.framing()) {
          case Framing.ContentLength(long bytes) -> "content-length: " + bytes + "\r\n";
          case Framing.Chunked() -> "transfer-encoding: chunked\r\n";
          case Framing.UntilClose() -> "connection: close\r\n";
          case Framing.None() -> "";
        });
    write(text.append("\r\n").toString().getBytes(ISO_8859_1));
    boolean interim = head.status() < 200;
    if (!interim) {
      framing = head.framing();
      headWritten = true;
    }
  }

  private void writeFramed(byte[] data, long times) throws IOException {
    byte[] wire = framing instanceof Framing.Chunked ? chunk(data) : data;
    for (long i = 0; i < times; i++) {
      bodySize += data.length;
      if (bodyAllowed && wire.length > 0) {
        write(wire);
      }
    }
  }

  private void endBody() throws IOException {
    if (!bodyEnded && framing instanceof Framing.Chunked && bodyAllowed) {
      write(LAST_CHUNK);
    }
    bodyEnded = true;
  }

  private void write(byte[] bytes) throws IOException {
    if (cut == 0) {
      writeOnce(bytes, 0, bytes.length);
      return;
    }
    for (int at = 0; at < bytes.length; at += cut) {
      writeOnce(bytes, at, Math.min(cut, bytes.length - at));
      waitFor(pause);
    }
  }

  private void writeOnce(byte[] bytes, int offset, int length) throws IOException {
    failIfEnded();
    out.write(bytes, offset, length);
    out.flush();
    written.accept(length);
  }

  private void waitFor(Duration duration) throws IOException {
    if (!duration.isZero()) {
      try {
        ended.get(duration.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return;
      } catch (InterruptedException | ExecutionException e) {
        throw new Ended();
      }
      throw new Ended();
    }
  }

  private void failIfEnded() throws Ended {
    if (ended.isDone()) {
      throw new Ended();
    }
  }

  private static byte[] chunk(byte[] data) {
    if (data.length == 0) {
      return data; // an empty chunk would end the body
    }
    var framed = new ByteArrayOutputStream(data.length + 16);
    framed.writeBytes(Integer.toHexString(data.length).getBytes(ISO_8859_1));
    framed.writeBytes(CRLF);
    framed.writeBytes(data);
    framed.writeBytes(CRLF);
    return framed.toByteArray();
  }

  private static String reason(int status) {
    return switch (status) {
      case 100 -> "Continue";
      case 101 -> "Switching Protocols";
      case 103 -> "Early Hints";
      case 200 -> "OK";
      case 204 -> "No Content";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 304 -> "Not Modified";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Scripted";
    };
  }
}
