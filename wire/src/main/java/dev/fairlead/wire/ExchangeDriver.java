package dev.fairlead.wire;

import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.exchange.Effect;
import dev.fairlead.core.exchange.Exchange;
import dev.fairlead.core.exchange.ExchangeEvent;
import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.ReplyTap;
import dev.fairlead.core.routing.FailureClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the effects of one exchange on one event loop and feeds it what happens. What the
 * client is to get within one turn of the loop leaves in one write.
 */
final class ExchangeDriver extends Roster.Member {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeDriver.class);

  private final Loop loop;
  private final ClientResponse client;
  private final @Nullable String origin;
  private final Runnable whenClosed;
  private final Exchange exchange;
  private final ArrayDeque<ExchangeEvent> events = new ArrayDeque<>(4);
  private final List<Bytes> pending = new ArrayList<>(4);

  private final ExchangeRequest request;
  private final Permit permit;

  private boolean stepping;
  private boolean dead;
  private boolean flushScheduled;
  private boolean clientStalled;
  private boolean clientDone;
  private int callAttempt;
  private @Nullable UpstreamCall call;
  private Capacity.@Nullable Ticket ticket;
  private @Nullable ReplyTap tap;

  /**
   * Creates a driver.
   *
   * @param origin of the page that asks, or null
   * @param whenClosed run once when the exchange is over, to give back what the request held
   */
  ExchangeDriver(
      Loop loop,
      ClientResponse client,
      @Nullable String origin,
      ExchangeRequest request,
      Permit permit,
      Runnable whenClosed) {
    this.loop = loop;
    this.client = client;
    this.origin = origin;
    this.whenClosed = whenClosed;
    this.request = request;
    this.permit = permit;
    this.exchange = new Exchange(request, loop.gateway().policy(), permit, this::carryOut);
  }

  /** Has {@code watching} see what the client is sent; before {@link #start}. */
  ExchangeDriver tappedBy(@Nullable ReplyTap watching) {
    tap = watching;
    return this;
  }

  void start() {
    client.whenGone(this::clientGone);
    loop.add(this);
    stepping = true;
    try {
      exchange.start(loop.nanos());
    } catch (RuntimeException bug) {
      broken(bug);
      return;
    }
    stepping = false;
    drainEvents();
  }

  /** The client's connection is gone. */
  private void clientGone() {
    if (!clientDone) {
      clientDone = true;
      feed(new ExchangeEvent.ClientGone());
    }
  }

  /** Lets time pass, when the exchange wants to know. */
  void tick(long nanos) {
    if (exchange.deadline() <= nanos) {
      feed(new ExchangeEvent.Tick());
    }
  }

  /** Ends the exchange from outside; {@code reason} is told to the client. */
  void stop(String reason) {
    feed(new ExchangeEvent.Stopped(reason));
  }

  /** As {@link #stop}, from any thread. */
  void stopFromAnywhere(String reason) {
    loop.soon(() -> {
      if (!exchange.closed()) {
        stop(reason);
      }
    });
  }

  private void feed(ExchangeEvent event) {
    if (stepping) {
      events.addLast(event);
      return;
    }
    step(event);
    drainEvents();
  }

  private void drainEvents() {
    ExchangeEvent next;
    while ((next = events.pollFirst()) != null) {
      step(next);
    }
  }

  private void step(ExchangeEvent event) {
    if (dead) {
      return;
    }
    stepping = true;
    try {
      exchange.step(event, loop.nanos());
    } catch (RuntimeException bug) {
      broken(bug);
    }
    stepping = false;
  }

  /**
   * A bug of ours must not leave a client waiting, a provider working or a place taken. The machine
   * cannot be asked any more, so the connection is broken off and the receipt says what happened.
   */
  private void broken(RuntimeException bug) {
    dead = true;
    stepping = false;
    events.clear();
    LOG.error("request {} ended by an error of the gateway", request.id(), bug);
    abort();
    release();
    reset();
    if (exchange.closed()) {
      return;
    }
    loop.remove(this);
    whenClosed.run();
    permit.abandon();
    loop.gateway()
        .closed(
            new Refusal(
                    request.id(),
                    request.receivedNanos(),
                    request.receivedMillis(),
                    request.clientRequestId(),
                    request.principal().id(),
                    request.caller(),
                    request.attribution(),
                    request.operation(),
                    request.facts().model(),
                    request.facts().stream(),
                    request.facts().bodyBytes(),
                    request.uploadNanos(),
                    new Failure.Internal(500, "internal_error", String.valueOf(bug.getMessage())))
                .receipt(loop.nanos(), 0));
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Forward(Bytes bytes) -> {
        pending.add(bytes);
        if (tap != null) {
          tap.sent(bytes);
        }
        scheduleFlush();
      }
      case Effect.Acquire(int attempt, ProviderConfig provider) -> acquire(attempt, provider);
      case Effect.Release _ -> release();
      case Effect.Call(int attempt, ProviderConfig provider, UpstreamRequest upstream) ->
          call(attempt, provider, upstream);
      case Effect.Abort _ -> abort();
      case Effect.Respond(int status, Headers headers, long length) ->
          respond(status, headers, length);
      case Effect.Finish() -> finish();
      case Effect.Reset() -> reset();
      case Effect.Closed(Receipt receipt) -> closed(receipt);
    }
  }

  private void acquire(int attempt, ProviderConfig provider) {
    Capacity.Place place =
        loop.gateway()
            .capacity()
            .ask(
                provider,
                !loop.gateway().snapshot().client().dropExcessRequests(),
                () -> loop.soon(() -> feed(new ExchangeEvent.CapacityGranted(attempt))));
    switch (place.answer()) {
      case GRANTED -> {
        ticket = place.ticket();
        events.addLast(new ExchangeEvent.CapacityGranted(attempt));
      }
      case QUEUED -> ticket = place.ticket();
      case SHED -> events.addLast(new ExchangeEvent.CapacityShed(attempt));
    }
  }

  private void release() {
    if (ticket != null) {
      Capacity.Ticket held = ticket;
      ticket = null;
      held.leave();
    }
  }

  private void call(int attempt, ProviderConfig provider, UpstreamRequest upstream) {
    callAttempt = attempt;
    UpstreamCall fresh =
        new UpstreamCall(loop.clients(), loop.resolver(), provider, upstream, new Replies(attempt));
    call = fresh;
    fresh.start();
  }

  private void abort() {
    if (call != null) {
      call.abort();
      call = null;
    }
  }

  /** Turns what a call tells into events of its attempt. */
  private final class Replies implements UpstreamCall.Listener {
    private final int attempt;

    Replies(int attempt) {
      this.attempt = attempt;
    }

    @Override
    public void head(int status, Headers headers) {
      feed(new ExchangeEvent.UpstreamHead(attempt, status, headers));
    }

    @Override
    public void data(Bytes bytes) {
      feed(new ExchangeEvent.UpstreamData(attempt, bytes));
    }

    @Override
    public void end() {
      ended();
      feed(new ExchangeEvent.UpstreamEnd(attempt));
    }

    @Override
    public void lost(FailureClass failure, String detail) {
      ended();
      feed(new ExchangeEvent.UpstreamLost(attempt, failure, detail));
    }

    private void ended() {
      if (callAttempt == attempt) {
        call = null;
      }
    }
  }

  // ---- towards the client
  // -----------------------------------------------------------------------------------------

  private void respond(int status, Headers headers, long length) {
    client.status(status).headers(headers);
    loop.cors().allow(origin, client);
    if (length >= 0) {
      client.length(length);
    } else {
      client.unknownLength();
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.soon(this::flush);
    }
  }

  private void flush() {
    flushScheduled = false;
    if (pending.isEmpty() || clientDone) {
      pending.clear();
      return;
    }
    client.write(pending);
    pending.clear();
    if (!clientStalled && client.full()) {
      clientStalled = true;
      if (call != null) {
        call.pause();
      }
      client.whenReady(this::clientReady);
      feed(new ExchangeEvent.ClientStalled());
    }
  }

  private void clientReady() {
    if (clientStalled) {
      clientStalled = false;
      if (call != null) {
        call.resume();
      }
      feed(new ExchangeEvent.ClientReady());
    }
  }

  private void finish() {
    if (clientDone) {
      return;
    }
    clientDone = true;
    client.end(pending);
    pending.clear();
  }

  private void reset() {
    if (!clientDone) {
      clientDone = true;
      // What was promised cannot be kept; a broken connection is the only honest end.
      client.reset();
    }
  }

  private void closed(Receipt receipt) {
    loop.remove(this);
    whenClosed.run();
    CacheNotes.close(loop.gateway(), request, receipt);
  }
}
