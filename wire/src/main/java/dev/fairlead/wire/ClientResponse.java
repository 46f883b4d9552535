package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request. Its head leaves with the first bytes of its body, and each call that
 * brings bytes is one write. Once the client is gone all of it does nothing. Confined to its event
 * loop.
 */
final class ClientResponse {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What the end of the body is known by. */
  private enum Framing {
    /** Its length, which {@link #end} finds when nobody has said it. */
    LENGTH,
    CHUNKED,
    /** The end of the connection, as HTTP/1.0 has no chunks. */
    CLOSE,
    /** There is no body. */
    NONE
  }

  private final ClientConnection connection;
  private final ClientRequest request;

  private int status = 200;
  private Headers base = Headers.EMPTY;

  /**
   * Names and values in turn that come on top of {@link #base}, or instead of what stands there.
   */
  private final List<String> own = new ArrayList<>(4);

  private boolean replaces;
  private Framing framing = Framing.LENGTH;
  private long length = -1;
  private boolean saysClose;
  private boolean closes;
  private boolean begun;
  private boolean ended;
  private boolean closed;
  private @Nullable Runnable whenGone;
  private @Nullable Runnable whenReady;

  ClientResponse(ClientConnection connection, ClientRequest request) {
    this.connection = connection;
    this.request = request;
  }

  // ---- the head

  ClientResponse status(int code) {
    status = code;
    return this;
  }

  /** The fields to begin with; their framing is not among them. */
  ClientResponse headers(Headers fields) {
    base = fields;
    return this;
  }

  /** Gives {@code name} this value and no other. */
  ClientResponse set(String name, String value) {
    for (int i = own.size() - 2; i >= 0; i -= 2) {
      if (own.get(i).equalsIgnoreCase(name)) {
        own.remove(i + 1);
        own.remove(i);
      }
    }
    replaces |= base.contains(name);
    return add(name, value);
  }

  ClientResponse add(String name, String value) {
    own.add(name);
    own.add(value);
    return this;
  }

  /** How long the body will be, which is also told when none is sent: the answer to HEAD. */
  ClientResponse length(long bytes) {
    length = bytes;
    return this;
  }

  /** How long the body will be is not known. */
  ClientResponse unknownLength() {
    if (request.isHttp10()) {
      framing = Framing.CLOSE;
    } else {
      framing = Framing.CHUNKED;
    }
    return this;
  }

  /** Tells the client to use its connection no more; somebody else closes it. */
  ClientResponse sayClose() {
    saysClose = true;
    return this;
  }

  /** Has the connection closed behind the answer, whatever the client still sends. */
  ClientResponse closeBehind() {
    closes = true;
    return this;
  }

  /** Whether the connection is to be closed behind the answer. */
  boolean closes() {
    return closes || framing == Framing.CLOSE || !request.isKeptAlive();
  }

  /** Whether it is, even while the client still sends. */
  boolean closesAtOnce() {
    return closes;
  }

  private void writeHead(Http1Head head) {
    head.reply(request.isHttp10(), status);
    if (replaces) {
      base.forEach((name, value) -> {
        if (!isOwn(name)) {
          head.field(name, value);
        }
      });
    } else {
      base.forEach(head::field);
    }
    for (int i = 0; i < own.size(); i += 2) {
      head.field(own.get(i), own.get(i + 1));
    }
    if (saysClose || closes()) {
      head.field("connection", "close");
    } else if (request.isHttp10()) {
      head.field("connection", "keep-alive");
    }
    switch (framing) {
      case LENGTH -> {
        if (length >= 0) {
          head.field("content-length", length);
        }
      }
      case CHUNKED -> head.field("transfer-encoding", "chunked");
      case CLOSE, NONE -> {}
    }
    head.end();
  }

  private boolean isOwn(String name) {
    for (int i = 0; i < own.size(); i += 2) {
      if (own.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  // ---- the body

  /** Tells a client that waits for leave to send its body that it may. */
  void writeContinue() {
    if (!begun && !closed) {
      connection.send(List.of(Bytes.of(CONTINUE)), null);
    }
  }

  /** Sends the head by itself. */
  void writeHead() {
    write(List.of());
  }

  void write(List<Bytes> parts) {
    write(parts, null);
  }

  /**
   * Sends {@code parts} as the next piece of the body.
   *
   * @param sent run once they have left this process, or cannot any more
   */
  void write(List<Bytes> parts, @Nullable Runnable sent) {
    if (closed || ended) {
      if (sent != null) {
        sent.run();
      }
      return;
    }
    transmit(parts, false, sent);
  }

  void end() {
    end(List.of());
  }

  void end(Bytes body) {
    end(List.of(body));
  }

  /** Sends {@code parts} as the last piece of the body. */
  void end(List<Bytes> parts) {
    if (closed || ended) {
      return;
    }
    if (!begun) {
      settleFraming(parts);
    }
    ended = true;
    transmit(framing == Framing.NONE || request.isHead() ? List.of() : parts, true, null);
    connection.answered(this);
  }

  /** Settles how an answer ends that is complete as its head leaves. */
  private void settleFraming(List<Bytes> parts) {
    boolean bodiless = status < 200 || status == 204 || status == 304;
    boolean untold = framing != Framing.LENGTH || (parts.isEmpty() && length < 0);
    if (bodiless || (request.isHead() && untold)) {
      framing = Framing.NONE;
    } else if (framing == Framing.LENGTH && length < 0) {
      length = 0;
      for (Bytes part : parts) {
        length += part.length();
      }
    }
  }

  private void transmit(List<Bytes> parts, boolean last, @Nullable Runnable sent) {
    Http1Head head = null;
    if (!begun) {
      begun = true;
      head = connection.heads();
      writeHead(head);
    }
    connection.send(head, parts, framing == Framing.CHUNKED, last, sent);
  }

  // ---- what becomes of it

  /** Whether something of it was sent. */
  boolean begun() {
    return begun;
  }

  /** Whether all of it was handed over. */
  boolean ended() {
    return ended;
  }

  /** Whether the client's connection is gone. */
  boolean closed() {
    return closed;
  }

  /** Whether the client takes less than it is sent. */
  boolean full() {
    return !closed && connection.full();
  }

  /** Has {@code action} run, instead of any before, when the client leaves before the end. */
  void whenGone(Runnable action) {
    whenGone = action;
  }

  /** Has {@code action} run once when the client takes more again. */
  void whenReady(Runnable action) {
    whenReady = action;
  }

  /** Breaks the connection off: the only honest end of what cannot be finished. */
  void reset() {
    connection.close();
  }

  /** What waits for room is told so, though not from within the write that made it. */
  void ready() {
    Runnable action = whenReady;
    whenReady = null;
    if (action != null) {
      connection.soon(action);
    }
  }

  void gone() {
    closed = true;
    Runnable action = whenGone;
    whenGone = null;
    whenReady = null;
    if (action != null && !ended) {
      action.run();
    }
  }
}
