package dev.fairlead.wire;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to a site, between its event loop and the virtual thread that answers it. The body
 * waits, unread, until the site asks for it.
 */
final class SiteCall implements Site.Call {
  private static final Logger LOG = LoggerFactory.getLogger(SiteCall.class);

  /** An answer, or the head of a stream, is there by then. */
  private static final Duration MOST_TIME = Duration.ofMinutes(2);

  private final Loop loop;
  private final RequestGate.Arrival arrival;
  private final ClientRequest request;
  private final String clientAddress;
  private final boolean proxied;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicBoolean given = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
  private final AtomicReference<@Nullable SiteStream> streaming = new AtomicReference<>();
  private boolean bodyAsked;
  private boolean bodyRead;
  private @Nullable BodyIntake intake;

  private SiteCall(Loop loop, RequestGate.Arrival arrival, boolean proxied) {
    AddressBlocks proxies = loop.gateway().snapshot().client().trustedProxies();
    this.loop = loop;
    this.arrival = arrival;
    this.request = arrival.request();
    this.clientAddress = arrival.clientAddress(proxies);
    this.proxied = proxied;
  }

  /**
   * Hands a request over to {@code site}; called on the request's loop.
   *
   * @return null, or why it cannot be taken now
   */
  static @Nullable Failure begin(
      Loop loop, RequestGate.Arrival arrival, Site site, boolean proxied) {
    if (!loop.sites().takeCall()) {
      return new Failure.Denied(
          503, "overloaded", "As many control calls as may be are under way. Try again.", 1);
    }
    SiteCall call = new SiteCall(loop, arrival, proxied);
    call.start(site);
    return null;
  }

  private void start(Site site) {
    request.hold();
    request.response().whenGone(this::closed);
    Future<?> timer = loop.later(MOST_TIME, this::tooSlow);
    loop.blocking()
        .execute(() -> {
          thread.set(Thread.currentThread());
          try {
            site.serve(this);
          } catch (InterruptedException stopped) {
            LOG.debug("{} {} was interrupted", method(), arrival.id());
          } catch (IOException | RuntimeException failed) {
            LOG.error("{} {} failed ({})", method(), path(), id(), failed);
          } finally {
            thread.set(null);
            giveCall();
            loop.soon(() -> over(timer));
          }
        });
  }

  private void giveCall() {
    if (given.compareAndSet(false, true)) {
      loop.sites().giveCall();
    }
  }

  private void over(Future<?> timer) {
    timer.cancel(false);
    if (answered.compareAndSet(false, true)) {
      send(
          500,
          Headers.of("content-type", "application/json"),
          error("internal_error", "The request failed within the gateway; see its log."));
    }
    if (intake != null) {
      intake.giveBack();
    }
  }

  private void tooSlow() {
    Thread working = thread.get();
    if (working != null && streaming.get() == null) {
      if (answered.compareAndSet(false, true)) {
        send(
            504,
            Headers.of("content-type", "application/json"),
            error("timeout", "The request took longer than " + MOST_TIME.toSeconds() + " s."));
      }
      working.interrupt();
    }
  }

  private Bytes error(String code, String message) {
    return Bytes.utf8(
        "{\"error\":{\"message\":\""
            + message
            + "\",\"code\":\""
            + code
            + "\",\"request_id\":\""
            + arrival.id()
            + "\"}}");
  }

  private void closed() {
    SiteStream open = streaming.get();
    if (open != null) {
      open.gone();
    }
  }

  @Override
  public String id() {
    return arrival.id();
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    return arrival.path();
  }

  @Override
  public String query() {
    return arrival.query();
  }

  @Override
  public Headers headers() {
    return arrival.headers();
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public boolean proxied() {
    return proxied;
  }

  @Override
  public boolean secure() {
    if (!proxied) {
      return false;
    }
    List<String> said = arrival.headers().all("x-forwarded-proto");
    return said.size() == 1 && said.getFirst().split(",", 2)[0].strip().equalsIgnoreCase("https");
  }

  @Override
  public Bytes body(int mostBytes) throws Site.BodyRefused, InterruptedException {
    CompletableFuture<BodyIntake.Outcome> read = new CompletableFuture<>();
    loop.soon(() -> {
      if (bodyAsked) {
        read.complete(
            new BodyIntake.Outcome.Refused(
                new Failure.ClientFault(400, "body_read", "The body was read already.", null),
                false));
        return;
      }
      bodyAsked = true;
      if (request.response().closed()) {
        read.complete(new BodyIntake.Outcome.Gone());
        return;
      }
      BodyIntake body =
          new BodyIntake(
              loop,
              request,
              arrival.headers(),
              Math.min(mostBytes, Site.MOST_BODY_BYTES),
              outcome -> {
                bodyRead = outcome instanceof BodyIntake.Outcome.Whole;
                read.complete(outcome);
              });
      intake = body;
      body.start();
    });
    try {
      return switch (read.get()) {
        case BodyIntake.Outcome.Whole(Bytes body) -> body;
        case BodyIntake.Outcome.Gone() ->
            throw new Site.BodyRefused(499, "client_left", "The client has left.");
        case BodyIntake.Outcome.Refused(Failure failure, boolean _) ->
            throw new Site.BodyRefused(
                failure.status(), failure.code(), reason(failure, mostBytes));
      };
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String reason(Failure failure, int mostBytes) {
    return failure.status() == 413
        ? "The body is larger than the " + mostBytes + " bytes this takes."
        : failure.message();
  }

  @Override
  public void answer(int status, Headers headers, Bytes body) {
    if (answered.compareAndSet(false, true)) {
      loop.soon(() -> send(status, headers, body));
    }
  }

  private void send(int status, Headers headers, Bytes body) {
    ClientResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    head(response, status, headers);
    if (!bodyRead && request.hasBody()) {
      response.then(ClientResponse.Then.PART);
    }
    discard();
    response.end(body);
  }

  /** What nobody asked for is read and forgotten, within the parting time. */
  private void discard() {
    if (!bodyAsked) {
      bodyAsked = true;
      request.discardBody();
    }
  }

  private void head(ClientResponse response, int status, Headers headers) {
    response.status(status).headers(headers).set("x-request-id", arrival.id());
    loop.cors().allowListed(request, response);
  }

  @Override
  public Site.Stream stream(int status, Headers headers) {
    boolean silent = request.isHead();
    SiteStream stream = new SiteStream(loop, request.response(), silent);
    if (!answered.compareAndSet(false, true)) {
      stream.gone();
      return stream;
    }
    if (!loop.sites().takeStream()) {
      stream.gone();
      loop.soon(() ->
          send(
              503,
              Headers.of("content-type", "application/json", "retry-after", "5"),
              error("overloaded", "As many open streams as may be are there.")));
      return stream;
    }
    stream.onClosed(loop.sites()::giveStream);
    // A stream has a bound of its own, and others may call meanwhile.
    giveCall();
    streaming.set(stream);
    loop.soon(() -> {
      ClientResponse response = request.response();
      if (response.closed()) {
        stream.gone();
        return;
      }
      head(response, status, headers);
      discard();
      if (silent) {
        stream.close();
      } else {
        response.unknownLength().set("x-accel-buffering", "no").writeHead();
      }
    });
    return stream;
  }
}
