package dev.fairlead.wire;

import dev.fairlead.core.model.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, whose body comes after its head. A body nobody asks for is read and
 * forgotten. Confined to its event loop.
 */
final class ClientRequest {
  /** Told what comes of a body, in order. */
  interface BodyReceiver {
    /** A piece of it, to be used during the call only. */
    void data(ByteBuf piece);

    void end();

    /** Where it ends cannot be told, because of {@code cause}. */
    void broken(Throwable cause);

    /** The client's connection is gone; also told after {@link #end}, until there is an answer. */
    void gone();
  }

  private final ClientConnection connection;
  private final String method;
  private final String uri;
  private final HttpVersion version;
  private final boolean keptAlive;
  private final Headers headers;
  private final @Nullable Throwable flaw;
  private final ClientResponse response;

  private @Nullable BodyReceiver receiver;

  /** What came while the body was to wait, or null when it need not. */
  private @Nullable ArrayDeque<HttpContent> held;

  private boolean bodyEnded;

  ClientRequest(ClientConnection connection, HttpRequest head) {
    this.connection = connection;
    this.method = head.method().name();
    this.uri = head.uri();
    this.version = head.protocolVersion();
    this.headers = DecodedFields.of(head.headers());
    this.keptAlive = keptAlive(isHttp10(), headers);
    this.flaw = head.decoderResult().cause();
    this.response = new ClientResponse(connection, this);
  }

  /** RFC 9112 §9.3: whether the client means to use its connection again. */
  private static boolean keptAlive(boolean http10, Headers headers) {
    boolean keepAlive = !http10;
    for (String options : headers.all("connection")) {
      for (String option : options.split(",", -1)) {
        if (option.strip().equalsIgnoreCase("close")) {
          return false;
        }
        keepAlive |= option.strip().equalsIgnoreCase("keep-alive");
      }
    }
    return keepAlive;
  }

  ClientConnection connection() {
    return connection;
  }

  ClientResponse response() {
    return response;
  }

  String method() {
    return method;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  HttpVersion version() {
    return version;
  }

  boolean isHttp10() {
    return version.equals(HttpVersion.HTTP_1_0);
  }

  boolean isKeptAlive() {
    return keptAlive;
  }

  /** As they came. */
  Headers headers() {
    return headers;
  }

  /** Why the request could not be read, or null when it could. */
  @Nullable Throwable flaw() {
    return flaw;
  }

  /** Whether the head announces a body. */
  boolean hasBody() {
    String length = headers.get("content-length");
    return headers.contains("transfer-encoding") || (length != null && !length.equals("0"));
  }

  // ---- the target, RFC 9112 §3.2

  /** The path as it was sent, empty when the target has none. */
  String path() {
    int from = pathBegins();
    int end = from;
    while (end < uri.length() && uri.charAt(end) != '?' && uri.charAt(end) != '#') {
      end++;
    }
    return uri.substring(from, end);
  }

  /** What stands between the path and a fragment, as it was sent; empty when nothing does. */
  String query() {
    int question = uri.indexOf('?', pathBegins());
    if (question < 0) {
      return "";
    }
    int hash = uri.indexOf('#');
    return hash < 0
        ? uri.substring(question + 1)
        : hash < question ? "" : uri.substring(question + 1, hash);
  }

  private int pathBegins() {
    if (uri.startsWith("/")) {
      return 0;
    }
    int scheme = uri.indexOf("://");
    if (scheme < 0) {
      return 0;
    }
    int from = scheme + "://".length();
    while (from < uri.length() && "/?#".indexOf(uri.charAt(from)) < 0) {
      from++;
    }
    return from;
  }

  /**
   * The first value of the query parameter {@code name}, decoded, or null when it is not there.
   *
   * @throws IllegalArgumentException when the query is not encoded as it has to be
   */
  @Nullable String parameter(String name) {
    List<String> values = new QueryStringDecoder(query(), false).parameters().get(name);
    return values == null ? null : values.getFirst();
  }

  // ---- the body

  /** Lets the body wait until it is asked for. */
  void hold() {
    if (held == null && receiver == null) {
      held = new ArrayDeque<>(2);
    }
  }

  /** Hands the body to {@code to}, what has come of it at once. */
  void readBody(BodyReceiver to) {
    receiver = to;
    release();
  }

  /** Reads what is left of the body and forgets it. */
  void discardBody() {
    receiver = null;
    release();
  }

  private void release() {
    ArrayDeque<HttpContent> came = held;
    if (came == null) {
      return;
    }
    held = null;
    for (HttpContent part = came.pollFirst(); part != null; part = came.pollFirst()) {
      take(part);
      part.release();
    }
    connection.resume();
  }

  /** A piece of the body has come; whoever calls releases it. */
  void came(HttpContent part) {
    if (held == null) {
      take(part);
    } else {
      held.addLast(part.retain());
      connection.pause();
    }
  }

  private void take(HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    BodyReceiver to = receiver;
    if (part.decoderResult().isFailure()) {
      if (to == null || bodyEnded) {
        connection.close();
      } else {
        to.broken(part.decoderResult().cause());
      }
      return;
    }
    if (to != null && part.content().isReadable()) {
      to.data(part.content());
    }
    if (last) {
      bodyEnded = true;
      if (to != null) {
        to.end();
      }
      connection.settle();
    }
  }

  /** A head that could not be read has no body. */
  void endsHere() {
    bodyEnded = true;
  }

  /** Whether some of its body has not come. */
  boolean isStillSent() {
    return hasBody() && !bodyEnded;
  }

  boolean bodyEnded() {
    return bodyEnded;
  }

  /** The connection is gone. */
  void gone() {
    ArrayDeque<HttpContent> came = held;
    held = null;
    if (came != null) {
      came.forEach(HttpContent::release);
    }
    response.gone();
    if (receiver != null && !response.ended()) {
      receiver.gone();
    }
  }
}
