package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request. Its head leaves with the first bytes of its body, and each call that
 * brings bytes is one write. Once the client is gone all of it does nothing. Confined to its event
 * loop.
 */
final class ClientResponse {
  private static final Bytes CONTINUE = Bytes.utf8("HTTP/1.1 100 Continue\r\n\r\n");
  private static final Bytes CHUNK_END = Bytes.utf8("\r\n");
  private static final Bytes BODY_END = Bytes.utf8("0\r\n\r\n");
  private static final Bytes CHUNK_AND_BODY_END = Bytes.utf8("\r\n0\r\n\r\n");

  /** What becomes of the connection behind an answer. */
  enum Then {
    KEEP,
    /** Closed once the client has had time to read the answer. */
    PART,
    /** Closed as soon as it is written: nothing that comes from there is to be believed. */
    CLOSE
  }

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
  private Then then = Then.KEEP;
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

  /** Settles what becomes of the connection, as far as the request leaves a choice. */
  ClientResponse then(Then what) {
    then = what;
    return this;
  }

  /** What becomes of the connection behind the answer. */
  Then then() {
    if (then != Then.KEEP || (framing != Framing.CLOSE && request.isKeptAlive())) {
      return then;
    }
    // Closing on what the client still sends would reset the connection, and with it the answer.
    return request.isStillSent() ? Then.PART : Then.CLOSE;
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
    if (then() != Then.KEEP) {
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
      Http1Head nothing = connection.loop().heads();
      nothing.clear();
      connection.send(nothing, List.of(CONTINUE), Bytes.EMPTY, null);
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
    connection.answered(request);
  }

  /** Settles how an answer ends that is complete as its head leaves. */
  private void settleFraming(List<Bytes> parts) {
    boolean bodiless = status < 200 || status == 204 || status == 304;
    boolean untold = framing != Framing.LENGTH || (parts.isEmpty() && length < 0);
    if (bodiless || (request.isHead() && untold)) {
      framing = Framing.NONE;
    } else if (framing == Framing.LENGTH && length < 0) {
      length = Bytes.lengthOf(parts);
    }
  }

  private void transmit(List<Bytes> parts, boolean last, @Nullable Runnable sent) {
    Http1Head prefix = connection.loop().heads();
    if (begun) {
      prefix.clear();
    } else {
      begun = true;
      writeHead(prefix);
    }
    Bytes suffix = Bytes.EMPTY;
    if (framing == Framing.CHUNKED) {
      long size = Bytes.lengthOf(parts);
      if (size > 0) {
        prefix.chunk(size);
        suffix = last ? CHUNK_AND_BODY_END : CHUNK_END;
      } else if (last) {
        suffix = BODY_END;
      }
    }
    connection.send(prefix, parts, suffix, sent);
  }

  // ---- what becomes of it

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
      connection.loop().soon(action);
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
