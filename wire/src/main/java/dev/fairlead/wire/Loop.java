package dev.fairlead.wire;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What belongs to one event loop: its HTTP clients, its resolver, and the exchanges that live on
 * it.
 */
final class Loop {
  private static final long TICK_MILLIS = 50;

  private final Gateway gateway;
  private final Cors cors;
  private final TimeLimits limits;
  private final LongSupplier clock;
  private final EventLoop eventLoop;
  private final UpstreamClients clients;
  private final HostResolver resolver;
  private final Vertx vertx;
  private final Set<ExchangeDriver> live = new LinkedHashSet<>();
  private final Set<BodyIntake> reading = new LinkedHashSet<>();
  private final ConnectionWatch connections;
  private final Executor blocking;
  private final SiteBounds sites;

  Loop(
      Gateway gateway,
      Vertx vertx,
      Executor blocking,
      SiteBounds sites,
      TimeLimits limits,
      LongSupplier clock) {
    this.blocking = blocking;
    this.sites = sites;
    this.clock = clock;
    this.gateway = gateway;
    this.cors = new Cors(() -> gateway.snapshot().client());
    this.limits = limits;
    this.vertx = vertx;
    this.eventLoop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    this.clients = new UpstreamClients(vertx, eventLoop, clock);
    this.resolver = new HostResolver(blocking, eventLoop, clock);
    this.connections = new ConnectionWatch(limits);
    vertx.setPeriodic(TICK_MILLIS, _ -> tick());
  }

  Gateway gateway() {
    return gateway;
  }

  TimeLimits limits() {
    return limits;
  }

  Cors cors() {
    return cors;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  UpstreamClients clients() {
    return clients;
  }

  HostResolver resolver() {
    return resolver;
  }

  ConnectionWatch connections() {
    return connections;
  }

  /** Runs each task on a virtual thread of its own. */
  Executor blocking() {
    return blocking;
  }

  SiteBounds sites() {
    return sites;
  }

  /** Has {@code action} run on this loop after {@code delay}; returns what cancels it. */
  long later(Duration delay, Runnable action) {
    return vertx.setTimer(delay.toMillis(), _ -> action.run());
  }

  void cancel(long timer) {
    vertx.cancelTimer(timer);
  }

  /** Monotonic time. */
  long nanos() {
    return clock.getAsLong();
  }

  void add(ExchangeDriver driver) {
    live.add(driver);
  }

  void remove(ExchangeDriver driver) {
    live.remove(driver);
  }

  void reading(BodyIntake body) {
    reading.add(body);
  }

  void stopReading(BodyIntake body) {
    reading.remove(body);
  }

  /** Refuses the body that is being read from {@code connection}; false when there is none. */
  boolean brokenBody(HttpConnection connection, Throwable cause) {
    for (BodyIntake body : reading) {
      if (body.comesFrom(connection)) {
        body.broken(cause);
        return true;
      }
    }
    return false;
  }

  /** Closes a connection once the client has had time to read what was sent. */
  void closeSoon(HttpConnection connection) {
    connections.part(connection);
    vertx.setTimer(limits.parting().toMillis(), _ -> connection.close());
  }

  /** Exchanges under way on this loop, and bodies still being read. */
  int live() {
    return live.size() + reading.size();
  }

  /** From now on new connections get no answer but that the gateway is stopping. */
  void drain() {
    connections.drain();
  }

  /** Ends every exchange and every body still being read; called on the loop. */
  void stopAll(String reason) {
    for (BodyIntake body : List.copyOf(reading)) {
      body.stop(reason);
    }
    for (ExchangeDriver driver : List.copyOf(live)) {
      driver.stop(reason);
    }
  }

  private void tick() {
    long now = nanos();
    connections.tick(now);
    clients.tick(now);
    for (BodyIntake body : List.copyOf(reading)) {
      body.tick(now);
    }
    if (live.isEmpty()) {
      return;
    }
    // A tick may end an exchange, which removes it from the set.
    for (ExchangeDriver driver : new ArrayList<>(live)) {
      driver.tick(now);
    }
  }
}
