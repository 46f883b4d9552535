package dev.fairlead.wire;

import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call over HTTP/1.1. Confined to its event loop. */
final class Http1Transfer implements UpstreamClient.Transfer {
  /**
   * A connection that breaks this soon after a request was put on it, without a byte of a reply,
   * had been closed while it rested, and the provider has not seen the request. Later than that the
   * provider may have worked on it, and whether to ask again is not for the connection to say.
   */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Http1Pool pool;
  private final UpstreamClient.Place place;
  private final HttpMethod method;
  private final UpstreamRequest request;
  private final UpstreamClient.Receiver receiver;

  private @Nullable Http1Connection connection;
  private boolean done;
  private boolean reused;
  private boolean askedAgain;
  private long sentAt;
  private long waitsUntil;

  Http1Transfer(
      Http1Pool pool,
      UpstreamClient.Place place,
      HttpMethod method,
      UpstreamRequest request,
      UpstreamClient.Receiver receiver) {
    this.pool = pool;
    this.place = place;
    this.method = method;
    this.request = request;
    this.receiver = receiver;
  }

  UpstreamClient.Place place() {
    return place;
  }

  HttpMethod method() {
    return method;
  }

  UpstreamRequest request() {
    return request;
  }

  boolean isDone() {
    return done;
  }

  void waitUntil(long nanos) {
    waitsUntil = nanos;
  }

  /** When it stops waiting for a connection, monotonic nanoseconds. */
  long waitsUntil() {
    return waitsUntil;
  }

  @Override
  public void begin() {
    pool.acquire(this);
  }

  /** There is a connection to use, or to give back. */
  void over(Http1Connection free, boolean usedBefore) {
    if (done) {
      pool.release(free);
      return;
    }
    connection = free;
    reused = usedBefore;
    sentAt = pool.client().nanos();
    free.carry(this);
  }

  void unreached(Throwable cause) {
    if (!done) {
      done = true;
      receiver.unreached(cause);
    }
  }

  void head(int status, Headers headers) {
    reused = false;
    if (!done) {
      receiver.head(status, headers);
    }
  }

  void data(Bytes bytes) {
    if (!done) {
      receiver.data(bytes);
    }
  }

  void end() {
    connection = null;
    if (!done) {
      done = true;
      receiver.end();
    }
  }

  /** The connection is gone, or of no more use. */
  void broken(Throwable cause, boolean closedByPeer) {
    connection = null;
    if (done) {
      return;
    }
    if (closedByPeer && reused && !askedAgain && pool.client().nanos() - sentAt < STALE_NANOS) {
      askedAgain = true;
      pool.acquireFresh(this);
      return;
    }
    done = true;
    receiver.broken(cause);
  }

  @Override
  public void abort() {
    done = true;
    if (connection != null) {
      Http1Connection carrying = connection;
      connection = null;
      carrying.close();
    }
  }

  @Override
  public void pause() {
    if (connection != null) {
      connection.setReading(false);
    }
  }

  @Override
  public void resume() {
    if (connection != null) {
      connection.setReading(true);
    }
  }
}
